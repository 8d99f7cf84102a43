import type { StoredKind, StoreTransaction } from "../../../src/ports/issue-store.ts";
import type { StoredEntries } from "../../../src/ports/stored-entries.ts";
import { createMemoryStore, type IssueStore } from "../../../src/index.ts";
import { outboxOf, replacing, withMethods, type Mutant } from "./harness.ts";
import { onTables } from "./rewriting.ts";

/** A memory store that puts other entries. */
function putting(change: (entries: StoredEntries) => StoredEntries): () => IssueStore {
  return withMethods((inner) => ({
    putStored: (entries, progress) => inner.putStored(change(entries), progress),
  }));
}

/** A memory store that returns other entries. */
function paging(change: (entries: StoredEntries) => StoredEntries): () => IssueStore {
  return withMethods((inner) => ({
    pageStored: async (request) => {
      const page = await inner.pageStored(request);
      return { ...page, entries: change(page.entries) };
    },
  }));
}

/** Entries with the members of one kind changed. */
function changing<Kind extends StoredKind>(
  kind: Kind,
  change: (entries: Pick<Required<StoredEntries>, Kind>[Kind]) => StoredEntries[Kind],
): (entries: StoredEntries) => StoredEntries {
  const has = (entries: StoredEntries): entries is StoredEntries & Pick<Required<StoredEntries>, Kind> => {
    return entries[kind] !== undefined;
  };
  return (entries) => {
    if (!has(entries)) return entries;
    const own: Pick<Required<StoredEntries>, Kind> = entries;
    return { ...entries, [kind]: change(own[kind]) };
  };
}

/** A memory store of which some methods are others once a method was called that is about copies, or about something else. */
function once(
  isBegun: (method: "putStored" | "addedGroups") => boolean,
  replace: (inner: StoreTransaction) => Partial<StoreTransaction>,
): () => IssueStore {
  return () => {
    let begun = false;
    return withMethods((inner) => ({
      ...(begun ? replace(inner) : {}),
      putStored: (entries, progress) => {
        begun ||= isBegun("putStored");
        return inner.putStored(entries, progress);
      },
      write: (changes) => {
        begun ||= changes.addedGroups !== undefined && isBegun("addedGroups");
        return inner.write(changes);
      },
    }))();
  };
}

/** Pages by places of what a memory store returns at once. */
function inPages(next: (end: number) => number): () => IssueStore {
  return withMethods((inner) => ({
    pageStored: async ({ kind, after, limit }) => {
      const { entries } = await inner.pageStored({ kind, after: null, limit });
      const start = Number(after ?? 0);
      const all = entries[kind] ?? [];
      const end = Math.min(all.length, start + limit);
      return { entries: { [kind]: all.slice(start, end) }, next: end < all.length ? String(next(end)) : null };
    },
  }));
}

/** A memory store that forgets which numbers were given. */
const forgettingNumbers = putting(
  changing("projects", (projects) => projects.map((each) => ({ ...each, issueCount: 0 }))),
);

/** A memory store whose transactions have read the progress of a copy before they begin. */
function readingEarly(): IssueStore {
  const store = createMemoryStore();
  let committed: string | null = null;
  return {
    ...store,
    transaction: async (work) => {
      const before = committed;
      const written: (string | null)[] = [];
      const replace = (inner: StoreTransaction): Partial<StoreTransaction> => ({
        putStored: (entries, text) => {
          written.push(text);
          return inner.putStored(entries, text);
        },
        findCopyProgress: async () => (written.length > 0 ? (written.at(-1) ?? null) : before),
      });
      const result = await store.transaction((inner) => work(replacing(inner, replace(inner))));
      if (written.length > 0) committed = written.at(-1) ?? null;
      return result;
    },
  };
}

/** A memory store that keeps the progress of a copy apart from its transactions. */
function withProgressApart(): IssueStore {
  const store = createMemoryStore();
  let kept: string | null = null;
  const replace = (inner: StoreTransaction): Partial<StoreTransaction> => ({
    putStored: (entries, progress) => {
      kept = progress;
      return inner.putStored(entries, null);
    },
    findCopyProgress: async () => kept,
  });
  return {
    ...store,
    transaction: (work) => store.transaction((inner) => work(replacing(inner, replace(inner)))),
    read: (work) => store.transaction((inner) => work(replacing(inner, replace(inner)))),
  };
}

const KINDS = ["projects", "releases", "issues", "groups", "turningPoints", "users", "marks", "events"] as const;

export const copyMutants: readonly Mutant[] = [
  ...KINDS.map((kind): Mutant => ({
    name: `returns no ${kind} to a copy`,
    seenBy: "stored-paged",
    open: paging(({ [kind]: _left, ...others }) => others),
  })),
  ...(["alerts", "tallies"] as const).map((kind): Mutant => ({
    name: `returns no ${kind} to a copy`,
    seenBy: "stored-paged-in-steps",
    open: paging(({ [kind]: _left, ...others }) => others),
  })),
  ...(["groups", "turningPoints", "users", "marks", "events", "alerts", "tallies"] as const).map((kind): Mutant => ({
    name: `leaves out ${kind} that are put`,
    seenBy: kind === "alerts" || kind === "tallies" ? "stored-alerts-put" : "stored-put",
    open: putting(({ [kind]: _left, ...others }) => others),
  })),
  {
    name: "returns no counters to a copy",
    seenBy: "stored-paged",
    open: paging(changing("issues", (issues) => issues.map((each) => ({ ...each, counter: null })))),
  },
  {
    name: "returns no events of deleted issues to a copy",
    seenBy: "stored-paged",
    open: onTables((inner, { issues }) => ({
      pageStored: async (request) => {
        const { entries, next } = await inner.pageStored(request);
        const ofStored = changing("events", (events) => events.filter(({ issueId }) => issues.has(issueId)));
        return { entries: ofStored(entries), next };
      },
    })),
  },
  {
    name: "returns only the group that opened an issue to a copy",
    seenBy: "stored-paged",
    open: paging(
      changing("groups", (groups) =>
        groups.filter(({ issueId }, place) => groups.findIndex((other) => other.issueId === issueId) === place),
      ),
    ),
  },
  {
    name: "returns long keys whole to a copy",
    seenBy: "stored-paged",
    open: paging(
      changing("groups", (groups) =>
        groups.map((group) => (typeof group.key === "string" ? group : { ...group, key: group.key.sha256 })),
      ),
    ),
  },
  {
    name: "passes over an entry between two pages of a copy",
    seenBy: "stored-paged-in-steps",
    open: inPages((end) => end + 1),
  },
  {
    name: "returns an entry in two pages of a copy",
    seenBy: "stored-paged-in-steps",
    open: inPages((end) => Math.max(1, end - 1)),
  },
  { name: "forgets which numbers issues had that are copied", seenBy: "stored-put", open: forgettingNumbers },
  {
    name: "forgets which numbers releases had that are copied",
    seenBy: "stored-put",
    open: putting(changing("projects", (projects) => projects.map((each) => ({ ...each, releaseCount: 0 })))),
  },
  {
    name: "lets no long key lead to the issue that is copied",
    seenBy: "stored-groups-put",
    open: putting(
      changing("groups", (groups) =>
        groups.map((group) => (typeof group.key === "string" ? group : { ...group, key: group.key.sha256 })),
      ),
    ),
  },
  {
    name: "lets a group that was copied be taken again",
    seenBy: "stored-groups-put",
    open: onTables((inner, { ofProject }) => ({
      write: async (changes) => {
        for (const { group } of changes.addedGroups ?? []) ofProject.get(group.projectId)?.hashedGroups.clear();
        await inner.write(changes);
      },
    })),
  },
  {
    name: "puts alerts as if they were never tried",
    seenBy: "stored-alerts-put",
    open: putting(changing("alerts", (alerts) => alerts.map((each) => ({ ...each, attempts: 0 })))),
  },
  {
    name: "puts pending alerts as due at once",
    seenBy: "stored-alerts-put",
    open: putting(
      changing("alerts", (alerts) =>
        alerts.map((each) =>
          each.state.status === "pending" ? { ...each, state: { status: "pending", dueAt: 0 } } : each,
        ),
      ),
    ),
  },
  {
    name: "puts dead alerts as discarded ones",
    seenBy: "stored-alerts-put",
    open: putting(
      changing("alerts", (alerts) =>
        alerts.map((each) =>
          each.state.status === "dead"
            ? {
                ...each,
                state: { status: "discarded", discardedAt: each.state.diedAt, reason: "", by: { kind: "system" } },
              }
            : each,
        ),
      ),
    ),
  },
  {
    name: "returns no added groups to a copy that a write has added",
    seenBy: "stored-paged",
    open: once(
      (method) => method === "addedGroups",
      (inner) => ({
        pageStored: async (request) => {
          const { entries, next } = await inner.pageStored(request);
          const opening = changing("groups", (groups) => groups.filter(({ strategy }) => strategy !== "sample/2"));
          return { entries: opening(entries), next };
        },
      }),
    ),
  },
  {
    name: "does not wake issues that were copied",
    seenBy: "stored-put",
    open: once(
      (method) => method === "putStored",
      (inner) => ({
        load: async (request) => {
          const loaded = await inner.load(request);
          return request.issues !== undefined && "wakesUntil" in request.issues ? { ...loaded, issues: [] } : loaded;
        },
      }),
    ),
  },
  {
    name: "claims alerts that were copied before they are due",
    seenBy: "stored-alerts-put",
    open: once(
      (method) => method === "putStored",
      (inner) => {
        const outbox = outboxOf(inner);
        return { outbox: replacing(outbox, { claim: (claim) => outbox.claim({ ...claim, now: claim.now + 60_000 }) }) };
      },
    ),
  },
  { name: "keeps the progress of a copy that failed", seenBy: "copy-progress-kept", open: withProgressApart },
  {
    name: "never forgets the progress of a copy",
    seenBy: "copy-progress-kept",
    open: withMethods((inner) => ({
      putStored: async (entries, progress) => inner.putStored(entries, progress ?? (await inner.findCopyProgress())),
    })),
  },
  { name: "reads the progress of a copy before its transaction begins", seenBy: "race-on-a-copy", open: readingEarly },
];
