import { Kysely } from "kysely";
import { invalidInput } from "../core/input.ts";
import type { StoreDialect } from "./dialect.ts";
import { TablePrefixPlugin } from "./table-prefix-plugin.ts";
import type { LifecycleDb, LifecycleTables } from "./tables.ts";

/** The default prefix of this library's tables. */
export const DEFAULT_TABLE_PREFIX = "issue_lifecycle_";

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

/** A Kysely instance that compiles statements on the tables by their real names, and runs none. */
export function statementCompiler(dialect: StoreDialect, tablePrefix: string): LifecycleDb {
  return new Kysely<LifecycleTables>({ dialect: dialect.compiling, plugins: [new TablePrefixPlugin(tablePrefix)] });
}
