import type { ChainableCommander, Redis } from "ioredis";
import { IssueLifecycleError } from "issue-lifecycle";

/** A member of a sorted set. */
export interface Ranked {
  readonly member: string;
  readonly score: number;
}

/**
 * One transaction's view of Redis: remembers what was read and watches it, and keeps what is to be written to itself until
 * the end, so that reads see it and nobody else does. Needs a connection of its own, because `watch` belongs to one.
 */
export class RedisUnit {
  readonly #redis: Redis;
  /** Documents as this transaction sees them; `null` where there is none. */
  readonly #documents = new Map<string, string | null>();
  /** Sorted sets that were read, as this transaction sees them. */
  readonly #sets = new Map<string, Map<string, number>>();
  /** What is to change in sorted sets; no score is a member that goes. */
  readonly #ranks = new Map<string, Map<string, number | undefined>>();
  readonly #writes: ((commands: ChainableCommander) => void)[] = [];

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** Documents by their keys, as JSON; `null` where there is none. */
  async documents(keys: readonly string[]): Promise<(string | null)[]> {
    const missing = [...new Set(keys)].filter((key) => !this.#documents.has(key));
    if (missing.length > 0) {
      await orFail(this.#redis.watch(...missing));
      const found = await orFail(this.#redis.mget(...missing));
      missing.forEach((key, index) => this.#documents.set(key, found[index] ?? null));
    }
    return keys.map((key) => this.#documents.get(key) ?? null);
  }

  /** Writes a document, or removes it. */
  put(key: string, document: string | null): void {
    this.#documents.set(key, document);
    this.#writes.push((commands) => (document === null ? commands.del(key) : commands.set(key, document)));
  }

  /** The members of a sorted set, least score first, equals in the order of their bytes. */
  async ranked(key: string): Promise<Ranked[]> {
    const members = Array.from(await this.#members(key), ([member, score]) => ({ member, score }));
    return members.sort((one, other) => one.score - other.score || (one.member < other.member ? -1 : 1));
  }

  /** Puts a member into a sorted set, or in another place of it; without a score, takes it out. */
  rank(key: string, member: string, score: number | undefined): void {
    const ranks = this.#ranks.get(key) ?? new Map<string, number | undefined>();
    this.#ranks.set(key, ranks.set(member, score));
    const read = this.#sets.get(key);
    if (read !== undefined) apply(read, member, score);
    this.#writes.push((commands) =>
      score === undefined ? commands.zrem(key, member) : commands.zadd(key, score, member),
    );
  }

  /** Writes everything, unless somebody has changed what was read: then nothing is written, and the answer is `false`. */
  async commit(): Promise<boolean> {
    return this.#execute(this.#writes);
  }

  /** Writes nothing. Says whether what was read is still so: if it is not, it may never have been so all at once. */
  async abandon(): Promise<boolean> {
    return this.#execute([]);
  }

  async #execute(writes: readonly ((commands: ChainableCommander) => void)[]): Promise<boolean> {
    const commands = this.#redis.multi();
    for (const write of writes) write(commands);
    const replies = await orFail(commands.exec());
    if (replies === null) return false;
    for (const [error] of replies) if (error !== null) await orFail(Promise.reject(error));
    return true;
  }

  async #members(key: string): Promise<Map<string, number>> {
    const known = this.#sets.get(key);
    if (known !== undefined) return known;
    await orFail(this.#redis.watch(key));
    const flat = await orFail(this.#redis.zrange(key, "0", "-1", "WITHSCORES"));
    const members = new Map<string, number>();
    for (let index = 0; index < flat.length; index += 2) members.set(flat[index] ?? "", Number(flat[index + 1]));
    for (const [member, score] of this.#ranks.get(key) ?? []) apply(members, member, score);
    this.#sets.set(key, members);
    return members;
  }
}

function apply(members: Map<string, number>, member: string, score: number | undefined): void {
  if (score === undefined) members.delete(member);
  else members.set(member, score);
}

/** Says in the library's words that Redis failed. */
export async function orFail<Result>(command: Promise<Result>): Promise<Result> {
  try {
    return await command;
  } catch (cause) {
    throw new IssueLifecycleError("store-failed", `Redis failed: ${String(cause)}`, { cause });
  }
}
