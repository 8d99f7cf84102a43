import { CompiledQuery, sql } from "kysely";
import { migrate, type StoreDialect } from "../../src/kysely/index.ts";
import { createStatements } from "../../src/kysely/statements/index.ts";
import { DEFAULT_TABLE_PREFIX, statementCompiler } from "../../src/kysely/schema/table-names.ts";
import type { Place } from "../support/databases.ts";
import { examplesOf, statementsIn, type Example, type Run } from "./examples.ts";
import { generation } from "./generate.ts";
import { planReaderOf } from "./plan-reader.ts";
import { wordsOf, type Sql } from "./sql-words.ts";
import { GROWING_TABLES } from "./world.ts";

/** The cost of a statement. */
export interface Cost {
  /** How many rows the database reads; `null` where it does not report that. */
  readonly rowsRead: number | null;
  /** The shortest time of several runs, in milliseconds. */
  readonly ms: number;
}

/** A database with a million issues. */
export interface Scale {
  examplesOf(statement: string, mustSeeLatest: boolean): readonly Example[];
  /** What is wrong with the plan of a statement. */
  problemsOf(example: Example): Promise<readonly string[]>;
  /** The cost of a statement. It is rolled back. */
  costOf(example: Example): Promise<Cost>;
  /** Collects the statistics for the database's planner. */
  analyze(): Promise<void>;
  drop(): Promise<void>;
}

/** The names of all statements of a store. */
export function statementNames(dialect: StoreDialect): readonly string[] {
  const statements = createStatements(compilerFor(dialect, undefined), dialect, false);
  return Array.from(statementsIn(statements), ([name]) => name);
}

function compilerFor(dialect: StoreDialect, schema: string | undefined) {
  return statementCompiler(dialect, { prefix: DEFAULT_TABLE_PREFIX, schema });
}

/** Fills a place with a million issues. */
export async function fill(place: Place): Promise<Scale> {
  const { dialect, schema } = place;
  // One connection, because of temporary tables and transactions.
  const db = place.connect({ poolSize: 1 });
  await migrate({ db, dialect, ...(schema === undefined ? {} : { schema }) });
  const compiler = compilerFor(dialect, schema);
  const words = wordsOf(dialect);
  const reader = planReaderOf(dialect);
  const run: Run = (query) => db.executeQuery(query);
  const runAll = async (statements: readonly Sql[]): Promise<void> => {
    for (const statement of statements) await run(statement.compile(compiler));
  };
  const tables = GROWING_TABLES.map((table) => sql.table(table));
  const preparation = tables.flatMap((table) => words.prepare(table));
  await runAll([...words.begin, ...preparation, ...generation(words), ...words.settle]);
  const plain = createStatements(compiler, dialect, false);
  const latest = createStatements(compiler, dialect, true);

  return {
    examplesOf: (statement, mustSeeLatest) => examplesOf(statement, mustSeeLatest ? latest : plain, dialect),
    problemsOf: async (example) => {
      const problems: string[] = [];
      const { wasRun, toRun } = await example.queries(run);
      for (const query of [...wasRun, ...toRun]) problems.push(...(await reader.problemsOf(query, run)));
      return problems;
    },
    costOf: async (example) => ({ rowsRead: await rowsRead(example), ms: await leastTime(example) }),
    analyze: () => runAll(tables.map((table) => words.analyze(table))),
    drop: () => place.drop(),
  };

  function rowsRead(example: Example): Promise<number | null> {
    return rolledBack(async () => {
      const { wasRun, toRun } = await example.queries(run);
      let sum: number | null = 0;
      for (const query of [...wasRun, ...toRun]) {
        const read = await reader.countRead(query, run);
        sum = read === null || sum === null ? null : sum + read;
      }
      return sum;
    });
  }

  async function leastTime(example: Example): Promise<number> {
    const times: number[] = [];
    for (let spent = 0; times.length < ROUNDS && spent < LONGEST_MS; spent += times.at(-1) ?? 0) {
      const time = await rolledBack(async () => {
        const start = performance.now();
        const { toRun } = await example.queries(run);
        for (const query of toRun) await run(query);
        return performance.now() - start;
      });
      times.push(time);
    }
    return Math.min(...times);
  }

  async function rolledBack<Result>(work: () => Promise<Result>): Promise<Result> {
    await run(BEGIN);
    try {
      return await work();
    } finally {
      await run(ROLL_BACK);
    }
  }
}

/** How often a statement is timed, unless that takes too long. */
const ROUNDS = 5;
const LONGEST_MS = 500;

const BEGIN = CompiledQuery.raw("begin");
const ROLL_BACK = CompiledQuery.raw("rollback");
