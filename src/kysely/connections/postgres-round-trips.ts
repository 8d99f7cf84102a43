import { CompiledQuery } from "kysely";
import type { StoredRow } from "../schema/columns.ts";
import { POSTGRES_LITERALS } from "./inline-parameters.ts";
import { type ResultColumn, type RoundTrips, type Write } from "./round-trips.ts";
import { storeConflict } from "./session.ts";
import type { SqlConnection } from "./sql-connection.ts";

/**
 * Round trips to PostgreSQL. Selects are the parts of one, whose rows are JSON arrays. Writes to different tables are the parts
 * of one statement, in which none sees the others: they have the result of any order.
 */
export const postgresRoundTrips: RoundTrips = {
  areInOrder: false,
  haveTransactions: false,

  async rows(connection, opening, reads) {
    const text = new NumberedText();
    const parts = opening.map((each) => `select -1 as part, to_json(opening)::text as found from (${each}) as opening`);
    for (const [part, { query, columns }] of reads.entries()) {
      const values = columns.map(jsonValue).join(", ");
      parts.push(
        `select ${String(part)} as part, json_build_array(${values})::text as found from (${text.add(query)}) as selected`,
      );
    }
    const results: StoredRow[][] = reads.map(() => []);
    for (const { part, found } of await connection.rows(text.query(parts.join(" union all ")))) {
      const read = reads[Number(part)];
      if (read !== undefined) results[Number(part)]?.push(rowOf(read.columns, JSON.parse(String(found))));
    }
    return results;
  },

  async write(connection, opening, writes) {
    for (const each of opening) await connection.execute(CompiledQuery.raw(each));
    for (const group of groupsOf(writes)) await writeGroup(connection, group);
  },
};

/** Texts of statements with the parameters of all of them. */
class NumberedText {
  readonly #parameters: unknown[] = [];

  /** The text of a statement within the others. */
  add({ sql, parameters }: CompiledQuery): string {
    const before = this.#parameters.length;
    this.#parameters.push(...parameters);
    if (before === 0) return sql;
    return sql.replaceAll(POSTGRES_LITERALS.tokens, (token) =>
      token.startsWith("$") ? `$${String(Number(token.slice(1)) + before)}` : token,
    );
  }

  query(text: string): CompiledQuery<StoredRow> {
    return CompiledQuery.raw(text, this.#parameters);
  }
}

function jsonValue({ name, kind }: ResultColumn): string {
  const column = `selected."${name}"`;
  return kind === "bytes" ? `encode(${column}, 'hex')` : column;
}

function rowOf(columns: readonly ResultColumn[], values: unknown): StoredRow {
  if (!Array.isArray(values)) throw new Error("The database has returned no row.");
  return Object.fromEntries(
    columns.map(({ name, kind }, index) => {
      const value: unknown = values[index];
      return [name, kind === "bytes" && typeof value === "string" ? Buffer.from(value, "hex") : value];
    }),
  );
}

/** Writes in their order, in groups of which each writes to a table once. */
function groupsOf(writes: readonly Write[]): Write[][] {
  const groups: Write[][] = [];
  const tables = new Set<string>();
  for (const write of writes) {
    const table = TABLE.exec(write.query.sql)?.[0].split(" ").at(-1) ?? "";
    if (groups.length === 0 || tables.has(table)) {
      groups.push([]);
      tables.clear();
    }
    tables.add(table);
    groups.at(-1)?.push(write);
  }
  return groups;
}

/** The beginning of a statement that writes, up to the name of its table. */
const TABLE = /^(?:insert into|update|delete from) \S+/u;

async function writeGroup(connection: SqlConnection, group: readonly Write[]): Promise<void> {
  const [first] = group;
  if (first !== undefined && group.length === 1) {
    const changed = await connection.execute(first.query);
    if (first.mustChange && changed === 0) throw storeConflict();
    return;
  }
  const text = new NumberedText();
  const parts = group.map(({ query, mustChange }, part) => {
    const returning = mustChange ? " returning 1" : "";
    return `written_${String(part)} as (${text.add(query)}${returning})`;
  });
  const counts = group.flatMap(({ mustChange }, part) =>
    mustChange ? `(select count(*) from written_${String(part)}) as changed_${String(part)}` : [],
  );
  const [row = {}] = await connection.rows(text.query(`with ${parts.join(", ")} select ${counts.join(", ") || "1"}`));
  for (const [name, count] of Object.entries(row)) {
    if (name.startsWith("changed_") && Number(count) === 0) throw storeConflict();
  }
}
