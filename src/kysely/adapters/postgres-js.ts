import { invalidInput } from "../../core/input.ts";
import type { TransactionClient } from "../host/transaction-client.ts";
import { hasFunctions } from "./driver-objects.ts";
import { PostgresJsHandle, type PostgresJsSql, type PostgresJsTransaction } from "./postgres-js-handle.ts";

export type { PostgresJsTransaction };

/** The part of `await sql.reserve()` that this library uses. */
export interface PostgresJsReserved extends PostgresJsSql {
  /** @internal */
  release(): void;
}

/** Whether a value is a transaction of postgres.js, or a reserved connection. */
export function isPostgresJs(value: unknown): value is PostgresJsTransaction | PostgresJsReserved {
  const isHandle = (name: string): boolean => hasFunctions("sql", value, ["unsafe", "typed", name]);
  return isHandle("savepoint") || isHandle("release");
}

/**
 * Makes a transaction of postgres.js usable for `tracker.withTransaction`. The option `transform` must leave the names of
 * columns as they are.
 *
 * @param sql - the one that `sql.begin` passes to your function, or a reserved one on which you have run `begin`
 * @throws `IssueLifecycleError` `invalid-input`, also for a `sql` whose statements run on any of its connections
 * @example
 * ```js
 * await sql.begin(async (sql) => {
 *   await sql`insert into failures (message) values (${message})`;
 *   await tracker.withTransaction(fromPostgresJs(sql)).digest({ projectId: "shop", type: "PaymentError", value: message });
 * });
 * ```
 */
export function fromPostgresJs(sql: PostgresJsTransaction | PostgresJsReserved): TransactionClient {
  if (!isPostgresJs(sql)) {
    throw invalidInput("sql", sql, "the sql of a transaction of postgres.js: sql.begin((sql) => ...)");
  }
  const handle = handles.get(sql) ?? new PostgresJsHandle(sql);
  handles.set(sql, handle);
  const client: TransactionClient = {
    kind: "postgres",
    connection: handle,
    hasEnded: () => handle.hasEnded(),
    query: async (text, parameters) => {
      const result = await handle.run(text, parameters);
      if (result.columns?.some(({ name }) => /[^a-z0-9_]/u.test(name))) {
        throw invalidInput("sql", sql, "one without options.transform.column, which renames this library's columns");
      }
      return [...result];
    },
    execute: async (text, parameters) => (await handle.run(text, parameters)).count ?? 0,
    queryTogether: (statements) => handle.runTogether(statements),
  };
  return client;
}

const handles = new WeakMap<object, PostgresJsHandle>();
