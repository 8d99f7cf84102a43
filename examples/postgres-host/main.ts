import { isDeepStrictEqual } from "node:util";
import { sql } from "kysely";
import { openDatabase, SCHEMA } from "./database.ts";
import { startHost, type Host } from "./host.ts";

/*
 * Tells how a host keeps its own rows and its issues in one PostgreSQL: the server in DATABASE_URL, else one in this
 * process. All that it makes is in a schema of its own, which is dropped at the end. Ends with exit code 0 only if
 * everything happened as told.
 */
const startedAt = performance.now();

function tell(line: string): void {
  console.log(`${((performance.now() - startedAt) / 1_000).toFixed(1).padStart(5)}s  ${line}`);
}

/** Says what must be true now; the story ends where it is not. */
function insist(what: string, isTrue: boolean): void {
  if (!isTrue) throw new Error(`The story does not hold: ${what}.`);
  tell(`       ok: ${what}`);
}

const url = process.env["DATABASE_URL"];
const db = openDatabase(url);
let alerts = 0;

/** Sends a request, and gives the status of the answer. */
async function post({ url, tracker }: Host, order: Record<string, string>): Promise<number> {
  const response = await fetch(`${url}/orders?${new URLSearchParams(order).toString()}`, { method: "POST" });
  const asked = JSON.stringify(order);
  tell(`POST ${asked.length > 50 ? `${asked.slice(0, 50)}...` : asked}`);
  tell(`       ${String(response.status)} ${await response.text()}`);
  await tracker.settled();
  return response.status;
}

/** What the shop has stored, and the tracker. */
async function everything({ tracker }: Host): Promise<{ orders: number; failures: number; issues: string[] }> {
  const orders = await db.selectFrom("orders").select("id").execute();
  const failures = await db.selectFrom("failures").select("issue_id").execute();
  const { items } = await tracker.issues.list({ projectId: "shop", sort: "first-seen" });
  const issues = items.map(({ id, friendlyId, title, eventCount }) => {
    const rows = failures.filter(({ issue_id }) => issue_id === id).length;
    return `${friendlyId} ${title} (events: ${String(eventCount)}, rows of the shop's: ${String(rows)})`;
  });
  return { orders: orders.length, failures: failures.length, issues };
}

async function story(host: Host): Promise<void> {
  tell(`The shop listens on ${host.url}; its tables and the tracker's are in the schema ${SCHEMA}`);
  insist("an order is taken", (await post(host, { customer: "ann", total: "30" })) === 201);

  tell("Three payments are refused, and a request names no customer");
  for (const total of ["5000", "7000", "9000"]) await post(host, { customer: "ben", total });
  await post(host, { total: "10" });
  const before = await everything(host);
  for (const issue of before.issues) tell(`       ${issue}`);
  insist("each failure is a row of the shop's, and an event of an issue", before.failures === 4);
  insist("there are two issues, with an alert each", before.issues.length === 2 && alerts === 2);
  insist("the orders that were not paid were rolled back", before.orders === 1);

  tell("A failure cannot be noted: its message is too long for the shop's table");
  await post(host, { customer: "eve", coupon: "x".repeat(300) });
  const after = await everything(host);
  insist("that transaction left nothing, neither a row nor an issue", isDeepStrictEqual(after, before));
  insist("nor an alert", alerts === 2 && (await host.tracker.alerts.list()).items.length === 0);

  await host.close();
  const isRefused = await post(host, { customer: "ann", total: "40" }).catch(() => "refused");
  insist("the host has shut down, and takes no more requests", isRefused === "refused");
}

const dropAll = sql`drop schema if exists ${sql.id(SCHEMA)} cascade`;
try {
  await dropAll.execute(db);
  tell(`The database is ${url === undefined ? "a PostgreSQL in this process (PGlite)" : "the one in DATABASE_URL"}`);
  const host = await startHost({
    db,
    release: "shop@1.0.0",
    port: 0,
    alertSink: (alert) => {
      alerts++;
      tell(`  ALERT  ${alert.subject}`);
      tell(`         ${alert.text}`);
    },
  });
  await story(host);
  await dropAll.execute(db);
} finally {
  await db.destroy();
}
tell("The story held.");
