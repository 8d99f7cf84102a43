import { applyDeadline, applyMuteAgain, postponeMuteAgain } from "../core/clock-transition.ts";
import type { Instant } from "../core/instant.ts";
import type { Issue } from "../core/issue.ts";
import type { MuteTerms } from "../core/mute.ts";
import type { PeriodCounter } from "../core/period-counter.ts";
import type { Project } from "../core/project.ts";
import { corruptIssue, isCorruptData, isReadable, isUnreadable, type Unreadable } from "../core/unreadable.ts";
import { Progress } from "../ports/progress.ts";
import type { IssueStore, Loaded, StoreTransaction, UnreadableIssue } from "../ports/issue-store.ts";
import { resolveQuiet } from "./auto-resolve.ts";
import { alertingAt, Changes, NO_ALERTS, type OperationContext, type RaisedAlerts } from "./changes.ts";
import { countUsers, usersOfNewMute, type WantedUserCounts } from "./issue-users.ts";
import { applyAllPending } from "./pending-releases.ts";
import { describeUnreadable } from "./tracked-issue.ts";
import { restoreCounter } from "./working-issue.ts";

/** The result of a tick. */
export interface TickOutcome {
  /** How many mutes ended because their deadline had passed. */
  readonly unmuted: number;
  /** How many issues were muted again, because they were quiet. */
  readonly mutedAgain: number;
  /** How many open issues were resolved, because they were quiet for as long as their projects say. */
  readonly autoResolved: number;
  /** The first 1,000 issues for which the clock should do something but that cannot be read. Usually none. */
  readonly unreadable: readonly Unreadable[];
}

/** How many issues are changed in one transaction, and in memory, at a time. */
const CHUNK = 500;

/** The most unreadable issues that a {@link TickOutcome} lists. */
const MAX_LISTED = 1_000;

/**
 * Does all that has to be done about once a minute. An error of what comes later does not keep what comes before from being done.
 *
 * @param after - delivers alerts after the commits
 */
export async function doPeriodically(
  store: IssueStore,
  at: Instant,
  context: OperationContext,
  after: { readonly deliver: (raised: RaisedAlerts) => void; readonly wake: () => void },
): Promise<TickOutcome> {
  const woken = await wakeDue(store, at, context, after.deliver);
  after.wake();
  try {
    return { ...woken, autoResolved: await resolveQuiet(store, at, context) };
  } finally {
    await applyAllPending(store, context);
  }
}

/**
 * Does what the clock has to do for single issues, in chunks of a transaction each: ends the mutes that end by the clock and whose deadline has passed,
 * and mutes issues again that were quiet for long enough.
 *
 * @param onCommit - called with the alerts of each chunk after its commit
 */
async function wakeDue(
  store: IssueStore,
  at: Instant,
  context: OperationContext,
  onCommit: (raised: RaisedAlerts) => void,
): Promise<WokenIssues> {
  let [unmuted, mutedAgain] = [0, 0];
  // An issue whose row is damaged is found by each chunk.
  const unreadable = new Map<string, Unreadable>();
  const progress = new Progress("issues for which the clock has something to do");
  for (;;) {
    const chunk = await store.transaction((transaction) => new WakingChunk(transaction, at, context).run());
    onCommit(chunk.raised);
    unmuted += chunk.unmuted;
    mutedAgain += chunk.mutedAgain;
    for (const each of chunk.unreadable) if (unreadable.size < MAX_LISTED) unreadable.set(each.id, each);
    if (chunk.changed.length < CHUNK) return { unmuted, mutedAgain, unreadable: [...unreadable.values()] };
    progress.step(chunk.changed);
  }
}

/** What became of the issues for which the clock had something to do. */
type WokenIssues = Omit<TickOutcome, "autoResolved">;

/** The result of a chunk. */
interface WokenChunk extends WokenIssues {
  /** The issues that were changed, as they were before, also those of which it is only known when to look again. */
  readonly changed: readonly string[];
  readonly raised: RaisedAlerts;
}

/** The issues of one transaction for which the clock has something to do. */
class WakingChunk {
  readonly #transaction: StoreTransaction;
  readonly #at: Instant;
  readonly #context: OperationContext;
  readonly #changes: Changes;
  readonly #unreadable: Unreadable[] = [];
  #unmuted = 0;
  #mutedAgain = 0;

  constructor(transaction: StoreTransaction, at: Instant, context: OperationContext) {
    this.#transaction = transaction;
    this.#at = at;
    this.#context = context;
    this.#changes = new Changes(context);
  }

  async run(): Promise<WokenChunk> {
    const loaded = await this.#transaction.load({
      issues: { wakesUntil: this.#at, limit: CHUNK },
      details: ({ issues }) => ({
        counters: issues
          .filter(isReadable)
          .filter((issue) => termsAgainOf(issue) !== undefined)
          .map(({ id }) => id),
      }),
    });
    const toMute: ToMuteAgain[] = [];
    for (const issue of loaded.issues) {
      const project = loaded.projects.get(issue.projectId)?.project;
      if (isUnreadable(issue)) this.#addUnreadable(project, issue);
      else if (project !== undefined && issue.state.status === "muted") this.#unmute(project, issue);
      else if (project !== undefined) this.#prepare(project, issue, loaded, toMute);
    }
    await countUsers(
      this.#transaction,
      toMute.map(({ users }) => users),
    );
    for (const each of toMute) this.#muteAgain(each);
    const changed = this.#changes.updates.map(({ before }) => `${before.id} ${String(before.turningPointCount)}`);
    const raised = changed.length === 0 ? NO_ALERTS : await this.#changes.writeTo(this.#transaction);
    const [unmuted, mutedAgain] = [this.#unmuted, this.#mutedAgain];
    return { unmuted, mutedAgain, changed, unreadable: this.#unreadable, raised };
  }

  #addUnreadable(project: Project | undefined, issue: UnreadableIssue): void {
    this.#unreadable.push(describeUnreadable(project, issue));
  }

  #unmute(project: Project, before: Issue): void {
    const transition = applyDeadline(before, this.#at, alertingAt(project, this.#at, this.#context));
    if (transition === undefined) return;
    const { issue, alert } = transition;
    this.#changes.updates.push({ before, after: issue });
    this.#changes.addTurningPoint(transition);
    if (alert !== null) this.#changes.addAlert(project, issue, alert, null, this.#at);
    this.#unmuted++;
  }

  /** An issue whose counter cannot be read is changed too, so that it does not take the place of others in the next chunk. */
  #prepare(project: Project, issue: Issue, { counters }: Loaded, toMute: ToMuteAgain[]): void {
    const terms = termsAgainOf(issue);
    if (terms === undefined) return;
    try {
      const counter = restoreCounter(issue, counters.get(issue.id));
      toMute.push({ issue, counter, users: usersOfNewMute(terms, issue, counter, this.#at) });
    } catch (error) {
      if (!isCorruptData(error)) throw error;
      const { id, projectId, number } = issue;
      this.#addUnreadable(project, { id, projectId, number, error: corruptIssue(id, error) });
      this.#changes.updates.push({ before: issue, after: postponeMuteAgain(issue, this.#at) });
    }
  }

  #muteAgain({ issue: before, counter, users }: ToMuteAgain): void {
    const transition = applyMuteAgain(before, this.#at, counter, users.counts);
    if (transition === undefined) return;
    const { issue, turningPoint } = transition;
    this.#changes.updates.push({ before, after: issue });
    if (turningPoint === null) return;
    this.#changes.addTurningPoint({ issue, turningPoint });
    this.#mutedAgain++;
  }
}

/** An open issue that is muted again once it is quiet. */
interface ToMuteAgain {
  readonly issue: Issue;
  readonly counter: PeriodCounter;
  readonly users: WantedUserCounts;
}

/** The terms on which an open issue is muted again once it is quiet; `undefined` if it is not. */
function termsAgainOf({ state }: Issue): MuteTerms | undefined {
  return state.status === "open" ? state.muteAgain?.terms : undefined;
}
