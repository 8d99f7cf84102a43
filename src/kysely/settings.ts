import { IssueLifecycleError } from "../core/errors.ts";
import type { StoreDialect } from "./dialect.ts";
import type { Session } from "./session.ts";
import type { LifecycleDb } from "./tables.ts";
import { plainText } from "./text-codec.ts";

/** Checks connections' settings until one was found to be sound: those of one instance are alike. */
export function settingsCheck(compiler: LifecycleDb, dialect: StoreDialect): (session: Session) => Promise<void> {
  let isSound = dialect.settingsProblem === null;
  return async (session) => {
    if (isSound) return;
    await requireSettings(session, compiler, dialect);
    isSound = true;
  };
}

/**
 * Refuses a connection whose settings would damage what is stored.
 *
 * @throws `IssueLifecycleError` `store-failed`
 */
export async function requireSettings(session: Session, compiler: LifecycleDb, dialect: StoreDialect): Promise<void> {
  if (dialect.settingsProblem === null) return;
  const [row] = await session.run(dialect.settingsProblem.compile(compiler));
  const problem = row?.problem ?? null;
  if (problem !== null) throw new IssueLifecycleError("store-failed", `${dialect.name}: ${plainText(problem)}.`);
}
