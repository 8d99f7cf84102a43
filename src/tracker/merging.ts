import { bucketOf } from "../core/calendar.ts";
import { isAhead, recoverIssue } from "../core/clock-recovery.ts";
import { IssueLifecycleError } from "../core/errors.ts";
import { invalidInput } from "../core/input.ts";
import { partIdsOf, type Issue } from "../core/issue.ts";
import {
  MAX_MERGED_ISSUES,
  mergeInto,
  ownPartOf,
  unmergeFrom,
  withMembers,
  withoutMember,
  type CountedIssue,
  type MergeContext,
  type MergedIssue,
} from "../core/merging.ts";
import { awaitsNextRelease } from "../core/next-release.ts";
import { corruptIssue, isCorruptData, isReadable, requireReadable } from "../core/unreadable.ts";
import type { Loaded, StoreTransaction } from "../ports/issue-store.ts";
import { turningPointOf, type OperationContext } from "./changes.ts";
import { allMergedWith, IssueFamilies, loadWithRelatives } from "./issue-families.ts";
import { addMarks, copyMarks, leaveOwnMarks, separateMarks } from "./merged-marks.ts";
import { addUsers, copyUsers, eraseUsers, removeUsers } from "./merged-users.ts";
import { applyPendingAtOnce, applyPendingToLoaded, pendingFor } from "./pending-releases.ts";
import { issueNotFound, requireIssue, trackedIssue, type NamedIssue, type TrackedIssue } from "./tracked-issue.ts";
import { restoreCounter } from "./working-issue.ts";

/** A merge or its end, with the clock and the ids of the tracker. */
export interface MergeRequest extends OperationContext, MergeContext {}

/**
 * Merges an issue into another one of its project, with those that were merged into it.
 *
 * @returns the other issue
 */
export async function merge(
  transaction: StoreTransaction,
  named: NamedIssue,
  into: NamedIssue,
  request: MergeRequest,
): Promise<TrackedIssue> {
  const [member, target] = [await requireId(transaction, named), await requireId(transaction, into)];
  if (member === target) throw invalidInput(into.field, into.given, "another issue");
  const merging = await Merging.begin(transaction, [member, target], request);
  const [issue, other] = [merging.issueOf(member, named), merging.issueOf(target, into)];
  if (issue.projectId !== other.projectId) {
    throw invalidInput(into.field, into.given, "an issue of the same project");
  }
  requireUnmerged(issue, named);
  requireUnmerged(other, into);
  const count = [issue, other].reduce((sum, { parts }) => sum + (parts?.members.length ?? 0), 1);
  if (count > MAX_MERGED_ISSUES) {
    const most = String(MAX_MERGED_ISSUES);
    const message = `${into.field}: ${String(count)} issues would be merged into ${into.given}; allowed are ${most}.`;
    throw new IssueLifecycleError("too-many-members", message, { field: into.field });
  }
  return merging.merge(issue, other);
}

/**
 * Takes an issue out of the one that it was merged into.
 *
 * @returns the issue, on its own again
 */
export async function unmerge(
  transaction: StoreTransaction,
  named: NamedIssue,
  request: MergeRequest,
): Promise<TrackedIssue> {
  const id = await requireId(transaction, named);
  const merging = await Merging.begin(transaction, [id], request);
  const member = merging.issueOf(id, named);
  const { state } = member;
  if (state.status === "merged" && state.as === "member") return merging.unmerge(member, state.into);
  const allowed =
    state.status === "merged"
      ? `an issue that was merged into another; this one is the own part of issue ${state.into}`
      : "an issue that was merged into another";
  const { message } = invalidInput(named.field, named.given, allowed);
  throw new IssueLifecycleError("not-merged", message, { field: named.field });
}

async function requireId(transaction: StoreTransaction, named: NamedIssue): Promise<string> {
  return (await requireIssue(transaction, named)).id;
}

function requireUnmerged({ state }: Issue, { field, given }: NamedIssue): void {
  if (state.status !== "merged") return;
  const { message } = invalidInput(field, given, `an issue that is not merged; this one is, into issue ${state.into}`);
  throw new IssueLifecycleError("issue-merged", message, { field });
}

/** A change of an issue by a merge or its end. */
interface Change {
  readonly before: Issue;
  /** What becomes of it, one turning point after the other. */
  readonly steps: readonly [MergedIssue, ...MergedIssue[]];
  /** Its counter; `undefined` for one that cannot be read, and stays as it is. */
  readonly buckets: Uint8Array | undefined;
}

/** Merges issues, and takes them apart, in one transaction. */
class Merging {
  readonly #transaction: StoreTransaction;
  readonly #request: MergeRequest;
  readonly #loaded: Loaded;
  readonly #families: IssueFamilies;

  private constructor(transaction: StoreTransaction, request: MergeRequest, loaded: Loaded) {
    this.#transaction = transaction;
    this.#request = request;
    this.#loaded = loaded;
    this.#families = new IssueFamilies(loaded);
  }

  /** Loads issues with all that are merged with them, and gives them the releases that they wait for, if these are known already. */
  static async begin(transaction: StoreTransaction, ids: readonly string[], request: MergeRequest): Promise<Merging> {
    const [first] = (await transaction.findIssues({ ids })).filter(isReadable);
    const projectId = first?.projectId ?? "";
    // A part may be added to the project, and releases to issues.
    const timelines = [{ projectId, lines: [] }];
    const load = (): Promise<Loaded> => loadWithRelatives(transaction, ids, { timelines }, allMergedWith);
    let loaded = await load();
    if (await applyPendingToLoaded(transaction, loaded.issues, request)) loaded = await load();
    const waiting = loaded.issues.filter(isReadable).filter(({ state }) => awaitsNextRelease(state));
    // One that waits on may come to the line of such a release: later steps could not know which came first.
    if (waiting.length > 0 && (await pendingFor(transaction, waiting)).size > 0) {
      await applyPendingAtOnce(transaction, projectId, request);
      loaded = await load();
    }
    return new Merging(transaction, request, loaded);
  }

  /** An issue that was loaded. */
  issueOf(id: string, { field, given }: NamedIssue): Issue {
    const issue = this.#families.find(id);
    if (issue !== undefined) return issue;
    const unreadable = this.#loaded.issues.find((each) => each.id === id);
    if (unreadable !== undefined) requireReadable(unreadable);
    throw issueNotFound({ field, given });
  }

  /** Merges an issue into another, with its members, and returns the other one. */
  async merge(member: Issue, target: Issue): Promise<TrackedIssue> {
    const [into, added] = [await this.#counted(target), await this.#counted(member)];
    const ownPart = target.parts === null ? await this.#addOwnPart(into) : target.parts.ownPart;
    const newUsers = await addUsers(this.#transaction, member.id, target.id);
    await addMarks(this.#transaction, member.id, target.id);
    const formerPart = member.parts === null ? undefined : await this.#leaveOwn(member);
    const formerMembers = (member.parts?.members ?? []).flatMap((id) => this.#families.find(id) ?? []);
    // All own events of a former target may have been erased.
    const isEmpty = formerPart?.issue.eventCount === 0;
    const members = [...(isEmpty ? [] : [member]), ...formerMembers].map(({ id }) => id);
    const alone = mergeInto(added.issue, formerPart?.issue, target, this.#request);
    const steps = withMembers(into, added, members, newUsers, ownPart, this.#request);
    const moved = formerMembers.map((each): Change => {
      return { before: each, steps: [mergeInto(each, undefined, target, this.#request)], buckets: undefined };
    });
    const counter = formerPart?.counter ?? added.counter;
    await this.#write(
      [
        { before: target, steps, buckets: into.counter.encode() },
        { before: member, steps: [alone], buckets: counter.encode() },
        ...moved,
      ],
      [...(formerPart === undefined ? [] : [formerPart.issue.id]), ...(isEmpty ? [member.id] : [])],
    );
    return this.#tracked(steps.at(-1)?.issue ?? target);
  }

  /**
   * Takes a member out of its target, and returns the member.
   *
   * @param from - the id of the target
   */
  async unmerge(member: Issue, from: string): Promise<TrackedIssue> {
    const target = this.#families.find(from);
    const isDamaged = this.#loaded.issues.find(({ id }) => id === from);
    if (target === undefined && isDamaged !== undefined) requireReadable(isDamaged);
    const counted = await this.#countedIfReadable(member);
    const freed = unmergeFrom(
      counted ?? { issue: member, counter: restoreCounter(member, undefined) },
      from,
      target,
      this.#request,
    );
    const change: Change = { before: member, steps: [freed], buckets: counted?.counter.encode() };
    if (target === undefined) {
      await this.#write([change]);
      return this.#tracked(freed.issue);
    }
    // Their users' days have to be set back before they are looked at.
    await this.#setBackUsers(target);
    const rest: CountedIssue[] = [];
    for (const id of partIdsOf(target)) {
      const part = this.#families.find(id);
      if (part !== undefined && id !== member.id) rest.push(await this.#counted(part));
    }
    const ownPart = target.parts?.ownPart ?? "";
    if (!rest.some(({ issue }) => issue.id === ownPart)) {
      throw corruptIssue(target.id, new Error("Its own part is missing."));
    }
    const restIds = rest.map(({ issue }) => issue.id);
    await separateMarks(this.#transaction, member.id, target.id, restIds);
    const removed = await removeUsers(this.#transaction, member.id, target.id, restIds);
    const left = withoutMember(target, member.id, rest, target.userCount - removed, this.#request);
    const isAlone = left.issue.parts === null;
    if (isAlone) await eraseUsers(this.#transaction, ownPart);
    // All its own events may have been erased.
    const isEmpty = left.issue.eventCount === 0;
    await this.#write(
      [{ before: target, steps: [left], buckets: left.counter.encode() }, change],
      [...(isAlone ? [ownPart] : []), ...(isEmpty ? [target.id] : [])],
    );
    return this.#tracked(freed.issue);
  }

  async #write(changes: readonly Change[], deletedIssues: readonly string[] = []): Promise<void> {
    const kept = changes.filter(({ before }) => !deletedIssues.includes(before.id));
    await this.#transaction.write({
      updates: kept.map(({ before, steps }) => ({ before, after: steps.at(-1)?.issue ?? before })),
      counters: new Map(
        kept.flatMap(({ before, buckets }) => (buckets === undefined ? [] : [[before.id, buckets] as const])),
      ),
      turningPoints: kept.flatMap(({ steps }) => steps.map(turningPointOf)),
      deletedIssues,
    });
  }

  /** An issue with its counter, without what a clock that was ahead had written. */
  async #counted(stored: Issue): Promise<CountedIssue> {
    await this.#setBackUsers(stored);
    try {
      const counters = await this.#transaction.findCounters([stored.id]);
      const counter = restoreCounter(stored, counters.get(stored.id));
      return { issue: recoverIssue(stored, counter, this.#request.now), counter };
    } catch (error) {
      throw isCorruptData(error) ? corruptIssue(stored.id, error) : error;
    }
  }

  async #countedIfReadable(stored: Issue): Promise<CountedIssue | undefined> {
    try {
      return await this.#counted(stored);
    } catch (error) {
      if (isCorruptData(error)) return undefined;
      throw error;
    }
  }

  async #setBackUsers({ id, lastSeenAt }: Issue): Promise<void> {
    const { now } = this.#request;
    if (!isAhead(lastSeenAt, now)) return;
    await this.#transaction.write({ latestUserDays: [{ issueId: id, day: bucketOf("day", now) }] });
  }

  /** Adds the own part of an issue: all that it has counted before others were merged into it. */
  async #addOwnPart({ issue: target, counter }: CountedIssue): Promise<string> {
    const { newId, now } = this.#request;
    const number = (this.#loaded.projects.get(target.projectId)?.issueCount ?? 0) + 1;
    const issue = ownPartOf(target, { id: newId(), number }, now);
    await this.#transaction.write({
      newIssues: [{ issue, group: null }],
      counters: new Map([[issue.id, counter.encode()]]),
    });
    await copyUsers(this.#transaction, target.id, issue.id);
    await copyMarks(this.#transaction, target.id, issue.id);
    return issue.id;
  }

  /** Leaves to an issue, whose members go to another one, what its own part has. */
  async #leaveOwn(issue: Issue): Promise<CountedIssue> {
    const ownPart = this.#families.find(issue.parts?.ownPart ?? "");
    if (ownPart === undefined) throw corruptIssue(issue.id, new Error("Its own part is missing."));
    const counted = await this.#counted(ownPart);
    await leaveOwnMarks(this.#transaction, issue.id, ownPart.id);
    await removeUsers(this.#transaction, issue.id, issue.id, [ownPart.id]);
    await eraseUsers(this.#transaction, ownPart.id);
    return counted;
  }

  #tracked(issue: Issue): TrackedIssue {
    const project = this.#loaded.projects.get(issue.projectId)?.project;
    if (project === undefined) throw issueNotFound({ field: "id", given: issue.id });
    return trackedIssue(project, issue);
  }
}
