import { bucketOf } from "../core/calendar.ts";
import type { Evidence, UserCounts, UserWindow } from "../core/conditions/condition-rule.ts";
import { ruleOf, type Condition } from "../core/conditions/condition.ts";
import type { Instant } from "../core/instant.ts";
import type { Issue, IssueState } from "../core/issue.ts";
import type { MuteTerms } from "../core/mute.ts";
import type { PeriodCounter } from "../core/period-counter.ts";
import type { IssueUser, StoreReader, UserCountRequest } from "../ports/issue-store.ts";

/** The number of the mute's turning point, since which users count; 0 for an issue that is not muted. */
export function usersSince(state: IssueState): number {
  return state.status === "muted" ? (state.mute.volume?.usersSince ?? 0) : 0;
}

/** The windows of users that conditions look at, with this evidence. */
export function askedWindows(conditions: readonly Condition[], evidence: Omit<Evidence, "users">): UserWindow[] {
  const asked: UserWindow[] = [];
  const users: UserCounts = {
    count: (window) => {
      asked.push(window);
      return 0;
    },
  };
  for (const condition of conditions) {
    const rule = ruleOf(condition);
    if (rule.countsUsers) rule.standing({ ...evidence, users });
  }
  return asked;
}

/** The users of an issue's windows, as they are stored. */
export class StoredUserCounts implements UserCounts {
  readonly #issueId: string;
  readonly #since: number;
  readonly #counts = new Map<string, number>();

  /** @param since - the number of the mute's turning point, since which users count */
  constructor(issueId: string, since: number) {
    this.#issueId = issueId;
    this.#since = since;
  }

  /** What to count for a window; nothing if that is known. */
  request(window: UserWindow): UserCountRequest[] {
    if (this.#counts.has(this.#keyOf(window))) return [];
    return [{ issueId: this.#issueId, ...this.#bounds(window), limit: window.limit }];
  }

  /** Sets the number of users of a window. */
  set(window: UserWindow, count: number): void {
    this.#counts.set(this.#keyOf(window), count);
  }

  count(window: UserWindow): number {
    const count = this.#counts.get(this.#keyOf(window));
    if (count === undefined) throw new Error("The users of this window were not counted.");
    return count;
  }

  /** Whether a user is one of a window. */
  includes(window: UserWindow, { lastDay, lastTurn }: Pick<IssueUser, "lastDay" | "lastTurn">): boolean {
    const { fromDay, fromTurn } = this.#bounds(window);
    return (fromDay === null || lastDay >= fromDay) && (fromTurn === null || lastTurn >= fromTurn);
  }

  #bounds({ fromDay, sinceMute }: UserWindow): Pick<UserCountRequest, "fromDay" | "fromTurn"> {
    return { fromDay, fromTurn: sinceMute ? this.#since : null };
  }

  #keyOf({ fromDay, sinceMute, limit }: UserWindow): string {
    return `${String(fromDay)} ${String(sinceMute)} ${String(limit)}`;
  }
}

/** Users to count: those of an issue's windows. */
export interface WantedUserCounts {
  readonly counts: StoredUserCounts;
  readonly windows: readonly UserWindow[];
}

/** Counts the users of the windows of some issues, in one step; none if there is nothing to count. */
export async function countUsers(reader: StoreReader, wanted: readonly WantedUserCounts[]): Promise<void> {
  const asked = wanted.flatMap(({ counts, windows }) =>
    windows.flatMap((window) => counts.request(window).map((request) => ({ counts, window, request }))),
  );
  if (asked.length === 0) return;
  const found = await reader.countUsers(asked.map(({ request }) => request));
  asked.forEach(({ counts, window }, index) => {
    counts.set(window, found[index] ?? 0);
  });
}

/** The users that a mute that begins now asks for. Nobody occurred since it. */
export function usersOfNewMute(
  { conditions, sinceMute }: Pick<MuteTerms, "conditions" | "sinceMute">,
  { id, eventCount, firstSeenAt }: Issue,
  counter: PeriodCounter,
  at: Instant,
): WantedUserCounts {
  const counts = new StoredUserCounts(id, 0);
  const countedFrom = sinceMute ? eventCount : 0;
  const windows = askedWindows(conditions, { counter, at, countedFrom, firstSeenAt });
  for (const window of windows) if (window.sinceMute) counts.set(window, 0);
  return { counts, windows };
}

/** The users of an issue while the events of a batch are applied to it. */
export class WorkingUsers implements UserCounts {
  readonly #stored: StoredUserCounts | undefined;
  /** The users of the batch's events as they are stored; `undefined` for those of whom none is. */
  readonly #before = new Map<string, IssueUser | undefined>();
  readonly #after = new Map<string, IssueUser>();

  /** @param stored - the numbers of stored users; `undefined` for an issue without any */
  constructor(stored: StoredUserCounts | undefined) {
    this.#stored = stored;
  }

  /** Sets what is stored of a user. */
  setStored(user: string, stored: IssueUser | undefined): void {
    this.#before.set(user, stored);
  }

  /**
   * Notes the user of an event.
   *
   * @param at - when the event was received; `undefined` for an event that may not change states
   * @param turn - the number of turning points of the issue
   * @returns whether the issue had no event of the user before
   */
  note(issueId: string, user: string, at: Instant | undefined, turn: number): boolean {
    const known = this.#after.get(user) ?? this.#before.get(user);
    const { lastDay, lastTurn } = known ?? { lastDay: -1, lastTurn: -1 };
    const next: IssueUser = {
      issueId,
      user,
      lastDay: at === undefined ? lastDay : Math.max(lastDay, bucketOf("day", at)),
      lastTurn: at === undefined ? lastTurn : Math.max(lastTurn, turn),
    };
    if (known?.lastDay !== next.lastDay || known.lastTurn !== next.lastTurn) this.#after.set(user, next);
    return known === undefined;
  }

  /** The users that changed. */
  changed(): Iterable<IssueUser> {
    return this.#after.values();
  }

  count(window: UserWindow): number {
    const stored = this.#stored ?? NONE_STORED;
    let count = this.#stored?.count(window) ?? 0;
    for (const [user, after] of this.#after) {
      const before = this.#before.get(user);
      const wasIncluded = before !== undefined && stored.includes(window, before);
      if (!wasIncluded && stored.includes(window, after)) count++;
    }
    return Math.min(window.limit, count);
  }
}

const NONE_STORED = new StoredUserCounts("", 0);
