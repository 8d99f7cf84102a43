import type { ChainableCommander, Redis } from "ioredis";
import { IssueLifecycleError } from "issue-lifecycle";

/** A member of a sorted set. */
export interface Ranked {
  readonly member: string;
  readonly score: number;
}

type Write = (commands: ChainableCommander) => unknown;

/**
 * The data as one transaction sees it. It watches each key that it reads, and collects its writes until the end; reads see
 * them. It needs the connection for itself, because Redis watches keys per connection.
 */
export class RedisUnit {
  readonly #redis: Redis;
  /** The documents that were read or written, as JSON; `null` for none. */
  readonly #documents = new Map<string, string | null>();
  /** The sorted sets that were read, with this transaction's changes. */
  readonly #sets = new Map<string, Map<string, number>>();
  /** The changes of sorted sets; no score removes a member. */
  readonly #ranks = new Map<string, Map<string, number | undefined>>();
  readonly #writes: Write[] = [];

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** For each key its document, as this store wrote it; `undefined` for none. */
  async all<Document>(keys: readonly string[]): Promise<(Document | undefined)[]> {
    const missing = [...new Set(keys)].filter((key) => !this.#documents.has(key));
    if (missing.length > 0) {
      await orFail(this.#redis.watch(...missing));
      const found = await orFail(this.#redis.mget(...missing));
      missing.forEach((key, index) => this.#documents.set(key, found[index] ?? null));
    }
    return keys.map((key) => {
      const json = this.#documents.get(key) ?? null;
      return json === null ? undefined : parse<Document>(json);
    });
  }

  /** The document of a key. */
  async get<Document>(key: string): Promise<Document | undefined> {
    return (await this.all<Document>([key]))[0];
  }

  /** Writes a document; `undefined` removes it. */
  put(key: string, document: unknown): void {
    const json = document === undefined ? null : JSON.stringify(document);
    this.#documents.set(key, json);
    this.#writes.push((commands) => (json === null ? commands.del(key) : commands.set(key, json)));
  }

  /** The members of a sorted set: lowest score first, ties in the order of their bytes. */
  async ranked(key: string): Promise<Ranked[]> {
    const members = Array.from(await this.#members(key), ([member, score]) => ({ member, score }));
    return members.sort((one, other) => one.score - other.score || (one.member < other.member ? -1 : 1));
  }

  /** The members with a score of at least `from`, highest first, at most `limit`. Reads no more than these. */
  async highest(key: string, from: number, limit: number): Promise<string[]> {
    const ranks = this.#ranks.get(key) ?? new Map<string, number | undefined>();
    await orFail(this.#redis.watch(key));
    // Those that this transaction has changed may be among them.
    const most = Math.min(limit + ranks.size, Number.MAX_SAFE_INTEGER);
    const flat = await orFail(this.#redis.zrevrangebyscore(key, "+inf", from, "WITHSCORES", "LIMIT", 0, most));
    const members = membersOf(flat);
    for (const [member, score] of ranks) setScore(members, member, score);
    const found = Array.from(members).filter(([, score]) => score >= from);
    return found
      .sort(([, one], [, other]) => other - one)
      .slice(0, limit)
      .map(([member]) => member);
  }

  /** Adds a member to a sorted set, or changes its score; without a score, removes it. */
  rank(key: string, member: string, score: number | undefined): void {
    const ranks = this.#ranks.get(key) ?? new Map<string, number | undefined>();
    this.#ranks.set(key, ranks.set(member, score));
    const read = this.#sets.get(key);
    if (read !== undefined) setScore(read, member, score);
    this.#writes.push((commands) =>
      score === undefined ? commands.zrem(key, member) : commands.zadd(key, score, member),
    );
  }

  /** Writes everything, and returns `true`; or returns `false` and writes nothing if a key that was read has changed. */
  async commit(): Promise<boolean> {
    return this.#execute(this.#writes);
  }

  /** Writes nothing. Returns whether the keys that were read are unchanged, so that the reads are of one state. */
  async abandon(): Promise<boolean> {
    return this.#execute([]);
  }

  async #execute(writes: readonly Write[]): Promise<boolean> {
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
    const members = membersOf(flat);
    for (const [member, score] of this.#ranks.get(key) ?? []) setScore(members, member, score);
    this.#sets.set(key, members);
    return members;
  }
}

function parse<Document>(json: string): Document {
  return JSON.parse(json);
}

/** The members and scores that Redis returns one after the other. */
function membersOf(flat: readonly string[]): Map<string, number> {
  const members = new Map<string, number>();
  for (let index = 0; index < flat.length; index += 2) members.set(flat[index] ?? "", Number(flat[index + 1]));
  return members;
}

function setScore(members: Map<string, number>, member: string, score: number | undefined): void {
  if (score === undefined) members.delete(member);
  else members.set(member, score);
}

/** Reports a failure of Redis as `store-failed`. */
export async function orFail<Result>(command: Promise<Result>): Promise<Result> {
  try {
    return await command;
  } catch (cause) {
    throw new IssueLifecycleError("store-failed", `Redis failed: ${String(cause)}`, { cause });
  }
}
