import { outboxPositionOf } from "../../../src/ports/alert-outbox.ts";
import type { Loaded, LockSelection, StoreChanges } from "../../../src/ports/issue-store.ts";

import { withOutboxTables, type Mutant } from "./harness.ts";
import { IGNORED, optimistic, type Call, type Compare } from "./optimistic.ts";

/** Does not compare what a method answers. */
const forgetting =
  (...methods: readonly string[]): Compare =>
  ({ method }, again) =>
    methods.includes(method) ? IGNORED : again;

type Part = readonly unknown[];

const isLoaded = (value: unknown): value is Loaded => typeof value === "object" && value !== null && "grouped" in value;

/** Does not compare a part of what `load` answers, where a test says so. */
function forgettingLoaded(
  part: keyof Loaded,
  isForgotten: (call: Call, before: Part, now: Part) => boolean = () => true,
): Compare {
  const asList = (value: unknown): Part => (Array.isArray(value) ? value : []);
  return (call, again) => {
    const before = call.answer;
    if (call.method !== "load" || !isLoaded(before) || !isLoaded(again)) return again;
    return isForgotten(call, asList(before[part]), asList(again[part])) ? { ...again, [part]: before[part] } : again;
  };
}

/** Forgets several things at once: one lock that protects all of them. */
const together =
  (...compares: readonly Compare[]): Compare =>
  (call, again) =>
    compares.reduce((now, compare) => (now === IGNORED ? now : compare(call, now)), again);

function selectionOf({ input: [request] }: Call): LockSelection | undefined {
  return typeof request === "object" && request !== null ? Reflect.get(request, "issues") : undefined;
}

function isInNoOrder({ input: [request] }: Call): boolean {
  return typeof request === "object" && request !== null && Reflect.get(request, "inOrder") === false;
}

const selects =
  (name: string) =>
  (call: Call): boolean => {
    const selection = selectionOf(call);
    return selection !== undefined && name in selection;
  };

/** Whether each of the issues that there were is there, as it was or not. */
const isEachThere = (_: Call, before: Part, now: Part): boolean =>
  before.every((issue, place) => (issue === undefined) === (now[place] === undefined)) && before.length === now.length;

const isSomeGone = (_: Call, before: Part, now: Part): boolean =>
  before.length > now.length || before.some((issue, place) => issue !== undefined && now[place] === undefined);

/** Does not compare what `load` answers, where an issue that was part of the answer is gone. */
const forgettingGone =
  (part: keyof Loaded, isMeant: (call: Call) => boolean = () => true): Compare =>
  (call, again) =>
    isMeant(call) && forgettingLoaded(part, isSomeGone)(call, again) !== again ? IGNORED : again;

/** What is not protected from other transactions, and the case that sees it. */
const UNPROTECTED: readonly (readonly [what: string, compare: Compare, seenBy: string])[] = [
  ["issues that it has loaded by their ids", forgettingLoaded("issues", selects("ids")), "race-on-an-issue"],
  ["the issues of groups from changes", forgettingLoaded("grouped", isEachThere), "race-on-a-digest"],
  ["the issues of groups from deletion", forgettingLoaded("grouped", isSomeGone), "race-on-deletions"],
  [
    "the issues of former groups from changes",
    forgettingLoaded("formerGrouped", isEachThere),
    "race-on-a-former-group",
  ],
  [
    "issues that it has loaded by their ids from deletion",
    forgettingGone("issues", selects("ids")),
    "race-on-deletions",
  ],
  ["the issues of former groups from deletion", forgettingGone("formerGrouped"), "race-on-deletions"],
  [
    "issues that wait for the next release from deletion",
    forgettingGone("issues", selects("awaitingNextIn")),
    "race-on-deletions",
  ],
  [
    "issues that wait for the next release",
    forgettingLoaded("issues", selects("awaitingNextIn")),
    "race-on-selected-issues",
  ],
  ["issues that the clock wakes", forgettingLoaded("issues", selects("wakesUntil")), "race-on-selected-issues"],
  ["issues that are fixed in a release", forgettingLoaded("issues", selects("fixedIn")), "race-on-selected-issues"],
  ["releases", forgettingLoaded("releases"), "race-on-marks"],
  ["timelines", forgettingLoaded("timelines"), "race-on-releases"],
  ["pending releases", forgetting("findPendingReleases"), "race-on-pending-releases"],
  ["projects", together(forgettingLoaded("projects"), forgetting("findProjects")), "race-on-a-project"],
  [
    "what belongs to issues that it has loaded",
    together(
      forgettingLoaded("counters"),
      forgettingLoaded("marks"),
      forgetting("findUsers", "findCounters", "findMarks"),
    ),
    "race-on-belongings",
  ],
  ["claimed alerts", forgetting("claim"), "race-on-alerts"],
  [
    "alerts that it claims in no order",
    (call, again) => (call.method === "claim" && isInNoOrder(call) ? IGNORED : again),
    "race-on-alerts",
  ],
  ["alerts that it settles", forgetting("settle"), "race-on-settlements"],
  ["alerts that it moves", forgetting("move"), "race-on-settlements"],
  ["alerts that it evicts", forgetting("evict"), "race-on-evictions"],
  ["tallies", forgetting("lockTallies"), "race-on-tallies"],
  ["events that it evicts", forgetting("evictEvents"), "race-on-evicted-events"],
];

const isSomeNew = (before: Part, now: Part): boolean =>
  before.some((each, place) => each === undefined && now[place] !== undefined);

/** Does not compare what others have added for the groups or events of a load, nor projects and former groups where they did. */
const forgettingAdded =
  (part: "grouped" | "duplicateOf"): Compare =>
  (call, again) => {
    const before = call.answer;
    if (call.method !== "load" || !isLoaded(before) || !isLoaded(again)) return again;
    const { formerGrouped, projects } = before;
    return isSomeNew(before[part], again[part]) ? { ...again, [part]: before[part], formerGrouped, projects } : again;
  };

/** Takes the numbers of issues from projects that others have changed, where these are loaded with groups alone. */
const forgettingNumbers: Compare = (call, again) => {
  const [request] = call.input;
  const hasOnlyGroups = typeof request === "object" && request !== null && !("projectIds" in request);
  const now = forgettingAdded("grouped")(call, again);
  if (!hasOnlyGroups || !isLoaded(call.answer) || !isLoaded(now)) return now;
  return { ...now, projects: call.answer.projects };
};

/** What is not written, and nobody is told, where another transaction wrote it meanwhile; and the case that sees it. */
const DROPPED: readonly (readonly [
  what: string,
  member: keyof StoreChanges,
  compare: Compare | undefined,
  seenBy: string,
])[] = [
  ["an issue", "newIssues", forgettingAdded("grouped"), "race-on-a-new-group"],
  ["an issue whose number is taken", "newIssues", forgettingNumbers, "race-on-a-new-group"],
  ["a group", "addedGroups", forgettingAdded("grouped"), "race-on-an-added-group"],
  ["an event", "events", forgettingAdded("duplicateOf"), "race-on-an-event"],
  ["a project", "projects", undefined, "race-on-a-slug"],
];

export const raceMutants: readonly Mutant[] = [
  ...UNPROTECTED.map(([what, compare, seenBy]) => ({
    name: `does not protect ${what}`,
    seenBy,
    open: optimistic(compare),
  })),
  {
    name: "evicts what had ended when the transaction was requested",
    seenBy: "race-on-evictions",
    open: withOutboxTables((outbox, { alerts, tables }) => ({
      evict: async ({ endedBefore, limit }) => {
        const ids = alerts
          .filter((row) => row.state.status !== "pending" && outboxPositionOf(row).at < endedBefore)
          .map(({ alert }) => alert.id)
          .filter((id) => tables.alerts.has(id))
          .slice(0, limit);
        await outbox.move({ to: "pending", ids, from: null, dueAt: 0 });
        await outbox.move({ to: "discarded", ids, at: -1, reason: "old", by: { kind: "system" } });
        return outbox.evict({ endedBefore: 0, limit });
      },
    })),
  },
  ...DROPPED.map(([what, member, compare, seenBy]) => ({
    name: `drops ${what}, and says nothing, where another transaction was first`,
    seenBy,
    open: optimistic(compare, member),
  })),
];
