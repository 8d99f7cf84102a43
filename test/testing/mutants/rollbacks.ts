import { memoryStoreOn } from "../../../src/memory/memory-store.ts";
import { MemoryTables, type AlertRow, type ProjectTables } from "../../../src/memory/memory-tables.ts";
import type { IssueStore } from "../../../src/ports/issue-store.ts";

import type { Mutant } from "./harness.ts";

/** Remembers a part of the tables as it is now. What it returns makes it so again. */
type Remember = (tables: MemoryTables) => () => void;

/** A memory store in which a part of what failed transactions have changed stays. */
function leaving(remember: Remember): () => IssueStore {
  return () => {
    const tables = new MemoryTables();
    const store = memoryStoreOn(tables);
    return {
      ...store,
      transaction: async (work) => {
        let leave = (): void => undefined;
        try {
          return await store.transaction(async (inner) => {
            try {
              return await work(inner);
            } catch (error) {
              leave = remember(tables);
              throw error;
            }
          });
        } catch (error) {
          leave();
          throw error;
        }
      },
    };
  };
}

function replaceMap<Key, Value>(map: Map<Key, Value>, entries: ReadonlyMap<Key, Value>): void {
  map.clear();
  for (const [key, value] of entries) map.set(key, value);
}

function replaceList<Value>(list: Value[], values: readonly Value[]): void {
  list.splice(0, list.length, ...values);
}

/** Leaves some of a map's entries as they are: those that a test is true for, before or after the rollback. */
const entriesOf =
  <Key, Value>(mapOf: (tables: MemoryTables) => Map<Key, Value>, only: Only<Key, Value> = () => true): Remember =>
  (tables) => {
    const left = new Map(mapOf(tables));
    return () => {
      const map = mapOf(tables);
      const kept = new Map(map);
      for (const key of new Set([...left.keys(), ...kept.keys()])) {
        const value = left.get(key);
        if (!only(kept.get(key), value)) continue;
        if (value === undefined) kept.delete(key);
        else kept.set(key, value);
      }
      replaceMap(map, kept);
    };
  };

/** Whether an entry stays as the transaction left it: by its value when that was rolled back, and before that. */
type Only<_Key, Value> = (restored: Value | undefined, left: Value | undefined) => boolean;

const wasAdded = (restored: unknown, left: unknown): boolean => restored === undefined && left !== undefined;
const wasRemoved = (restored: unknown, left: unknown): boolean => restored !== undefined && left === undefined;
const wasChanged = (restored: unknown, left: unknown): boolean => restored !== undefined && left !== undefined;

/** As {@link entriesOf}, for a table of each project. */
const ofProjects =
  (remember: (project: ProjectTables) => () => void): Remember =>
  (tables) => {
    const left = new Map(Array.from(tables.ofProject, ([id, project]) => [id, remember(project)]));
    return () => {
      for (const id of tables.ofProject.keys()) left.get(id)?.();
    };
  };

const inProjects = <Key, Value>(
  mapOf: (project: ProjectTables) => Map<Key, Value>,
  only: Only<Key, Value> = () => true,
): Remember =>
  ofProjects((project) => {
    const left = new Map(mapOf(project));
    return () => {
      const map = mapOf(project);
      const kept = new Map(map);
      for (const key of new Set([...left.keys(), ...kept.keys()])) {
        const value = left.get(key);
        if (!only(kept.get(key), value)) continue;
        if (value === undefined) kept.delete(key);
        else kept.set(key, value);
      }
      replaceMap(map, kept);
    };
  });

/** Leaves the groups of issues, those that were freed or those that were added. */
const groups = (only: Only<string, string>): Remember =>
  ofProjects((project) => {
    const left = new Map(Array.from(project.groups, ([strategy, keys]) => [strategy, new Map(keys)]));
    return () => {
      for (const [strategy, keys] of left) {
        const kept = project.groups.get(strategy) ?? new Map<string, string>();
        for (const key of new Set([...keys.keys(), ...kept.keys()])) {
          const value = keys.get(key);
          if (!only(kept.get(key), value)) continue;
          if (value === undefined) kept.delete(key);
          else kept.set(key, value);
        }
        project.groups.set(strategy, kept);
      }
    };
  });

const listsOfProjects = <Value>(listOf: (project: ProjectTables) => Value[]): Remember =>
  ofProjects((project) => {
    const left = [...listOf(project)];
    return () => {
      replaceList(listOf(project), left);
    };
  });

/** Leaves a list of each issue that there is before and after the rollback. */
const listsOfIssues =
  (listOf: "turningPoints" | "marks"): Remember =>
  (tables) => {
    const left = new Map(Array.from(tables.ofIssue, ([id, issue]) => [id, [...issue[listOf]]]));
    return () => {
      for (const [id, issue] of tables.ofIssue) {
        const values: unknown[] | undefined = left.get(id);
        if (values !== undefined) Reflect.apply(replaceList, undefined, [issue[listOf], values]);
      }
    };
  };

/** Leaves the issues in a list by number. */
const numbers = (listOf: (project: ProjectTables) => ProjectTables["numbered"]): Remember =>
  ofProjects((project) => {
    const issues = listOf(project);
    const left = issues.blocks.flat();
    return () => {
      for (const { number } of issues.blocks.flat()) issues.put(number, undefined);
      for (const { number, id } of left) issues.put(number, id);
    };
  });

/** Leaves the place of each issue in a list of issues by when they are next looked at. */
const places =
  (queueOf: (tables: MemoryTables, projectId: string) => MemoryTables["toWake"] | undefined): Remember =>
  (tables) => {
    const ids = new Map(Array.from(tables.issues, ([id, { projectId }]) => [id, projectId]));
    const left = new Map(Array.from(ids, ([id, projectId]) => [id, queueOf(tables, projectId)?.placeOf(id)]));
    return () => {
      for (const [id, { projectId }] of tables.issues) queueOf(tables, projectId)?.put(id, left.get(id));
    };
  };

/** Leaves a member of the rows of projects that there are before and after the rollback. */
const projectMember =
  (member: "issueCount" | "releaseCount" | "project"): Remember =>
  (tables) => {
    const left = new Map(tables.projects);
    return () => {
      for (const [id, stored] of tables.projects) {
        const other = left.get(id);
        if (other !== undefined) tables.projects.set(id, { ...stored, [member]: other[member] });
      }
    };
  };

/** Leaves the rows of users that there are, or those that were added, without the lists that they are counted by. */
const users =
  (only: Only<string, unknown>): Remember =>
  (tables) => {
    const left = new Map(Array.from(tables.users, ([id, { rows }]) => [id, new Map(rows)]));
    return () => {
      for (const [id, { rows, byDay, byTurn }] of tables.users) {
        for (const [user, row] of left.get(id) ?? []) {
          if (!only(rows.get(user), row)) continue;
          rows.set(user, row);
          byDay.put(user, -row.lastDay);
          byTurn.put(user, -row.lastTurn);
        }
      }
    };
  };

const alertStates = (only: Only<string, AlertRow>): Remember => entriesOf((tables) => tables.alerts, only);

const becomes =
  (status: AlertRow["state"]["status"]) =>
  (restored: AlertRow | undefined, left: AlertRow | undefined): boolean =>
    restored !== undefined && left?.state.status === status && restored.state.status !== status;

const leaseOf = (row: AlertRow | undefined): string | undefined => row?.lease?.token;

const isClaimed = (restored: AlertRow | undefined, left: AlertRow | undefined): boolean =>
  restored !== undefined && leaseOf(left) !== undefined && leaseOf(left) !== leaseOf(restored);

const hasFailed = (restored: AlertRow | undefined, left: AlertRow | undefined): boolean =>
  restored !== undefined && left !== undefined && left.lastError !== restored.lastError;

/** What stays, and the case that sees it. */
const LEFT: readonly (readonly [what: string, remember: Remember, seenBy: string])[] = [
  ["what it saved of a project", projectMember("project"), "transaction-rolls-back"],
  ["a project that it added", entriesOf((tables) => tables.projects, wasAdded), "transaction-rolls-back"],
  ["slugs that it took", entriesOf((tables) => tables.projectIdsBySlug, wasAdded), "transaction-rolls-back"],
  ["slugs that it freed", entriesOf((tables) => tables.projectIdsBySlug, wasRemoved), "transaction-rolls-back"],
  ["the number of a new issue", projectMember("issueCount"), "transaction-rolls-back"],
  ["the number of a new release", projectMember("releaseCount"), "transaction-rolls-back"],
  ["groups that it freed", groups(wasRemoved), "issues-roll-back"],
  ["groups that it added", groups(wasAdded), "transaction-rolls-back"],
  ["issues that it updated", entriesOf((tables) => tables.issues, wasChanged), "issues-roll-back"],
  ["issues that it deleted", entriesOf((tables) => tables.issues, wasRemoved), "transaction-rolls-back"],
  [
    "the list of issues, with what it added and without what it deleted",
    numbers(({ numbered }) => numbered),
    "transaction-rolls-back",
  ],
  ["the list of issues that await the next release", numbers(({ awaitingNext }) => awaitingNext), "issues-roll-back"],
  ["pending releases", listsOfProjects(({ pendingReleases }) => pendingReleases), "pending-releases-kept"],
  ["the list of issues that the clock wakes", places((tables) => tables.toWake), "issues-roll-back"],
  ["counters that it saved", entriesOf((tables) => tables.counters, wasChanged), "transaction-rolls-back"],
  ["counters that it added", entriesOf((tables) => tables.counters, wasAdded), "transaction-rolls-back"],
  ["counters that it deleted", entriesOf((tables) => tables.counters, wasRemoved), "transaction-rolls-back"],
  ["turning points", listsOfIssues("turningPoints"), "transaction-rolls-back"],
  ["marks that it saved, moved and removed", listsOfIssues("marks"), "releases-roll-back"],
  ["users that it changed and set back", users(wasChanged), "transaction-rolls-back"],
  ["users that it added", users(wasAdded), "transaction-rolls-back"],
  ["users that it deleted", entriesOf((tables) => tables.users, wasRemoved), "transaction-rolls-back"],
  ["events that it added", inProjects(({ events }) => events, wasAdded), "transaction-rolls-back"],
  ["events that it evicted", inProjects(({ events }) => events, wasRemoved), "transaction-rolls-back"],
  ["releases that it removed, by name", inProjects(({ releases }) => releases, wasRemoved), "releases-roll-back"],
  ["releases that it added, by name", inProjects(({ releases }) => releases, wasAdded), "releases-roll-back"],
  ["releases that it changed, by name", inProjects(({ releases }) => releases, wasChanged), "releases-roll-back"],
  ["the order of releases", listsOfProjects(({ releaseOrder }) => releaseOrder), "releases-roll-back"],
  ["the order of releases by number", listsOfProjects(({ releaseNumbers }) => releaseNumbers), "releases-roll-back"],
  ["the latest releases", listsOfProjects(({ latestReleases }) => latestReleases), "releases-roll-back"],
  ["lines that it added", inProjects(({ lines }) => lines, wasAdded), "releases-roll-back"],
  ["lines that it removed", inProjects(({ lines }) => lines, wasRemoved), "releases-roll-back"],
  ["alerts that it added", alertStates(wasAdded), "alerts-roll-back"],
  ["alerts that it removed", alertStates(wasRemoved), "alerts-roll-back"],
  ["claims of alerts", alertStates(isClaimed), "alerts-claimed"],
  ["errors of alerts", alertStates(hasFailed), "alerts-settled"],
  ["alerts that it let die", alertStates(becomes("dead")), "alerts-roll-back"],
  ["alerts that it discarded", alertStates(becomes("discarded")), "alerts-roll-back"],
  ["alerts that it redrove", alertStates(becomes("pending")), "alerts-roll-back"],
  ["tallies that it saved", entriesOf((tables) => tables.tallies, wasChanged), "alerts-roll-back"],
  ["tallies that it added", entriesOf((tables) => tables.tallies, wasAdded), "alerts-roll-back"],
  ["tallies that it removed", entriesOf((tables) => tables.tallies, wasRemoved), "alerts-roll-back"],
];

export const rollbackMutants: readonly Mutant[] = LEFT.map(([what, remember, seenBy]) => ({
  name: `leaves behind, of a failed transaction, ${what}`,
  seenBy,
  open: leaving(remember),
}));
