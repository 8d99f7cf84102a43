import type { UserCounts, UserWindow } from "../core/conditions/condition-rule.ts";

/** What is known of a user. */
interface User {
  /** The newest day on which they occurred. */
  readonly lastDay: number;
  /** Whether they occurred since the last mute: that mute's number. */
  readonly mute: number;
}

/** The different users of past events, exact: one entry for each of them. */
export class PastUsers implements UserCounts {
  readonly #users = new Map<string, User>();
  /** How many users occurred last on each day: all of them, and those since the mute. */
  readonly #all = new Map<number, number>();
  readonly #sinceMute = new Map<number, number>();
  #mute = 0;

  /** Whether no event had a user. */
  get isEmpty(): boolean {
    return this.#users.size === 0;
  }

  /** Adds the user of an event. A late one does not move their newest day back. */
  add(id: string, day: number): void {
    const known = this.#users.get(id);
    const user = { lastDay: Math.max(day, known?.lastDay ?? day), mute: this.#mute };
    if (known !== undefined) addTo(this.#all, known.lastDay, -1);
    if (known?.mute === this.#mute) addTo(this.#sinceMute, known.lastDay, -1);
    this.#users.set(id, user);
    addTo(this.#all, user.lastDay, 1);
    addTo(this.#sinceMute, user.lastDay, 1);
  }

  /** From now on only users of later events have occurred since the mute. */
  beginMute(): void {
    this.#mute++;
    this.#sinceMute.clear();
  }

  count({ fromDay, sinceMute, limit }: UserWindow): number {
    let count = 0;
    for (const [day, users] of sinceMute ? this.#sinceMute : this.#all) {
      if (fromDay === null || day >= fromDay) count += users;
    }
    return Math.min(limit, count);
  }
}

function addTo(perDay: Map<number, number>, day: number, n: number): void {
  const users = (perDay.get(day) ?? 0) + n;
  if (users === 0) perDay.delete(day);
  else perDay.set(day, users);
}
