import type { Issue } from "../../../core/issue.ts";
import type { Project } from "../../../core/project.ts";
import { write, type CaseContext } from "../case.ts";
import { sampleIssue, SHOP, uuid } from "../samples.ts";

/** Two projects: every second key is stored in the first, the others in the second. */
export interface TwoProjects {
  readonly ids: readonly [string, string];
  /** The id of the project in which the key at an index is stored. */
  readonly idAt: (index: number) => string;
  /** An issue in the project in which the key at an index is stored. Its id is in the order of the indexes. */
  readonly issueAt: (index: number, more?: Partial<Issue>) => Issue;
}

/** Makes two projects for the keys of one kind, with a number of its own. */
export async function twoProjects(context: CaseContext, number: number): Promise<TwoProjects> {
  const project = (place: number): Project => {
    const name = `two-${String(number)}-${String(place)}`;
    return { ...SHOP, id: name, slug: name };
  };
  const projects = [project(1), project(2)] as const;
  await write(context, { projects });
  const ids = [projects[0].id, projects[1].id] as const;
  const idAt = (index: number) => (index % 2 === 0 ? ids[0] : ids[1]);
  return {
    ids,
    idAt,
    issueAt: (index, more = {}) =>
      sampleIssue(index + 1, { id: uuid(10_000 * number + index + 1), projectId: idAt(index), ...more }),
  };
}

/** All keys in both projects, and what is found by each: a value for a key that is stored there, else `undefined`. */
export function inBoth<Value>(
  { ids, idAt }: TwoProjects,
  keys: readonly string[],
  values: readonly Value[],
): {
  readonly refs: { readonly projectId: string; readonly key: string }[];
  readonly expected: (Value | undefined)[];
} {
  const refs = ids.flatMap((projectId) => keys.map((key, index) => ({ projectId, key, index })));
  return {
    refs: refs.map(({ projectId, key }) => ({ projectId, key })),
    expected: refs.map(({ projectId, index }) => (idAt(index) === projectId ? values[index] : undefined)),
  };
}
