import { metrics, trace } from "@opentelemetry/api";
import Database from "better-sqlite3";
import { Kysely, SqliteDialect } from "kysely";
import { beforeAll, describe, expect, test } from "vitest";
import * as backtestEntry from "../../src/backtest/index.ts";
import * as captureEntry from "../../src/capture/index.ts";
import * as copyEntry from "../../src/copy/index.ts";
import * as core from "../../src/core/index.ts";
import * as main from "../../src/index.ts";
import * as kysely from "../../src/kysely/index.ts";
import * as memory from "../../src/memory/index.ts";
import * as node from "../../src/node/index.ts";
import * as opentelemetry from "../../src/opentelemetry/index.ts";
import * as store from "../../src/ports/index.ts";
import * as boardEntry from "../../src/board/index.ts";
import * as sentry from "../../src/sentry/index.ts";
import * as sinks from "../../src/sinks/index.ts";
import * as sqlite from "../../src/sqlite/index.ts";
import * as testing from "../../src/testing/index.ts";

/** A function of the package with one valid call. */
interface StrictFunction {
  /** Makes valid arguments, new ones for each call. */
  readonly valid: () => readonly unknown[];
  readonly call: (...input: readonly unknown[]) => unknown;
  /** Paths of objects that belong to the host: a store, a transport, a payload. Their members are not checked. */
  readonly open?: readonly string[];
}

const HOUR = 3_600_000;
const TRANSPORT = { sendMail: async () => ({}) };
const ROUTE = { name: "log", sink: () => undefined, kinds: ["regression"], levels: ["error"] };

let tracker: main.IssueTracker;
let db: Kysely<object>;

/** A tracker with an issue, SHOP-1. */
async function openTracker(): Promise<main.IssueTracker> {
  const opened = main.createIssueTracker({ store: main.createMemoryStore(), onError: () => undefined });
  await opened.projects.save({ id: "shop" });
  await opened.digest({ projectId: "shop", id: "known", type: "E", release: "1.0.0" });
  return opened;
}

/** Calls a method of a tracker of its own, so that no call depends on another. */
function onTracker(
  pick: (of: main.IssueTracker) => object,
  name: string,
  prepare: (of: main.IssueTracker) => Promise<unknown> = async () => undefined,
): StrictFunction["call"] {
  return async (...input) => {
    const fresh = await openTracker();
    await prepare(fresh);
    const target = pick(fresh);
    const method: unknown = Reflect.get(target, name);
    if (typeof method !== "function") throw new Error(`there is no method ${name}`);
    try {
      return await Reflect.apply(method, target, input);
    } finally {
      await fresh.close();
    }
  };
}

const issues = (of: main.IssueTracker): object => of.issues;
const COMMAND = { by: "ann", comment: "why" };
/** Options of the commands for one issue. */
const ONE = { ...COMMAND, projectId: "shop" };
const CONDITION = { period: "day", nrOfPeriods: 1, volume: 100 };
/** One of each other kind. */
const OTHER_CONDITIONS = [
  { kind: "users", users: 5, days: 1 },
  { kind: "spike", floor: 10, factor: 3 },
  { kind: "louder", floor: 50, factor: 10 },
];
const MUTE = { until: new Date("2999-01-01"), wakeOn: "deadline", conditions: [CONDITION], sinceMute: true };
const EVENT = {
  projectId: "shop",
  id: "e",
  type: "E",
  fingerprint: ["a"],
  level: "error",
  count: 2,
  userId: "ann",
  environment: "staging",
  frames: [{ function: "f", module: "m", file: "f.ts" }],
  receivedAt: 1,
  data: { a: {} },
};

/** An object of a library, of which an adapter looks at the functions' names only. */
function withFunctions(...names: readonly string[]): object {
  return Object.fromEntries(names.map((name) => [name, () => undefined]));
}

const PG_CLIENT = withFunctions("query", "escapeIdentifier");

/** Calls a function of the package with whatever it is given. */
function calling(callee: unknown): StrictFunction["call"] {
  if (typeof callee !== "function") throw new Error("no function");
  return (...input) => Reflect.apply(callee, undefined, input);
}

/** Calls a step of a timeline whose issue is in the state that the step needs, and plays it. */
function onTimeline(name: string): StrictFunction["call"] {
  return async (...input) => {
    const story = testing.timeline({ startsAt: 0 }).release("1.0.0").event();
    if (name.endsWith("merge")) story.event({ type: "Another" });
    if (name === "unmerge") story.merge("Another", { into: "Error" });
    if (name === "unmute" || name === "expectMuted") story.mute();
    if (name === "undiscard" || name === "expectDiscarded") story.discard();
    if (name === "reopen" || name === "expectResolved") story.resolve({ in: { release: "1.0.0" } });
    const step: unknown = Reflect.get(story, name);
    if (typeof step !== "function") throw new Error(`there is no step ${name}`);
    Reflect.apply(step, story, input);
    await story.run();
  };
}

const STRICT: Readonly<Record<string, StrictFunction>> = {
  createIssueTracker: {
    call: calling(main.createIssueTracker),
    valid: () => [
      {
        store: main.createMemoryStore(),
        clock: { now: () => 0 },
        grouping: main.titleGrouping,
        releaseOrder: core.releaseLines(),
        alerts: { concurrency: 1, limits: { periodMs: HOUR, perIssue: 1, perProject: 1 } },
        scrub: { names: ["iban"], hook: (event: main.NewEvent) => event },
        hooks: [{ committed: () => undefined }],
      },
    ],
    open: ["0.store", "0.clock", "0.grouping", "0.releaseOrder"],
  },
  "tracker.digest": { call: onTracker((of) => of, "digest"), valid: () => [EVENT], open: ["0.data"] },
  "tracker.digest (a batch)": { call: onTracker((of) => of, "digest"), valid: () => [[EVENT]], open: ["0.0.data"] },
  "tracker.tick": { call: onTracker((of) => of, "tick"), valid: () => [new Date(0)] },
  "tracker.start": {
    call: onTracker((of) => of, "start"),
    valid: () => [{ tickEveryMs: HOUR, evict: { olderThanMs: HOUR, keepPerIssue: 100 }, evictEveryMs: HOUR }],
  },
  "tracker.stop": { call: onTracker((of) => of, "stop"), valid: () => [{ sinkTimeoutMs: 1 }] },
  "tracker.feed": {
    call: onTracker((of) => of, "feed"),
    valid: () => [{ cursor: "feed:0", limit: 5, projectIds: ["shop"] }],
  },
  "tracker.close": { call: onTracker((of) => of, "close"), valid: () => [{ sinkTimeoutMs: 1 }] },
  "tracker.issues.resolve": {
    call: onTracker(issues, "resolve"),
    valid: () => ["SHOP-1", { in: { release: "1.0.0", announce: true }, ...ONE }],
  },
  "tracker.issues.reopen": {
    call: onTracker(issues, "reopen", (of) => of.issues.resolve("SHOP-1", { in: { release: "1.0.0" } })),
    valid: () => ["SHOP-1", { withdraw: true, ...ONE }],
  },
  "tracker.issues.reopen (a list)": {
    call: onTracker(issues, "reopen", (of) => of.issues.resolve("SHOP-1", { in: { release: "1.0.0" } })),
    valid: () => ["SHOP-1", { withdraw: ["1.0.0"] }],
  },
  "tracker.issues.mute": { call: onTracker(issues, "mute"), valid: () => ["SHOP-1", { ...MUTE, ...ONE }] },
  "tracker.issues.mute (for)": {
    call: onTracker(issues, "mute"),
    valid: () => ["SHOP-1", { for: { period: "week", nrOfPeriods: 1 } }],
  },
  "tracker.issues.unmute": {
    call: onTracker(issues, "unmute", (of) => of.issues.mute("SHOP-1")),
    valid: () => ["SHOP-1", ONE],
  },
  "tracker.issues.discard": {
    call: onTracker(issues, "discard"),
    valid: () => ["SHOP-1", { conditions: [CONDITION], ...ONE }],
  },
  "tracker.issues.undiscard": {
    call: onTracker(issues, "undiscard", (of) => of.issues.discard("SHOP-1")),
    valid: () => ["SHOP-1", ONE],
  },
  "tracker.issues.merge": {
    call: onTracker(issues, "merge", (of) => of.digest({ projectId: "shop", type: "Another" })),
    valid: () => ["SHOP-2", { into: "SHOP-1", ...ONE }],
  },
  "tracker.issues.unmerge": {
    call: onTracker(issues, "unmerge", async (of) => {
      await of.digest({ projectId: "shop", type: "Another" });
      return of.issues.merge("SHOP-2", { into: "SHOP-1" });
    }),
    valid: () => ["SHOP-2", ONE],
  },
  "tracker.issues.discardProgress": {
    call: onTracker(issues, "discardProgress"),
    valid: () => ["SHOP-1", { projectId: "shop" }],
  },
  "tracker.issues.watch": {
    call: onTracker(issues, "watch"),
    valid: () => ["SHOP-1", { conditions: [CONDITION, ...OTHER_CONDITIONS], ...ONE }],
  },
  "tracker.issues.mute (until conditions of other kinds)": {
    call: onTracker(issues, "mute"),
    valid: () => ["SHOP-1", { conditions: OTHER_CONDITIONS, again: { period: "day", nrOfPeriods: 1 } }],
  },
  "tracker.issues.annotate": {
    call: onTracker(issues, "annotate"),
    valid: () => ["SHOP-1", "text", { by: "ann", projectId: "shop" }],
  },
  "tracker.issues.bulk": {
    call: onTracker(issues, "bulk"),
    valid: () => [
      { filter: { projectId: "shop", status: "open", search: "e", environment: "staging" } },
      { kind: "mute", ...MUTE },
      { ...COMMAND, onRefused: () => undefined },
    ],
  },
  "tracker.issues.bulk (ids)": {
    call: onTracker(issues, "bulk"),
    valid: () => [
      { projectId: "shop", ids: ["SHOP-1"] },
      { kind: "resolve", in: { release: "1.0.0" } },
    ],
  },
  "tracker.issues.list": {
    call: onTracker(issues, "list"),
    valid: () => [{ projectId: "shop", status: "open", environment: "staging", sort: "last-seen", limit: 1 }],
  },
  "tracker.issues.getMany": { call: onTracker(issues, "getMany"), valid: () => [["SHOP-1"], { projectId: "shop" }] },
  "tracker.issues.eventCountsOfMany": {
    call: onTracker(issues, "eventCountsOfMany"),
    valid: () => [["SHOP-1"], { period: "hour", nrOfPeriods: 3, projectId: "shop" }],
  },
  "tracker.issues.history": {
    call: onTracker(issues, "history"),
    valid: () => ["SHOP-1", { limit: 1, projectId: "shop" }],
  },
  "tracker.issues.releases": {
    call: onTracker(issues, "releases"),
    valid: () => ["SHOP-1", { limit: 1, projectId: "shop" }],
  },
  "tracker.issues.count": {
    call: onTracker(issues, "count"),
    valid: () => [{ projectId: "shop", status: "open", search: "e", environment: "staging" }, { upTo: 5 }],
  },
  "tracker.issues.counts": {
    call: onTracker(issues, "counts"),
    valid: () => [{ projectId: "shop", search: "e", environment: "staging" }, { upTo: 5 }],
  },
  "tracker.issues.eventCounts": {
    call: onTracker(issues, "eventCounts"),
    valid: () => ["SHOP-1", { period: "hour", nrOfPeriods: 1, projectId: "shop" }],
  },
  "tracker.projects.save": {
    call: onTracker((of) => of.projects, "save"),
    valid: () => [
      {
        id: "blog",
        slug: "blog",
        alerts: { regression: false },
        watch: { conditions: [CONDITION, ...OTHER_CONDITIONS] },
        stateEnvironments: ["production"],
        autoResolveAfterMs: 3_600_000,
      },
    ],
  },
  "tracker.releases.register": {
    call: onTracker((of) => of.releases, "register"),
    valid: () => [{ projectId: "shop", version: "2.0.0", releasedAt: new Date(0) }],
  },
  "tracker.releases.retire": {
    call: onTracker((of) => of.releases, "retire"),
    valid: () => [{ projectId: "shop", version: "1.0.0", by: "ann" }],
  },
  "tracker.releases.restore": {
    call: onTracker(
      (of) => of.releases,
      "restore",
      (of) => of.releases.retire({ projectId: "shop", version: "1.0.0" }),
    ),
    valid: () => [{ projectId: "shop", version: "1.0.0", by: "ann" }],
  },
  "tracker.projects.list": { call: onTracker((of) => of.projects, "list"), valid: () => [{ limit: 1 }] },
  "tracker.releases.list": { call: onTracker((of) => of.releases, "list"), valid: () => ["shop", { limit: 1 }] },
  "tracker.events.evict": {
    call: onTracker((of) => of.events, "evict"),
    valid: () => [{ projectId: "shop", receivedBefore: new Date(0), keepPerIssue: 100 }],
  },
  "tracker.events.list": {
    call: onTracker((of) => of.events, "list"),
    valid: () => ["SHOP-1", { direction: "ascending", limit: 1, projectId: "shop" }],
  },
  "tracker.events.next": { call: onTracker((of) => of.events, "next"), valid: () => ["shop", "known"] },
  "tracker.events.previous": { call: onTracker((of) => of.events, "previous"), valid: () => ["shop", "known"] },
  "tracker.alerts.stop": { call: onTracker((of) => of.alerts, "stop"), valid: () => [{ sinkTimeoutMs: 1 }] },
  "tracker.alerts.list": { call: onTracker((of) => of.alerts, "list"), valid: () => [{ status: "dead", limit: 1 }] },
  "tracker.alerts.discard": {
    call: onTracker((of) => of.alerts, "discard"),
    valid: () => [["00000000-0000-7000-8000-000000000000"], { reason: "a test", by: "ann" }],
  },
  "tracker.alerts.evict": { call: onTracker((of) => of.alerts, "evict"), valid: () => [{ endedBefore: new Date(0) }] },
  groupEvent: {
    call: calling(core.groupEvent),
    valid: () => [{ ...EVENT, frames: [{ function: "f", file: "a.ts" }] }, core.DEFAULT_GROUPING],
    open: ["0.data", "1"],
  },
  copyStore: {
    call: calling(copyEntry.copyStore),
    valid: () => [
      main.createMemoryStore(),
      main.createMemoryStore(),
      { onProgress: () => undefined, signal: new AbortController().signal },
    ],
    open: ["0", "1", "2.signal"],
  },
  backtest: {
    call: calling(backtestEntry.backtest),
    valid: () => [
      {
        events: [1, new Date(2), { receivedAt: 3, count: 2, userId: "u1" }, { startsAt: 60_000, count: 1 }],
        period: "minute",
        rules: [
          { name: "r", mute: { conditions: [CONDITION] } },
          { name: "w", watch: { conditions: [CONDITION] } },
        ],
        again: true,
      },
    ],
  },
  parseResolveRequest: {
    call: calling(core.parseResolveRequest),
    valid: () => [{ in: { release: "1.0.0", announce: true } }],
  },
  parseReopenRequest: { call: calling(core.parseReopenRequest), valid: () => [{ withdraw: ["1.0.0"] }] },
  releaseLines: { call: calling(core.releaseLines), valid: () => [{ namesWithoutRelease: ["nightly"] }] },
  readRelease: { call: calling(core.readRelease), valid: () => [core.releaseLines(), "1.0.0"], open: ["0"] },
  requireRelease: { call: calling(core.requireRelease), valid: () => ["1.0.0", core.releaseLines()], open: ["1"] },
  addPeriods: { call: calling(core.addPeriods), valid: () => [new Date(0), 1, "month"] },
  volumeCondition: { call: calling(main.volumeCondition), valid: () => [1, "day", 1] },
  isPublicAddress: { call: calling(sinks.isPublicAddress), valid: () => ["127.0.0.1"] },
  createVirtualClock: { call: calling(testing.createVirtualClock), valid: () => [new Date(0)] },
  "tracker.projects.get": { call: onTracker((of) => of.projects, "get"), valid: () => ["shop"] },
  "tracker.events.erase": { call: onTracker((of) => of.events, "erase"), valid: () => ["shop", "event"] },
  "tracker.users.erase": { call: onTracker((of) => of.users, "erase"), valid: () => ["shop", "ann"] },
  "tracker.actors.erase": { call: onTracker((of) => of.actors, "erase"), valid: () => ["ann"] },
  "tracker.stats": { call: onTracker((of) => of, "stats"), valid: () => [] },
  "tracker.projects.erase": { call: onTracker((of) => of.projects, "erase"), valid: () => ["shop"] },
  "tracker.issues.get": { call: onTracker(issues, "get"), valid: () => ["SHOP-1", { projectId: "shop" }] },
  "tracker.issues.muteProgress": {
    call: onTracker(issues, "muteProgress"),
    valid: () => ["SHOP-1", { projectId: "shop" }],
  },
  "tracker.issues.watchProgress": {
    call: onTracker(issues, "watchProgress"),
    valid: () => ["SHOP-1", { projectId: "shop" }],
  },
  "tracker.issues.occursInLatestRelease": {
    call: onTracker(issues, "occursInLatestRelease"),
    valid: () => ["SHOP-1", { projectId: "shop" }],
  },
  "tracker.issues.delete": { call: onTracker(issues, "delete"), valid: () => ["SHOP-1", { projectId: "shop" }] },
  "tracker.releases.latest": { call: onTracker((of) => of.releases, "latest"), valid: () => ["shop"] },
  "tracker.events.get": { call: onTracker((of) => of.events, "get"), valid: () => ["shop", "known"] },
  "tracker.alerts.redrive": { call: onTracker((of) => of.alerts, "redrive"), valid: () => ["dead"] },
  "Timeline.at": { call: onTimeline("at"), valid: () => [new Date(60_000)] },
  "Timeline.after": { call: onTimeline("after"), valid: () => ["1m"] },
  "Timeline.release": { call: onTimeline("release"), valid: () => ["2.0.0"] },
  "Timeline.retire": { call: onTimeline("retire"), valid: () => ["1.0.0"] },
  eventFromError: { call: calling(main.eventFromError), valid: () => [new Error("no")], open: ["0"] },
  parseCommand: { call: calling(core.parseCommand), valid: () => [{ kind: "mute", ...MUTE }, 0] },
  "parseCommand (reopen)": {
    call: calling(core.parseCommand),
    valid: () => [{ kind: "reopen", withdraw: ["1.0.0"] }, 0],
  },
  parseMuteRequest: { call: calling(core.parseMuteRequest), valid: () => [MUTE, 0] },
  parseCondition: { call: calling(core.parseCondition), valid: () => [CONDITION] },
  "parseCondition (users)": { call: calling(core.parseCondition), valid: () => [OTHER_CONDITIONS[0]] },
  "parseCondition (spike)": { call: calling(core.parseCondition), valid: () => [OTHER_CONDITIONS[1]] },
  "parseCondition (louder)": { call: calling(core.parseCondition), valid: () => [OTHER_CONDITIONS[2]] },
  parseIssueWatch: { call: calling(core.parseIssueWatch), valid: () => [{ conditions: [CONDITION] }] },
  parseDiscardRequest: { call: calling(core.parseDiscardRequest), valid: () => [{ conditions: [CONDITION] }] },
  parseVolumeCondition: { call: calling(core.parseVolumeCondition), valid: () => [CONDITION] },
  openSqliteStore: {
    call: async (...input) => {
      const opened: main.IssueStore = await Reflect.apply(sqlite.openSqliteStore, undefined, input);
      await opened.close();
    },
    valid: () => [{ filename: ":memory:", durability: "power", busyTimeoutMs: 1, tablePrefix: "a_" }],
  },
  kyselyStore: {
    call: calling(kysely.kyselyStore),
    valid: () => [{ db, dialect: kysely.sqliteDialect, tablePrefix: "a_", busyTimeoutMs: 1 }],
    open: ["0.db", "0.dialect"],
  },
  migrate: {
    call: calling(kysely.migrate),
    valid: () => [{ db, dialect: kysely.sqliteDialect, tablePrefix: "a_" }],
    open: ["0.db", "0.dialect"],
  },
  checkSchema: {
    call: async (...input) => {
      await kysely.migrate({ db, dialect: kysely.sqliteDialect, tablePrefix: "a_" });
      await Reflect.apply(kysely.checkSchema, undefined, input);
    },
    valid: () => [{ db, dialect: kysely.sqliteDialect, tablePrefix: "a_" }],
    open: ["0.db", "0.dialect"],
  },
  planMigrations: {
    call: calling(kysely.planMigrations),
    valid: () => [kysely.postgresDialect, { tablePrefix: "a_", schema: "s" }],
    open: ["0"],
  },
  getMigrations: {
    call: calling(kysely.getMigrations),
    valid: () => [kysely.postgresDialect, { tablePrefix: "a_", schema: "s" }],
    open: ["0"],
  },
  fromPg: { call: calling(kysely.fromPg), valid: () => [PG_CLIENT], open: ["0"] },
  fromPostgresJs: {
    call: calling(kysely.fromPostgresJs),
    valid: () => [
      Object.assign(() => undefined, withFunctions("unsafe", "typed"), { savepoint: async () => undefined }),
    ],
    open: ["0"],
  },
  fromMysql2: {
    call: calling(kysely.fromMysql2),
    valid: () => [withFunctions("query", "beginTransaction", "promise")],
    open: ["0"],
  },
  fromBetterSqlite3: {
    call: calling(kysely.fromBetterSqlite3),
    valid: () => [{ ...withFunctions("prepare", "pragma"), inTransaction: true }],
    open: ["0"],
  },
  fromDrizzle: {
    call: calling(kysely.fromDrizzle),
    valid: () => [{ ...withFunctions("select"), session: { client: PG_CLIENT } }],
    open: ["0"],
  },
  fromKnex: {
    call: calling(kysely.fromKnex),
    valid: () => [{ isCompleted: () => false, client: { acquireConnection: async () => PG_CLIENT, driverName: "pg" } }],
    open: ["0"],
  },
  fromTypeOrm: {
    call: calling(kysely.fromTypeOrm),
    valid: () => [
      {
        ...withFunctions("getRepository"),
        queryRunner: { connect: async () => PG_CLIENT, isTransactionActive: true },
        connection: { options: { type: "postgres" } },
      },
    ],
    open: ["0"],
  },
  fromPrisma: {
    call: calling(kysely.fromPrisma),
    valid: () => [withFunctions("$queryRawUnsafe", "$executeRawUnsafe"), "postgres"],
    open: ["0"],
  },
  postgresTables: {
    call: calling(kysely.postgresTables),
    valid: () => [{ ...withFunctions("connect", "end"), totalCount: 0 }, { preparedStatements: true }],
    open: ["0"],
  },
  mysqlTables: {
    call: calling(kysely.mysqlTables),
    valid: () => [withFunctions("getConnection", "end", "promise")],
    open: ["0"],
  },
  readSentryEvent: {
    call: calling(sentry.readSentryEvent),
    valid: () => [{ message: "m" }, { projectId: "shop", receivedAt: new Date(0) }],
    open: ["0"],
  },
  readSentryEnvelope: {
    call: calling(sentry.readSentryEnvelope),
    valid: () => ['{}\n{"type":"event"}\n{"message":"m"}', { projectId: "shop", receivedAt: new Date(0) }],
  },
  readSentryEnvelopeHeader: { call: calling(sentry.readSentryEnvelopeHeader), valid: () => ['{"dsn":"d"}\n'] },
  readSecurityReport: {
    call: calling(sentry.readSecurityReport),
    valid: () => ['{"csp-report":{"effective-directive":"img-src"}}', { projectId: "shop", receivedAt: new Date(0) }],
  },
  createSentryIntake: {
    call: calling(sentry.createSentryIntake),
    valid: () => [
      {
        tracker,
        projects: [
          {
            id: "shop",
            number: 1,
            keys: ["key"],
            origins: ["https://shop.test"],
            quotas: [{ volume: 10, period: "day", nrOfPeriods: 1 }],
          },
        ],
        timeoutMs: 1_000,
        clock: testing.createVirtualClock(0),
      },
    ],
    open: ["0.tracker", "0.clock"],
  },
  createBoard: {
    call: calling(boardEntry.createBoard),
    valid: () => [
      {
        tracker,
        authorize: () => ({ id: "ann", projects: "all", mayChange: true }),
        title: "Errors",
        clock: testing.createVirtualClock(0),
      },
    ],
    open: ["0.tracker", "0.clock"],
  },
  sentryDsn: {
    call: calling(sentry.sentryDsn),
    valid: () => ["https://shop.test/errors", { id: "shop", number: 1, keys: ["key"] }],
  },
  createErrorCapture: {
    call: calling(captureEntry.createErrorCapture),
    valid: () => [
      {
        tracker,
        projectId: "shop",
        release: "1.0.0",
        clock: testing.createVirtualClock(0),
      },
    ],
    open: ["0.tracker", "0.clock"],
  },
  toNodeHandler: { call: calling(node.toNodeHandler), valid: () => [async () => new Response("ok"), {}] },
  toFastifyPlugin: { call: calling(node.toFastifyPlugin), valid: () => [async () => new Response("ok")] },
  openTelemetryHooks: {
    call: calling(opentelemetry.openTelemetryHooks),
    valid: () => [{ meterProvider: metrics, tracerProvider: trace, projectId: true }],
    open: ["0.meterProvider", "0.tracerProvider"],
  },
  webhookSink: {
    call: calling(sinks.webhookSink),
    valid: () => [{ url: "https://shop.test", secrets: [sinks.createWebhookSecret()], timeoutMs: 1_000 }],
  },
  verifyWebhook: {
    call: calling(sinks.verifyWebhook),
    valid: () => [{ headers: {}, body: "", secrets: [sinks.createWebhookSecret()] }],
    open: ["0.headers"],
  },
  slackSink: { call: calling(sinks.slackSink), valid: () => [{ url: "https://shop.test", timeoutMs: 1_000 }] },
  emailSink: {
    call: calling(sinks.emailSink),
    valid: () => [{ transport: TRANSPORT, from: "shop@shop.test", to: ["ann@shop.test"] }],
    open: ["0.transport"],
  },
  routeAlerts: { call: calling(sinks.routeAlerts), valid: () => [[ROUTE], { otherwise: () => undefined }] },
  timeline: { call: calling(testing.timeline), valid: () => [{ startsAt: new Date(0) }] },
  "Timeline.event": {
    call: onTimeline("event"),
    valid: () => [{ type: "E" }],
  },
  "Timeline.times": {
    call: onTimeline("times"),
    valid: () => [2, { every: "1m" }],
  },
  "Timeline.project": {
    call: onTimeline("project"),
    valid: () => [
      {
        watch: { conditions: OTHER_CONDITIONS },
        stateEnvironments: ["production"],
        autoResolveAfterMs: 3_600_000,
        alerts: { loud: false },
      },
    ],
  },
  "Timeline.watch": {
    call: onTimeline("watch"),
    valid: () => [{ conditions: OTHER_CONDITIONS, ...COMMAND }],
  },
  "Timeline.mute": {
    call: onTimeline("mute"),
    valid: () => [{ ...MUTE, ...COMMAND }],
  },
  "Timeline.discard": {
    call: onTimeline("discard"),
    valid: () => [{ conditions: [CONDITION], ...COMMAND }],
  },
  "Timeline.undiscard": {
    call: onTimeline("undiscard"),
    valid: () => [COMMAND],
  },
  "Timeline.merge": {
    call: onTimeline("merge"),
    valid: () => ["Another", { into: "Error", ...COMMAND }],
  },
  "Timeline.unmerge": {
    call: onTimeline("unmerge"),
    valid: () => ["Another", COMMAND],
  },
  "Timeline.unmute": {
    call: onTimeline("unmute"),
    valid: () => [COMMAND],
  },
  "Timeline.resolve": {
    call: onTimeline("resolve"),
    valid: () => [{ in: { release: "1.0.0", announce: true }, ...COMMAND }],
  },
  "Timeline.reopen": {
    call: onTimeline("reopen"),
    valid: () => [{ withdraw: ["1.0.0"], ...COMMAND }],
  },
  runConformance: {
    call: calling(testing.runConformance),
    // Its cases fail, which is no failure of the run: without a selection it would run all of them.
    valid: () => [
      { name: "memory", open: async () => Promise.reject(new Error("there is no store")), lacks: {} },
      { only: ["project-saved"] },
    ],
  },
  registerConformance: {
    call: calling(testing.registerConformance),
    valid: () => [
      { describe: () => undefined, it: Object.assign(() => undefined, { skip: () => undefined }) },
      { name: "memory", open: async () => ({ store: main.createMemoryStore() }) },
    ],
    open: ["0"],
  },
  buildEvent: { call: calling(testing.buildEvent), valid: () => [{ release: "1.0.0" }] },
};

/** Functions that take nothing, or only values that this library made. */
const WITHOUT_INPUT: Readonly<Record<string, readonly string[]>> = {
  "take nothing": [
    "createMemoryStore",
    "createRecordingSink",
    "createWebhookSecret",
    "tracker.settled",
    "tracker.alerts.counts",
    "tracker.alerts.start",
    "tracker.alerts.wake",
    "tracker.alerts.drain",
    "tracker.alerts.dispatchOnce",
    "Timeline.tick",
    "Timeline.run",
  ],
  "take a transaction or a store, or report about one": [
    "tracker.withTransaction",
    "outboxPositionOf",
    "isEvicted",
    "timelinesToLoad",
    "longKeyHash",
    "storedKeyOf",
    "describeConformance",
  ],
  "expect something in a test, and fail with an assertion": [
    "expectEqual",
    "toSnapshot",
    "AssertionFailure",
    "buildIssue",
    "Timeline.expectOpen",
    "Timeline.expectMuted",
    "Timeline.expectDiscarded",
    "Timeline.expectResolved",
    "Timeline.expectAlerts",
    "Timeline.expectEventCount",
    "Timeline.expectRefused",
  ],
  "are classes, which tests of their own check": [
    "Timeline",
    "PeriodCounter",
    "IssueLifecycleError",
    "DeliveryError",
    "PermanentDeliveryError",
  ],
  "are pure functions of the core on its own values": [
    "alertSubject",
    "describeAlertReason",
    "describeRegressionReason",
    "describeNoRegressionReason",
    "issueAlert",
    "throttledAlert",
    "throttledCount",
    "allowedCommands",
    "applyCommand",
    "applyNextRelease",
    "awaitsNextRelease",
    "isNextRelease",
    "needsEvidence",
    "openIssue",
    "applyEvent",
    "applyAutoResolve",
    "applyDeadline",
    "applyMuteAgain",
    "wakeTimeOf",
    "mayChangeStates",
    "conditionProgress",
    "describeCondition",
    "describeConditionMet",
    "ruleOf",
    "watchProgress",
    "watchOf",
    "isLookDue",
    "lookBefore",
    "lookAfter",
    "titleOf",
    "formatInstant",
    "isInstant",
    "isSearch",
    "matchesCriteria",
    "matchesSearch",
    "orderValue",
    "searchableText",
    "muteProgress",
    "discardProgress",
    "describeUndiscardReason",
    "describeConditionProgress",
    "describeDiscard",
    "describeMute",
    "describeRefusal",
    "describeResolution",
    "describeState",
    "describeTurningPoint",
    "describeWhenMet",
    "decideUnmute",
    "decideUnmuteAtDeadline",
    "describeUnmuteReason",
    "friendlyIdOf",
    "parseFriendlyId",
    "slugKeyOf",
    "decideRegression",
    "decidingMark",
    "presentClaims",
    "markedRelease",
    "markFixed",
    "markSeen",
    "mergeMarks",
    "nearestMark",
    "withdrawClaim",
    "wasSeen",
    "announceRelease",
    "canBeAnnounced",
    "placeReleases",
    "compareReleases",
    "registerRelease",
    "foldForSearch",
    "countTowards",
    "evaluateThresholds",
    "quotaOpensAt",
    "describeReachedCondition",
    "describeVolumeCondition",
    "describeWindow",
    "equalVolumeConditions",
    "toSnakeCase",
  ],
  "are shapes, which tests of the core check": [
    "alertShape",
    "throttledShape",
    "issueStateShape",
    "watchedConditionsShape",
    "projectWatchShape",
    "turnShape",
    "readStored",
  ],
};

/** Every function that hosts, authors of stores and of policies can call. */
function allFunctions(): string[] {
  const entries = {
    ...main,
    ...core,
    ...store,
    ...memory,
    ...kysely,
    ...sqlite,
    ...sinks,
    ...sentry,
    ...captureEntry,
    ...boardEntry,
    ...node,
    ...opentelemetry,
    ...backtestEntry,
    ...copyEntry,
    ...testing,
  };
  const names = Object.entries(entries).flatMap(([name, value]) => (typeof value === "function" ? [name] : []));
  const parts = {
    "": tracker,
    ".projects": tracker.projects,
    ".issues": tracker.issues,
    ".releases": tracker.releases,
    ".events": tracker.events,
    ".users": tracker.users,
    ".actors": tracker.actors,
    ".alerts": tracker.alerts,
  };
  const methods = Object.entries(parts).flatMap(([part, object]) =>
    Object.entries(object).flatMap(([name, value]) => (typeof value === "function" ? [`tracker${part}.${name}`] : [])),
  );
  const steps = Object.getOwnPropertyNames(testing.Timeline.prototype).filter((name) => name !== "constructor");
  return [...names, ...methods, ...steps.map((name) => `Timeline.${name}`)];
}

/** The paths of all objects in a value, its own first. */
function objectPaths(value: unknown, path: string, open: readonly string[]): string[] {
  if (typeof value !== "object" || value === null || value instanceof Date || open.includes(path)) return [];
  const inner = Object.entries(value).flatMap(([name, member]) =>
    objectPaths(member, path === "" ? name : `${path}.${name}`, open),
  );
  return Array.isArray(value) ? inner : [path, ...inner];
}

/** A copy in which the value at a path is replaced. */
function replaced(value: unknown, [step, ...steps]: readonly string[], replace: (value: unknown) => unknown): unknown {
  if (step === undefined) return replace(value);
  if (typeof value !== "object" || value === null) throw new Error(`nothing at ${step}`);
  const inner = replaced(Reflect.get(value, step), steps, replace);
  if (Array.isArray(value)) return value.map((element: unknown, index) => (index === Number(step) ? inner : element));
  return { ...value, [step]: inner };
}

/** What a call fails with; `undefined` if it does not. */
async function failureOf({ call }: StrictFunction, input: readonly unknown[]): Promise<unknown> {
  try {
    await call(...input);
    return undefined;
  } catch (error) {
    return error;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : "";
}

function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error("no list of arguments");
  return value;
}

const HOSTILE: Readonly<Record<string, () => unknown>> = {
  "a BigInt": () => 10n ** 5_000n,
  "a function": () => () => undefined,
  "a symbol": () => Symbol("s"),
  "a long string": () => "x".repeat(100_000),
  NaN: () => Number.NaN,
  null: () => null,
  "an array with holes": () => new Array<unknown>(3),
  "an object without prototype": () => Object.create(null),
  "a revoked proxy": () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  },
  "an object whose keys cannot be read": () =>
    new Proxy(
      {},
      {
        ownKeys: () => {
          throw new TypeError("no keys");
        },
      },
    ),
  "an object whose members throw": () =>
    new Proxy(
      {},
      {
        get: () => {
          throw new TypeError("no member");
        },
      },
    ),
};

describe("what callers give", () => {
  beforeAll(async () => {
    tracker = await openTracker();
    db = new Kysely({ dialect: new SqliteDialect({ database: new Database(":memory:") }) });
    return () => db.destroy();
  });

  test("is checked by every function of every entry: each is in this table", () => {
    const known = new Set([
      ...Object.keys(STRICT).map((name) => name.replace(/ \(.*/u, "")),
      ...Object.values(WITHOUT_INPUT).flat(),
    ]);
    expect(allFunctions().filter((name) => !known.has(name))).toEqual([]);
    expect([...known].filter((name) => !allFunctions().includes(name))).toEqual([]);
  });

  test.each(Object.entries(STRICT))("is taken when it is valid: %s", async (_name, strict) => {
    expect(await failureOf(strict, strict.valid())).toBeUndefined();
  });

  test.each(Object.entries(STRICT))(
    "is refused with an unknown member, nested ones included: %s",
    async (_name, strict) => {
      for (const path of objectPaths(strict.valid(), "", strict.open ?? []).filter((each) => each !== "")) {
        const input = listOf(replaced(strict.valid(), path.split("."), (value) => ({ ...Object(value), misspelt: 1 })));
        const error = await failureOf(strict, input);
        expect([path, error]).toEqual([path, expect.objectContaining({ code: "invalid-input" })]);
        expect([path, messageOf(error)]).toEqual([path, expect.stringContaining("misspelt")]);
      }
    },
  );

  test.each(Object.entries(STRICT))(
    "fails with a code only, and a short message, whatever it is: %s",
    async (_name, strict) => {
      for (const path of everyPath(strict.valid(), "", strict.open ?? [])) {
        for (const [name, hostile] of Object.entries(HOSTILE)) {
          const input = listOf(replaced(strict.valid(), path.split("."), hostile));
          const error = await failureOf(strict, input);
          if (error === undefined) continue;
          expect([path, name, main.IssueLifecycleError.is(error), error]).toEqual([path, name, true, error]);
          expect([path, name, messageOf(error).length < 4_000]).toEqual([path, name, true]);
        }
      }
    },
  );
});

/** The paths of all values in the arguments of a call, without the members of objects that belong to the host. */
function everyPath(value: unknown, path: string, open: readonly string[]): string[] {
  const here = path === "" ? [] : [path];
  if (typeof value !== "object" || value === null || value instanceof Date || open.includes(path)) return here;
  const inner = Object.entries(value).flatMap(([name, member]) =>
    everyPath(member, path === "" ? name : `${path}.${name}`, open),
  );
  return [...here, ...inner];
}
