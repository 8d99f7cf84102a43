import { expectEqual } from "../assertion/assertion.ts";
import type { IssueStore } from "../../ports/issue-store.ts";
import type { ConformanceCase } from "./case.ts";
import type { ConformanceSubject } from "./subject.ts";

/** How long a case may take: far longer than any does, but a store that never answers is found out. */
const CASE_LIMIT_MS = 60_000;

/** Fails when a promise is not settled in time. */
async function within(limitMs: number, promise: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`The store gave no answer for ${String(limitMs / 1_000)} seconds.`));
    }, limitMs);
  });
  try {
    await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Puts one case to a fresh store, and leaves nothing open. Rejects with what is wrong. */
export async function runCase(subject: ConformanceSubject, { run }: ConformanceCase): Promise<void> {
  const { store, openSecond, raw, dispose } = await subject.open();
  const handles = new Set<IssueStore>([store]);
  const unclosed: unknown[] = [];
  try {
    await within(
      CASE_LIMIT_MS,
      run({
        store,
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
      }),
    );
  } finally {
    const closings = await Promise.allSettled(Array.from(handles, (handle) => handle.close()));
    await dispose?.();
    for (const closing of closings) if (closing.status === "rejected") unclosed.push(closing.reason);
  }
  // What a case fails with says more than what closing fails with: this is only reached where it did not.
  expectEqual("what closing the handles failed with", unclosed, []);
}

function missing({ name }: ConformanceSubject, member: string, capability: string): Error {
  return new Error(
    `${name}: open() gave no ${member}; give one, or say under lacks["${capability}"] why there is none.`,
  );
}
