import { createMemoryStore } from "../../../src/memory/memory-store.ts";
import type { IssueStore, LoadRequest, StoreReader } from "../../../src/ports/issue-store.ts";

import { outboxOf, replacing, type Mutant } from "./harness.ts";

/** What a handle serves from its cache: a method's answers, or a member of what `load` returns. */
interface Cached {
  readonly method: string;
  /** The member, and what of the request it depends on. */
  readonly loaded?: readonly [member: string, by: (request: LoadRequest) => unknown];
  /** Where the handle looks into its cache. Default: everywhere. */
  readonly within?: "reads" | "transactions";
}

/** Remembers answers by what was asked. A function, such as `details`, is no part of a question. */
class Cache {
  readonly #answers = new Map<string, unknown>();

  /** The answer that a question had first. */
  async answer(question: unknown, ask: () => unknown): Promise<unknown> {
    const key = JSON.stringify(question);
    if (!this.#answers.has(key)) this.#answers.set(key, await ask());
    return this.#answers.get(key);
  }

  clear(): void {
    this.#answers.clear();
  }
}

/** Methods of a reader, of which one answers from a cache until the handle itself writes. */
function serving<Methods extends object>(methods: Methods, { method, loaded }: Cached, cache: Cache): Methods {
  return new Proxy(methods, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (name === "outbox" && typeof member === "object" && member) return serving(member, { method }, cache);
      if (typeof member !== "function") return member;
      return async (...input: unknown[]) => {
        const ask = (): unknown => Reflect.apply(member, target, input);
        if (name === "write") cache.clear();
        if (name !== method) return ask();
        if (loaded === undefined) return cache.answer([name, input], ask);
        const answer: object = await Reflect.apply(member, target, input);
        const [part, by] = loaded;
        const question = Reflect.apply(by, undefined, input);
        return { ...answer, [part]: await cache.answer([part, question], () => Reflect.get(answer, part)) };
      };
    },
  });
}

/** A second handle that serves what it has read before. */
function caching(cached: Cached): (store: IssueStore) => IssueStore {
  return (store) => {
    const cache = new Cache();
    const { within } = cached;
    const wrap = <Reader extends StoreReader>(reader: Reader): Reader => serving(reader, cached, cache);
    return {
      ...store,
      ...(within !== "reads" && { transaction: (work) => store.transaction((inner) => work(wrap(inner))) }),
      ...(within !== "transactions" && { read: (work) => store.read((inner) => work(wrap(inner))) }),
    };
  };
}

const byProjects = ({ projectIds, groups, issues }: LoadRequest): unknown => [projectIds, groups, issues];

/** What a second handle caches, and the case that sees it. */
const CACHED: readonly (readonly [what: string, cached: Cached, seenBy: string])[] = [
  ["projects", { method: "findProjects" }, "handles-agree"],
  ["issues", { method: "findIssues" }, "handles-agree"],
  ["pages of issues", { method: "pageIssues" }, "handles-agree"],
  ["counts of issues", { method: "countIssues" }, "handles-agree"],
  ["history", { method: "pageHistory" }, "handles-agree"],
  ["counters", { method: "findCounters" }, "handles-agree"],
  ["marks", { method: "findMarks" }, "handles-agree"],
  ["users", { method: "findUsers" }, "handles-agree"],
  ["counts of users", { method: "countUsers" }, "handles-agree"],
  ["releases", { method: "findReleases" }, "handles-agree"],
  ["pages of releases", { method: "pageReleases" }, "handles-agree"],
  ["timelines", { method: "findTimelines" }, "handles-agree"],
  ["events", { method: "findEvent" }, "handles-agree"],
  ["pages of alerts", { method: "page" }, "handles-agree-on-alerts"],
  ["counts of alerts", { method: "count" }, "handles-agree-on-alerts"],
  ["tallies", { method: "lockTallies" }, "handles-agree-on-alerts"],
  ["loaded projects", { method: "load", loaded: ["projects", byProjects] }, "handles-agree"],
  ["duplicates", { method: "load", loaded: ["duplicateOf", ({ events }) => events] }, "handles-agree"],
  ["the issues of groups", { method: "load", loaded: ["grouped", ({ groups }) => groups] }, "handles-agree"],
  [
    "the issues of former groups",
    { method: "load", loaded: ["formerGrouped", (request) => request.formerGroups] },
    "handles-agree",
  ],
  ["loaded issues", { method: "load", loaded: ["issues", ({ issues }) => issues] }, "handles-agree"],
  ["loaded releases", { method: "load", loaded: ["releases", ({ releases }) => releases] }, "handles-agree"],
  [
    "loaded timelines",
    { method: "load", loaded: ["timelines", ({ timelines, releases }) => [timelines, releases]] },
    "handles-agree",
  ],
  ["loaded counters", { method: "load", loaded: ["counters", () => "counters"] }, "handles-agree"],
  [
    "loaded marks",
    { method: "load", loaded: ["marks", ({ issues, releases }) => [issues, releases]] },
    "handles-agree",
  ],
  ["projects for reads alone", { method: "findProjects", within: "reads" }, "handles-agree"],
  ["issues for reads alone", { method: "findIssues", within: "reads" }, "handles-agree"],
  ["pages of issues for reads alone", { method: "pageIssues", within: "reads" }, "handles-agree"],
  ["history for reads alone", { method: "pageHistory", within: "reads" }, "handles-agree"],
  ["events for reads alone", { method: "findEvent", within: "reads" }, "handles-agree"],
  ["timelines for reads alone", { method: "findTimelines", within: "reads" }, "handles-agree"],
  ["pages of alerts for reads alone", { method: "page", within: "reads" }, "handles-agree-on-alerts"],
  ["counts of alerts for reads alone", { method: "count", within: "reads" }, "handles-agree-on-alerts"],
];

/** What a second handle claims is what the first has not claimed since it looked. */
const claimsFromItsList: Mutant = {
  name: "claims, on a second handle, from the list of alerts that it has read before",
  seenBy: "handles-agree-on-alerts",
  open: createMemoryStore,
  openSecond: (store) => {
    const known = new Set<string>();
    return {
      ...store,
      transaction: (work) =>
        store.transaction((inner) => {
          const outbox = outboxOf(inner);
          return work(
            replacing(inner, {
              outbox: replacing(outbox, {
                claim: async (claim) => {
                  if (known.size === 0) {
                    const listed = await outbox.page({ status: "pending", after: null, limit: 10_000 });
                    for (const each of listed) if ("alert" in each) known.add(each.alert.id);
                  }
                  const claimed = await outbox.claim(claim);
                  return claimed.filter(({ alert }) => known.has(alert.id));
                },
              }),
            }),
          );
        }),
    };
  },
};

export const handleMutants: readonly Mutant[] = [
  ...CACHED.map(([what, cached, seenBy]) => ({
    name: `serves from the cache of a second handle ${what}`,
    seenBy,
    open: createMemoryStore,
    openSecond: caching(cached),
  })),
  claimsFromItsList,
];
