import type { Issue } from "../core/issue.ts";
import { awaitsNextRelease } from "../core/next-release.ts";
import type { Project } from "../core/project.ts";
import { readRelease } from "../core/release-order.ts";
import { placeReleases, type PlacedReleases } from "../core/release-placing.ts";
import type { KnownRelease, Release } from "../core/release.ts";
import { withdrawRetired } from "../core/resolution-claims.ts";
import { SYSTEM, type Actor, type TurningPointDraft } from "../core/turning-point.ts";
import { isReadable } from "../core/unreadable.ts";
import type { IssueUpdate, StoreReader, StoreTransaction } from "../ports/issue-store.ts";
import { storeRepeats } from "../ports/progress.ts";
import { Changes, type OperationContext } from "./changes.ts";
import { addNextReleases, findNextReleases, type NewLatestRelease } from "./next-release.ts";
import { applyPendingAtOnce } from "./pending-releases.ts";

/** A change of the releases of a project. */
export interface ReleaseEdit {
  readonly project: Project;
  /** Who made it. */
  readonly by: Actor;
  /** The release as it should be. */
  readonly edit: (release: Release) => Release;
}

const UNCHANGED = (release: Release): Release => release;

/**
 * Places all releases of a project anew, because another order placed them or a clock that was ahead wrote their dates, and
 * writes that. Locks the project.
 */
export async function placeReleasesAnew(
  transaction: StoreTransaction,
  projectId: string,
  context: OperationContext,
): Promise<void> {
  const { projects } = await transaction.load({ projectIds: [projectId], timelines: [{ projectId, lines: [] }] });
  const project = projects.get(projectId)?.project;
  if (project === undefined) return;
  const changes = new Changes(context);
  await addPlacedReleases(transaction, { project, by: SYSTEM, edit: UNCHANGED }, changes, context);
  await changes.writeTo(transaction);
}

/**
 * Adds the changes that follow when releases of a project are edited or placed anew: their places and marks; the claims that are
 * withdrawn because a release was retired; the next releases that appear.
 *
 * The project must be locked.
 */
export async function addPlacedReleases(
  transaction: StoreTransaction,
  { project, by, edit }: ReleaseEdit,
  changes: Changes,
  context: OperationContext,
): Promise<void> {
  await applyPendingAtOnce(transaction, project.id, context);
  const before = await allReleases(transaction, project.id);
  const edited = new Map(before.map((release) => [edit(release), release]));
  const result = placeReleases([...edited.keys()], context.releaseOrder, context.now);
  const placed = result.placed.map(({ before: release, after }) => ({ before: edited.get(release) ?? release, after }));
  addReleaseChanges(changes, project.id, placed);
  const isReordered = before.some(({ placedBy }) => placedBy !== context.releaseOrder.version);
  const updates = new Map<string, IssueUpdate>();
  const withdrawn = await withdrawClaims(transaction, project.id, placed, result, context, by);
  const issues = withdrawn.map(({ issue }) => issue);
  const next = await findNextReleases(transaction, issues, isReordered ? [] : everLatest(placed, context));
  const nextOf = new Map(next.map((found) => [found.before, found.transition]));
  for (const { stored, issue, turningPoint } of withdrawn) {
    changes.addTurningPoint({ issue, turningPoint });
    const transition = nextOf.get(issue);
    updates.set(issue.id, { before: stored, after: transition?.issue ?? issue });
    if (transition === undefined) continue;
    changes.addTurningPoint(transition);
    changes.marks.push({ issueId: issue.id, mark: transition.mark });
  }
  if (isReordered) {
    await noteMergedClaims(transaction, project.id, placed, updates);
    await noteReleaseCounts(transaction, project.id, result.timeline.count, updates);
  } else {
    const isUpdated = (id: string): boolean => updates.has(id);
    await addNextReleases(transaction, project.id, newlyLatest(placed, context), changes, isUpdated, ALL);
  }
  changes.updates.push(...updates.values());
}

const ALL = Number.MAX_SAFE_INTEGER;

/** How many releases are read at a time. */
const PAGE = 1_000;

async function allReleases(reader: StoreReader, projectId: string): Promise<Release[]> {
  const releases: Release[] = [];
  for (let before: string | null = null; ;) {
    const page: Awaited<ReturnType<StoreReader["pageReleases"]>> = await reader.pageReleases(projectId, before, PAGE);
    releases.push(...page.filter(isReadable));
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return releases;
    const end = isReadable(last) ? last.orderKey : last.position;
    if (before !== null && end >= before) throw storeRepeats("a page of releases");
    before = end;
  }
}

/** A stored release, and what is stored instead. */
interface ReplacedRelease {
  readonly before: Release;
  readonly after: Release | null;
}

function addReleaseChanges(changes: Changes, projectId: string, placed: readonly ReplacedRelease[]): void {
  const kept = new Set(placed.map(({ after }) => after?.name));
  const stored = new Map(placed.map(({ before }) => [before.name, before]));
  for (const { before, after } of placed) {
    if (!kept.has(before.name)) changes.deletedReleases.push({ projectId, name: before.name, line: before.line });
    const to = after === null || after.standing === "retired" ? null : after.orderKey;
    if (to !== before.orderKey) changes.movedMarks.push({ projectId, from: before.orderKey, to });
  }
  for (const after of new Set(placed.map(({ after: release }) => release))) {
    if (after === null || isSame(stored.get(after.name), after)) continue;
    changes.releases.push({ projectId, release: after });
  }
}

function isSame(one: Release | undefined, other: Release): boolean {
  const entries = new Map<string, unknown>(Object.entries(one ?? {}));
  return Object.entries(other).every(([name, value]) => entries.get(name) === value);
}

/** An issue whose claims were withdrawn. */
interface WithdrawnIssue {
  readonly stored: Issue;
  readonly issue: Issue;
  readonly turningPoint: TurningPointDraft;
}

/** Withdraws the fix claims in releases that were retired, or that the order does not read as releases. */
async function withdrawClaims(
  transaction: StoreTransaction,
  projectId: string,
  placed: readonly ReplacedRelease[],
  { timeline }: PlacedReleases,
  { now: at, releaseOrder }: OperationContext,
  by: Actor,
): Promise<WithdrawnIssue[]> {
  const retired = placed.filter(({ before, after }) => {
    return before.standing !== "retired" && (after === null || after.standing === "retired");
  });
  const names = new Set(retired.map(({ after, before }) => after?.name ?? before.name));
  const isRetired = (release: string): boolean => names.has(readRelease(releaseOrder, release)?.name ?? release);
  const knowsReleases = timeline.latest !== undefined;
  const found = new Map<string, WithdrawnIssue>();
  for (const { before } of retired) {
    const fixedIn = { projectId, orderKey: before.orderKey };
    const { issues } = await transaction.load({ issues: { fixedIn, limit: ALL } });
    for (const stored of issues.filter(isReadable)) {
      const withdrawn = found.has(stored.id)
        ? undefined
        : withdrawRetired(stored, isRetired, { at, by, knowsReleases });
      if (withdrawn !== undefined) found.set(stored.id, { stored, ...withdrawn });
    }
  }
  return [...found.values()];
}

/** The releases that became the latest of their lines by the change, in the order in which they became known. */
function newlyLatest(placed: readonly ReplacedRelease[], { now }: OperationContext): NewLatestRelease[] {
  return everLatest(
    placed.filter(({ before }) => !isLatest(before)),
    { now },
  );
}

function isLatest(release: Release | null): release is KnownRelease {
  return release?.standing === "known" && release.becameLatest;
}

/** All releases that became the latest of their lines, in the order in which they became known. */
function everLatest(placed: readonly ReplacedRelease[], { now }: Pick<OperationContext, "now">): NewLatestRelease[] {
  return placed
    .flatMap(({ after }) => (isLatest(after) ? [after] : []))
    .sort((one, other) => one.number - other.number)
    .map((release) => ({ release, at: now, eventId: null, reached: 0 }));
}

/**
 * Where several releases turn out to be one, an issue that was last seen in one of them may have a fix claimed in another: its
 * mark has to be loaded.
 */
async function noteMergedClaims(
  transaction: StoreTransaction,
  projectId: string,
  placed: readonly ReplacedRelease[],
  updates: Map<string, IssueUpdate>,
): Promise<void> {
  const groups = Map.groupBy(placed, ({ after }) => after?.name);
  for (const { before, after } of placed) {
    if (after === null || (groups.get(after.name)?.length ?? 0) < 2) continue;
    const fixedIn = { projectId, orderKey: before.orderKey };
    const { issues } = await transaction.load({ issues: { fixedIn, limit: ALL } });
    for (const issue of issues.filter(isReadable)) addUpdate(updates, issue, { seenNumber: 0 });
  }
}

/** Issues of an earlier edition wait for the next release without knowing which ones there were: it comes after all of now. */
async function noteReleaseCounts(
  transaction: StoreTransaction,
  projectId: string,
  afterRelease: number,
  updates: Map<string, IssueUpdate>,
): Promise<void> {
  const { issues } = await transaction.load({ issues: { awaitingNextIn: projectId, after: 0, limit: ALL } });
  const waiting = issues.filter(isReadable).map((issue) => updates.get(issue.id)?.before ?? issue);
  for (const stored of [...waiting, ...Array.from(updates.values(), ({ before }) => before)]) {
    const { state } = updates.get(stored.id)?.after ?? stored;
    if (!awaitsNextRelease(state) || state.afterRelease > 0) continue;
    addUpdate(updates, stored, { state: { ...state, afterRelease } });
  }
}

function addUpdate(updates: Map<string, IssueUpdate>, stored: Issue, change: Partial<Issue>): void {
  const { before, after } = updates.get(stored.id) ?? { before: stored, after: stored };
  updates.set(stored.id, { before, after: { ...after, ...change } });
}
