import { CompiledQuery, Kysely, MysqlDialect, PostgresDialect } from "kysely";
import { createPool } from "mysql2";
import pg from "pg";
import type { IssueTracker } from "issue-lifecycle";
import { kyselyStore, migrate, mysqlDialect, postgresDialect, type TablesOptions } from "issue-lifecycle/kysely";
import { EventSource, idOf, MODE_NAMES, MODES, seed, trackerOn, type Mode } from "./databases.ts";
import { figuresBeside, type Contender, type Figure, type Form, type Section } from "./figure.ts";

const CONNECTIONS = 16;
const AT_ONCE = 64;
const ISSUES = 2_000;

/** A server that the environment names. */
interface Server {
  readonly id: "postgres" | "mysql";
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
      id: "postgres",
      name: "PostgreSQL",
      connect: () => new Kysely<object>({ dialect: new PostgresDialect({ pool: pool() }) }),
      dialect: postgresDialect,
    });
  }
  if (mysqlUrl !== undefined) {
    const pool = () => createPool({ uri: mysqlUrl, connectionLimit: CONNECTIONS });
    found.push({
      id: "mysql",
      name: "MySQL or MariaDB",
      connect: () => new Kysely<object>({ dialect: new MysqlDialect({ pool: pool() }) }),
      dialect: mysqlDialect,
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
      run: (form) => onServer(server, (place) => singles(server, place, form)),
    },
    {
      title: `${server.name}, ${String(AT_ONCE)} calls of digest at a time`,
      floor: "the same calls with gatherDigests: false",
      run: (form) => onServer(server, (place) => concurrent(server, place, form)),
    },
    {
      title: `${server.name}, ${String(CONNECTIONS)} connections on one hot issue`,
      floor: "one event a transaction",
      run: (form) => onServer(server, (place) => together(server, place, form)),
    },
  ]);
}

/** Tables of one benchmark. */
interface ServerPlace {
  readonly db: Kysely<object>;
  readonly floorTable: string;
  readonly open: (gatherDigests: boolean) => IssueTracker;
}

async function onServer(
  { connect, dialect }: Server,
  work: (place: ServerPlace) => Promise<readonly Figure[]>,
): Promise<readonly Figure[]> {
  const db = connect();
  const tablePrefix = `bench_${idOf().slice(0, 8)}_`;
  const tables = { db, dialect, tablePrefix };
  const floorTable = `${tablePrefix}floor`;
  await run(db, `create table ${floorTable} (id bigint primary key, n bigint not null)`);
  await run(db, `insert into ${floorTable} values (1, 0)`);
  await migrate(tables);
  try {
    await seed(kyselyStore(tables), ISSUES);
    return await work({
      db,
      floorTable,
      open: (gatherDigests) => trackerOn(kyselyStore(tables), { gatherDigests }),
    });
  } finally {
    await dropAll(db, tablePrefix);
    await db.destroy();
  }
}

/** A contender that makes so many calls of `digest` in a round, so many at a time. */
function calling(tracker: IssueTracker, mode: Mode, calls: number, atOnce: number, perCall = 1): Contender {
  const source = new EventSource(mode);
  let ready: ReturnType<EventSource["take"]>[] = [];
  return {
    operations: calls * perCall,
    prepare: () => {
      ready = Array.from({ length: calls }, () => source.take(perCall));
    },
    work: () =>
      Promise.all(
        Array.from({ length: atOnce }, async () => {
          for (let each = ready.pop(); each !== undefined; each = ready.pop()) await tracker.digest(each);
        }),
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

function singles({ id }: Server, { db, floorTable, open }: ServerPlace, form: Form): Promise<readonly Figure[]> {
  const events = form.isShort ? 60 : 200;
  const update = CompiledQuery.raw(`update ${floorTable} set n = n + 1 where id = 1`);
  const floor: Contender = {
    operations: events,
    work: async () => {
      for (let index = 0; index < events; index++) await db.transaction().execute((each) => each.executeQuery(update));
    },
  };
  const goals = id === "postgres" ? { hot: 1.3, zipf: 1.3, new: 2 } : { hot: 2, zipf: 2, new: 3 };
  return besides(
    form,
    floor,
    MODES.map((mode) => [
      { id: `${id}/one/${mode}`, what: `digest, ${MODE_NAMES[mode]}`, goal: goals[mode] },
      calling(open(true), mode, events, 1),
    ]),
  );
}

async function concurrent({ id }: Server, { open }: ServerPlace, form: Form): Promise<readonly Figure[]> {
  const calls = form.isShort ? 2 * AT_ONCE : 5 * AT_ONCE;
  const goals = { hot: 0.05, zipf: 0.125, new: 0.125 };
  const figures: Figure[] = [];
  for (const mode of MODES) {
    figures.push(
      ...(await besides(form, calling(open(false), mode, calls, AT_ONCE), [
        [
          { id: `${id}/concurrent/${mode}`, what: `digest, ${MODE_NAMES[mode]}`, goal: goals[mode] },
          calling(open(true), mode, calls, AT_ONCE),
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

async function dropAll(db: Kysely<object>, prefix: string): Promise<void> {
  const tables = await db.introspection.getTables();
  for (const { name } of tables) if (name.startsWith(prefix)) await run(db, `drop table ${name}`);
}

async function run(db: Kysely<object>, text: string): Promise<void> {
  await db.executeQuery(CompiledQuery.raw(text));
}
