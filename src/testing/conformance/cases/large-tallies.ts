import type { Project } from "../../../core/project.ts";
import type { AlertTally, TallyScope, TallySelection } from "../../../ports/alert-outbox.ts";
import { write, type CaseContext, type ConformanceCase } from "../case.ts";
import { expectFound, MANY, NO_LIMIT, numbersTo, shuffled } from "../many.ts";
import { withOutbox } from "../outbox.ts";
import { newIssue, NOON, sampleIssue, sampleTally, SHOP, uuid } from "../samples.ts";

/** Fewer than of issues, because stores may save projects one after the other. */
const PROJECTS: readonly Project[] = numbersTo(500).map((number) => {
  return { ...SHOP, id: `project ${String(number)}`, slug: `slug-${String(number)}` };
});
const ISSUES = numbersTo(MANY - PROJECTS.length).map((number) => sampleIssue(number));
const SCOPES: readonly TallyScope[] = [
  ...PROJECTS.map(({ id }) => ({ projectId: id, issueId: null })),
  ...ISSUES.map(({ id, projectId }) => ({ projectId, issueId: id })),
];

/** A tally of its own for each scope. The order of their ends is that of no numbers. */
function tallyOf(scope: TallyScope, index: number, later = 0): AlertTally {
  const examples = [{ id: uuid(index), friendlyId: `SHOP-${String(index)}`, title: `Title ${String(index)}` }];
  return sampleTally(scope, {
    startsAt: NOON - index - later,
    endsAt: endOf(index) + later,
    admitted: index + later,
    ...(scope.issueId === null && {
      throttled: { counts: { "new-issue": index, regression: later, unmute: 1, loud: 0 }, examples, level: "error" },
    }),
  });
}

function endOf(index: number): number {
  return NOON + ((index * 7_919) % MANY);
}

const keyOf = ({ projectId, issueId }: TallyScope): string => JSON.stringify([projectId, issueId]);

const UNKNOWN: readonly TallyScope[] = numbersTo(100).flatMap((number) => [
  { projectId: SHOP.id, issueId: uuid(20_000 + number) },
  { projectId: `unknown ${String(number)}`, issueId: null },
]);

async function expectSelected(
  context: CaseContext,
  what: string,
  selection: TallySelection,
  expected: readonly AlertTally[],
): Promise<void> {
  const found = await withOutbox(context, (outbox) => outbox.lockTallies(selection));
  expectFound(what, found, expected, keyOf);
}

/** Compares the tallies that each selection finds. */
async function expectTallies(context: CaseContext, what: string, tallies: readonly AlertTally[]): Promise<void> {
  const scopes = shuffled([...SCOPES, ...UNKNOWN]);
  await expectSelected(context, `tallies by scope ${what}`, { scopes }, tallies);
  const middle = NOON + 500;
  const ended = tallies.filter(({ endsAt }) => endsAt <= middle);
  const ahead = tallies.filter(({ endsAt }) => endsAt > middle);
  const last = ahead.toSorted((one, other) => other.endsAt - one.endsAt).slice(0, 1_100);
  await expectSelected(context, `tallies that ended ${what}`, { endedAt: middle, limit: NO_LIMIT }, ended);
  await expectSelected(context, `tallies that end later ${what}`, { endsAfter: middle, limit: NO_LIMIT }, ahead);
  await expectSelected(context, `the last tallies to end ${what}`, { endsAfter: middle, limit: 1_100 }, last);
}

/** Many tallies. */
export const largeTallyCases: readonly ConformanceCase[] = [
  {
    needs: ["outbox"],
    id: "many-tallies",
    title: "thousands of tallies are saved, replaced, removed and locked at once",
    requires: "A batch of any size is accepted: of tallies and of their scopes; and a limit of any size.",
    async run(context) {
      await write(context, { projects: [SHOP, ...PROJECTS], newIssues: ISSUES.map(newIssue) });
      const first = SCOPES.map((scope, index) => tallyOf(scope, index));
      await withOutbox(context, (outbox) => outbox.writeTallies({ save: shuffled(first) }));
      await expectTallies(context, "as they were saved", first);
      const second = SCOPES.map((scope, index) => tallyOf(scope, index, 7));
      await withOutbox(context, (outbox) => outbox.writeTallies({ save: shuffled(second) }));
      await expectTallies(context, "as they were replaced", second);
      const remove = shuffled(SCOPES.filter((_, index) => index % 2 === 0));
      await withOutbox(context, (outbox) => outbox.writeTallies({ remove }));
      await expectTallies(
        context,
        "that were not removed",
        second.filter((_, index) => index % 2 === 1),
      );
    },
  },
];
