import { invalidInput } from "../core/input.ts";
import type { ActorReplacementRequest, ActorReplacementStep } from "../ports/issue-store.ts";
import { bytesOfHex, endOf, hexOf, keyAfter } from "./bytes.ts";
import { withActor } from "./history.ts";
import { KEYS } from "./keys.ts";
import type { Session } from "./session.ts";
import { withDiscardedBy } from "./stored-alert.ts";

/** What names users: each prefix of keys, and how one of its values names another user. */
const PLACES = [
  { prefix: KEYS.allTurningPoints, replace: withActor },
  { prefix: KEYS.alertStates, replace: withDiscardedBy },
] as const;

/** One step of the replacement of a user: looks at turning points by their keys, then at the states of alerts by theirs. */
export async function replaceActor(
  session: Session,
  { user, by, after, limit }: ActorReplacementRequest,
): Promise<ActorReplacementStep> {
  const last = after === null ? undefined : bytesOfHex(after);
  if (after !== null && last === undefined) throw invalidInput("after", after, "the `next` of the step before");
  const place = PLACES.find(({ prefix }) => prefix[0] === (last ?? KEYS.allTurningPoints)[0]);
  if (place === undefined) throw invalidInput("after", after, "the `next` of the step before");
  const { prefix, replace } = place;
  const from = last === undefined ? prefix : keyAfter(last);
  const entries = await session.range({ from, to: endOf(prefix) }, limit);
  let changed = 0;
  for (const [key, bytes] of entries) {
    const replaced = replace(bytes, user, by);
    if (replaced === undefined) continue;
    await session.put(key, replaced);
    changed++;
  }
  const end = entries.at(-1)?.[0];
  if (end !== undefined) return { changed, next: hexOf(end) };
  return { changed, next: prefix === KEYS.allTurningPoints ? hexOf(KEYS.alertStates) : null };
}
