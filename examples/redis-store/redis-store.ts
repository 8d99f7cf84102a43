import { Redis } from "ioredis";
import { IssueLifecycleError, type IssueStore } from "issue-lifecycle";
import { RedisReader } from "./redis-reader.ts";
import { RedisTransaction } from "./redis-transaction.ts";
import { orFail, RedisUnit } from "./redis-unit.ts";

/** How to open a Redis store. */
export interface RedisStoreOptions {
  /** Where the server is, such as `redis://127.0.0.1:6379/0`. */
  readonly url: string;
}

/** How often a transaction that others were faster than is run again before the store gives up. */
const TRIES = 100;

/**
 * Opens a store on a Redis server. A transaction watches all that it reads and writes at its end, all at once, unless
 * somebody has changed any of it: then it is run again. Transactions of one store come one after the other, for there is one
 * connection.
 */
export async function openRedisStore({ url }: RedisStoreOptions): Promise<IssueStore> {
  let redis: Redis | undefined = await connect(url);
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;

  /** The connection, or a new one where that was lost: between transactions, never in one. */
  async function connection(): Promise<Redis> {
    if (redis?.status !== "ready") redis = await connect(url);
    return redis;
  }

  /** Commits, or looks whether what was read still holds. A connection that fails is not used again. */
  async function end(ending: Promise<boolean>): Promise<boolean> {
    try {
      return await ending;
    } catch (error) {
      redis?.disconnect();
      redis = undefined;
      throw error;
    }
  }

  /** Runs work when all work before it has ended. */
  function enqueue<Result>(work: () => Promise<Result>): Promise<Result> {
    if (closed) return Promise.reject(new IssueLifecycleError("closed", "The store was closed."));
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  }

  /** Runs work until nobody changes meanwhile what it has read. */
  async function runAlone<Result>(work: (unit: RedisUnit) => Promise<Result>): Promise<Result> {
    for (let left = TRIES; left > 0; left--) {
      const unit = new RedisUnit(await connection());
      const [outcome] = await Promise.allSettled([work(unit)]);
      if (outcome.status === "fulfilled" && (await end(unit.commit()))) return outcome.value;
      // Work that read what never was may fail for that very reason: it is run again too.
      if (outcome.status === "rejected" && (await end(unit.abandon()).catch(() => true))) throw outcome.reason;
    }
    throw new IssueLifecycleError("store-busy", "Others were faster, again and again.", { retryable: true });
  }

  return {
    transaction: (work) => enqueue(() => runAlone((unit) => work(new RedisTransaction(unit)))),
    read: (work) => enqueue(() => runAlone((unit) => work(new RedisReader(unit)))),
    async close() {
      closed = true;
      await last;
      redis?.disconnect();
    },
  };
}

/**
 * Connects. What is watched is watched by a connection, and is forgotten with it: so it is never replaced behind a
 * transaction's back, and no command is ever sent again on another.
 */
async function connect(url: string): Promise<Redis> {
  const redis = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => null,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
  });
  // Every command reports its own failure; without a listener ioredis writes each of them to the console as well.
  redis.on("error", () => undefined);
  try {
    await orFail(redis.connect());
  } catch (error) {
    redis.disconnect();
    throw error;
  }
  return redis;
}
