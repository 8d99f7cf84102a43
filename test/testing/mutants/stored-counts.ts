import type { MemoryTables } from "../../../src/memory/memory-tables.ts";
import type {
  StoredCountRequest,
  StoredCountStep,
  StoredKind,
  StoreTransaction,
} from "../../../src/ports/issue-store.ts";
import type { Mutant } from "./harness.ts";
import { onTables } from "./rewriting.ts";

/** A memory store that counts another number of a kind. */
function counting(kind: StoredKind, countOf: (tables: MemoryTables) => number): Mutant["open"] {
  return onTables((inner, tables) => ({
    countStored: async (request) =>
      request.kind === kind ? { count: countOf(tables), next: null } : inner.countStored(request),
  }));
}

/** A memory store that counts in steps of its own. */
function stepping(
  step: (total: number, request: StoredCountRequest, inner: StoreTransaction) => StoredCountStep,
): Mutant["open"] {
  return onTables((inner) => ({
    countStored: async (request) => {
      const { count } = await inner.countStored({ ...request, after: null });
      return step(count, request, inner);
    },
  }));
}

/** A step of a count by places. */
function stepOf(total: number, { after, limit }: StoredCountRequest): StoredCountStep {
  const start = Number(after ?? 0);
  const end = start + limit;
  return { count: Math.max(0, Math.min(total, end) - start), next: end < total ? String(end) : null };
}

/** A memory store that finds where a count of marks goes on by the entry at which its last step has ended. */
function endingAt(goOn: (entries: readonly string[]) => readonly string[]): Mutant["open"] {
  return onTables((inner, tables) => ({
    countStored: async (request) => {
      const { kind, after, limit } = request;
      if (kind !== "marks") return inner.countStored(request);
      const entries = [...tables.ofIssue].flatMap(([id, { marks }]) =>
        marks.map(({ orderKey }) => `${id} ${orderKey}`),
      );
      const place = after === null ? -1 : entries.indexOf(after);
      const left = after !== null && place === -1 ? goOn(entries) : entries.slice(place + 1);
      const counted = left.slice(0, limit);
      return { count: counted.length, next: counted.length < left.length ? (counted.at(-1) ?? null) : null };
    },
  }));
}

function sumOf<Value>(values: Iterable<Value>, countOf: (value: Value) => number): number {
  let sum = 0;
  for (const value of values) sum += countOf(value);
  return sum;
}

export const storedCountMutants: readonly Mutant[] = [
  {
    name: "counts issues of one project only",
    seenBy: "stored-counted",
    open: counting("issues", ({ issues }) => sumOf(issues.values(), ({ projectId }) => (projectId === "shop" ? 1 : 0))),
  },
  {
    name: "counts no events of deleted issues",
    seenBy: "stored-counted",
    open: counting("events", ({ ofProject, issues }) =>
      sumOf(ofProject.values(), ({ events }) => sumOf(events.values(), ({ issueId }) => (issues.has(issueId) ? 1 : 0))),
    ),
  },
  {
    name: "counts no groups that were added to issues",
    seenBy: "stored-counted",
    open: counting("groups", ({ issues }) => issues.size),
  },
  {
    name: "counts pending alerts only",
    seenBy: "stored-counted",
    open: counting("alerts", ({ alerts }) =>
      sumOf(alerts.values(), ({ state }) => (state.status === "pending" ? 1 : 0)),
    ),
  },
  {
    name: "counts alerts about issues only",
    seenBy: "stored-counted",
    open: counting("alerts", ({ alerts }) => sumOf(alerts.values(), ({ alert }) => (alert.issue === null ? 0 : 1))),
  },
  {
    name: "counts no tallies of whole projects",
    seenBy: "stored-counted",
    open: counting("tallies", ({ tallies }) => sumOf(tallies.values(), ({ issueId }) => (issueId === null ? 0 : 1))),
  },
  {
    name: "counts known releases only",
    seenBy: "stored-counted",
    open: counting("releases", ({ ofProject }) =>
      sumOf(ofProject.values(), ({ releases }) =>
        sumOf(releases.values(), ({ standing }) => (standing === "known" ? 1 : 0)),
      ),
    ),
  },
  {
    name: "counts a user of several issues once",
    seenBy: "stored-counted",
    open: counting("users", ({ users }) => new Set([...users.values()].flatMap(({ rows }) => [...rows.keys()])).size),
  },
  {
    name: "counts the turning points that issues have by their own numbers",
    seenBy: "stored-counted",
    open: counting("turningPoints", ({ issues }) => sumOf(issues.values(), (issue) => issue.turningPointCount)),
  },
  {
    name: "does not count fewer marks after some were removed",
    seenBy: "stored-counted",
    open: () => {
      let most = 0;
      return counting("marks", ({ ofIssue }) => {
        most = Math.max(
          most,
          sumOf(ofIssue.values(), ({ marks }) => marks.length),
        );
        return most;
      })();
    },
  },
  {
    name: "counts one project, however many there are",
    seenBy: "stored-counted",
    open: counting("projects", ({ projects }) => Math.min(1, projects.size)),
  },
  {
    name: "counts nothing with a limit above 2^31 - 1",
    seenBy: "stored-counted-in-steps",
    open: stepping((total, request) =>
      request.limit > 2 ** 31 - 1 ? { count: 0, next: null } : stepOf(total, request),
    ),
  },
  {
    name: "ends a count after its first step",
    seenBy: "stored-counted-in-steps",
    open: stepping((total, request) => ({ ...stepOf(total, request), next: null })),
  },
  {
    name: "counts the entry at which a step ends again in the next one",
    seenBy: "stored-counted-in-steps",
    open: stepping((total, request) => {
      const { count, next } = stepOf(total, request);
      return { count: request.after === null ? count : count + 1, next };
    }),
  },
  {
    name: "leaves out the last step of a count if it is not full",
    seenBy: "stored-counted-in-steps",
    open: stepping((total, request) => {
      const { count, next } = stepOf(total, request);
      return { count: request.after !== null && count < request.limit ? 0 : count, next };
    }),
  },
  {
    name: "begins a count anew where the entry at which its step has ended is gone",
    seenBy: "stored-counted-meanwhile",
    open: endingAt((entries) => entries),
  },
  {
    name: "ends a count where the entry at which its step has ended is gone",
    seenBy: "stored-counted-meanwhile",
    open: endingAt(() => []),
  },
];
