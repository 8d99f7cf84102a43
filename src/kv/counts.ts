import { invalidInput } from "../core/input.ts";
import type { StoredCountRequest, StoredCountStep, StoredKind } from "../ports/issue-store.ts";
import { bytesOfHex, endOf, hexOf, keyAfter } from "./bytes.ts";
import { ID_BYTES, NUMBER_BYTES } from "./key-parts.ts";
import { KEYS } from "./keys.ts";
import type { Session } from "./session.ts";
import { countTexts } from "./text-map.ts";

/** The keys of what is counted. */
interface CountedKeys {
  readonly prefix: Uint8Array;
  /** Where the part of a text begins, in the keys of a `TextMap`: such a key may hold several. */
  readonly textAt?: number;
}

export const COUNTED: Readonly<Record<StoredKind, CountedKeys>> = {
  projects: { prefix: KEYS.projects, textAt: 1 },
  issues: { prefix: KEYS.issues },
  groups: { prefix: KEYS.allGroups, textAt: 1 + NUMBER_BYTES },
  turningPoints: { prefix: KEYS.allTurningPoints },
  users: { prefix: KEYS.allUsers },
  marks: { prefix: KEYS.allMarks, textAt: 1 + ID_BYTES },
  releases: { prefix: KEYS.allReleases, textAt: 1 + NUMBER_BYTES },
  events: { prefix: KEYS.allEvents, textAt: 1 + NUMBER_BYTES },
  alerts: { prefix: KEYS.alertStates },
  tallies: { prefix: KEYS.allTallies },
};

/** The most keys that are read at once: an engine returns their values too, which may be large. */
export const MAX_KEYS = 500;

/** One step of a count: looks at keys in their order. */
export async function countStored(
  session: Session,
  { kind, after, limit }: StoredCountRequest,
): Promise<StoredCountStep> {
  const { prefix, textAt } = COUNTED[kind];
  const from = after === null ? prefix : keyAfter(requireKey(after, prefix));
  const most = Math.min(limit, MAX_KEYS);
  const entries = await session.range({ from, to: endOf(prefix) }, most);
  let count = 0;
  for (const [key, bytes] of entries) count += textAt === undefined ? 1 : await countTexts(key.slice(textAt), bytes);
  const last = entries.at(-1);
  return { count, next: last === undefined || entries.length < most ? null : hexOf(last[0]) };
}

/** The key of the `next` of a step through keys. */
export function requireKey(after: string, prefix: Uint8Array): Uint8Array {
  const key = bytesOfHex(after);
  if (key !== undefined && key[0] === prefix[0]) return key;
  throw invalidInput("after", after, "the `next` of the step before");
}
