import type { StoredRow } from "../schema/columns.ts";
import { inlineParameters, MYSQL_LITERALS } from "./inline-parameters.ts";
import { rawQuery, type Read, type RoundTrips, type Write } from "./round-trips.ts";
import { parameterBytes, storeConflict } from "./session.ts";
import type { SqlConnection } from "./sql-connection.ts";

/** MariaDB's number for a row that has changed since it was read. */
const CHANGED_SINCE_READ = 1020;

/** How long the statements of a block are at most, in bytes: a longer one runs alone, as it is. */
const MAX_BLOCK_BYTES = 2_000_000;

/** Round trips to MariaDB: each is a block of statements, which run one after the other. MySQL has no such blocks. */
export const mariadbRoundTrips: RoundTrips = {
  areInOrder: true,
  haveTransactions: true,

  async rows(connection, opening, reads) {
    const texts = reads.map(({ query }) => inlineParameters(query, MYSQL_LITERALS));
    if (sizeOf(texts) > MAX_BLOCK_BYTES) {
      await runBlock(connection, opening);
      return oneByOne(connection, reads);
    }
    const results = await runBlock(connection, [...opening, ...texts]);
    return reads.map((_, index) => rowsIn(results[index]));
  },

  async write(connection, opening, writes, closing) {
    let block = [...opening];
    for (const write of writes) {
      // To escape a text of millions of characters costs more than to store it: not only to learn its size.
      const text = parameterBytes(write.query) > MAX_BLOCK_BYTES ? undefined : blockStatement(write);
      if (text === undefined || sizeOf([text]) > MAX_BLOCK_BYTES) {
        await runBlock(connection, block);
        block = [];
        await writeAlone(connection, write);
        continue;
      }
      if (sizeOf(block) + sizeOf([text]) > MAX_BLOCK_BYTES) {
        await runBlock(connection, block);
        block = [];
      }
      block.push(text);
    }
    await runBlock(connection, [...block, ...closing]);
  },
};

/** A statement of a block that writes. */
export function blockStatement({ query, mustChange }: Write): string {
  const statement = inlineParameters(query, MYSQL_LITERALS);
  if (!mustChange) return statement;
  return `${statement}; if row_count() = 0 then signal sqlstate 'HY000' set mysql_errno = ${String(CHANGED_SINCE_READ)}, message_text = 'no row was changed'; end if`;
}

/** Whether a connection returns the results of a block's selects. */
export async function hasBlocks(connection: Pick<SqlConnection, "rows">): Promise<boolean> {
  try {
    const [first, second] = await runBlock(connection, ["select 1 as one", "select 2 as two"]);
    return Number(rowsIn(first)[0]?.["one"]) === 1 && Number(rowsIn(second)[0]?.["two"]) === 2;
  } catch {
    return false;
  }
}

/** Runs statements. Returns what they select. */
async function runBlock(
  connection: Pick<SqlConnection, "rows">,
  statements: readonly string[],
): Promise<readonly unknown[]> {
  if (statements.length === 0) return [];
  return connection.rows(rawQuery(`begin not atomic ${statements.join("; ")}; end`));
}

async function oneByOne(connection: SqlConnection, reads: readonly Read[]): Promise<(readonly StoredRow[])[]> {
  const results: (readonly StoredRow[])[] = [];
  for (const { query } of reads) results.push(await connection.rows(query));
  return results;
}

async function writeAlone(connection: SqlConnection, { query, mustChange }: Write): Promise<void> {
  const changed = await connection.execute(query);
  if (mustChange && changed === 0) throw storeConflict();
}

function rowsIn(result: unknown): readonly StoredRow[] {
  if (isRows(result)) return result;
  throw new Error("The driver has returned no rows of a block's select.");
}

function isRows(result: unknown): result is readonly StoredRow[] {
  return Array.isArray(result);
}

function sizeOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}
