import { CompiledQuery } from "kysely";
import type { StoreDialect } from "../../src/kysely/index.ts";
import { DEFAULT_TABLE_PREFIX } from "../../src/kysely/schema/table-names.ts";
import type { Run } from "./examples.ts";
import { list, member, number, text } from "./rows.ts";
import { GROWING_TABLES } from "./world.ts";

/** Reads how a database runs statements. */
export interface PlanReader {
  /** What is wrong with a query's plan: the parts whose cost grows with the tables. */
  problemsOf(query: CompiledQuery, run: Run): Promise<readonly string[]>;
  /** How many rows the database reads for a query; `null` where it does not report that. */
  countRead(query: CompiledQuery, run: Run): Promise<number | null>;
}

/** Reads the plans of a database. */
export function planReaderOf({ name }: StoreDialect): PlanReader {
  const reader = READERS[name];
  if (reader === undefined) throw new Error(`There is no reader for the plans of ${name}.`);
  return reader;
}

const READERS: Readonly<Record<string, PlanReader>> = {
  SQLite: { problemsOf: sqliteProblems, countRead: async () => null },
  PostgreSQL: { problemsOf: postgresProblems, countRead: postgresReads },
  MySQL: { problemsOf: mysqlProblems, countRead: mysqlReads },
};

const GROWING: ReadonlySet<string> = new Set(GROWING_TABLES.map((table) => DEFAULT_TABLE_PREFIX + table));

function prefixed(prefix: string, { sql, parameters }: CompiledQuery): CompiledQuery {
  return CompiledQuery.raw(prefix + sql, [...parameters]);
}

/* SQLite: a line for each table, such as "SEARCH issues USING INDEX issues_by_number (project_key=? AND status=? AND number>?)". */

async function sqliteProblems(query: CompiledQuery, run: Run): Promise<string[]> {
  const { rows } = await run(prefixed("explain query plan ", query));
  const lines = rows.map((row) => text(row, "detail"));
  const isOfInputRows = lines.some((line) => line.startsWith("SCAN json_each"));
  return lines.filter((line) => {
    if (line === "USE TEMP B-TREE FOR ORDER BY") return !isOfInputRows;
    const [verb = "", table = ""] = line.split(" ");
    if (!GROWING.has(table)) return false;
    return verb === "SCAN" || MISUSED_INDEX.test(line);
  });
}

/** An index created for the statement, one whose first column is skipped, or one used for nothing but project and state. */
const MISUSED_INDEX = /AUTOMATIC|ANY\(|\(project_key=\?( AND status=\?)?\)$/u;

/* PostgreSQL: a tree of nodes. */

async function postgresProblems(query: CompiledQuery, run: Run): Promise<string[]> {
  const forThese = postgresScans(await postgresPlan("explain (format json) ", query, run));
  const forAny = postgresScans(await planForAnyValues(query, run));
  return [...forThese, ...Array.from(forAny, (problem) => `${problem}, planned for any values`)];
}

/** The plan of a prepared statement: after some runs PostgreSQL plans it once, for any values. */
async function planForAnyValues({ sql, parameters }: CompiledQuery, run: Run): Promise<unknown> {
  const values = parameters.length === 0 ? "" : `(${parameters.map(literal).join()})`;
  await run(CompiledQuery.raw("set plan_cache_mode = force_generic_plan"));
  await run(CompiledQuery.raw(`prepare planned as ${sql}`));
  try {
    return await postgresPlan("explain (format json) ", CompiledQuery.raw(`execute planned${values}`), run);
  } finally {
    await run(CompiledQuery.raw("deallocate planned"));
    await run(CompiledQuery.raw("reset plan_cache_mode"));
  }
}

function literal(value: unknown): string {
  if (value instanceof Uint8Array) return `'\\x${Buffer.from(value).toString("hex")}'`;
  return typeof value === "string" ? `'${value.replaceAll("'", "''")}'` : String(value);
}

async function postgresPlan(prefix: string, query: CompiledQuery, run: Run): Promise<unknown> {
  const { rows } = await run(prefixed(prefix, query));
  const [plan] = list(rows[0], "QUERY PLAN");
  return member(plan, "Plan");
}

function* postgresScans(node: unknown): Iterable<string> {
  const table = text(node, "Relation Name");
  const isIndexed = text(node, "Index Cond") !== "" || text(node, "Node Type") === "Bitmap Heap Scan";
  const isScan = text(node, "Node Type").endsWith("Scan");
  if (isScan && GROWING.has(table) && !isIndexed) {
    yield `${text(node, "Node Type")} on ${table}${text(node, "Index Name") === "" ? "" : " without a condition"}`;
  }
  for (const child of list(node, "Plans")) yield* postgresScans(child);
}

async function postgresReads(query: CompiledQuery, run: Run): Promise<number> {
  return postgresRowsRead(await postgresPlan("explain (analyze, timing off, format json) ", query, run));
}

function postgresRowsRead(node: unknown): number {
  const perLoop = [
    "Actual Rows",
    "Rows Removed by Filter",
    "Rows Removed by Index Recheck",
    "Rows Removed by Join Filter",
  ];
  const own = perLoop.reduce((sum, name) => sum + number(node, name), 0) * number(node, "Actual Loops");
  const isOfTable = text(node, "Relation Name") !== "" && text(node, "Node Type") !== "ModifyTable";
  const below = list(node, "Plans").reduce<number>((sum, child) => sum + postgresRowsRead(child), 0);
  return (isOfTable ? own : 0) + below;
}

/* MySQL and MariaDB: a line for each table. */

async function mysqlProblems(query: CompiledQuery, run: Run): Promise<string[]> {
  const { rows } = await run(prefixed("explain ", query));
  return rows.flatMap((line) => {
    const table = text(line, "table");
    if (!GROWING.has(table) || text(line, "select_type") === "INSERT") return [];
    const type = text(line, "type");
    return type === "ALL" || type === "index" ? `${type} on ${table} (${text(line, "rows")} rows)` : [];
  });
}

async function mysqlReads(query: CompiledQuery, run: Run): Promise<number> {
  const before = await mysqlRowsRead(run);
  await run(query);
  return (await mysqlRowsRead(run)) - before;
}

/** How many rows this connection has read so far. */
async function mysqlRowsRead(run: Run): Promise<number> {
  const { rows } = await run(CompiledQuery.raw("show session status like 'Handler_read%'"));
  return rows.reduce<number>((sum, counter) => sum + number(counter, "Value"), 0);
}
