import { Kysely } from "kysely";
import { invalidInput } from "../core/input.ts";
import type { StoreDialect } from "./dialect.ts";
import { TableNamesPlugin } from "./table-names-plugin.ts";
import type { LifecycleDb, LifecycleTables } from "./tables.ts";

/** The default prefix of this library's tables. */
export const DEFAULT_TABLE_PREFIX = "issue_lifecycle_";

/** What this library's tables are called. */
export interface TableNames {
  /** What their names begin with. */
  readonly prefix: string;
  /** The schema they are in; `undefined` for the connection's own. */
  readonly schema: string | undefined;
}

/**
 * Checks a prefix given by a host.
 *
 * @throws `IssueLifecycleError` `invalid-input`
 */
export function requireTablePrefix(value: unknown): string {
  if (typeof value === "string" && /^(?!sqlite_|pg_)[a-z][a-z0-9_]{0,30}$/u.test(value)) return value;
  throw invalidInput(
    "options.tablePrefix",
    value,
    "1 to 31 lower-case letters, digits and underscores, the first a letter, and not sqlite_ or pg_, which databases keep for themselves",
  );
}

/**
 * Checks the name of a schema given by a host.
 *
 * @throws `IssueLifecycleError` `invalid-input`
 */
export function requireSchemaName(value: unknown): string {
  if (typeof value === "string" && /^(?!pg_)[A-Za-z_][A-Za-z0-9_$-]{0,62}$/u.test(value)) return value;
  throw invalidInput(
    "options.schema",
    value,
    "1 to 63 letters, digits, underscores, hyphens and dollar signs, the first a letter or an underscore, and not pg_",
  );
}

/** A Kysely instance that compiles statements on the tables by their real names, and runs none. */
export function statementCompiler(dialect: StoreDialect, { prefix, schema }: TableNames): LifecycleDb {
  return new Kysely<LifecycleTables>({ dialect: dialect.compiling, plugins: [new TableNamesPlugin(prefix, schema)] });
}
