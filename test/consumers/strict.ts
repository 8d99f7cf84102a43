// A host in TypeScript, under options that are as strict as they get.
import Database from "better-sqlite3";
import { Kysely, SqliteDialect, type Transaction } from "kysely";
import { Migrator } from "kysely/migration";
import {
  createIssueTracker,
  DeliveryError,
  IssueLifecycleError,
  type Alert,
  type AlertSink,
  type Clock,
  type GroupingStrategy,
  type IssueStore,
  type IssueTracker,
  type TrackedIssue,
} from "issue-lifecycle";
import { createMemoryStore } from "issue-lifecycle/memory";
import {
  checkSchema,
  getMigrations,
  kyselyStore,
  migrate,
  mysqlDialect,
  planMigrations,
  postgresDialect,
  sqliteDialect,
} from "issue-lifecycle/kysely";
import { readSentryEnvelope, type SentryEnvelope } from "issue-lifecycle/sentry";
import { emailSink, routeAlerts, slackSink, verifyWebhook, webhookSink } from "issue-lifecycle/sinks";
import { openSqliteStore } from "issue-lifecycle/sqlite";
import { createRecordingSink, createVirtualClock } from "issue-lifecycle/testing";

interface AppTables {
  users: { id: number };
}

export async function open(): Promise<IssueStore[]> {
  const db = new Kysely<AppTables>({ dialect: new SqliteDialect({ database: new Database(":memory:") }) });
  await migrate({ db, dialect: sqliteDialect });
  return [
    createMemoryStore(),
    await openSqliteStore({ filename: ":memory:" }),
    kyselyStore({ db, dialect: sqliteDialect }),
  ];
}

export function sinks(secret: string, transport: { sendMail(message: object): Promise<unknown> }): AlertSink {
  return routeAlerts([
    {
      name: "hook",
      sink: webhookSink({ url: "https://shop.test/hook", secrets: [secret] }),
      kinds: ["unmute", "throttled"],
    },
    { name: "slack", sink: slackSink({ url: "https://shop.test/slack" }), levels: ["fatal"] },
    { name: "mail", sink: emailSink({ transport, from: "shop@shop.test", to: ["ann@shop.test"] }) },
  ]);
}

export async function receive(headers: Record<string, string>, body: string, secret: string): Promise<string> {
  const verdict = verifyWebhook({ headers, body, secrets: [secret] });
  return verdict.valid ? verdict.id : verdict.reason;
}

export async function lookAfter(tracker: IssueTracker): Promise<number> {
  const running = tracker.alerts.start();
  const { items } = await tracker.alerts.list({ status: "dead" });
  for (const { alert, state } of items) {
    if (state.status !== "dead") throw new DeliveryError("unexpected", { retryAfterMs: 1 });
    if (alert.issue === null) await tracker.alerts.discard([alert.id], { reason: alert.text });
  }
  await running[Symbol.asyncDispose]();
  return tracker.alerts.redrive("dead");
}

export async function hasGrown(tracker: IssueTracker, limit: number): Promise<boolean> {
  const counts = await tracker.stats();
  return counts.events + counts.turningPoints > limit || counts.alerts > limit;
}

export async function inTransaction(db: Kysely<AppTables>, tracker: IssueTracker): Promise<void> {
  const note = async (transaction: Transaction<AppTables>) => {
    await transaction.insertInto("users").values({ id: 1 }).execute();
    await tracker.withTransaction(transaction).digest({ projectId: "shop", type: "E" });
  };
  await db.transaction().execute(note);
}

export async function migrateElsewhere(db: Kysely<AppTables>): Promise<string> {
  const provider = { getMigrations: async () => getMigrations(postgresDialect, { schema: "issues" }) };
  await new Migrator({ db, provider, allowUnorderedMigrations: true }).migrateToLatest();
  await checkSchema({ db, dialect: postgresDialect, schema: "issues" });
  return planMigrations(mysqlDialect, { tablePrefix: "issues_" });
}

export async function use(tracker: IssueTracker): Promise<string> {
  const outcome = await tracker.digest({ projectId: "shop", type: "E" });
  switch (outcome.kind) {
    case "duplicate":
      return outcome.issueId;
    case "digested":
      return describe(outcome.issue);
  }
}

function describe({ state, friendlyId }: TrackedIssue): string {
  switch (state.status) {
    case "open":
      return friendlyId;
    case "resolved":
      return state.resolution.kind === "by-release" ? state.resolution.releases.join() : state.resolution.kind;
    case "muted":
      return String(state.mute.deadline?.at ?? state.mute.volume?.conditions.length ?? "for ever");
    case "discarded":
      return String(state.discard.conditions.length);
    case "merged":
      return state.into;
  }
}

const sink: AlertSink = (alert: Alert) => {
  if (alert.reason.kind === "unmute" && alert.reason.reason.kind === "volume-reached")
    alert.reason.reason.count.toFixed();
};
const clock: Clock = createVirtualClock(0);
const grouping: GroupingStrategy = { version: "type/1", group: ({ type }) => ({ key: type, title: type }) };
export const tracker: IssueTracker = createIssueTracker({
  store: createMemoryStore(),
  alertSink: sink,
  clock,
  grouping,
});
export const envelope: SentryEnvelope = readSentryEnvelope("{}\n{}", { projectId: "shop" });
export const recording = createRecordingSink().alerts;
export const isOurs = (error: unknown): boolean =>
  IssueLifecycleError.is(error) && error.code === "store-busy" && error.retryable;

const both = { status: "resolved", mute: { mutedAt: 0, deadline: null, volume: null } } as const;
// @ts-expect-error: a state that is resolved and muted has no type.
export const impossible: TrackedIssue["state"] = both;
// @ts-expect-error: an event needs a project.
export const homeless = tracker.digest({ type: "E" });
// @ts-expect-error: there is no such command.
export const unknown = tracker.issues.bulk({ projectId: "shop", ids: [] }, { kind: "explode" });
