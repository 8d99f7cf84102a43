import { IssueLifecycleError } from "../core/errors.ts";
import { integer } from "../core/shape.ts";
import type {
  IssueUser,
  IssueUserRef,
  LatestUserDay,
  UserCountRequest,
  UserPage,
  UserPageRequest,
} from "../ports/issue-store.ts";
import { concat, endOf, hexOf, keyAfter } from "./bytes.ts";
import { idAt, idPart, ID_BYTES, numberAt, numberPart, requireIdPart, userPart } from "./key-parts.ts";
import { KEYS } from "./keys.ts";
import { within, type KeyBounds, type Session } from "./session.ts";
import { jsonBytes, pairOf, readJson, unlessDamaged } from "./values.ts";

/** When a user's last events were. */
type LastSeen = readonly [lastDay: number, lastTurn: number];

const dayOrTurn = integer(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
const lastSeenShape = pairOf(dayOrTurn, dayOrTurn);

/** A user of whom it cannot be read when they occurred last is one who did not; their next event repairs the entry. */
const NEVER: LastSeen = [-1, -1];

/**
 * The users of issues. The keys by day hold the turns, and those by turn the days, so that users are counted by both without looking
 * for each.
 */
export class Users {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** A user, if the issue has it. */
  async find({ issueId, user }: IssueUserRef): Promise<IssueUser | undefined> {
    const [issue, hash] = [idPart(issueId), userPart(user)];
    const lastSeen = issue && hash && (await this.#lastSeen(issue, hash));
    return lastSeen && { issueId, user, lastDay: lastSeen[0], lastTurn: lastSeen[1] };
  }

  /**
   * Counts users up to a limit. With one bound this looks at no more users than the limit, however many there are. With both it looks
   * at more only where users occurred on the requested days, but not since the requested turn.
   */
  async count({ issueId, fromDay, fromTurn, limit }: UserCountRequest): Promise<number> {
    const issue = idPart(issueId);
    if (issue === undefined) return 0;
    const daysFrom = (day: number): KeyBounds => bounds(KEYS.usersByDay(issue), day);
    if (fromTurn === null) {
      return (await this.#session.range(daysFrom(fromDay ?? Number.MIN_SAFE_INTEGER), limit, true)).length;
    }
    const sinceTurn = await this.#session.range(bounds(KEYS.usersByTurn(issue), fromTurn), limit, true);
    if (fromDay === null) return sinceTurn.length;
    if (sinceTurn.length < limit) return sinceTurn.filter(([, day]) => numberAt(day, 0) >= fromDay).length;
    let users = 0;
    for await (const [, turn] of this.#session.scan(daysFrom(fromDay), { reverse: true, expected: limit })) {
      if (numberAt(turn, 0) >= fromTurn) users++;
      if (users === limit) break;
    }
    return users;
  }

  /** A page of an issue's users, in the order of their hashes. */
  async page({ issueId, after, limit }: UserPageRequest): Promise<UserPage> {
    const issue = idPart(issueId);
    if (issue === undefined) return { entries: [], next: null };
    const prefix = KEYS.users(issue);
    const from = after === null ? prefix : keyAfter(KEYS.user(issue, requireUserPart(after)));
    const found = await this.#session.range({ from, to: endOf(prefix) }, limit);
    const entries: IssueUser[] = [];
    for (const [key, bytes] of found) {
      const [lastDay, lastTurn] = await lastSeenIn(bytes);
      entries.push({ issueId, user: hexOf(key.slice(prefix.length)), lastDay, lastTurn });
    }
    return { entries, next: entries.length < limit ? null : (entries.at(-1)?.user ?? null) };
  }

  /** The user at a key. */
  async storedAt(key: Uint8Array, bytes: Uint8Array): Promise<IssueUser> {
    const start = KEYS.allUsers.length;
    const [lastDay, lastTurn] = await lastSeenIn(bytes);
    return { issueId: idAt(key, start), user: hexOf(key.slice(start + ID_BYTES)), lastDay, lastTurn };
  }

  /** Adds or replaces a user. */
  async save({ issueId, user, lastDay, lastTurn }: IssueUser): Promise<void> {
    const issue = requireIdPart(issueId);
    await this.#save(issue, requireUserPart(user), [lastDay, lastTurn]);
  }

  /** Removes a user. */
  async remove({ issueId, user }: IssueUserRef): Promise<void> {
    const [issue, hash] = [idPart(issueId), userPart(user)];
    const lastSeen = issue && hash && (await this.#lastSeen(issue, hash));
    if (issue === undefined || hash === undefined || lastSeen === undefined) return;
    await this.#session.remove(KEYS.user(issue, hash));
    await this.#session.remove(KEYS.userByDay(issue, lastSeen[0], hash));
    await this.#session.remove(KEYS.userByTurn(issue, lastSeen[1], hash));
  }

  /** Sets days of users back. */
  async setBack({ issueId, day }: LatestUserDay): Promise<void> {
    const issue = idPart(issueId);
    if (issue === undefined) return;
    const later = bounds(KEYS.usersByDay(issue), day + 1);
    for await (const [key, turn] of this.#session.scan(later)) {
      await this.#save(issue, key.slice(-ID_BYTES), [day, numberAt(turn, 0)]);
    }
  }

  /** Removes all users of an issue. */
  async removeOf(issue: Uint8Array): Promise<void> {
    for (const prefix of [KEYS.users(issue), KEYS.usersByDay(issue), KEYS.usersByTurn(issue)]) {
      await this.#session.removeAll(within(prefix));
    }
  }

  async #save(issue: Uint8Array, user: Uint8Array, [lastDay, lastTurn]: LastSeen): Promise<void> {
    const before = await this.#lastSeen(issue, user);
    if (before !== undefined && before[0] !== lastDay) {
      await this.#session.remove(KEYS.userByDay(issue, before[0], user));
    }
    if (before !== undefined && before[1] !== lastTurn) {
      await this.#session.remove(KEYS.userByTurn(issue, before[1], user));
    }
    await this.#session.put(KEYS.user(issue, user), jsonBytes([lastDay, lastTurn] satisfies LastSeen));
    await this.#session.put(KEYS.userByDay(issue, lastDay, user), numberPart(lastTurn));
    await this.#session.put(KEYS.userByTurn(issue, lastTurn, user), numberPart(lastDay));
  }

  async #lastSeen(issue: Uint8Array, user: Uint8Array): Promise<LastSeen | undefined> {
    const bytes = await this.#session.get(KEYS.user(issue, user));
    return bytes && lastSeenIn(bytes);
  }
}

async function lastSeenIn(bytes: Uint8Array): Promise<LastSeen> {
  return unlessDamaged(() => readJson("a user's last days", bytes, lastSeenShape), NEVER);
}

/** The keys of an index of numbers from one on. */
function bounds(prefix: Uint8Array, from: number): KeyBounds {
  return { from: concat(prefix, numberPart(from)), to: endOf(prefix) };
}

function requireUserPart(user: string): Uint8Array {
  const part = userPart(user);
  if (part !== undefined) return part;
  throw new IssueLifecycleError("store-failed", `A user's hash is ${String(2 * ID_BYTES)} hexadecimal digits.`);
}
