import { Redis } from "ioredis";
import { IssueLifecycleError, type IssueStore } from "issue-lifecycle";
import { RedisReader } from "./redis-reader.ts";
import { RedisTransaction } from "./redis-transaction.ts";
import { orFail, RedisUnit } from "./redis-unit.ts";

/** How to open a Redis store. */
export interface RedisStoreOptions {
  /** The server's address, such as `redis://127.0.0.1:6379/0`. */
  readonly url: string;
}

/** How often a transaction runs, at most, before the store gives up with `store-busy`. */
const MAX_RUNS = 100;

/**
 * Opens a store on a Redis server. A transaction watches all keys that it reads, and writes at its end, all at once; if one
 * of the keys has changed by then, it writes nothing and runs again. A store has one connection, so its transactions run
 * one after the other.
 */
export async function openRedisStore({ url }: RedisStoreOptions): Promise<IssueStore> {
  let redis: Redis | undefined = await connect(url);
  let last: Promise<unknown> = Promise.resolve();
  let closed = false;

  /** The connection, or a new one if it was lost. Called between transactions, never within one. */
  async function connection(): Promise<Redis> {
    if (redis?.status !== "ready") redis = await connect(url);
    return redis;
  }

  /** Ends a run on the server. A connection that fails is not used again. */
  async function end(ending: Promise<boolean>): Promise<boolean> {
    try {
      return await ending;
    } catch (error) {
      redis?.disconnect();
      redis = undefined;
      throw error;
    }
  }

  /** Runs work after all work before it has ended. */
  function enqueue<Result>(work: () => Promise<Result>): Promise<Result> {
    if (closed) return Promise.reject(new IssueLifecycleError("closed", "The store was closed."));
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  }

  /** Runs work, again and again until nothing that it read has changed meanwhile. */
  async function runIsolated<Result>(work: (unit: RedisUnit) => Promise<Result>): Promise<Result> {
    for (let run = 1; run <= MAX_RUNS; run++) {
      const unit = new RedisUnit(await connection());
      const [outcome] = await Promise.allSettled([work(unit)]);
      if (outcome.status === "fulfilled" && (await end(unit.commit()))) return outcome.value;
      // Work whose reads are not of one state may fail for that reason: it runs again too.
      if (outcome.status === "rejected" && (await end(unit.abandon()).catch(() => true))) throw outcome.reason;
    }
    throw new IssueLifecycleError("store-busy", "Other transactions changed the same data, again and again.", {
      retryable: true,
    });
  }

  return {
    transaction: (work) => enqueue(() => runIsolated((unit) => work(new RedisTransaction(unit)))),
    read: (work) => enqueue(() => runIsolated((unit) => work(new RedisReader(unit)))),
    async close() {
      closed = true;
      await last;
      redis?.disconnect();
    },
  };
}

/**
 * Connects. The watched keys are those of a connection: so it is never replaced during a transaction, and no command is
 * sent again on another.
 */
async function connect(url: string): Promise<Redis> {
  const redis = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => null,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
  });
  // Each command reports its own failure; without a listener ioredis also writes it to the console.
  redis.on("error", () => undefined);
  try {
    await orFail(redis.connect());
  } catch (error) {
    redis.disconnect();
    throw error;
  }
  return redis;
}
