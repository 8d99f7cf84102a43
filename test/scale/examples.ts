import { ALL_ISSUES, type SearchCriteria } from "../../src/core/issue-list.ts";
import type { CompiledQuery, QueryResult } from "kysely";
import { ISSUE_ORDERS, type IssueOrder } from "../../src/core/issue-list.ts";
import type { StoreDialect } from "../../src/kysely/index.ts";
import { KyselyConnection } from "../../src/kysely/connections/sql-connection.ts";
import { Session } from "../../src/kysely/connections/session.ts";
import { KyselyReader } from "../../src/kysely/reader.ts";
import type { ChangeableColumn } from "../../src/kysely/rows/issue-row.ts";
import { RowsStatement, Statement } from "../../src/kysely/statements/statement.ts";
import type { Statements } from "../../src/kysely/statements/index.ts";
import { BATCH, ISSUE_COLUMNS, PAGE, SAMPLES, type Sample } from "./samples.ts";
import * as world from "./world.ts";

/** Runs a query. */
export type Run = <Row>(query: CompiledQuery<Row>) => Promise<QueryResult<Row>>;

/** A statement as a store runs it. */
export interface Example {
  /** The statement's name. */
  readonly statement: string;
  /** Its values, in words. */
  readonly variant: string;
  /** Whether it searches for a text, which no index supports. */
  readonly isSearch: boolean;
  /** Its queries. Runs those from whose results another one has its values. */
  queries(run: Run): Promise<{ readonly wasRun: readonly CompiledQuery[]; readonly toRun: readonly CompiledQuery[] }>;
}

/** The statements of a store by their names, in all groups. */
export function* statementsIn(node: object, path: readonly string[] = []): Iterable<[string, unknown]> {
  for (const [name, value] of Object.entries<unknown>({ ...node })) {
    const isGroup = typeof value === "object" && value !== null && !isStatement(value);
    if (isGroup) yield* statementsIn(value, [...path, name]);
    else yield [[...path, name].join("."), value];
  }
}

function isStatement(value: unknown): boolean {
  return value instanceof Statement || value instanceof RowsStatement;
}

/** Ways to run a statement: with one row and with many, in each order, and so on. */
export function examplesOf(name: string, statements: Statements, dialect: StoreDialect): readonly Example[] {
  const statement = new Map(statementsIn(statements)).get(name);
  if (statement === statements.issues.stretch) return pageExamples(name, statements, dialect);
  if (statement === statements.issues.stretchEnd) return pageExamples(name, statements, dialect, LOOK_AT);
  if (statement === statements.issues.update) {
    return Object.entries(UPDATES).flatMap(([title, columns]) =>
      withSamples(name, statements.issues.update(columns), title),
    );
  }
  return withSamples(name, statement);
}

function withSamples(name: string, statement: unknown, prefix = ""): Example[] {
  const sampled = SAMPLES[name];
  if (sampled === undefined) throw new Error(`There is no sample for ${name}.`);
  const samples = typeof sampled === "function" ? { "": sampled } : sampled;
  return Object.entries(samples).flatMap(([title, sample]) =>
    queriesOf(name, statement, sample).map(({ form, queries }) => ({
      statement: name,
      variant: [prefix, title, form].filter((part) => part !== "").join(", "),
      isSearch: false,
      queries: async () => ({ wasRun: [], toRun: queries }),
    })),
  );
}

/** The forms of a statement. */
function queriesOf(name: string, statement: unknown, sample: Sample): { form: string; queries: CompiledQuery[] }[] {
  if (statement instanceof Statement) return [{ form: "", queries: [complete(name, statement.bind(sample(0)))] }];
  if (!(statement instanceof RowsStatement)) throw new Error(`${name} is no known kind of statement.`);
  const size = name.startsWith("projects.") ? world.PROJECT_KEYS.length : BATCH;
  const rows = Array.from({ length: size }, (_, place) => sample(place));
  const one = Array.from(statement.bind(rows.slice(0, 1)), (query) => complete(name, query));
  return [
    { form: "one row", queries: one },
    { form: `${String(size)} rows`, queries: [...statement.bind(rows)] },
  ];
}

/** Refuses a query that lacks a value. */
function complete(name: string, query: CompiledQuery): CompiledQuery {
  if (query.parameters.includes(undefined)) throw new Error(`The sample for ${name} lacks a value.`);
  return query;
}

/** Updates of issues, by their causes. */
const UPDATES: Readonly<Record<string, readonly ChangeableColumn[]>> = {
  "by an event": ["event_count", "last_seen_at", "latest_event_id"],
  "by an event of a new user": ["event_count", "last_seen_at", "latest_event_id", "user_count"],
  "by an event that moves index entries": ["event_count", "event_count_class", "last_seen_at", "last_seen_minute"],
  "by a command": ["turning_point_count", "state", "wake_at", "awaits_next_in", "status"],
  "of all that can change": columnsIn(ISSUE_COLUMNS).filter((column) => column !== "id"),
};

function columnsIn<Columns extends object>(columns: Columns): (keyof Columns)[] {
  const names: (keyof Columns)[] = [];
  for (const name in columns) names.push(name);
  return names;
}

/** Where pages begin: at an issue in the middle of the largest project. */
const PAGE_STARTS: Readonly<Record<string, Readonly<Record<IssueOrder, number>> | null>> = {
  "from the first": null,
  "from the middle": { "last-seen": world.NOW - 45 * 24 * 3_600_000, "first-seen": 500_000, "event-count": 2 },
  "from a loud one": { "last-seen": world.NOW - 24 * 3_600_000, "first-seen": 900_000, "event-count": 100 },
};

/** How many issues a step of a search looks at. */
const LOOK_AT = 1_000;

/** A text that many issues contain: a search for it ends at its page, and not after all issues of a project. */
const COMMON_TEXT = "field 7";

/** What issues of a page have to match, besides their states. */
const MATCHING: readonly { readonly title: readonly string[]; readonly criteria: SearchCriteria }[] = [
  { title: [], criteria: ALL_ISSUES },
  { title: ["searching"], criteria: { ...ALL_ISSUES, search: COMMON_TEXT } },
  { title: ["in an environment"], criteria: { ...ALL_ISSUES, environment: world.ENVIRONMENT } },
  {
    title: ["of a release"],
    criteria: { ...ALL_ISSUES, seenIn: world.RELEASES[world.KNOWN_RELEASES - 1]?.orderKey ?? null },
  },
];

/** The same of a search that ends early, and so may match few issues. */
const MATCHING_IN_STEPS: typeof MATCHING = [
  ...MATCHING,
  {
    title: ["of a level", "seen on some days"],
    criteria: { ...ALL_ISSUES, levels: ["warning"], lastSeen: world.SOME_DAYS },
  },
  { title: ["that regressed"], criteria: { ...ALL_ISSUES, regressed: true } },
  {
    title: ["that nothing matches"],
    criteria: { ...ALL_ISSUES, loud: true, seenIn: "none", firstSeen: { from: 1, before: 2 } },
  },
];

/** @param lookAt - how many issues to look at, for searches that end early */
function pageExamples(name: string, statements: Statements, dialect: StoreDialect, lookAt?: number): Example[] {
  return ISSUE_ORDERS.flatMap((order) =>
    [true, false].flatMap((descending) =>
      Object.entries(PAGE_STARTS).flatMap(([start, values]) =>
        (["open", "resolved"] as const).flatMap((status) =>
          (lookAt === undefined ? MATCHING : MATCHING_IN_STEPS).map(({ title, criteria }): Example => {
            const after = values === null ? null : { value: values[order], number: 500_000 };
            const matching = { projectId: world.projectIdOf(1), statuses: [status], ...criteria };
            const request = { ...matching, order, descending, after };
            const direction = descending ? "descending" : "ascending";
            return {
              statement: name,
              variant: [order, direction, start, status, ...title].join(", "),
              isSearch: title.length > 0 && lookAt === undefined,
              queries: async (run) => {
                const wasRun: CompiledQuery[] = [];
                const reader = new KyselyReader(recordingSession(run, wasRun, dialect), statements, dialect);
                await reader.pageIssues({ ...request, limit: PAGE, ...(lookAt !== undefined && { lookAt }) });
                return { wasRun, toRun: [] };
              },
            };
          }),
        ),
      ),
    ),
  );
}

/** A session that records its queries. */
function recordingSession(run: Run, wasRun: CompiledQuery[], dialect: StoreDialect): Session {
  const runner = {
    executeQuery: async <Row>(query: CompiledQuery<Row>): Promise<QueryResult<Row>> => {
      wasRun.push(query);
      return run(query);
    },
  };
  return new Session(new KyselyConnection(runner), dialect);
}
