// What must not compile, does not; and what hosts rely on the types for, they can.
import {
  createIssueTracker,
  volumeCondition,
  type ConditionInput,
  type DigestedEvent,
  type DigestOutcome,
  type IssueLifecycleErrorCode,
  type IssueState,
  type IssueStore,
  type IssueTracker,
  type MuteRequest,
  type Page,
  type TrackedIssue,
} from "issue-lifecycle";
import {
  allowedCommands,
  parseVolumeCondition,
  PeriodCounter,
  type AlertReason,
  type CommandKind,
  type Condition,
  type EventChange,
  type Issue,
  type Release,
  type ReleaseMark,
  type Resolution,
  type StoredCounts,
  type Turn,
  type UnmuteReason,
} from "issue-lifecycle/core";
import type { AlertSettlement, StoreTransaction, TrackerHooks } from "issue-lifecycle/store";
import { openTelemetryHooks } from "issue-lifecycle/opentelemetry";
import { createMemoryStore } from "issue-lifecycle/memory";
import { kyselyStore, sqliteDialect } from "issue-lifecycle/kysely";
import { readSentryEnvelope, readSentryEvent } from "issue-lifecycle/sentry";
import { openSqliteStore } from "issue-lifecycle/sqlite";
import { createBatchEngine, createKeyValueStore, type KeyValueEngine } from "issue-lifecycle/kv";
import { backtest } from "issue-lifecycle/backtest";
import {
  buildEvent,
  buildIssue,
  CONFORMANCE_CASES,
  createRecordingSink,
  createVirtualClock,
  expectEqual,
  registerConformance,
  runConformance,
  Timeline,
  timeline,
  toSnapshot,
} from "issue-lifecycle/testing";

declare const tracker: IssueTracker;
declare const store: IssueStore;
declare const transaction: StoreTransaction;

/** Fails to compile unless the two types are the same. */
type Same<One, Other> = (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false;
function same<Holds extends true>(): Holds[] {
  return [];
}

// Making a tracker.
export const made = [
  () => createIssueTracker({ store }),
  // @ts-expect-error: a store is needed.
  () => createIssueTracker({}),
  // @ts-expect-error: there is no such option.
  () => createIssueTracker({ store, sink: () => undefined }),
  // @ts-expect-error: a clock shows numbers.
  () => createIssueTracker({ store, clock: { now: () => new Date() } }),
  // @ts-expect-error: a grouping has a version.
  () => createIssueTracker({ store, grouping: { group: () => ({ key: "", title: "" }) } }),
  // @ts-expect-error: a file is needed.
  () => openSqliteStore({}),
  // @ts-expect-error: there are two kinds of durability.
  () => openSqliteStore({ filename: "a", durability: "none" }),
  // @ts-expect-error: a dialect is needed.
  () => kyselyStore({ db: {} as never }),
  () => sqliteDialect.name,
];

// Events.
export const digests = [
  () => tracker.digest({ projectId: "shop" }) satisfies Promise<DigestOutcome>,
  () => tracker.digest([{ projectId: "shop" }]) satisfies Promise<DigestOutcome[]>,
  (given: { projectId: string } | { projectId: string }[]) => tracker.digest(given),
  // @ts-expect-error: an event needs a project.
  () => tracker.digest({ type: "E" }),
  // @ts-expect-error: there is no such member.
  () => tracker.digest({ projectId: "shop", relase: "1.0.0" }),
  // @ts-expect-error: instants are numbers.
  () => tracker.digest({ projectId: "shop", receivedAt: "2026-01-05" }),
  // @ts-expect-error: a function is nothing that JSON can say.
  () => tracker.digest({ projectId: "shop", data: () => 1 }),
  // @ts-expect-error: a duplicate has no issue, only its id.
  async () => (await tracker.digest({ projectId: "shop" })).issue,
];

// Commands.
export const commands = [
  () => tracker.issues.resolve("id", { in: { release: "2.1.0" }, by: "ann" }),
  () => tracker.issues.mute("id", { for: { period: "week", nrOfPeriods: 1 }, wakeOn: "deadline" }),
  // @ts-expect-error: there is no such place to resolve in.
  () => tracker.issues.resolve("id", { in: "some-release" }),
  // @ts-expect-error: total is no period to mute for.
  () => tracker.issues.mute("id", { for: { period: "total", nrOfPeriods: 1 } }),
  // @ts-expect-error: a condition says its volume.
  () => tracker.issues.mute("id", { conditions: [{ period: "day", nrOfPeriods: 1 }] }),
  // @ts-expect-error: an annotation is a comment.
  () => tracker.issues.annotate("id"),
  // @ts-expect-error: a deletion leaves no history, and so takes no comment.
  () => tracker.issues.delete("id", { comment: "gone" }),
  // @ts-expect-error: ids belong to a project.
  () => tracker.issues.bulk({ ids: [] }, { kind: "resolve" }),
  // @ts-expect-error: an annotation in bulk needs its comment.
  () => tracker.issues.bulk({ filter: { projectId: "shop" } }, { kind: "annotate" }),
  // @ts-expect-error: there is no such state.
  () => tracker.issues.list({ projectId: "shop", status: "closed" }),
  // @ts-expect-error: lists are of one project.
  () => tracker.issues.list({ status: "open" }),
  // @ts-expect-error: total has no sparkline.
  () => tracker.issues.eventCounts("id", { period: "total" }),
  // @ts-expect-error: there is no such kind of alert.
  () => tracker.projects.save({ id: "shop", alerts: { resolved: false } }),
  // @ts-expect-error: a release says its version.
  () => tracker.releases.register({ projectId: "shop" }),
];

// Counts of what is stored.
export const counts = [
  async () => (await tracker.stats()) satisfies StoredCounts,
  async () => (await tracker.withTransaction({}).stats()).events satisfies number,
  // @ts-expect-error: there is no such count.
  async () => (await tracker.stats()).eventData,
  // @ts-expect-error: they are of all projects.
  () => tracker.stats("shop"),
];

// Values cannot be changed in place.
export function frozen(issue: Issue, page: Page<TrackedIssue>): void {
  // @ts-expect-error: an issue is a value.
  issue.title = "another";
  // @ts-expect-error: and so is its state.
  issue.state.status = "open";
  // @ts-expect-error: and a page.
  page.items.push(buildIssue());
}

// States that must not exist cannot be written down.
export const states: IssueState[] = [
  { status: "open" },
  { status: "resolved", resolvedAt: 1, afterRelease: 0, resolution: { kind: "plain" } },
  // @ts-expect-error: an open issue has no resolution.
  { status: "open", resolution: { kind: "plain" } },
  // @ts-expect-error: a resolved one says by what.
  { status: "resolved", resolvedAt: 1, afterRelease: 0 },
  // @ts-expect-error: and a muted one until what.
  { status: "muted" },
  { status: "discarded", discard: { discardedAt: 1, eventCount: 1, conditions: [], checkAt: 0 } },
  // @ts-expect-error: and a discarded one how many events it had.
  { status: "discarded", discard: { discardedAt: 1, conditions: [], checkAt: 0 } },
  { status: "merged", into: "id", as: "member", at: 1 },
  // @ts-expect-error: and a merged one what it is of the other.
  { status: "merged", into: "id", at: 1 },
  // @ts-expect-error: resolved by a release names releases.
  { status: "resolved", resolvedAt: 1, afterRelease: 0, resolution: { kind: "by-release" } },
];

// Unions are closed: a switch over them can be exhaustive.
export const unions = [
  same<Same<IssueState["status"], "open" | "resolved" | "muted" | "discarded" | "merged">>(),
  same<Same<Resolution["kind"], "plain" | "by-release" | "by-next">>(),
  same<
    Same<
      CommandKind,
      "resolve" | "reopen" | "mute" | "unmute" | "discard" | "undiscard" | "watch" | "annotate" | "delete"
    >
  >(),
  same<Same<AlertReason["kind"], "new-issue" | "regression" | "unmute" | "loud">>(),
  same<
    Same<
      UnmuteReason["kind"],
      "by-person" | "deadline-passed" | "volume-reached" | "users-reached" | "spiked" | "got-louder"
    >
  >(),
  same<Same<Condition["kind"], "volume" | "users" | "spike" | "louder">>(),
  same<
    Same<EventChange["kind"], "none" | "created" | "regressed" | "unmuted" | "discarded" | "undiscarded" | "loud">
  >(),
  same<Same<Release["standing"], "known" | "announced" | "retired">>(),
  same<Same<ReleaseMark["last"], "fixed" | "seen">>(),
  same<
    Same<
      Turn["kind"],
      | "first-seen"
      | "resolved"
      | "auto-resolved"
      | "muted"
      | "unmuted"
      | "discarded"
      | "undiscarded"
      | "loud"
      | "watched"
      | "regressed"
      | "reopened"
      | "claims-withdrawn"
      | "next-materialized"
      | "merged"
      | "unmerged"
      | "member-merged"
      | "member-unmerged"
      | "annotated"
    >
  >(),
];

export function explain(code: IssueLifecycleErrorCode): string {
  // @ts-expect-error: there is no such code.
  if (code === "no-such-code") return "";
  return code;
}

// Conditions of all kinds, which may leave out what has a default.
export const conditions: ConditionInput[] = [
  { period: "day", nrOfPeriods: 1, volume: 5 },
  { kind: "users", users: 5, days: 1 },
  { kind: "spike" },
  { kind: "louder", factor: 2.5 },
  // @ts-expect-error: there is no such kind.
  { kind: "loud" },
  // @ts-expect-error: users are counted up to a number.
  { kind: "users" },
];
export const scrubbing = [
  () => createIssueTracker({ store: createMemoryStore(), scrub: false }),
  () => createIssueTracker({ store: createMemoryStore(), scrub: { names: ["iban"] } }),
  () =>
    createIssueTracker({ store: createMemoryStore(), scrub: { hook: (event) => ({ ...event, userId: "somebody" }) } }),
  // @ts-expect-error: a hook returns an event, not a promise of one.
  () => createIssueTracker({ store: createMemoryStore(), scrub: { hook: async (event) => event } }),
];
export const watches = [
  () => tracker.projects.save({ id: "shop", watch: { conditions }, stateEnvironments: ["production"] }),
  () => tracker.issues.watch("id", { conditions, by: "ann" }),
  () => tracker.issues.watch("id", { conditions: null }),
  // @ts-expect-error: a watch has conditions, or says that it has none of its own.
  () => tracker.issues.watch("id"),
  () => tracker.projects.save({ id: "shop", autoResolveAfterMs: 30 * 86_400_000 }),
  // @ts-expect-error: a duration is in milliseconds.
  () => tracker.projects.save({ id: "shop", autoResolveAfterMs: "30d" }),
  () => tracker.issues.discard("id", { conditions: [{ kind: "spike" }], by: "ann" }),
  // @ts-expect-error: a discard has no deadline.
  () => tracker.issues.discard("id", { until: 0 }),
  () => tracker.issues.undiscard("id", { by: "ann" }),
  () => tracker.issues.merge("id", { into: "SHOP-1", by: "ann" }),
  // @ts-expect-error: without the other issue.
  () => tracker.issues.merge("id", { by: "ann" }),
  () => tracker.issues.unmerge("id"),
  () => tracker.issues.list({ projectId: "shop", status: ["open", "merged"] }),
  () => tracker.digest({ projectId: "shop", type: "E", count: 2, userId: "ann", environment: "staging" }),
];

export function why({ regressed, unmuted }: DigestedEvent): string {
  if (regressed?.kind === "fixed-in-release") return regressed.fixedIn;
  if (unmuted?.kind === "volume-reached") return String(unmuted.condition.volume);
  // @ts-expect-error: only a volume that was reached has a condition.
  return unmuted?.condition;
}

// The core.
export const core = [
  () => volumeCondition(100, "day", 2),
  () => new PeriodCounter().count(parseVolumeCondition({})),
  () => allowedCommands(buildIssue()),
  // @ts-expect-error: there is no such period.
  () => volumeCondition(5, "fortnight"),
  () => new PeriodCounter().inc(new Date()),
  // @ts-expect-error: a counter counts instants.
  () => new PeriodCounter().inc("2026-01-05"),
  // @ts-expect-error: a counter is asked for a window.
  () => new PeriodCounter().count({ period: "day" }),
];
export const request: MuteRequest = { conditions: [volumeCondition(1, "total")], sinceMute: true };

// Hooks.
export const hooks: TrackerHooks[] = [
  openTelemetryHooks({ projectId: true }),
  { committed: ({ created, turningPoints }) => created.length + turningPoints.length },
  { ended: (ended) => (ended.outcome === "failed" ? ended.error : ended.events) },
  {
    around: (operation, run) => {
      run();
      return ({ durationMs }) => console.log(operation.name, durationMs);
    },
  },
  // @ts-expect-error: there is no such hook.
  { commited: () => undefined },
  // @ts-expect-error: an operation that failed has no events.
  { ended: (ended) => ended.events },
  // @ts-expect-error: a span is no provider of them.
  openTelemetryHooks({ tracerProvider: {} }),
];
export const hooked = [
  () => createIssueTracker({ store, hooks }),
  () => createIssueTracker({ store, hooks: { committed: async ({ deleted }) => deleted.length } }),
  // @ts-expect-error: a hook is a function.
  () => createIssueTracker({ store, hooks: { ended: true } }),
];

// Stores.
export const writes = [
  () => transaction.write({ updates: [{ before: buildIssue(), after: buildIssue() }] }),
  // @ts-expect-error: an update says what was.
  () => transaction.write({ updates: [{ after: buildIssue() }] }),
  // @ts-expect-error: reads do not write.
  () => store.read((reader) => reader.write({ deletedIssues: [] })),
];
export const settlements: AlertSettlement[] = [
  { id: "", lease: { token: "", until: 1 }, outcome: "done" },
  // @ts-expect-error: a failure says when the alert is due again.
  { id: "", lease: { token: "", until: 1 }, outcome: "failed", error: "no", memo: null },
];

// The key-value store.
declare const engine: KeyValueEngine;
export const keyValue = [
  () => createKeyValueStore(engine) satisfies IssueStore,
  () => createKeyValueStore(createBatchEngine({ get: () => undefined, range: () => [], write: () => undefined })),
  // @ts-expect-error: a transaction can be rolled back.
  () => createKeyValueStore({ begin: () => ({ get: () => undefined, range: () => [], commit: () => undefined }) }),
  // @ts-expect-error: keys are bytes.
  () => createBatchEngine({ get: (key: string) => key, range: () => [], write: () => undefined }),
];

// Sentry.
export const sentry = [
  () => readSentryEnvelope(new Uint8Array(), { projectId: "shop" }).events,
  () => readSentryEvent({}, { projectId: "shop" }),
  // @ts-expect-error: events belong to a project.
  () => readSentryEnvelope("", {}),
];

// The testing kit.
export const testing = [
  () => timeline({ startsAt: "2026-01-05" }).at("09:00").event().times(3, { every: "1m" }).expectAlerts("unmute").run(),
  () => backtest({ events: [1, { startsAt: 0, count: 2 }], period: "hour", rules: [{ name: "r", mute: {} }] }),
  () => runConformance({ name: "s", open: async () => ({ store: createMemoryStore() }) }),
  () => createVirtualClock(0).advanceBy(1),
  () => createRecordingSink().failWith(new Error("down")),
  () => new Timeline({ startsAt: 0 }).event() satisfies Timeline,
  () => expectEqual("two issues", buildIssue(), buildIssue()),
  () => CONFORMANCE_CASES.map(({ id }) => id) satisfies string[],
  // @ts-expect-error: a snapshot is of something.
  () => toSnapshot(),
  // @ts-expect-error: a comparison says of what.
  () => expectEqual(buildIssue(), buildIssue()),
  // @ts-expect-error: a sink fails with an error.
  () => createRecordingSink().failWith("down"),
  // @ts-expect-error: cases cannot be added.
  () => CONFORMANCE_CASES.push(),
  () => buildEvent({ release: "1.0.0" }),
  // @ts-expect-error: a duration has a unit.
  () => timeline().after("5 minutes"),
  // @ts-expect-error: there is no such kind of alert.
  () => timeline().expectAlerts("resolved"),
  // @ts-expect-error: the timeline has one project of its own.
  () => timeline().event({ projectId: "shop" }),
  // @ts-expect-error: a rule is a mute.
  () => backtest({ events: [], rules: [{ name: "r", resolve: {} }] }),
  // @ts-expect-error: there is no such capability.
  () => runConformance({ name: "s", open: async () => ({ store: createMemoryStore() }), lacks: { speed: "slow" } }),
  // @ts-expect-error: a runner has both.
  () => registerConformance({ describe: () => undefined }, { name: "s", open: async () => ({ store }) }),
];
