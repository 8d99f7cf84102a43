import { IssueLifecycleError } from "../core/errors.ts";
import { decodeInteger } from "./integer-codec.ts";
import { LATEST_VERSION, type MigrationBuilder } from "./migrations.ts";
import type { Session } from "./session.ts";

/**
 * The version of the tables; `undefined` where none was noted.
 *
 * @throws `IssueLifecycleError` `schema-newer`
 */
export async function readVersion(session: Session, builder: MigrationBuilder): Promise<number | undefined> {
  const [row] = await session.run(builder.db.selectFrom("schema").selectAll().compile());
  if (row === undefined) return undefined;
  const version = decodeInteger(row.version);
  const usableFrom = decodeInteger(row.usable_from);
  if (usableFrom <= LATEST_VERSION) return version;
  throw new IssueLifecycleError(
    "schema-newer",
    `The tables have version ${String(version)} and need code that knows version ${String(usableFrom)}; ` +
      `this code knows version ${String(LATEST_VERSION)}. Upgrade issue-lifecycle.`,
  );
}

/** The same, where the table that says it need not exist. Never within a transaction, which the failure might end. */
export async function versionIfAny(session: Session, builder: MigrationBuilder): Promise<number | undefined> {
  try {
    return await readVersion(session, builder);
  } catch (error) {
    if (IssueLifecycleError.is(error) && error.code === "store-failed" && !error.retryable) return undefined;
    throw error;
  }
}
