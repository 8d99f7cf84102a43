import {
  NO_COMMAND_RELEASES,
  refuse,
  type AppliedCommand,
  type CommandReleases,
  type RefusedCommand,
} from "../core/command-transition.ts";
import type { CheckedCommand } from "../core/command.ts";
import type { Issue } from "../core/issue.ts";
import { markFixed, withdrawClaim, type FixedMark, type ReleaseMark } from "../core/release-mark.ts";
import { readRelease } from "../core/release-order.ts";
import {
  announceRelease,
  canBeAnnounced,
  EMPTY_TIMELINE,
  type Release,
  type ReleaseTimeline,
} from "../core/release.ts";
import { presentClaims } from "../core/resolution-claims.ts";
import { shorten } from "../core/text.ts";
import { corruptIssue, isUnreadable } from "../core/unreadable.ts";
import type { Loaded, LoadRequest, ReleaseRef, StoreReader, StoreTransaction } from "../ports/issue-store.ts";
import type { Changes, OperationContext } from "./changes.ts";
import { findLatestReleases } from "./latest-release.ts";
import { placeReleasesAnew } from "./place-releases.ts";
import { arePlaced } from "./project-releases.ts";

/** The command and the rules that its releases depend on. */
interface ReleaseRequest extends OperationContext {
  readonly command: CheckedCommand;
}

/** Whether the command depends on releases of the issues' project, or only on how many there are. */
export function dependsOnReleases(command: CheckedCommand): boolean {
  if (command.kind === "resolve") return command.claim.kind !== "plain";
  return command.kind === "reopen" && command.withdraw !== false;
}

/** What to load of the releases of a command's project, and so to lock. */
export function releasesFor(
  { command, releaseOrder }: ReleaseRequest,
  projectId: string,
): Pick<LoadRequest, "releases" | "timelines"> {
  if (!dependsOnReleases(command)) return {};
  const claimed = command.kind === "resolve" && command.claim.kind === "by-release" ? command.claim.release : "";
  const place = readRelease(releaseOrder, claimed);
  if (place === null) return { timelines: [{ projectId, lines: [] }] };
  const { name, line } = place;
  return { releases: [{ projectId, name, line }], timelines: [{ projectId, lines: [line] }] };
}

/** The releases that a command on an issue depends on. */
interface IssueReleases {
  readonly releases: CommandReleases;
  /** The mark that a fix claim replaces. */
  readonly mark: ReleaseMark | undefined;
}

/** Why something that a command on an issue needs cannot be used. */
type Refusals = Map<Issue, RefusedCommand>;

/** The releases and marks that a command on some issues of a project depends on. */
export class CommandReleaseLookup {
  readonly #request: ReleaseRequest;
  readonly #of: ReadonlyMap<Issue, IssueReleases>;
  readonly #refusals: Refusals;

  private constructor(request: ReleaseRequest, of: ReadonlyMap<Issue, IssueReleases>, refusals: Refusals) {
    this.#request = request;
    this.#of = of;
    this.#refusals = refusals;
  }

  /** Reads what was not loaded with the issues, because it depends on them. */
  static async load(
    transaction: StoreTransaction,
    projectId: string,
    issues: readonly Issue[],
    loaded: Loaded,
    request: ReleaseRequest,
  ): Promise<CommandReleaseLookup> {
    const { command } = request;
    const refusals: Refusals = new Map();
    const of = new Map<Issue, IssueReleases>();
    const lookup = new CommandReleaseLookup(request, of, refusals);
    if (issues.length === 0 || (command.kind !== "resolve" && command.kind !== "reopen")) return lookup;
    if (command.kind === "reopen" && command.withdraw === false) return lookup;
    const count = loaded.projects.get(projectId)?.releaseCount ?? 0;
    if (command.kind === "resolve" && command.claim.kind === "plain") {
      for (const issue of issues) of.set(issue, { releases: { ...NO_COMMAND_RELEASES, count }, mark: undefined });
      return lookup;
    }
    const placed = await loadPlaced(transaction, projectId, loaded, request);
    if (command.kind === "reopen") {
      const withdrawn = await withdrawnMarks(transaction, projectId, issues, command.withdraw, request, refusals);
      for (const issue of issues) {
        const releases = { ...NO_COMMAND_RELEASES, withdrawn: withdrawn.get(issue) ?? [] };
        of.set(issue, { releases, mark: undefined });
      }
      return lookup;
    }
    const named = namedRelease(placed, request);
    const isByLatest = command.claim.kind === "by-latest";
    const latestOf = isByLatest
      ? await findLatestReleases(transaction, projectId, issues, request.releaseOrder)
      : () => placed.timeline.latest;
    for (const issue of issues) {
      const releases = { ...NO_COMMAND_RELEASES, count: placed.timeline.count, latest: latestOf(issue), named };
      of.set(issue, { releases, mark: undefined });
    }
    for (const [issue, mark] of await claimedMarks(transaction, of, request, refusals)) {
      of.set(issue, { releases: lookup.of(issue), mark });
    }
    return lookup;
  }

  /** The releases for an issue. */
  of(issue: Issue): CommandReleases {
    return this.#of.get(issue)?.releases ?? NO_COMMAND_RELEASES;
  }

  /** Why the command cannot be applied to an issue, whatever its state. */
  refusalOf(issue: Issue): RefusedCommand | undefined {
    return this.#refusals.get(issue);
  }

  /** Adds the fix claim that a command makes, or those that it withdraws. */
  addTo(changes: Changes, before: Issue, { claimedRelease, withdrawn }: AppliedCommand): void {
    const { id, projectId } = before;
    for (const mark of withdrawn) {
      const left = withdrawClaim(mark);
      if (left === undefined) changes.deletedMarks.push({ issueId: id, orderKey: mark.orderKey });
      else changes.marks.push({ issueId: id, mark: left });
    }
    if (claimedRelease === null) return;
    const isNew = claimedRelease.number > this.of(before).count;
    if (isNew && changes.releases.length === 0) changes.releases.push({ projectId, release: claimedRelease });
    const mark = markFixed(claimedRelease, this.#of.get(before)?.mark, this.#request.now);
    changes.marks.push({ issueId: id, mark });
  }
}

/** The release that a command names, if it is stored, and the project's timeline. */
interface PlacedLoaded {
  readonly found: Release | undefined;
  readonly timeline: ReleaseTimeline;
}

async function loadPlaced(
  transaction: StoreTransaction,
  projectId: string,
  loaded: Pick<Loaded, "releases" | "timelines">,
  request: ReleaseRequest,
): Promise<PlacedLoaded> {
  const timeline = loaded.timelines.get(projectId) ?? EMPTY_TIMELINE;
  const [found] = loaded.releases;
  if (arePlaced([found], timeline, request)) return { found, timeline };
  await placeReleasesAnew(transaction, projectId, request);
  return loadPlaced(transaction, projectId, await transaction.load(releasesFor(request, projectId)), request);
}

/** The release that a command names, which may be announced by it, or why no fix can be claimed in it. */
function namedRelease(
  { found, timeline }: PlacedLoaded,
  { command, releaseOrder, now }: ReleaseRequest,
): Release | RefusedCommand | undefined {
  if (command.kind !== "resolve" || command.claim.kind !== "by-release") return undefined;
  const { release: version, announce } = command.claim;
  if (found?.standing === "retired") {
    return refuse("release-retired", `Release ${JSON.stringify(found.version)} was retired.`);
  }
  if (found !== undefined) return found;
  const place = readRelease(releaseOrder, version);
  if (place === null) {
    return refuse(
      "release-not-comparable",
      `${quote(version)} does not name a release. Name one as in ${quote(timeline.latest?.version ?? "1.0.0")}.`,
    );
  }
  if (!announce && !canBeAnnounced(timeline, place)) return refuseIncomparable(version, timeline);
  return announceRelease(timeline, { version, place, placedBy: releaseOrder.version }, now).release;
}

function quote(version: string): string {
  return JSON.stringify(shorten(version, 80));
}

function refuseIncomparable(version: string, { latest }: ReleaseTimeline): RefusedCommand {
  const known = latest === undefined ? "" : `, which look like ${quote(latest.version)}`;
  return refuse(
    "release-not-comparable",
    `${quote(version)} cannot be compared with the project's releases${known}. ` +
      "Name a known release, or a version of the same package. Where this one is right, set announce to true.",
  );
}

/** The marks that a fix claim replaces. */
async function claimedMarks(
  reader: StoreReader,
  of: ReadonlyMap<Issue, IssueReleases>,
  { command }: ReleaseRequest,
  refusals: Refusals,
): Promise<Map<Issue, ReleaseMark>> {
  const wanted: WantedMark[] = [];
  if (command.kind !== "resolve" || command.claim.kind === "by-next") return new Map();
  for (const [issue, { releases }] of of) {
    const release = command.claim.kind === "by-latest" ? releases.latest : releases.named;
    if (release === undefined || "code" in release || release.number > releases.count) continue;
    wanted.push({ issue, orderKey: release.orderKey });
  }
  return new Map((await findMarksAt(reader, wanted, refusals)).map(({ issue, mark }) => [issue, mark]));
}

/** The marks whose fix claims a command withdraws. A release that it lists, but in which no fix is claimed, is refused. */
async function withdrawnMarks(
  reader: StoreReader,
  projectId: string,
  issues: readonly Issue[],
  withdraw: boolean | readonly string[],
  { releaseOrder }: ReleaseRequest,
  refusals: Refusals,
): Promise<Map<Issue, FixedMark[]>> {
  const withdrawn = new Map<Issue, FixedMark[]>();
  const claims = issues.flatMap((issue) => {
    const versions = withdraw === true ? presentClaims(issue.state).map(({ release }) => release) : withdraw || [];
    return versions.map((version) => ({ issue, version, place: readRelease(releaseOrder, version.trim()) }));
  });
  const refs = new Map<string, ReleaseRef>();
  for (const { place } of claims) {
    if (place !== null) refs.set(place.name, { projectId, name: place.name, line: place.line });
  }
  const found = await reader.findReleases([...refs.values()]);
  const orderKeys = new Map(Array.from(refs.keys(), (name, index) => [name, found[index]?.orderKey]));
  const keyOf = (name: string | undefined): string | undefined =>
    name === undefined ? undefined : orderKeys.get(name);
  // A claim may be listed twice, by the same name or by two of its release.
  const wanted = new Map<string, WantedMark>();
  for (const { issue, place } of claims) {
    const orderKey = keyOf(place?.name);
    if (orderKey !== undefined) wanted.set(`${issue.id} ${orderKey}`, { issue, orderKey });
  }
  for (const { issue, mark } of await findMarksAt(reader, [...wanted.values()], refusals)) {
    if (mark.last === "fixed") withdrawn.set(issue, [...(withdrawn.get(issue) ?? []), mark]);
  }
  if (withdraw === true) return withdrawn;
  for (const { issue, version, place } of claims) {
    const orderKey = keyOf(place?.name);
    if (withdrawn.get(issue)?.some((mark) => mark.orderKey === orderKey) === true || refusals.has(issue)) continue;
    refusals.set(issue, refuse("not-claimed", `No fix is claimed in release ${JSON.stringify(version)}.`));
  }
  return withdrawn;
}

/** A mark of an issue to find. */
interface WantedMark {
  readonly issue: Issue;
  readonly orderKey: string;
}

/** The marks that exist. An issue whose mark cannot be read is refused. */
async function findMarksAt(
  reader: StoreReader,
  wanted: readonly WantedMark[],
  refusals: Refusals,
): Promise<{ readonly issue: Issue; readonly mark: ReleaseMark }[]> {
  if (wanted.length === 0) return [];
  const marks = await reader.findMarks(
    wanted.map(({ issue, orderKey }) => ({ issueId: issue.id, upTo: orderKey, limit: 1 })),
  );
  return wanted.flatMap(({ issue, orderKey }, index) => {
    const [mark] = marks[index] ?? [];
    if (mark === undefined) return [];
    if (isUnreadable(mark)) {
      const { code, message } = corruptIssue(issue.id, mark.error);
      refusals.set(issue, refuse(code, message));
      return [];
    }
    return mark.orderKey === orderKey ? [{ issue, mark }] : [];
  });
}
