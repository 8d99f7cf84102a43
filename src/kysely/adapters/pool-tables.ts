import { Kysely, MysqlDialect, PostgresDialect, type MysqlPool, type PostgresPool } from "kysely";
import { invalidInput, readMember, requireBoolean } from "../../core/input.ts";
import { object, withDefault } from "../../core/shape.ts";
import type { TablesOptions } from "../connections/tables-options.ts";
import { mysqlDialect } from "../dialects/mysql.ts";
import { postgresDialect } from "../dialects/postgres.ts";
import { hasFunctions } from "./driver-objects.ts";
import { preparingPool } from "./preparing-pool.ts";

/** How this library uses a node-postgres pool. */
export interface PostgresPoolOptions {
  /**
   * Whether each connection parses and plans a statement once, and then runs it by its name: a digest of one event then takes about
   * 40 % less time. Default `false`, because poolers between the pool and the server may not allow it: PgBouncer in transaction
   * mode does from version 1.21 on, with `max_prepared_statements` of 100 or more.
   */
  readonly preparedStatements?: boolean;
}

const poolOptions = object<Required<PostgresPoolOptions>>(
  { preparedStatements: withDefault(requireBoolean, false) },
  "{ preparedStatements: true }",
);

/** A pool of mysql2/promise, which wraps one of mysql2. */
export interface Mysql2PromisePool {
  readonly pool: MysqlPool;
}

/**
 * Places this library's tables in the database of a node-postgres pool, without a Kysely instance of yours. The pool remains
 * yours: this library does not end it.
 *
 * @throws `IssueLifecycleError` `invalid-input`
 * @example
 * ```ts
 * import { createIssueTracker } from "issue-lifecycle";
 * import { kyselyStore, migrate, postgresTables } from "issue-lifecycle/kysely";
 * import { Pool } from "pg";
 *
 * const tables = { ...postgresTables(new Pool(), { preparedStatements: true }), schema: "issues" };
 * await migrate(tables);
 * const tracker = createIssueTracker({ store: kyselyStore(tables) });
 * ```
 */
export function postgresTables(
  pool: PostgresPool,
  options: PostgresPoolOptions = {},
): Pick<TablesOptions, "db" | "dialect"> {
  if (!hasFunctions("pool", pool, ["connect", "end"]) || typeof readMember("pool", pool, "totalCount") !== "number") {
    throw invalidInput("pool", pool, "a pool of node-postgres: new Pool({ connectionString })");
  }
  const { preparedStatements } = poolOptions("options", options);
  const used = preparedStatements ? preparingPool(pool) : pool;
  return { db: new Kysely<object>({ dialect: new PostgresDialect({ pool: used }) }), dialect: postgresDialect };
}

/**
 * Places this library's tables in the database of a mysql2 or mysql2/promise pool, without a Kysely instance of yours. The
 * pool remains yours: this library does not end it.
 *
 * @throws `IssueLifecycleError` `invalid-input`
 * @example
 * ```ts
 * import { createIssueTracker } from "issue-lifecycle";
 * import { kyselyStore, migrate, mysqlTables } from "issue-lifecycle/kysely";
 * import { createPool } from "mysql2/promise";
 *
 * const tables = mysqlTables(createPool({ uri: "mysql://localhost/shop" }));
 * await migrate(tables);
 * const tracker = createIssueTracker({ store: kyselyStore(tables) });
 * ```
 */
export function mysqlTables(pool: MysqlPool | Mysql2PromisePool): Pick<TablesOptions, "db" | "dialect"> {
  const callbackPool = isPromisePool(pool) ? pool.pool : pool;
  if (!hasFunctions("pool", callbackPool, ["getConnection", "end", "promise"])) {
    throw invalidInput("pool", pool, "a pool of mysql2 or mysql2/promise: createPool({ uri })");
  }
  return { db: new Kysely<object>({ dialect: new MysqlDialect({ pool: callbackPool }) }), dialect: mysqlDialect };
}

function isPromisePool(pool: MysqlPool | Mysql2PromisePool): pool is Mysql2PromisePool {
  return typeof pool === "object" && typeof readMember("pool", pool, "pool") === "object";
}
