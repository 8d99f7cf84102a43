import { isSearch } from "../../../src/core/issue-list.ts";
import { IssueLifecycleError } from "../../../src/core/errors.ts";
import { slugKeyOf } from "../../../src/core/project.ts";
import { allReadable } from "../../../src/core/unreadable.ts";
import { createMemoryStore } from "../../../src/memory/memory-store.ts";
import type { StoreReader, StoreTransaction } from "../../../src/ports/issue-store.ts";

import { allOf, honest, replacing, withMethods, withOutboxTables, withTables, type Mutant } from "./harness.ts";
import { answering, numbers, onTables, rewriting } from "./rewriting.ts";

const transactions: readonly Mutant[] = [
  {
    name: "copies a transaction's result",
    seenBy: "transaction-commits",
    open: () => {
      const store = createMemoryStore();
      return { ...store, transaction: async (work) => structuredClone(await store.transaction(work)) };
    },
  },
  {
    name: "puts its own error in place of that of a read",
    seenBy: "transaction-passes-errors-on",
    open: () => {
      const store = createMemoryStore();
      return {
        ...store,
        read: (work) =>
          store.read(work).catch((error: unknown) => {
            if (IssueLifecycleError.is(error)) throw error;
            throw new IssueLifecycleError("store-failed", "The read failed.", { cause: error });
          }),
      };
    },
  },
  {
    name: "writes titles to where others read them when it is closed",
    seenBy: "writes-are-real",
    open: createMemoryStore,
    raw: (store) => {
      const titles = new Map<string, string | undefined>();
      const reader = honest(store);
      return {
        ...reader,
        countIssues: async (projectId) => {
          const { entries: issues } = await store.read((each) =>
            each.pageIssues({ ...allOf(projectId), limit: 1_000 }),
          );
          for (const { id, title } of allReadable(issues)) if (!titles.has(id)) titles.set(id, title);
          return issues.length;
        },
        titleOf: async (id) => {
          const title = await reader.titleOf(id);
          return title === undefined ? undefined : (titles.get(id) ?? title);
        },
      };
    },
  },
  {
    name: "reads each thing from a snapshot of its own",
    seenBy: "reads-are-consistent",
    open: () => {
      const store = createMemoryStore();
      return {
        ...store,
        read: async (work) => {
          const readers: StoreReader[] = [];
          await store.read(async (reader) => void readers.push(reader));
          const [reader] = readers;
          if (reader === undefined) throw new Error("There is no reader.");
          return work(
            replacing(reader, {
              findIssues: (selection) => store.read((each) => each.findIssues(selection)),
              findProjects: (selection) => store.read((each) => each.findProjects(selection)),
            }),
          );
        },
      };
    },
  },
];

const projectsAndIssues: readonly Mutant[] = [
  {
    name: "lists projects by their slugs as people sort them",
    seenBy: "many-projects",
    open: withMethods((inner) => ({
      findProjects: async (selection) => {
        const found = await inner.findProjects(selection);
        if (!("limit" in selection)) return found;
        return found.toSorted((one, other) =>
          one.project.slug.localeCompare(other.project.slug, "en", { numeric: true }),
        );
      },
    })),
  },
  {
    name: "takes a slug for taken where its own project has it in another case",
    seenBy: "slug-taken",
    open: withTables((inner, { tables }) => ({
      write: async (changes) => {
        for (const { id, slug } of changes.projects ?? []) {
          const former = tables.projects.get(id)?.project.slug ?? slug;
          if (former !== slug && slugKeyOf(former) === slugKeyOf(slug)) {
            throw new IssueLifecycleError("slug-taken", `${slug} is taken.`);
          }
        }
        await inner.write(changes);
      },
    })),
  },
  {
    name: "takes any number below a hundred for an issue that no other has",
    seenBy: "issues-inserted-once",
    open: withTables((inner, { tables }) => ({
      write: async (changes) => {
        const { newIssues = [] } = changes;
        const before = new Map(tables.projects);
        for (const { projectId, number } of newIssues.map(({ issue }) => issue).slice(0, 1)) {
          const stored = tables.projects.get(projectId);
          const isFree = tables.ofProject.get(projectId)?.numbered.get(number) === undefined;
          if (stored !== undefined && isFree && number < 100) {
            tables.projects.set(projectId, { ...stored, issueCount: Math.min(stored.issueCount, number - 1) });
          }
        }
        try {
          await inner.write(changes);
        } finally {
          for (const [id, { issueCount }] of before) {
            const stored = tables.projects.get(id);
            if (stored !== undefined) {
              tables.projects.set(id, { ...stored, issueCount: Math.max(stored.issueCount, issueCount) });
            }
          }
        }
      },
    })),
  },
];

const pages: readonly Mutant[] = [
  {
    name: "has ties in the order of descending numbers in short pages of all issues in ascending order",
    seenBy: "pages-in-order",
    open: withMethods((inner) => ({
      pageIssues: async (request) => {
        const { descending, order, statuses, after, limit } = request;
        if (descending || isSearch(request) || statuses.length < 3 || limit > 100) return inner.pageIssues(request);
        if (order === "first-seen") return inner.pageIssues(request);
        const valueOf = (issue: { readonly lastSeenAt: number; readonly eventCount: number }): number =>
          order === "last-seen" ? issue.lastSeenAt : issue.eventCount;
        const all = allReadable((await inner.pageIssues({ ...request, after: null, limit: 100_000 })).entries);
        const entries = all
          .sort((one, other) => valueOf(one) - valueOf(other) || other.number - one.number)
          .filter(
            (issue) =>
              after === null ||
              valueOf(issue) > after.value ||
              (valueOf(issue) === after.value && issue.number < after.number),
          )
          .slice(0, limit);
        return { entries, searchedTo: null };
      },
    })),
  },
  {
    name: "ends a list where the issue that a page ended with was deleted",
    seenBy: "pages-follow-changes",
    open: withMethods((inner) => ({
      pageIssues: async (request) => {
        const { after, projectId } = request;
        if (after === null) return inner.pageIssues(request);
        const found = await inner.findIssues({ projectId, number: after.number });
        const [project] = await inner.findProjects({ ids: [projectId] });
        const wasDeleted = found.length === 0 && after.number > 0 && after.number <= (project?.issueCount ?? 0);
        return wasDeleted ? { entries: [], searchedTo: null } : inner.pageIssues(request);
      },
    })),
  },
  {
    name: "lists issues in all states in short pages, where two are requested",
    seenBy: "pages-by-state",
    open: withMethods((inner) => ({
      pageIssues: async (request) =>
        inner.pageIssues(
          request.statuses.length === 2 && request.limit < 100
            ? { ...request, statuses: allOf(request.projectId).statuses }
            : request,
        ),
    })),
  },
];

const marks: readonly Mutant[] = [
  {
    name: "saves no fixes that are claimed in releases that are retired",
    seenBy: "marks-kept",
    open: withTables((inner, { tables }) => ({
      write: async ({ marks: all = [], ...changes }) => {
        const issues = new Map((changes.newIssues ?? []).map(({ issue }) => [issue.id, issue]));
        const isRetired = (issueId: string, orderKey: string): boolean => {
          const { projectId = "" } = tables.issues.get(issueId) ?? issues.get(issueId) ?? {};
          const saved = (changes.releases ?? []).filter((each) => each.projectId === projectId);
          const releases = [
            ...saved.map(({ release }) => release),
            ...(tables.ofProject.get(projectId)?.releaseOrder ?? []),
          ];
          return releases.find((release) => release.orderKey === orderKey)?.standing === "retired";
        };
        const kept = all.filter(({ issueId, mark }) => mark.last === "seen" || !isRetired(issueId, mark.orderKey));
        await inner.write({ ...changes, marks: kept });
      },
    })),
  },
  {
    name: "finds no marks below an order key that no release has",
    seenBy: "marks-nearest",
    open: onTables((inner, tables) => {
      const findMarks: StoreTransaction["findMarks"] = async (requests) =>
        (await inner.findMarks(requests)).map((found, place) => {
          const { upTo = null } = requests[place] ?? {};
          const hasOne = Array.from(tables.ofProject.values()).some(({ releaseOrder }) =>
            releaseOrder.some(({ orderKey }) => orderKey === upTo),
          );
          return upTo === null || hasOne ? found : [];
        });
      return { findMarks };
    }),
  },
  {
    name: "does not save a mark again that was removed",
    seenBy: "marks-removed",
    open: () => {
      const removed = new Set<string>();
      return withMethods((inner) => ({
        write: async ({ marks: saved = [], ...changes }) => {
          const kept = saved.filter(({ issueId, mark }) => !removed.has(`${issueId} ${mark.orderKey}`));
          await inner.write({ ...changes, marks: kept });
          for (const { issueId, orderKey } of changes.deletedMarks ?? []) removed.add(`${issueId} ${orderKey}`);
        },
      }))();
    },
  },
];

const others: readonly Mutant[] = [
  {
    name: "takes the day 0 of a user for none",
    seenBy: "users-kept",
    open: rewriting(() => ({ given: numbers(/^write\.users\.lastDay$/u, (day) => day || -1) })),
  },
  {
    name: "finds users by the first eight digits of their hashes, where there is no other",
    seenBy: "users-kept",
    open: onTables((inner, tables) => ({
      findUsers: async (refs) =>
        (await inner.findUsers(refs)).map((user, place) => {
          const { issueId = "", user: hash = "" } = refs[place] ?? {};
          const alike = Array.from(tables.users.get(issueId)?.rows.values() ?? []).filter((each) =>
            each.user.startsWith(hash.slice(0, 8)),
          );
          return user ?? (alike.length === 1 ? alike[0] : undefined);
        }),
    })),
  },
  {
    name: "takes an event for a duplicate of one in another project",
    seenBy: "digest-keeps-apart",
    open: onTables((inner, tables) => ({
      load: async (request) => {
        const loaded = await inner.load(request);
        const { events = [] } = request;
        const anywhere = (id: string | undefined): string | undefined =>
          Array.from(tables.ofProject.values(), (project) => project.events.get(id ?? "")?.issueId).find(
            (issueId) => issueId !== undefined,
          );
        return { ...loaded, duplicateOf: loaded.duplicateOf.map((own, place) => own ?? anywhere(events[place]?.id)) };
      },
    })),
  },
  {
    name: "loads releases of that name of any project",
    seenBy: "digest-keeps-apart",
    open: onTables((inner, tables) => ({
      load: async (request) => {
        const loaded = await inner.load(request);
        const { releases: refs = [] } = request;
        const anywhere = (name: string | undefined) =>
          Array.from(tables.ofProject.values(), (project) => project.releases.get(name ?? "")).find(
            (release) => release !== undefined,
          );
        return { ...loaded, releases: loaded.releases.map((own, place) => own ?? anywhere(refs[place]?.name)) };
      },
    })),
  },
  {
    name: "loads the issues of groups with that key in any project",
    seenBy: "digest-keeps-apart",
    open: onTables((inner, tables) => ({
      load: async (request) => {
        const loaded = await inner.load(request);
        const { groups = [] } = request;
        const anywhere = (place: number) => {
          const { strategy = "", key = "" } = groups[place] ?? {};
          const id = Array.from(tables.ofProject.values(), (project) => project.groups.get(strategy)?.get(key)).find(
            (each) => each !== undefined,
          );
          return tables.issues.get(id ?? "");
        };
        return { ...loaded, grouped: loaded.grouped.map((own, place) => own ?? anywhere(place)) };
      },
    })),
  },
  {
    name: "claims alerts about no issue again only after the end of a lease",
    seenBy: "alerts-leased",
    open: withOutboxTables((outbox, { tables }) => ({
      claim: async (claim) => {
        const { pending } = tables.alertOrder;
        const held = Array.from(tables.alerts.values())
          .filter(({ alert, lease }) => alert.issue === null && lease?.until === claim.now)
          .map(({ alert }) => alert.id);
        for (const id of held) pending.put(id, undefined);
        const claimed = await outbox.claim(claim);
        for (const id of held) pending.put(id, claim.now);
        return claimed;
      },
    })),
  },
  {
    name: "claims alerts about issues before those about none, in no order",
    seenBy: "alerts-claimed",
    open: withOutboxTables((outbox, { tables }) => ({
      claim: async (claim) => {
        if (claim.inOrder || claim.issueIds !== null) return outbox.claim(claim);
        const first = await outbox.claim({ ...claim, issueIds: [...tables.pendingOf.keys()] });
        return [...first, ...(await outbox.claim({ ...claim, limit: claim.limit - first.length }))];
      },
    })),
  },
  {
    name: "claims alerts that are due at one time in the order of descending ids",
    seenBy: "alerts-claimed-by-issue",
    open: answering(/^claim$/u, (claimed) =>
      claimed.toSorted((one, other) => {
        const [first, second] = [one, other].map((each) => ({
          dueAt: Number(Reflect.get(Object(each), "dueAt")),
          id: String(Reflect.get(Object(Reflect.get(Object(each), "alert")), "id")),
        }));
        if (first === undefined || second === undefined) return 0;
        return first.dueAt - second.dueAt || (first.id < second.id ? 1 : -1);
      }),
    ),
  },
];

export const narrowMutants: readonly Mutant[] = [...transactions, ...projectsAndIssues, ...pages, ...marks, ...others];
