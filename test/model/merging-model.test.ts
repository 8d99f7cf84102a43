import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  IssueLifecycleError,
  volumeCondition,
  type DigestOutcome,
  type NewEvent,
  type TrackedIssue,
} from "../../src/index.ts";
import type { Command } from "../../src/core/index.ts";
import { CALENDAR_PERIODS } from "../../src/core/calendar.ts";
import { wasSeen } from "../../src/core/release-mark.ts";
import { createMemoryStore } from "../../src/memory/index.ts";
import { rounds } from "../support/effort.ts";
import { DAY, failureOf, HOUR, MINUTE, Scenario } from "../support/scenario.ts";
import { storesForStories } from "../support/stores.ts";

/*
 * The model of merged issues is another tracker, in which no issue is merged: it digests the same events, but groups those together from
 * the beginning whose issues are merged in the end. What a merged issue shows must be what that one shows.
 */

const GROUPS = ["A", "B", "C", "D"] as const;
type Group = (typeof GROUPS)[number];

/** An event of a story. */
interface StoryEvent {
  readonly kind: "event";
  readonly group: Group;
  /** How long after the step before it is digested. */
  readonly after: number;
  /** How long before that it was received. */
  readonly late: number;
  readonly count: number;
  readonly user: number;
  readonly environment: string;
  readonly release: string;
}

type StoryStep =
  | StoryEvent
  | { readonly kind: "merge"; readonly group: Group; readonly into: Group }
  | { readonly kind: "unmerge"; readonly group: Group }
  | { readonly kind: "batch"; readonly events: readonly StoryEvent[] };

const group = fc.constantFrom(...GROUPS);

const event: fc.Arbitrary<StoryEvent> = fc.record({
  kind: fc.constant("event" as const),
  group,
  after: fc.oneof(
    fc.constant(0),
    fc.integer({ min: 0, max: 3 }).map((n) => n * MINUTE),
    fc.integer({ min: 0, max: 30 }).map((n) => n * HOUR),
    fc.integer({ min: 0, max: 300 }).map((n) => n * DAY),
  ),
  late: fc.oneof(
    { weight: 4, arbitrary: fc.constant(0) },
    fc.integer({ min: 1, max: 90 }).map((n) => n * MINUTE),
    fc.integer({ min: 1, max: 60 }).map((n) => n * DAY),
  ),
  count: fc.constantFrom(1, 1, 1, 4),
  user: fc.integer({ min: 0, max: 4 }),
  environment: fc.constantFrom("", "production", "staging"),
  // An event without a release belongs to one by the issue that it is an event of.
  release: fc.constantFrom("1.0.0", "1.1.0", "2.0.0", "abc"),
});

const mergeStep = fc.record({ kind: fc.constant("merge" as const), group, into: group });
const unmergeStep = fc.record({ kind: fc.constant("unmerge" as const), group });

const step: fc.Arbitrary<StoryStep> = fc.oneof(
  { weight: 6, arbitrary: event },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("batch" as const), events: fc.array(event, { maxLength: 6 }) }),
  },
  { weight: 3, arbitrary: mergeStep },
  { weight: 2, arbitrary: unmergeStep },
);

const WATCH = { conditions: [{ kind: "users", users: 999, days: 3 } as const, volumeCondition(999_999, "day", 2)] };
const SETTINGS = { id: "shop", stateEnvironments: ["", "production"], watch: WATCH };

/** An event that was digested, and when that was. */
interface Digested {
  readonly at: number;
  readonly event: StoryEvent;
  readonly id: string;
}

function newEvent(
  { at, event: { group: own, late, count, user, environment, release }, id }: Digested,
  name: string,
): NewEvent {
  return {
    projectId: "shop",
    id,
    type: `Error ${own}`,
    value: `of event ${id}`,
    transaction: `GET /${id}`,
    fingerprint: [name],
    receivedAt: at - late,
    count,
    environment,
    release,
    ...(user > 0 && { userId: `user ${String(user)}` }),
  };
}

/** Plays a story, and knows which groups are merged. */
class MergingStory {
  readonly scenario: Scenario;
  readonly digested: Digested[] = [];
  readonly ids = new Map<Group, string>();
  /** The group into whose issue that of another is merged. */
  readonly into = new Map<Group, Group>();

  constructor(scenario: Scenario) {
    this.scenario = scenario;
  }

  /** The groups whose events the issue of a group shows. */
  familyOf(root: Group): readonly Group[] {
    return GROUPS.filter((each) => each === root || this.into.get(each) === root);
  }

  async play(given: StoryStep): Promise<void> {
    const { issues } = this.scenario.tracker;
    switch (given.kind) {
      case "event":
        return this.#digest([given]);
      case "batch":
        return this.#digest(given.events);
      case "merge": {
        const [id, into] = [this.ids.get(given.group), this.ids.get(given.into)];
        if (id === undefined || into === undefined) return;
        const isRefused = id === into || this.into.has(given.group) || this.into.has(given.into);
        const merged = issues.merge(id, { into });
        if (isRefused) {
          expect(await failureOf(merged)).toMatchObject({ code: id === into ? "invalid-input" : "issue-merged" });
          return;
        }
        expect(await merged).toMatchObject({ id: into });
        for (const each of this.familyOf(given.group)) this.into.set(each, given.into);
        return;
      }
      case "unmerge": {
        const id = this.ids.get(given.group);
        if (id === undefined) return;
        const unmerged = issues.unmerge(id);
        if (this.into.delete(given.group)) expect(await unmerged).toMatchObject({ id, state: { status: "open" } });
        else expect(await failureOf(unmerged)).toMatchObject({ code: "not-merged" });
      }
    }
  }

  async #digest(events: readonly StoryEvent[]): Promise<void> {
    const added: Digested[] = [];
    for (const each of events) {
      this.scenario.clock.advanceBy(each.after + 1);
      const place = this.digested.length + added.length;
      added.push({ at: this.scenario.clock.now(), event: each, id: `e${String(place)}` });
    }
    const outcomes = await this.scenario.tracker.digest(added.map((each) => newEvent(each, each.event.group)));
    for (const [place, outcome] of outcomes.entries()) this.#note(added[place], outcome);
    this.digested.push(...added);
  }

  #note(of: Digested | undefined, outcome: DigestOutcome): void {
    if (of === undefined || outcome.kind !== "digested") throw new Error("An event was not digested.");
    const root = this.into.get(of.event.group) ?? of.event.group;
    if (!this.ids.has(root)) this.ids.set(root, outcome.issue.id);
    expect(outcome.issue.id).toBe(this.ids.get(root));
  }
}

/** What an issue shows of its events. */
async function shownBy({ tracker }: Scenario, { id, ...issue }: TrackedIssue) {
  const counts = await Promise.all(CALENDAR_PERIODS.map((period) => tracker.issues.eventCounts(id, { period })));
  const watched = issue.state.status === "open" ? await tracker.issues.watchProgress(id) : [];
  const { items } = await tracker.issues.releases(id);
  const { title, transaction, firstSeenAt, lastSeenAt, eventCount, userCount, latestEventId } = issue;
  return {
    ...{ title, transaction, firstSeenAt, lastSeenAt, eventCount, userCount, latestEventId },
    environments: [...issue.environments].sort(),
    counts,
    watched: watched.map(({ condition, count }) => ({ condition, count })),
    releases: items.filter(wasSeen).map(({ version }) => version),
  };
}

/** What the issue of some groups shows where nothing is merged. */
async function modelOf(digested: readonly Digested[], groups: readonly Group[], until: number) {
  const scenario = await Scenario.begin(createMemoryStore());
  await scenario.tracker.projects.save(SETTINGS);
  let issue: TrackedIssue | undefined;
  for (const each of digested) {
    scenario.clock.advanceTo(each.at);
    const name = groups.includes(each.event.group) ? "the family" : each.event.group;
    const outcome = await scenario.tracker.digest(newEvent(each, name));
    if (outcome.kind === "digested" && name === "the family") issue = outcome.issue;
  }
  scenario.clock.advanceTo(until);
  if (issue === undefined) throw new Error("The groups have no event.");
  return { scenario, issue };
}

async function expectLikeModel(story: MergingStory): Promise<void> {
  const { scenario, digested } = story;
  const { issues } = scenario.tracker;
  const now = scenario.clock.now();
  for (const [root, id] of story.ids) {
    const own = await issues.get(id);
    if (own === undefined) throw new Error("An issue is gone.");
    const model = await modelOf(digested, story.familyOf(root), now);
    const isMerged = story.into.has(root);
    expect(own.state.status).toBe(isMerged ? "merged" : "open");
    const shown = await shownBy(scenario, own);
    const expected = await shownBy(model.scenario, model.issue);
    expect(isMerged ? { ...shown, watched: [] } : shown).toEqual(isMerged ? { ...expected, watched: [] } : expected);
    const members = story.familyOf(root).filter((each) => each !== root);
    expect([...(own.parts?.members ?? [])].sort()).toEqual(members.map((each) => story.ids.get(each)).sort());
    if (own.parts === null) continue;
    const ownPart = await issues.get(own.parts.ownPart);
    const ownModel = await modelOf(digested, [root], now);
    if (ownPart === undefined) throw new Error("An own part is gone.");
    expect({ ...(await shownBy(scenario, ownPart)), watched: [] }).toEqual({
      ...(await shownBy(ownModel.scenario, ownModel.issue)),
      watched: [],
    });
  }
  const { items } = await issues.list({ projectId: "shop" });
  const roots = GROUPS.filter((each) => story.ids.has(each) && !story.into.has(each));
  expect(items.map(({ id }) => id).sort()).toEqual(roots.map((each) => story.ids.get(each)).sort());
}

/** The number of random runs on each store: fewer where a step takes longer. */
const RUNS = new Map([
  ["memory", { quick: 25, full: 1_500 }],
  ["SQLite", { quick: 6, full: 200 }],
]);

describe.each(storesForStories())("merged issues on $name", ({ name, open }) => {
  test("rule 22: show what one issue shows that has all their events, and each what it would show alone", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 24 }), async (steps) => {
        const store = await open();
        const story = new MergingStory(await Scenario.begin(store));
        await story.scenario.tracker.projects.save(SETTINGS);
        for (const each of steps) await story.play(each);
        await expectLikeModel(story);
        await story.scenario.tracker.close();
        await store.close();
      }),
      { numRuns: rounds(RUNS.get(name) ?? { quick: 5, full: 40 }) },
    );
  });

  test("rule 22: live like one issue from the merge on: states, histories, claims and alerts", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(lifeStep, { minLength: 4, maxLength: 30 }), async (steps) => {
        const [store, modelStore] = [await open(), createMemoryStore()];
        const merged = await Scenario.begin(store);
        const model = await Scenario.begin(modelStore);
        const id = await mergedFromBeginning(merged);
        const modelId = await oneFromBeginning(model);
        for (const [place, each] of steps.entries()) {
          const done = await live(merged, id, each, place, "apart");
          expect(done).toEqual(await live(model, modelId, each, place, "together"));
          // Before the clock makes alerts too old.
          for (const { tracker } of [merged, model]) await tracker.settled();
        }
        expect(await lifeOf(merged, id)).toEqual(await lifeOf(model, modelId));
        for (const { tracker } of [merged, model]) await tracker.close();
        await store.close();
      }),
      { numRuns: rounds(RUNS.get(name) ?? { quick: 5, full: 40 }) },
    );
  });
});

/** A step in the life of an issue. */
type LifeStep =
  | StoryEvent
  | { readonly kind: "command"; readonly command: Command }
  | { readonly kind: "tick"; readonly after: number }
  | { readonly kind: "register" | "retire"; readonly version: string };

const release = fc.constantFrom("1.0.0", "1.1.0", "1.2.0", "2.0.0");
const PER_HOUR = volumeCondition(4, "hour", 2);

const command: fc.Arbitrary<Command> = fc.oneof(
  fc.constantFrom<Command>(
    { kind: "resolve" },
    { kind: "resolve", in: "next-release" },
    { kind: "resolve", in: "latest-release" },
    { kind: "reopen" },
    { kind: "reopen", withdraw: true },
    { kind: "mute", conditions: [PER_HOUR] },
    { kind: "mute", conditions: [PER_HOUR, { kind: "users", users: 3, days: 2 }], sinceMute: true },
    {
      kind: "mute",
      for: { period: "hour", nrOfPeriods: 3 },
      wakeOn: "deadline",
      again: { period: "day", nrOfPeriods: 1 },
    },
    { kind: "unmute" },
    { kind: "discard", conditions: [volumeCondition(3, "hour")] },
    { kind: "undiscard" },
    { kind: "watch", conditions: [volumeCondition(3, "day"), { kind: "spike", floor: 2, factor: 2 }] },
    { kind: "annotate", comment: "seen" },
  ),
  release.map((version): Command => ({ kind: "resolve", in: { release: version } })),
);

const lifeStep: fc.Arbitrary<LifeStep> = fc.oneof(
  { weight: 8, arbitrary: event },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("command" as const), command }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("tick" as const),
      after: fc.integer({ min: 0, max: 50 }).map((n) => n * HOUR),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom("register" as const, "retire" as const), version: release }),
  },
);

const LIFE = {
  id: "shop",
  stateEnvironments: ["", "production"],
  watch: { conditions: [volumeCondition(6, "day")] },
  autoResolveAfterMs: 20 * DAY,
};
const [ROOT, ...OTHERS] = GROUPS;

function firstEvent(own: Group): StoryEvent {
  return { kind: "event", group: own, after: 0, late: 0, count: 1, user: 1, environment: "", release: "1.0.0" };
}

/** Issues of which all but one are merged into that one right after their first events. */
async function mergedFromBeginning(scenario: Scenario): Promise<string> {
  await scenario.tracker.projects.save(LIFE);
  const ids: string[] = [];
  for (const each of GROUPS) {
    scenario.clock.advanceBy(1);
    const first = { at: scenario.clock.now(), event: firstEvent(each), id: `first ${each}` };
    ids.push((await scenario.event(newEvent(first, each))).issue.id);
  }
  const [into = "", ...members] = ids;
  for (const id of members) await scenario.tracker.issues.merge(id, { into });
  return into;
}

/** One issue with the same events, at which a person has looked as often. */
async function oneFromBeginning(scenario: Scenario): Promise<string> {
  await scenario.tracker.projects.save(LIFE);
  let id = "";
  for (const each of GROUPS) {
    scenario.clock.advanceBy(1);
    const first = { at: scenario.clock.now(), event: firstEvent(each), id: `first ${each}` };
    id = (await scenario.event(newEvent(first, ROOT))).issue.id;
  }
  for (const each of OTHERS) await scenario.tracker.issues.annotate(id, each);
  await scenario.tracker.alerts.drain();
  return id;
}

/** Plays a step, and tells what came of it. */
async function live(
  { tracker, clock }: Scenario,
  id: string,
  given: LifeStep,
  place: number,
  groups: "apart" | "together",
): Promise<unknown> {
  clock.advanceBy(1);
  switch (given.kind) {
    case "event": {
      clock.advanceBy(given.after);
      const of = { at: clock.now(), event: given, id: `e${String(place)}` };
      const outcome = await tracker.digest(newEvent(of, groups === "apart" ? given.group : ROOT));
      return outcome.kind === "digested" ? { ...outcome, member: null, issue: stateOf(outcome.issue) } : outcome;
    }
    case "command": {
      const { refusals } = await tracker.issues.bulk({ projectId: "shop", ids: [id] }, given.command, { by: "ann" });
      return refusals.map(({ code }) => code);
    }
    case "tick":
      clock.advanceBy(given.after);
      return tracker.tick();
    case "register":
      return codeOf(tracker.releases.register({ projectId: "shop", version: given.version }));
    case "retire":
      return codeOf(tracker.releases.retire({ projectId: "shop", version: given.version }));
  }
}

async function codeOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
    return undefined;
  } catch (error) {
    return IssueLifecycleError.is(error) ? error.code : error;
  }
}

/** What an issue shows besides its name; of its state, all but when to look next, which follows from the rest. */
function stateOf({ state, eventCount, userCount, turningPointCount, firstSeenAt, lastSeenAt, watch }: TrackedIssue) {
  const told = JSON.stringify(state, (key, value: unknown) => (key === "checkAt" || key === "lookAt" ? 0 : value));
  const comparable: unknown = JSON.parse(told);
  return {
    state: comparable,
    eventCount,
    userCount,
    turningPointCount,
    firstSeenAt,
    lastSeenAt,
    watch,
  };
}

async function lifeOf({ tracker, sink }: Scenario, id: string) {
  await tracker.alerts.drain();
  const issue = await tracker.issues.get(id);
  const { items: points } = await tracker.issues.history(id, { limit: 1_000 });
  const { items: marks } = await tracker.issues.releases(id);
  const ofMerges = ["first-seen", "annotated", "member-merged"];
  return {
    issue: issue && stateOf(issue),
    points: points
      .filter(({ turn }) => !ofMerges.includes(turn.kind))
      .map(({ turn, at, eventId }) => ({ turn, at, eventId })),
    marks,
    alerts: sink.alerts
      .filter((alert) => alert.issue?.id === id && alert.kind !== "new-issue")
      .map(({ reason, raisedAt }) => ({ reason, raisedAt })),
  };
}
