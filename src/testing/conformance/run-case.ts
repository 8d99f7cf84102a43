import type { IssueStore } from "../../ports/issue-store.ts";
import { expectEqual } from "../assertion/assertion.ts";
import type { ConformanceCase } from "./case.ts";
import type { ConformanceCapability, ConformanceSubject } from "./subject.ts";

/** How long a case may take, in milliseconds: far longer than any does, so that only a store that hangs reaches it. */
const CASE_LIMIT_MS = 120_000;

/** How long closing a handle may take: it waits for transactions in flight, which may hang. */
const CLOSE_LIMIT_MS = 10_000;

/** Rejects when a promise is not settled in time. */
async function within(limitMs: number, promise: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`The store did not answer within ${String(limitMs / 1_000)} seconds.`));
    }, limitMs);
  });
  try {
    await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Runs one case on a fresh store, and closes every handle. Rejects with what is wrong. */
export async function runCase(subject: ConformanceSubject, { run }: ConformanceCase): Promise<void> {
  const { store, openSecond, raw, beginHost, dispose } = await subject.open();
  const handles = new Set<IssueStore>([store]);
  const unclosed: unknown[] = [];
  try {
    await within(
      CASE_LIMIT_MS,
      run({
        store,
        hasOutbox: subject.lacks?.outbox === undefined,
        openSecond: async () => {
          if (openSecond === undefined) throw missing(subject, "openSecond", "second-handle");
          const second = await openSecond();
          handles.add(second);
          return second;
        },
        raw: () => {
          if (raw === undefined) throw missing(subject, "raw", "raw-reader");
          return raw;
        },
        beginHost: async () => {
          if (beginHost === undefined) throw missing(subject, "beginHost", "host-transactions");
          return beginHost();
        },
      }),
    );
  } finally {
    const closings = await Promise.allSettled(Array.from(handles, (handle) => within(CLOSE_LIMIT_MS, handle.close())));
    await dispose?.();
    for (const closing of closings) if (closing.status === "rejected") unclosed.push(closing.reason);
  }
  // Not reached after a failed case: its own error says more than that of closing.
  expectEqual("the errors of closing the handles", unclosed, []);
}

function missing({ name }: ConformanceSubject, member: string, capability: ConformanceCapability): Error {
  return new Error(
    `${name}: open() returned no ${member}; return one, or give the reason why there is none in lacks["${capability}"].`,
  );
}
