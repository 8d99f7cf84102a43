import type { IssueStore, StoreReader, StoreTransaction } from "../../src/ports/index.ts";

/** What a store was asked: each call, with the number of values that it returned. */
export class StoreCalls {
  readonly #calls: string[] = [];

  add(method: string, returned: unknown): void {
    this.#calls.push(`${method}: ${String(countOf(returned))}`);
  }

  /** The calls since the last time. */
  take(): string[] {
    return this.#calls.splice(0);
  }
}

/** The values in lists, maps and the members of what a store returned. */
function countOf(value: unknown): number {
  if (value instanceof Uint8Array || typeof value !== "object" || value === null) return 0;
  if (value instanceof Map) return [...value.values()].reduce<number>((sum, each) => sum + 1 + countOf(each), 0);
  if (Array.isArray(value)) {
    return value.reduce<number>((sum, each) => sum + (each === undefined ? 0 : 1) + countOf(each), 0);
  }
  return Object.values(value).reduce<number>((sum, each) => sum + countOf(each), 0);
}

/** A store that notes what it is asked. */
export function countingStore(store: IssueStore, calls: StoreCalls): IssueStore {
  return {
    ...store,
    transaction: (work) => store.transaction((transaction) => work(counting<StoreTransaction>(transaction, calls))),
    read: (work) => store.read((reader) => work(counting<StoreReader>(reader, calls))),
  };
}

function counting<Target extends StoreReader>(target: Target, calls: StoreCalls): Target {
  return new Proxy(target, {
    get(of, name) {
      const member: unknown = Reflect.get(of, name, of);
      if (typeof member !== "function") return member;
      return async (...given: unknown[]): Promise<unknown> => {
        const returned: unknown = await Reflect.apply(member, of, given);
        calls.add(String(name), name === "write" ? given : returned);
        return returned;
      };
    },
  });
}
