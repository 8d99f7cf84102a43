import { removeFromFeed } from "./feed.ts";
import { requireIdPart } from "./key-parts.ts";
import { KEYS } from "./keys.ts";
import { within } from "./session.ts";
import type { Tables } from "./tables.ts";

/** Deletes an issue with all that belongs to it but its events. */
export async function deleteIssue(tables: Tables, id: string): Promise<void> {
  const { session, issues, groups, users, marks, alerts, tallies } = tables;
  if (!(await issues.exists(id))) return;
  const place = await issues.placeOf(id);
  if (place !== undefined) await tallies.remove({ projectId: place.projectId, issueId: id });
  const issue = requireIdPart(id);
  await groups.removeOf(id);
  await session.remove(KEYS.counter(issue));
  await users.removeOf(issue);
  await marks.removeOf(id);
  await removeFromFeed(session, issue, Infinity);
  await session.removeAll(within(KEYS.turningPoints(issue)));
  await alerts.removeOf(id);
  await issues.remove(id);
}
