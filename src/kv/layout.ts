import { IssueLifecycleError } from "../core/errors.ts";
import { count, looseObject } from "../core/shape.ts";
import { KEYS, LAYOUT_VERSION } from "./keys.ts";
import type { Session } from "./session.ts";
import { jsonBytes, readJson } from "./values.ts";

const layoutShape = looseObject({ version: count });

/**
 * Checks the version of the stored keys.
 *
 * @returns whether a version is stored
 * @throws `IssueLifecycleError` `schema-newer`
 */
export async function checkLayout(session: Session): Promise<boolean> {
  const bytes = await session.get(KEYS.layout);
  if (bytes === undefined) return false;
  const { version } = readJson("the version of its keys", bytes, layoutShape);
  if (version === LAYOUT_VERSION) return true;
  throw new IssueLifecycleError(
    "schema-newer",
    `The stored keys have version ${String(version)}; this code supports version ${String(LAYOUT_VERSION)}. ` +
      "Upgrade issue-lifecycle.",
  );
}

/** Stores the version of the keys. */
export async function writeLayout(session: Session): Promise<void> {
  await session.put(KEYS.layout, jsonBytes({ version: LAYOUT_VERSION }));
}
