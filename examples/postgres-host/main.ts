import { isDeepStrictEqual } from "node:util";
import { sql } from "kysely";
import { openDatabase, SCHEMA } from "./database.ts";
import { startHost, type Host } from "./host.ts";

/*
 * Runs a host with its own rows and its issues in one PostgreSQL: the server in DATABASE_URL, else one in this process. All
 * tables are in a schema that is dropped at the end. Checks each step, and exits with code 0 only if all checks pass.
 */
const startedAt = performance.now();

function log(line: string): void {
  console.log(`${((performance.now() - startedAt) / 1_000).toFixed(1).padStart(5)}s  ${line}`);
}

/** Logs a statement that must be true; fails if it is not. */
function check(what: string, isTrue: boolean): void {
  if (!isTrue) throw new Error(`Check failed: ${what}.`);
  log(`       ok: ${what}`);
}

const url = process.env["DATABASE_URL"];
const db = openDatabase(url);
let alerts = 0;

/** Sends a request, and returns the status of the response. */
async function post({ url, tracker }: Host, order: Record<string, string>): Promise<number> {
  const response = await fetch(`${url}/orders?${new URLSearchParams(order).toString()}`, { method: "POST" });
  const request = JSON.stringify(order);
  log(`POST ${request.length > 50 ? `${request.slice(0, 50)}...` : request}`);
  log(`       ${String(response.status)} ${await response.text()}`);
  await tracker.settled();
  return response.status;
}

/** The rows of the shop and the issues of the tracker. */
async function everything({ tracker }: Host): Promise<{ orders: number; failures: number; issues: string[] }> {
  const orders = await db.selectFrom("orders").select("id").execute();
  const failures = await db.selectFrom("failures").select("issue_id").execute();
  const { items } = await tracker.issues.list({ projectId: "shop", sort: "first-seen" });
  const issues = items.map(({ id, friendlyId, title, eventCount }) => {
    const rows = failures.filter(({ issue_id }) => issue_id === id).length;
    return `${friendlyId} ${title} (events: ${String(eventCount)}, rows of the shop: ${String(rows)})`;
  });
  return { orders: orders.length, failures: failures.length, issues };
}

async function run(host: Host): Promise<void> {
  log(`The shop listens on ${host.url}. Its tables and the tracker's are in the schema ${SCHEMA}`);
  check("an order is stored", (await post(host, { customer: "ann", total: "30" })) === 201);

  log("Three payments are refused, and one request has no customer");
  for (const total of ["5000", "7000", "9000"]) await post(host, { customer: "ben", total });
  await post(host, { total: "10" });
  const before = await everything(host);
  for (const issue of before.issues) log(`       ${issue}`);
  check("each failure is a row of the shop, and an event of an issue", before.failures === 4);
  check("there are two issues, with an alert each", before.issues.length === 2 && alerts === 2);
  check("the orders without payment were rolled back", before.orders === 1);

  log("A failure cannot be recorded, because its message is too long for the shop's table");
  await post(host, { customer: "eve", coupon: "x".repeat(300) });
  const after = await everything(host);
  check("that transaction stored neither a row nor an issue", isDeepStrictEqual(after, before));
  check("it raised no alert", alerts === 2 && (await host.tracker.alerts.list()).items.length === 0);

  await host.close();
  const isRefused = await post(host, { customer: "ann", total: "40" }).catch(() => "refused");
  check("the host has shut down, and accepts no requests", isRefused === "refused");
}

const dropAll = sql`drop schema if exists ${sql.id(SCHEMA)} cascade`;
try {
  await dropAll.execute(db);
  log(`The database is ${url === undefined ? "a PostgreSQL in this process (PGlite)" : "the one in DATABASE_URL"}`);
  const host = await startHost({
    db,
    release: "shop@1.0.0",
    port: 0,
    alertSink: (alert) => {
      alerts++;
      log(`  ALERT  ${alert.subject}`);
      log(`         ${alert.text}`);
    },
  });
  await run(host);
  await dropAll.execute(db);
} finally {
  await db.destroy();
}
log("All checks passed.");
