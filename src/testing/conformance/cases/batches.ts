import type { Issue, IssueState } from "../../../core/issue.ts";
import { allReadable } from "../../../core/unreadable.ts";
import type { GroupRef, LockSelection } from "../../../ports/issue-store.ts";
import { expectEqual } from "../../assertion/assertion.ts";
import { load, read, transact, write, type CaseContext, type ConformanceCase } from "../case.ts";
import { oneByOne } from "../keys/key-texts.ts";
import { expectAnswers, expectFound, lookups, MANY, NO_LIMIT, numbersTo, refsIn, shuffled } from "../many.ts";
import { newIssue, NOON, sampleEvent, sampleGroup, sampleIssue, SHOP, uuid } from "../samples.ts";

/** A third of the issues are open, a third await the next release, and the clock wakes a third, in the order of no numbers. */
function stateOf(number: number): IssueState {
  if (number % 3 === 0) return { status: "open" };
  if (number % 3 === 1) {
    return { status: "resolved", resolvedAt: NOON, afterRelease: number, resolution: { kind: "by-next" } };
  }
  const deadline = { at: wakeTime(number), wakeOn: "deadline" } as const;
  return { status: "muted", mute: { mutedAt: NOON, deadline, volume: null } };
}

function wakeTime(number: number): number {
  return NOON + ((number * 7_919) % MANY);
}

const ADDED: readonly Issue[] = numbersTo(MANY).map((number) => sampleIssue(number));
const ISSUES: readonly Issue[] = ADDED.map((issue) => ({
  ...issue,
  title: `changed ${String(issue.number)}`,
  eventCount: 7 + issue.number,
  state: stateOf(issue.number),
}));
const EVENTS = ISSUES.map((issue) => sampleEvent(issue, `of ${String(issue.number)}`, { count: issue.number }));
const COUNTERS: ReadonlyMap<string, Uint8Array> = new Map(
  ISSUES.map(({ id, number }) => [id, Uint8Array.of(number >> 8, number & 255, 7)]),
);

const idOf = ({ id }: { readonly id: string }): string => id;

/** The group that was added to an issue. */
function addedGroup(issue: Pick<Issue, "projectId" | "number">): GroupRef {
  return { ...sampleGroup(issue), strategy: "sample/0" };
}

async function store(context: CaseContext): Promise<void> {
  await write(context, {
    projects: [SHOP],
    newIssues: ADDED.map(newIssue),
    addedGroups: shuffled(ISSUES).map((issue) => ({ issueId: issue.id, group: addedGroup(issue) })),
    updates: shuffled(ISSUES).map((after) => ({ before: sampleIssue(after.number), after })),
    counters: COUNTERS,
    events: shuffled(EVENTS),
  });
}

const byEvent = lookups(
  EVENTS,
  ({ projectId, id, issueId }) => ({ ref: { projectId, id }, answer: issueId }),
  (number) => ({ projectId: SHOP.id, id: `unknown ${String(number)}` }),
);
const byGroup = [sampleGroup, addedGroup].map((groupOf) =>
  lookups(
    ISSUES,
    (issue) => ({ ref: groupOf(issue), answer: issue }),
    (number) => groupOf({ projectId: SHOP.id, number: 10_000 + number }),
  ),
);
const byId = lookups(
  ISSUES,
  (issue) => ({ ref: issue.id, answer: issue }),
  (number) => uuid(10_000 + number),
);

/** Compares all that is loaded, in few calls. */
async function expectLoaded(context: CaseContext): Promise<void> {
  const [opened = [], added = []] = byGroup;
  const loaded = await load(context, {
    events: refsIn(byEvent),
    groups: refsIn([...opened, ...added]),
    issues: { ids: refsIn(byId) },
    details: ({ issues }) => ({ counters: issues.map(idOf) }),
  });
  expectAnswers("the issues of events", loaded.duplicateOf, byEvent);
  expectAnswers("the issues of groups", loaded.grouped, [...opened, ...added]);
  expectFound("loaded issues", allReadable(loaded.issues), ISSUES, idOf);
  expectEqual("loaded counters", loaded.counters, COUNTERS);
  const former = await load(context, { formerGroups: refsIn([...added, ...opened]) });
  expectAnswers("the issues of former groups", former.formerGrouped, [...added, ...opened]);
}

/** Compares the issues that are selected by their states. */
async function expectSelected(context: CaseContext): Promise<void> {
  const select = async (issues: LockSelection) => allReadable((await load(context, { issues })).issues);
  const awaiting = ISSUES.filter(({ number }) => number % 3 === 1);
  const waking = ISSUES.filter(({ number }) => number % 3 === 2).sort(
    (one, other) => wakeTime(one.number) - wakeTime(other.number),
  );
  const awaitingNextIn = SHOP.id;
  const wakesUntil = NOON + MANY;
  expectEqual(
    "issues that await the next release",
    await select({ awaitingNextIn, after: 0, limit: NO_LIMIT }),
    awaiting,
  );
  expectEqual("the first 700 of them", await select({ awaitingNextIn, after: 0, limit: 700 }), awaiting.slice(0, 700));
  expectEqual("issues that wake", await select({ wakesUntil, limit: NO_LIMIT }), waking);
  expectEqual("the first 700 of these", await select({ wakesUntil, limit: 700 }), waking.slice(0, 700));
}

/** Deletes every second issue, and evicts the events of those. */
async function expectDeleted(context: CaseContext): Promise<void> {
  const [deleted, left] = [0, 1].map((rest) => ISSUES.filter(({ number }) => number % 2 === rest));
  if (deleted === undefined || left === undefined) return;
  await write(context, { deletedIssues: shuffled(deleted).map(idOf) });
  const idsLeft = new Set(left.map(idOf));
  const counters = new Map([...COUNTERS].filter(([id]) => idsLeft.has(id)));
  await read(context, async (reader) => {
    expectFound("issues left", allReadable(await reader.findIssues({ ids: refsIn(byId) })), left, idOf);
    expectEqual("counters left", await reader.findCounters(refsIn(byId)), counters);
  });
  const asked = byGroup.flat().map(({ ref, answer }) => {
    return { ref, answer: answer !== undefined && idsLeft.has(answer.id) ? answer : undefined };
  });
  const { grouped } = await load(context, { groups: refsIn(asked) });
  expectAnswers("the issues of groups, after others were deleted", grouped, asked);
  const evicted = await transact(context, async (transaction) => {
    let [after, sum]: [string | null, number] = [null, 0];
    do {
      const step = await transaction.evictEvents({
        projectId: SHOP.id,
        receivedBefore: 0,
        keepNewest: null,
        after,
        limit: NO_LIMIT,
      });
      [after, sum] = [step.next, sum + step.evicted];
    } while (after !== null);
    return sum;
  });
  expectEqual("evicted events of deleted issues", evicted, deleted.length);
  const erasedEvents = shuffled(EVENTS).map(({ projectId, id }) => ({ projectId, id }));
  await write(context, { erasedEvents });
  const { duplicateOf } = await load(context, { events: erasedEvents });
  expectEqual(
    "events after they were erased",
    duplicateOf,
    erasedEvents.map(() => undefined),
  );
}

/** Batches that a store has to split. */
export const batchCases: readonly ConformanceCase[] = [
  {
    id: "batches-of-any-size",
    title: "thousands of issues, groups, events and counters are written, found and deleted at once",
    requires: "A batch of any size is accepted: a store splits what its database does not take at once.",
    async run(context) {
      await store(context);
      await expectLoaded(context);
      await expectSelected(context);
      await read(context, async (reader) => {
        expectFound("issues", allReadable(await reader.findIssues({ ids: refsIn(byId) })), ISSUES, idOf);
        expectEqual("counters", await reader.findCounters(refsIn(byId)), COUNTERS);
        const some = EVENTS.filter((_, index) => index % 50 === 0);
        expectEqual("some events", await oneByOne(some, (event) => reader.findEvent(event)), some);
      });
      await expectDeleted(context);
    },
  },
];
