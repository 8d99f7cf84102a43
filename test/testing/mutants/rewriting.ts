import { MemoryTables } from "../../../src/memory/memory-tables.ts";
import { memoryStoreOn } from "../../../src/memory/memory-store.ts";
import type { IssueStore, StoreTransaction } from "../../../src/ports/issue-store.ts";

import { replacing, type Replaced } from "./harness.ts";

/*
 * Stores that change what they are given or what they answer, by the names of members. The path of a value is its method and
 * the members that lead to it, as in `write.newIssues.issue.title`. An element of a list has the path of the list; a list
 * within a list has another `[]`. The keys of a map have the path of the map and `.key`, an argument after the first `#1`.
 */

/** Returns what takes the place of a value. Called for lists and objects before their elements and members. */
export type Visit = (path: string, value: unknown) => unknown;

/** What a store gets wrong, made anew for each store. */
export interface Rewriting {
  /** Changes what methods are given. */
  readonly given?: Visit;
  /** Changes what methods answer. */
  readonly answered?: Visit;
}

const SAME: Visit = (_, value) => value;

function isFunction(value: unknown): value is (...input: unknown[]) => unknown {
  return typeof value === "function";
}

/** Changes a value and all that it contains. */
function walk(path: string, value: unknown, visit: Visit): unknown {
  const seen = visit(path, value);
  if (Array.isArray(seen)) {
    return seen.map((each: unknown) => walk(Array.isArray(each) ? `${path}[]` : path, each, visit));
  }
  if (seen instanceof Map) {
    return new Map(Array.from(seen, ([key, each]) => [walk(`${path}.key`, key, visit), walk(path, each, visit)]));
  }
  if (isFunction(seen)) return (...input: unknown[]) => walk(path, seen(...input), visit);
  if (typeof seen !== "object" || seen === null || seen instanceof Uint8Array) return seen;
  return Object.fromEntries(Object.entries(seen).map(([name, each]) => [name, walk(`${path}.${name}`, each, visit)]));
}

/** A transaction, or its outbox, of which the methods are given and answer something else. */
function rewritten<Methods extends object>(methods: Methods, rewriting: Rewriting): Methods {
  const { given = SAME, answered = SAME } = rewriting;
  return new Proxy(methods, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof name !== "string" || member === undefined) return member;
      if (!isFunction(member)) return typeof member === "object" && member ? rewritten(member, rewriting) : member;
      return async (...input: unknown[]) => {
        const changed = input.map((each, place) => walk(place === 0 ? name : `${name}#${String(place)}`, each, given));
        return walk(name, await Reflect.apply(member, target, changed), answered);
      };
    },
  });
}

/** A memory store whose methods are given and answer something else. */
export function rewriting(make: (tables: MemoryTables) => Rewriting): () => IssueStore {
  return () => {
    const tables = new MemoryTables();
    const store = memoryStoreOn(tables);
    const made = make(tables);
    const wrap = (inner: StoreTransaction): StoreTransaction => rewritten(inner, made);
    return {
      ...store,
      transaction: (work) => store.transaction((inner) => work(wrap(inner))),
      read: (work) => store.transaction((inner) => work(wrap(inner))),
    };
  };
}

/** The paths of values that are written or looked up. A regular expression is one. */
export interface Paths {
  test(path: string): boolean;
}

/** Those of some paths that lead to what is written. */
export function writtenIn(at: Paths): Paths {
  return { test: (path) => WRITTEN.test(path) && at.test(path) };
}

const WRITTEN = /^(?:write|claim)/u;

/** Changes the texts at some paths. */
export function texts(at: Paths, change: (text: string) => unknown): Visit {
  return (path, value) => (typeof value === "string" && at.test(path) ? change(value) : value);
}

/** Changes the numbers at some paths. */
export function numbers(at: Paths, change: (value: number) => unknown): Visit {
  return (path, value) => (typeof value === "number" && at.test(path) ? change(value) : value);
}

/** Changes the lists and maps at some paths. */
export function lists(at: Paths, change: (list: readonly unknown[]) => readonly unknown[]): Visit {
  return (path, value) => {
    if (!at.test(path)) return value;
    if (Array.isArray(value)) return change(value);
    if (!(value instanceof Map)) return value;
    return new Map(change([...value]).filter((each): each is [unknown, unknown] => Array.isArray(each)));
  };
}

/** A memory store that stores other texts in some columns. */
export function storing(at: Paths, change: (text: string) => unknown): () => IssueStore {
  return rewriting(() => ({ given: texts(at, change) }));
}

/** A memory store in which keys are one where their norms are equal: the first that was written stands for all of them. */
export function confusing(at: Paths, normOf: (key: string) => string): () => IssueStore {
  return rewriting(() => {
    const known = new Map<string, string>();
    return {
      given: (path, value) => {
        if (typeof value !== "string" || !at.test(path)) return value;
        const norm = normOf(value);
        const first = known.get(norm) ?? value;
        if (WRITTEN.test(path)) known.set(norm, first);
        return first;
      },
    };
  });
}

/** A memory store that answers with other lists. */
export function answering(at: Paths, change: (list: readonly unknown[]) => readonly unknown[]): () => IssueStore {
  return rewriting(() => ({ answered: lists(at, change) }));
}

/** A memory store, the reads of which are transactions, with some methods replaced by others that know the tables. */
export function onTables(replace: (inner: StoreTransaction, tables: MemoryTables) => Replaced): () => IssueStore {
  return () => {
    const tables = new MemoryTables();
    const store = memoryStoreOn(tables);
    const wrap = (inner: StoreTransaction): StoreTransaction => replacing(inner, replace(inner, tables));
    return {
      ...store,
      transaction: (work) => store.transaction((inner) => work(wrap(inner))),
      read: (work) => store.transaction((inner) => work(wrap(inner))),
    };
  };
}
