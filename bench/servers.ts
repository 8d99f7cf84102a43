import { CompiledQuery, Kysely, MysqlDialect, PostgresDialect } from "kysely";
import { createPool } from "mysql2";
import pg from "pg";
import type { IssueTracker } from "issue-lifecycle";
import { kyselyStore, migrate, mysqlTables, postgresTables, type TablesOptions } from "issue-lifecycle/kysely";
import { EventSource, idOf, MODE_NAMES, MODES, seed, trackerOn, type Mode } from "./databases.ts";
import { figuresBeside, type Contender, type Figure, type Form, type Section } from "./figure.ts";

const CONNECTIONS = 16;
const AT_ONCE = 64;
const ISSUES = 2_000;

/** By how many connections an event's cost is compared. */
export const CONNECTION_COUNTS = [1, 2, 4, 8, CONNECTIONS];
/** How many calls each of them has at a time where they share transactions. */
const GATHERED_AT_ONCE = 16;

/** A server that the environment names. */
interface Server {
  readonly id: "postgres" | "mysql";
  readonly name: string;
  /** Why an event alone costs what it does. */
  readonly says: string;
  /** Makes an instance for the floors, and what stores are made of, on one pool. */
  readonly connect: () => { readonly db: Kysely<object>; readonly tables: TablesOptions };
}

function servers(): Server[] {
  const postgresUrl = process.env["ISSUE_LIFECYCLE_TEST_POSTGRES_URL"];
  const mysqlUrl = process.env["ISSUE_LIFECYCLE_TEST_MYSQL_URL"];
  const found: Server[] = [];
  if (postgresUrl !== undefined) {
    found.push({
      id: "postgres",
      name: "PostgreSQL",
      says: "With prepared statements, unless it says otherwise. [Where the time of a digest goes](postgresql.md#where-the-time-of-a-digest-goes).",
      connect: () => {
        const pool = new pg.Pool({ connectionString: postgresUrl, max: CONNECTIONS });
        const db = new Kysely<object>({ dialect: new PostgresDialect({ pool }) });
        return { db, tables: postgresTables(pool, { preparedStatements: true }) };
      },
    });
  }
  if (mysqlUrl !== undefined) {
    found.push({
      id: "mysql",
      name: "MySQL or MariaDB",
      says: "[Where the time of a digest goes](mysql.md#where-the-time-of-a-digest-goes).",
      connect: () => {
        const pool = createPool({ uri: mysqlUrl, connectionLimit: CONNECTIONS });
        return { db: new Kysely<object>({ dialect: new MysqlDialect({ pool }) }), tables: mysqlTables(pool) };
      },
    });
  }
  return found;
}

/** What is measured on the servers that the environment names, as for the tests; nothing where it names none. */
export function serverSections(): readonly Section[] {
  return servers().flatMap((server) => [
    {
      title: `${server.name}, one event a transaction, one connection`,
      floor: "a transaction that updates one row",
      says: server.says,
      run: (form) => onServer(server, (place) => singles(server, place, form)),
    },
    {
      title: `${server.name}, ${String(AT_ONCE)} calls of digest at a time`,
      floor: "a transaction that updates one row, one at a time",
      run: (form) => onServer(server, (place) => concurrent(server, place, form)),
    },
    {
      title: `${server.name}, ${String(CONNECTIONS)} connections on one hot issue`,
      floor: "one event a transaction",
      run: (form) => onServer(server, (place) => together(server, place, form)),
    },
    {
      title: `${server.name}, by the number of connections`,
      floor: "the same with one connection",
      run: (form) => onServer(server, (place) => byConnections(server, place, form)),
    },
  ]);
}

/** Tables of one benchmark. */
interface ServerPlace {
  readonly db: Kysely<object>;
  readonly tables: TablesOptions;
  readonly floorTable: string;
  readonly open: (gatherDigests: boolean) => IssueTracker;
}

async function onServer(
  { connect }: Server,
  work: (place: ServerPlace) => Promise<readonly Figure[]>,
): Promise<readonly Figure[]> {
  const { db, tables: located } = connect();
  const tablePrefix = `bench_${idOf().slice(0, 8)}_`;
  const tables = { ...located, tablePrefix };
  const floorTable = `${tablePrefix}floor`;
  await run(db, `create table ${floorTable} (id bigint primary key, n bigint not null)`);
  await run(db, `insert into ${floorTable} values (1, 0)`);
  await migrate(tables);
  try {
    await seed(kyselyStore(tables), ISSUES);
    return await work({
      db,
      tables,
      floorTable,
      open: (gatherDigests) => trackerOn(kyselyStore(tables), { gatherDigests }),
    });
  } finally {
    await dropAll(db, tablePrefix);
    await db.destroy();
  }
}

/** A contender that makes so many calls of `digest` in a round, so many at a time on each of its trackers. */
function calling(
  trackers: IssueTracker | readonly IssueTracker[],
  mode: Mode,
  calls: number,
  atOnce: number,
  perCall = 1,
): Contender {
  const source = new EventSource(mode);
  let ready: ReturnType<EventSource["take"]>[] = [];
  return {
    operations: calls * perCall,
    prepare: () => {
      ready = Array.from({ length: calls }, () => source.take(perCall));
    },
    work: () =>
      Promise.all(
        [trackers].flat().flatMap((tracker) =>
          Array.from({ length: atOnce }, async () => {
            for (let each = ready.pop(); each !== undefined; each = ready.pop()) await tracker.digest(each);
          }),
        ),
      ),
  };
}

/** At most so many rounds: each takes long on a server. */
function besides(
  { rounds }: Form,
  floor: Contender,
  contenders: Parameters<typeof figuresBeside>[3],
): Promise<readonly Figure[]> {
  return figuresBeside(Math.min(rounds, 9), "us an event", floor, contenders);
}

function singles(
  { id }: Server,
  { db, tables, floorTable, open }: ServerPlace,
  form: Form,
): Promise<readonly Figure[]> {
  const events = form.isShort ? 60 : 200;
  const floor = updating(db, floorTable, events);
  const goals = id === "postgres" ? { hot: 1.3, zipf: 1.3, new: 2 } : { hot: 2, zipf: 2, new: 3 };
  const contenders = MODES.map((mode): Parameters<typeof besides>[2][number] => [
    { id: `${id}/one/${mode}`, what: `digest, ${MODE_NAMES[mode]}`, goal: goals[mode] },
    calling(open(true), mode, events, 1),
  ]);
  const unprepared = calling(trackerOn(kyselyStore({ ...tables, db })), "hot", events, 1);
  const isPrepared = id === "postgres";
  const what = `digest, ${MODE_NAMES.hot}, without preparedStatements`;
  return besides(form, floor, [
    ...contenders,
    ...(isPrepared ? [[{ id: `${id}/one/hot/unprepared`, what }, unprepared] as const] : []),
  ]);
}

/** The floor: transactions that update one row, one after the other. */
function updating(db: Kysely<object>, table: string, transactions: number): Contender {
  const update = CompiledQuery.raw(`update ${table} set n = n + 1 where id = 1`);
  return {
    operations: transactions,
    work: async () => {
      for (let count = 0; count < transactions; count++) {
        await db.transaction().execute((transaction) => transaction.executeQuery(update));
      }
    },
  };
}

/**
 * On PostgreSQL at least five events of a hot issue in the time of one update; on MariaDB a twentieth and an eighth of what events
 * cost one by one in the first edition, which was 2.4 such updates, and 5 for a new issue.
 */
const CONCURRENT_GOALS: Readonly<Record<Server["id"], Readonly<Partial<Record<Mode, number>>>>> = {
  postgres: { hot: 0.2 },
  mysql: { hot: 0.12, zipf: 0.3, new: 0.63 },
};

async function concurrent(
  { id }: Server,
  { db, floorTable, open }: ServerPlace,
  form: Form,
): Promise<readonly Figure[]> {
  const calls = form.isShort ? 2 * AT_ONCE : 5 * AT_ONCE;
  const figures: Figure[] = [];
  for (const mode of MODES) {
    const goal = CONCURRENT_GOALS[id][mode];
    const what = `digest, ${MODE_NAMES[mode]}`;
    figures.push(
      ...(await besides(form, updating(db, floorTable, AT_ONCE), [
        [
          { id: `${id}/concurrent/${mode}`, what, ...(goal !== undefined && { goal }) },
          calling(open(true), mode, calls, AT_ONCE),
        ],
        [
          { id: `${id}/concurrent/alone/${mode}`, what: `${what}, with gatherDigests: false` },
          calling(open(false), mode, calls, AT_ONCE),
        ],
      ])),
    );
  }
  return figures;
}

function together({ id }: Server, { open }: ServerPlace, form: Form): Promise<readonly Figure[]> {
  const batches = form.isShort ? CONNECTIONS : 2 * CONNECTIONS;
  return besides(form, calling(open(false), "hot", 10 * CONNECTIONS, CONNECTIONS), [
    [
      { id: `${id}/together/batches`, what: "batches of 1,000", goal: 0.05 },
      calling(open(false), "hot", batches, CONNECTIONS, 1_000),
    ],
  ]);
}

/** As in so many processes: each connection has a tracker of its own. */
async function byConnections({ id }: Server, { open }: ServerPlace, form: Form): Promise<readonly Figure[]> {
  const counts = CONNECTION_COUNTS.slice(1).filter((count) => !form.isShort || count === CONNECTIONS);
  const figures: Figure[] = [];
  for (const mode of ["hot", "zipf"] as const) {
    for (const isGathered of [false, true]) {
      const atOnce = isGathered ? GATHERED_AT_ONCE : 1;
      const calls = (CONNECTIONS * (isGathered ? 2 * GATHERED_AT_ONCE : 8)) / (form.isShort ? 2 : 1);
      const onConnections = (connections: number): Contender =>
        calling(
          Array.from({ length: connections }, () => open(isGathered)),
          mode,
          calls,
          atOnce,
        );
      const how = isGathered ? "gathered" : "one";
      const name = isGathered ? "gathered digests" : "one event a transaction";
      const contenders = counts.map((count): Parameters<typeof besides>[2][number] => [
        {
          id: `${id}/connections/${how}/${mode}/${String(count)}`,
          what: `${String(count)} connections: ${name}, ${MODE_NAMES[mode]}`,
        },
        onConnections(count),
      ]);
      figures.push(...(await besides(form, onConnections(1), contenders)));
    }
  }
  return figures;
}

async function dropAll(db: Kysely<object>, prefix: string): Promise<void> {
  const tables = await db.introspection.getTables();
  for (const { name } of tables) if (name.startsWith(prefix)) await run(db, `drop table ${name}`);
}

async function run(db: Kysely<object>, text: string): Promise<void> {
  await db.executeQuery(CompiledQuery.raw(text));
}
