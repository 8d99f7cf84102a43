import type { CheckedEvent } from "../core/event.ts";
import type { Issue } from "../core/issue.ts";
import type { GroupRef, LoadedIssues, UnreadableIssue } from "../ports/issue-store.ts";
import { LookupSet, type Lookup } from "./lookup-set.ts";

/** The lookup of a group, and its issue. */
export type GroupLookup = Lookup<GroupRef, Issue | UnreadableIssue>;

/** The lookups of an event's groups. */
export interface EventGroupLookups {
  /** By the present strategy. */
  readonly group: GroupLookup;
  /** By the strategies that it replaces, the latest first. */
  readonly formerGroups: readonly GroupLookup[];
}

type GroupLookupSet = LookupSet<GroupRef, Issue | UnreadableIssue>;

/** The groups of the events of a batch, by the present strategy and by those that it replaces. */
export class GroupLookups {
  readonly #present: GroupLookupSet;
  /** By strategy. */
  readonly #former = new Map<string, GroupLookupSet>();

  /** @param strategy - the version of the present strategy */
  constructor(strategy: string) {
    this.#present = lookupSet(strategy);
  }

  /** Adds the groups of an event. */
  add({ projectId, groupingKey, formerKeys }: CheckedEvent): EventGroupLookups {
    return {
      group: this.#present.add(projectId, groupingKey),
      formerGroups: formerKeys.map(({ strategy, key }) => this.#formerSet(strategy).add(projectId, key)),
    };
  }

  /** The groups by the present strategy. */
  refs(): GroupRef[] {
    return this.#present.refs();
  }

  /** The groups by the strategies that it replaces. */
  formerRefs(): GroupRef[] {
    return [...this.#former.values()].flatMap((lookups) => lookups.refs());
  }

  /** Sets the issues of the groups. */
  fill({ grouped, formerGrouped }: LoadedIssues): void {
    this.#present.fill(grouped);
    let start = 0;
    for (const lookups of this.#former.values()) {
      lookups.fill(formerGrouped.slice(start, start + lookups.size));
      start += lookups.size;
    }
  }

  #formerSet(strategy: string): GroupLookupSet {
    const lookups = this.#former.get(strategy) ?? lookupSet(strategy);
    this.#former.set(strategy, lookups);
    return lookups;
  }
}

function lookupSet(strategy: string): GroupLookupSet {
  return new LookupSet((projectId, key) => ({ projectId, strategy, key }));
}
