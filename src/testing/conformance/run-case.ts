import type { IssueStore } from "../../ports/issue-store.ts";
import type { ConformanceCase } from "./case.ts";
import type { ConformanceSubject } from "./subject.ts";

/** Puts one case to a fresh store, and leaves nothing open. Rejects with what is wrong. */
export async function runCase(subject: ConformanceSubject, { run }: ConformanceCase): Promise<void> {
  const { store, openSecond, raw, dispose } = await subject.open();
  const handles = new Set<IssueStore>([store]);
  try {
    await run({
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
    });
  } finally {
    for (const handle of handles) await handle.close();
    await dispose?.();
  }
}

function missing({ name }: ConformanceSubject, member: string, capability: string): Error {
  return new Error(
    `${name}: open() gave no ${member}; give one, or say under lacks["${capability}"] why there is none.`,
  );
}
