import { IssueLifecycleError } from "../../core/errors.ts";
import type { StoreDialect } from "../dialects/dialect.ts";
import type { LifecycleDb } from "../schema/tables.ts";
import type { Database } from "./database.ts";
import type { RoundTrips } from "./round-trips.ts";
import type { Session } from "./session.ts";

/** Checks a connection's settings. */
export type SettingsCheck = (session: Session) => Promise<void>;

/**
 * Checks the settings of the first connection: all connections of an instance have the same. `undefined` where
 * no setting has to be checked.
 */
export function settingsCheck(compiler: LifecycleDb, dialect: StoreDialect): SettingsCheck | undefined {
  if (dialect.settingsProblem === null) return undefined;
  let isRight = false;
  return async (session) => {
    if (isRight) return;
    await requireSettings(session, compiler, dialect);
    isRight = true;
  };
}

/**
 * How several statements take one round trip; `null` where they are sent one by one. The first time, checks a connection: all
 * connections of an instance have the same settings.
 */
export function roundTripsOf(
  database: Database,
  compiler: LifecycleDb,
  dialect: StoreDialect,
): () => Promise<RoundTrips | null> {
  const { together } = dialect;
  const trips = together?.trips ?? null;
  let found = dialect.settingsProblem === null && (together?.isSupported ?? null) === null ? trips : undefined;
  return async () => {
    if (found !== undefined) return found;
    return database.readOnConnection(async (session) => {
      await requireSettings(session, compiler, dialect);
      found = (await together?.isSupported?.(session)) === false ? null : trips;
      return found;
    });
  };
}

/**
 * Refuses a connection with settings that would damage stored texts.
 *
 * @throws `IssueLifecycleError` `store-failed`
 */
export async function requireSettings(session: Session, compiler: LifecycleDb, dialect: StoreDialect): Promise<void> {
  if (dialect.settingsProblem === null) return;
  const [row] = await session.rows(dialect.settingsProblem.compile(compiler));
  const problem = row?.problem ?? null;
  if (problem === null) return;
  const text = typeof problem === "string" ? problem : Buffer.from(problem).toString("utf8");
  throw new IssueLifecycleError("store-failed", `${dialect.name}: ${text}.`);
}
