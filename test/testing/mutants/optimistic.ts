import { isDeepStrictEqual } from "node:util";
import { IssueLifecycleError } from "../../../src/core/errors.ts";
import { createMemoryStore } from "../../../src/memory/memory-store.ts";
import type { IssueStore, StoreChanges, StoreTransaction } from "../../../src/ports/issue-store.ts";

import { outboxOf } from "./harness.ts";

/** A call of a method of a transaction or its outbox, what it was given and what it answered. */
export interface Call {
  readonly method: string;
  readonly input: readonly unknown[];
  readonly answer: unknown;
}

/** What a call answers when its transaction is done again, as far as it must be the same; `IGNORED` for nothing. */
export type Compare = (call: Call, again: unknown) => unknown;

const SAME: Compare = (_, again) => again;

/** Ends the first of the two times that a transaction is done. */
class Undo extends Error {}

/** Says that another transaction has changed what this one was told. */
class Changed extends Error {}

/** How often other transactions can come between. */
const TURNS = 5;

/** Records calls. The details of a load are asked for once: the answer is part of the record. */
function recording<Methods extends object>(methods: Methods, calls: Call[]): Methods {
  return new Proxy(methods, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (name === "outbox" && typeof member === "object" && member) return recording(member, calls);
      if (typeof member !== "function" || typeof name !== "string") return member;
      return async (...given: unknown[]) => {
        const input = name === "load" ? given.map(rememberingDetails) : given;
        const answer: unknown = await Reflect.apply(member, target, input);
        calls.push({ method: name, input, answer });
        return answer;
      };
    },
  });
}

function rememberingDetails(request: unknown): unknown {
  if (typeof request !== "object" || request === null) return request;
  const details: unknown = Reflect.get(request, "details");
  if (typeof details !== "function") return request;
  let known: unknown;
  return { ...request, details: (loaded: unknown) => (known ??= Reflect.apply(details, undefined, [loaded])) };
}

const OUTBOX = new Set(["page", "count", "claim", "settle", "move", "evict", "replace", "lockTallies", "writeTallies"]);

/** Does a call again. */
async function repeat(inner: StoreTransaction, { method, input }: Call): Promise<unknown> {
  const target = OUTBOX.has(method) ? outboxOf(inner) : inner;
  const member: unknown = Reflect.get(target, method);
  if (typeof member !== "function") throw new Error(`There is no method ${method}.`);
  return Reflect.apply(member, target, input);
}

/** As {@link repeat}. A write that is refused is done without what another transaction wrote first. */
async function repeatOrDrop(inner: StoreTransaction, call: Call, dropped?: keyof StoreChanges): Promise<unknown> {
  try {
    return await repeat(inner, call);
  } catch (error) {
    const [changes] = call.input;
    if (dropped === undefined || call.method !== "write" || !IssueLifecycleError.is(error)) throw error;
    if (typeof changes !== "object" || changes === null) throw error;
    return repeat(inner, { ...call, input: [{ ...changes, [dropped]: undefined }] });
  }
}

/**
 * A memory store that locks nothing: it does the work of a transaction on what there is, undoes it, and does the same writes
 * again when others had their turn. If what a method answers is not the same then, it begins anew. What it does not compare is
 * what it fails to protect.
 *
 * @param dropped - what is left out of a write that is refused the second time
 */
export function optimistic(compare: Compare = SAME, dropped?: keyof StoreChanges): () => IssueStore {
  return () => {
    const store = createMemoryStore();
    const running = new Set<Promise<unknown>>();
    let isClosed = false;
    async function attempt<Result>(work: (transaction: StoreTransaction) => Promise<Result>): Promise<Result> {
      const calls: Call[] = [];
      const results: Result[] = [];
      try {
        await store.transaction(async (inner) => {
          results.push(await work(recording(inner, calls)));
          throw new Undo();
        });
      } catch (error) {
        if (!(error instanceof Undo)) throw error;
      }
      for (let turn = 0; turn < TURNS; turn++) await Promise.resolve();
      await store.transaction(async (inner) => {
        for (const call of calls) {
          const again = compare(call, await repeatOrDrop(inner, call, dropped));
          if (again !== IGNORED && !isDeepStrictEqual(again, call.answer)) throw new Changed();
        }
      });
      const [result] = results;
      return result ?? Reflect.get({}, "no result");
    }
    async function attemptAgain<Result>(work: (transaction: StoreTransaction) => Promise<Result>): Promise<Result> {
      for (;;) {
        try {
          return await attempt(work);
        } catch (error) {
          if (!(error instanceof Changed)) throw error;
        }
      }
    }
    return {
      ...store,
      transaction: async (work) => {
        if (isClosed) return store.transaction(work);
        const result = attemptAgain(work);
        running.add(result);
        return result.finally(() => running.delete(result));
      },
      close: async () => {
        isClosed = true;
        await Promise.allSettled(running);
        await store.close();
      },
    };
  };
}

export const IGNORED = Symbol("ignored");
