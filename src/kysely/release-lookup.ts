import type { Release } from "../core/release.ts";
import type { ReleaseRef } from "../ports/issue-store.ts";
import { lookup, type Lookup } from "./connections/lookup.ts";
import { releaseOf } from "./rows/release-row.ts";
import type { Statements } from "./statements/index.ts";

/** Releases to be found. */
export interface ReleaseLookup {
  readonly lookup: Lookup;
  /** Each of them that was found, else `undefined`. */
  readonly take: () => readonly (Release | undefined)[];
}

/**
 * Looks up releases.
 *
 * @param keyOf - the key of a project, if it exists
 */
export function lookUpReleases(
  statement: Statements["releases"]["byName"],
  refs: readonly ReleaseRef[],
  keyOf: (projectId: string) => number | undefined,
): ReleaseLookup {
  const found = lookup(statement, releaseKeysOf(refs, keyOf));
  const nameOf = (key: number | undefined, name: string): string => `${String(key)} ${name}`;
  const take = (): readonly (Release | undefined)[] => {
    const releases = new Map(found.rows.map((row) => [nameOf(row.project_key, row.name), releaseOf(row)]));
    return refs.map(({ projectId, name }) => releases.get(nameOf(keyOf(projectId), name)));
  };
  return { lookup: found, take };
}

/** The keys of releases in the tables, in projects that exist. */
export function releaseKeysOf(
  refs: readonly ReleaseRef[],
  keyOf: (projectId: string) => number | undefined,
): { readonly project_key: number; readonly name: string }[] {
  return refs.flatMap(({ projectId, name }) => {
    const project_key = keyOf(projectId);
    return project_key === undefined ? [] : { project_key, name };
  });
}
