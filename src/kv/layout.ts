import { IssueLifecycleError } from "../core/errors.ts";
import { count, looseObject } from "../core/shape.ts";
import { endOf, hexOf, keyAfter } from "./bytes.ts";
import { waitForFeed } from "./history.ts";
import { KEYS, LAYOUT_VERSION } from "./keys.ts";
import type { Session } from "./session.ts";
import type { Tables } from "./tables.ts";
import { jsonBytes, readJson } from "./values.ts";

const layoutShape = looseObject({ version: count });

/** Whether keys are stored: none yet, those of this version, or those of an earlier one, which {@link upgradeStep} brings to this one. */
export type StoredLayout = "none" | "present" | "former";

/**
 * Which keys are stored.
 *
 * @throws `IssueLifecycleError` `schema-newer`
 */
export async function readLayout(session: Session): Promise<StoredLayout> {
  const bytes = await session.get(KEYS.layout);
  if (bytes === undefined) return "none";
  const { version } = readJson("the version of its keys", bytes, layoutShape);
  if (version === LAYOUT_VERSION) return "present";
  if (version < LAYOUT_VERSION) return "former";
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

/** How many keys one step of an upgrade looks at. */
const STEP = 300;

/**
 * One step from version 1 to version 2, where turning points wait for their positions in the feed, and issues list their events. Each may
 * run again, also while another process does the same.
 *
 * @param after - where the step before ended; `null` for the first
 * @returns where it ended; `null` when the keys are those of this version
 */
export async function upgradeStep(tables: Tables, after: Uint8Array | null): Promise<Uint8Array | null> {
  const { session, events } = tables;
  // Another process may have ended it, and given positions since.
  if ((await readLayout(session)) === "present") return null;
  const { allTurningPoints, allEvents } = KEYS;
  const isOfEvents = after !== null && hexOf(after).startsWith(hexOf(allEvents));
  const prefix = isOfEvents ? allEvents : allTurningPoints;
  const entries = await session.range({ from: after === null ? prefix : keyAfter(after), to: endOf(prefix) }, STEP);
  for (const [key, bytes] of entries) await (isOfEvents ? events.list(key, bytes) : waitForFeed(session, key));
  const last = entries.at(-1);
  if (last !== undefined && entries.length === STEP) return last[0];
  if (!isOfEvents) return allEvents;
  await writeLayout(session);
  return null;
}
