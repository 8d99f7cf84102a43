import { randomUUID } from "node:crypto";
import { CompiledQuery, Kysely, MysqlDialect, PostgresDialect } from "kysely";
import { createPool } from "mysql2";
import pg from "pg";
import { createIssueTracker, type IssueTracker, type NewEvent } from "issue-lifecycle";
import { kyselyStore, migrate, mysqlDialect, postgresDialect, type TablesOptions } from "issue-lifecycle/kysely";
import { medianOf, microsecondsPer, report, type Line } from "./report.ts";

const SINGLE = 400;
const BATCH = 1_000;
const BATCHES_EACH = 3;
const CONNECTIONS = 16;
const RUNS = Number(process.env["BENCH_RUNS"] ?? 5);

/** A server that the environment names. */
interface Server {
  readonly name: string;
  readonly connect: () => Kysely<object>;
  readonly dialect: TablesOptions["dialect"];
}

function servers(): Server[] {
  const postgresUrl = process.env["ISSUE_LIFECYCLE_TEST_POSTGRES_URL"];
  const mysqlUrl = process.env["ISSUE_LIFECYCLE_TEST_MYSQL_URL"];
  const found: Server[] = [];
  if (postgresUrl !== undefined) {
    const pool = () => new pg.Pool({ connectionString: postgresUrl, max: CONNECTIONS });
    found.push({
      name: "PostgreSQL",
      connect: () => new Kysely<object>({ dialect: new PostgresDialect({ pool: pool() }) }),
      dialect: postgresDialect,
    });
  }
  if (mysqlUrl !== undefined) {
    const pool = () => createPool({ uri: mysqlUrl, connectionLimit: CONNECTIONS });
    found.push({
      name: "MySQL or MariaDB",
      connect: () => new Kysely<object>({ dialect: new MysqlDialect({ pool: pool() }) }),
      dialect: mysqlDialect,
    });
  }
  return found;
}

/** Measures digests on the servers that the environment names, as the tests do; nothing where it names none. */
export async function benchServers(): Promise<void> {
  for (const server of servers()) await benchServer(server);
}

async function benchServer({ name, connect, dialect }: Server): Promise<void> {
  const db = connect();
  const tablePrefix = `bench_${randomUUID().slice(0, 8)}_`;
  const tables = { db, dialect, tablePrefix };
  await run(db, `create table ${tablePrefix}floor (id bigint primary key, n bigint not null)`);
  await run(db, `insert into ${tablePrefix}floor values (1, 0)`);
  await migrate(tables);
  try {
    const tracker = createIssueTracker({
      store: kyselyStore(tables),
      alertSink: "elsewhere",
      alerts: { quietAfterMs: null },
    });
    await tracker.projects.save({ id: "shop" });
    await tracker.digest(eventsOf(BATCH, false));
    report(`${name}, one digest after the other (us an event)`, await singles(db, tracker, `${tablePrefix}floor`));
    report(
      `${name}, ${String(CONNECTIONS)} connections on one hot issue (us an event, all together)`,
      await together(tracker),
    );
  } finally {
    await dropAll(db, tablePrefix);
    await db.destroy();
  }
}

async function singles(db: Kysely<object>, tracker: IssueTracker, table: string): Promise<Line[]> {
  const update = CompiledQuery.raw(`update ${table} set n = n + 1 where id = 1`);
  const floor = await medianOf(RUNS, () =>
    microsecondsPer(SINGLE, async () => {
      for (let index = 0; index < SINGLE; index++) await db.transaction().execute((each) => each.executeQuery(update));
    }),
  );
  const digests = (isHot: boolean) =>
    medianOf(RUNS, () => {
      const events = eventsOf(SINGLE, isHot);
      return microsecondsPer(SINGLE, async () => {
        for (const event of events) await tracker.digest(event);
      });
    });
  return [
    { what: "floor: a transaction that updates one row", value: floor, unit: "us" },
    { what: "digest, hot issue", value: await digests(true), unit: "us", floor, goal: 2 },
    { what: "digest, all new", value: await digests(false), unit: "us", floor },
  ];
}

async function together(tracker: IssueTracker): Promise<Line[]> {
  const onAll = async (work: () => Promise<unknown>): Promise<void> => {
    await Promise.all(Array.from({ length: CONNECTIONS }, work));
  };
  const single = await medianOf(RUNS, () =>
    microsecondsPer(SINGLE, () =>
      onAll(async () => {
        for (const event of eventsOf(SINGLE / CONNECTIONS, true)) await tracker.digest(event);
      }),
    ),
  );
  const batched = await medianOf(RUNS, () =>
    microsecondsPer(BATCH * BATCHES_EACH * CONNECTIONS, () =>
      onAll(async () => {
        for (let batch = 0; batch < BATCHES_EACH; batch++) await tracker.digest(eventsOf(BATCH, true));
      }),
    ),
  );
  return [
    { what: "one event a transaction", value: single, unit: "us" },
    { what: `batches of ${String(BATCH)}`, value: batched, unit: "us", floor: single, goal: 0.05 },
  ];
}

function eventsOf(count: number, isHot: boolean): NewEvent[] {
  return Array.from({ length: count }, () => {
    const id = randomUUID();
    return { projectId: "shop", id, type: isHot ? "E" : id, value: "cannot read properties of undefined" };
  });
}

async function dropAll(db: Kysely<object>, prefix: string): Promise<void> {
  const tables = await db.introspection.getTables();
  for (const { name } of tables) if (name.startsWith(prefix)) await run(db, `drop table ${name}`);
}

async function run(db: Kysely<object>, text: string): Promise<void> {
  await db.executeQuery(CompiledQuery.raw(text));
}
