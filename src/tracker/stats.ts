import type { StoredCounts } from "../core/stored-counts.ts";
import type { IssueStore, StoredKind } from "../ports/issue-store.ts";
import { inReads } from "./in-steps.ts";

/** About how many entries are counted by one read. */
const STEP = 1_000;

/** Counts what is stored. */
export async function countStats(store: Pick<IssueStore, "read">): Promise<StoredCounts> {
  const count = (kind: StoredKind): Promise<number> =>
    inReads(store, `the count of ${kind}`, (reader, after) => reader.countStored({ kind, after, limit: STEP }));
  return {
    projects: await count("projects"),
    issues: await count("issues"),
    groups: await count("groups"),
    turningPoints: await count("turningPoints"),
    users: await count("users"),
    marks: await count("marks"),
    releases: await count("releases"),
    events: await count("events"),
    alerts: await count("alerts"),
    tallies: await count("tallies"),
  };
}
