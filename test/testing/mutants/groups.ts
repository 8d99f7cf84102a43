import { IssueLifecycleError } from "../../../src/core/errors.ts";
import type { GroupRef } from "../../../src/ports/issue-store.ts";

import { writing, loading, withMethods, withTables, swallowing, type Mutant } from "./harness.ts";

export const groupMutants: readonly Mutant[] = [
  {
    name: "finds no issues of former groups",
    seenBy: "former-groups",
    open: loading((loaded) => ({ ...loaded, formerGrouped: loaded.formerGrouped.map(() => undefined) })),
  },
  {
    name: "leaves out former groups that have no issue",
    seenBy: "former-groups",
    open: loading((loaded) => ({
      ...loaded,
      formerGrouped: loaded.formerGrouped.filter((issue) => issue !== undefined),
    })),
  },
  {
    name: "finds the first former group only",
    seenBy: "former-groups",
    open: loading(
      (loaded, { formerGroups = [] }) => ({
        ...loaded,
        formerGrouped: formerGroups.map((_, place) => (place === 0 ? loaded.formerGrouped[0] : undefined)),
      }),
      ({ formerGroups = [], ...request }) => ({ ...request, formerGroups: formerGroups.slice(0, 1) }),
    ),
  },
  {
    name: "finds a former group of any strategy",
    seenBy: "groups-added-once",
    open: withTables((inner, { tables }) => ({
      load: async (request) => {
        const loaded = await inner.load(request);
        const { formerGroups = [] } = request;
        const ofAny = formerGroups.map(({ projectId, key }) =>
          [...(tables.ofProject.get(projectId)?.groups.values() ?? [])].flatMap((keys) => keys.get(key) ?? []).at(0),
        );
        return { ...loaded, formerGrouped: ofAny.map((id) => tables.issues.get(id ?? "")) };
      },
    })),
  },
  {
    name: "refuses a second issue without a group",
    seenBy: "issues-without-group",
    open: () => {
      let added = 0;
      return withMethods((inner) => ({
        write: async (changes) => {
          added += (changes.newIssues ?? []).filter(({ group }) => group === null).length;
          if (added > 1) throw new IssueLifecycleError("store-conflict", "The group is taken.");
          await inner.write(changes);
        },
      }))();
    },
  },
  {
    name: "stores no issues without a group",
    seenBy: "issues-without-group",
    open: writing(({ newIssues = [], ...changes }) => ({
      ...changes,
      newIssues: newIssues.filter(({ group }) => group !== null),
    })),
  },
  { name: "adds a taken group without a word", seenBy: "groups-added-once", open: swallowing("addedGroups") },
  { name: "adds no groups", seenBy: "groups-added-once", open: writing(({ addedGroups: _, ...changes }) => changes) },
  {
    name: "adds one group of a batch",
    seenBy: "groups-added-once",
    open: writing(({ addedGroups = [], ...changes }) => ({ ...changes, addedGroups: addedGroups.slice(0, 1) })),
  },
  {
    name: "moves a taken group to the issue that it is added to",
    seenBy: "groups-added-once",
    open: withTables((inner, { tables }) => ({
      write: async (changes) => {
        for (const { group } of changes.addedGroups ?? []) {
          tables.ofProject.get(group.projectId)?.groups.get(group.strategy)?.delete(group.key);
        }
        await inner.write(changes);
      },
    })),
  },
  {
    name: "frees only the group that opened a deleted issue",
    seenBy: "added-groups-deleted",
    open: withTables((inner, { tables }) => ({
      write: async (changes) => {
        const ids = changes.deletedIssues ?? [];
        const added = ids.flatMap((id) =>
          (tables.ofIssue.get(id)?.groups ?? []).slice(1).map((group) => ({ id, group })),
        );
        await inner.write(changes);
        for (const { id, group } of added) {
          const key = typeof group.key === "string" ? group.key : group.key.sha256;
          tables.ofProject.get(group.projectId)?.groups.get(group.strategy)?.set(key, id);
        }
      },
    })),
  },
  {
    name: "lets concurrent transactions add one group each",
    seenBy: "race-on-an-added-group",
    open: withTables((inner, { groups, tables }) => ({
      load: async (request) => {
        const loaded = await inner.load(request);
        const idOf = ({ strategy, key }: GroupRef): string => groups.get(strategy)?.get(key) ?? "";
        const { formerGroups = [] } = request;
        const seenAt = (request.groups ?? []).map((group) => tables.issues.get(idOf(group)));
        return formerGroups.length === 0 ? loaded : { ...loaded, grouped: seenAt };
      },
      write: (changes) => {
        const { addedGroups = [] } = changes;
        const isNew = ({ group }: { readonly group: GroupRef }): boolean =>
          tables.ofProject.get(group.projectId)?.groups.get(group.strategy)?.has(group.key) !== true;
        const raced = addedGroups.filter((each) => isNew(each) || groups.get(each.group.strategy)?.has(each.group.key));
        return inner.write({ ...changes, addedGroups: raced });
      },
    })),
  },
];
