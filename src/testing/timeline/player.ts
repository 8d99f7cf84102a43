import { describeAlertReason, describeNoRegressionReason, describeRegressionReason } from "../../core/alert.ts";
import { IssueLifecycleError } from "../../core/errors.ts";
import type { NewEvent } from "../../core/event.ts";
import { formatInstant } from "../../core/instant.ts";
import type { IssueState, Resolution } from "../../core/issue.ts";
import { describeUnmuteReason, type Mute } from "../../core/mute.ts";
import type { Page } from "../../core/page.ts";
import { describeVolumeCondition } from "../../core/volume-condition.ts";
import { createMemoryStore } from "../../memory/memory-store.ts";
import type { DigestOutcome } from "../../tracker/digest.ts";
import type { Issues } from "../../tracker/issues.ts";
import type { TrackedIssue } from "../../tracker/tracked-issue.ts";
import { createIssueTracker, type IssueTracker } from "../../tracker/tracker.ts";
import { createRecordingSink, type RecordingSink } from "../recording-sink.ts";
import { createVirtualClock, type VirtualClock } from "../virtual-clock.ts";
import type { TimelineEntry, TimelineProgress } from "./entry.ts";
import { resultOf, type TimelineResult } from "./result.ts";

/** The only project of a timeline. */
const PROJECT = { id: "shop" };

/** A command for the issue with an id. */
export type IssueCommand = (issues: Issues, issueId: string) => Promise<unknown>;

/** Plays steps on a tracker with the memory store, and records an entry for each. */
export class Player {
  readonly clock: VirtualClock;
  readonly tracker: IssueTracker;
  readonly entries: TimelineEntry[] = [];
  /** The number of entries whose alerts were expected already. */
  alertsExpectedUpTo = 0;
  /** The error of the last command, until it is expected or thrown. */
  refusal: IssueLifecycleError | undefined;
  readonly #sink: RecordingSink;
  /** The issue of the last event. */
  #issueId: string | undefined;
  #release: string | undefined;
  #lastEvent: Partial<NewEvent> = {};
  #eventCount = 0;
  readonly #eventIds = new Set<string>();

  constructor(startsAt: number) {
    this.clock = createVirtualClock(startsAt);
    this.#sink = createRecordingSink();
    this.tracker = createIssueTracker({
      store: createMemoryStore(),
      clock: this.clock,
      alertSink: this.#sink.deliver,
    });
  }

  /** Saves the project. */
  async begin(): Promise<void> {
    await this.tracker.projects.save(PROJECT);
  }

  /** Digests an event. */
  async event(event: Partial<NewEvent>): Promise<void> {
    this.#lastEvent = event;
    const id = event.id ?? this.#freeId();
    this.#eventIds.add(id);
    const release = this.#release === undefined ? {} : { release: this.#release };
    const outcome = await this.tracker.digest({
      projectId: PROJECT.id,
      type: "Error",
      ...release,
      ...event,
      id,
    });
    this.#issueId = outcome.kind === "digested" ? outcome.issue.id : outcome.issueId;
    const action =
      event.release === undefined ? "event" : `event of ${event.release === "" ? "no release" : event.release}`;
    await this.#record(action, resultInWords(outcome), outcome);
  }

  /** An id that no event has yet: the same at every run. */
  #freeId(): string {
    for (;;) {
      const id = `event ${String(++this.#eventCount)}`;
      if (!this.#eventIds.has(id)) return id;
    }
  }

  /** Digests the last event once more. */
  async again(): Promise<void> {
    const { id: _, ...event } = this.#lastEvent;
    await this.event(event);
  }

  /**
   * Gives a command for the issue of the last event. An error of the command is kept as {@link Player.refusal}.
   *
   * @param action - the command in words
   */
  async command(action: string, command: IssueCommand): Promise<void> {
    const id = this.#requireIssue();
    try {
      await command(this.tracker.issues, id);
    } catch (error) {
      if (!IssueLifecycleError.is(error)) throw error;
      this.refusal = error;
    }
    const { state } = await this.issue();
    await this.#record(
      action,
      this.refusal === undefined ? describeState(state) : `refused (${this.refusal.code})`,
      null,
    );
  }

  /** Registers a release; later events are of this release. */
  async release(version: string): Promise<void> {
    this.#release = version;
    await this.tracker.releases.register({ projectId: PROJECT.id, version });
    await this.#record(`release ${version}`, "", null, null);
  }

  /** Retires a release. Later events without a release of their own are still of the one that was registered last. */
  async retire(version: string): Promise<void> {
    await this.tracker.releases.retire({ projectId: PROJECT.id, version });
    await this.#record(`retire ${version}`, "", null, null);
  }

  /** Ends the mutes whose deadline has passed. */
  async tick(): Promise<void> {
    const { unmuted } = await this.tracker.tick();
    await this.#record("tick", unmuted === 0 ? "" : `${String(unmuted)} unmuted`, null, null);
  }

  /** The issue of the last event, as it is now. */
  async issue() {
    const issue = await this.tracker.issues.get(this.#requireIssue());
    if (issue === undefined) throw new IssueLifecycleError("unknown-issue", "The issue of the last event was deleted.");
    return issue;
  }

  /** The result up to now. */
  async result(): Promise<TimelineResult> {
    const issues: TrackedIssue[] = [];
    let cursor: string | null = null;
    do {
      const options = { ...ALL_ISSUES, projectId: PROJECT.id, ...(cursor !== null && { cursor }) };
      const page: Page<TrackedIssue> = await this.tracker.issues.list(options);
      issues.push(...page.items);
      cursor = page.next;
    } while (cursor !== null);
    return resultOf(this.tracker, [...this.entries], issues);
  }

  #requireIssue(): string {
    if (this.#issueId !== undefined) return this.#issueId;
    throw new IssueLifecycleError(
      "unknown-issue",
      'A step of a timeline is about the issue of the last event, and there is none yet: begin with "event()".',
    );
  }

  async #record(
    action: string,
    result: string,
    outcome: DigestOutcome | null,
    issueId: string | null | undefined = this.#issueId,
  ): Promise<void> {
    await this.tracker.settled();
    const alerts = [...this.#sink.alerts];
    this.#sink.clear();
    const issue = issueId === null || issueId === undefined ? undefined : await this.tracker.issues.get(issueId);
    const progress = issue === undefined ? [] : await this.#progressOf(issue.id, outcome);
    const friendlyId = issue?.friendlyId ?? null;
    this.entries.push({ at: this.clock.now(), issue: friendlyId, action, result, outcome, alerts, progress });
  }

  async #progressOf(id: string, outcome: DigestOutcome | null): Promise<TimelineProgress[]> {
    if (outcome?.kind === "digested" && outcome.unmuted?.kind === "volume-reached") {
      return [{ condition: outcome.unmuted.condition, count: outcome.unmuted.count }];
    }
    const progress = await this.tracker.issues.muteProgress(id);
    return progress?.conditions.map(({ condition, count }) => ({ condition, count })) ?? [];
  }
}

/** What a command led to, in words; `""` where its name says it. */
function describeState(state: IssueState): string {
  switch (state.status) {
    case "open":
      return "";
    case "resolved":
      return describeResolution(state.resolution);
    case "muted":
      return describeMute(state.mute);
  }
}

function describeResolution(resolution: Resolution): string {
  switch (resolution.kind) {
    case "plain":
      return "";
    case "by-release":
      return `in ${resolution.releases.join(", ")}`;
    case "by-next":
      return "in the next release";
  }
}

/** When a mute ends, in words. */
function describeMute({ deadline, volume }: Mute): string {
  const ends = volume?.conditions.map(describeVolumeCondition) ?? [];
  if (deadline !== null) ends.push(formatInstant(deadline.at));
  const since = (volume?.countedFrom ?? 0) > 0 ? ", counted from now" : "";
  return ends.length === 0 ? "for ever" : `until ${ends.join(", or until ")}${since}`;
}

const ALL_ISSUES = { sort: "first-seen", direction: "ascending", limit: 1_000 } as const;

/** The outcome of an event in words; `""` if it was only counted. */
function resultInWords(outcome: DigestOutcome): string {
  if (outcome.kind === "refused") return "refused";
  if (outcome.kind === "duplicate") return "a duplicate";
  if (outcome.created) return describeAlertReason({ kind: "new-issue" });
  if (outcome.regressed !== null) return describeRegressionReason(outcome.regressed);
  if (outcome.notRegressed !== null) return `no regression. ${describeNoRegressionReason(outcome.notRegressed)}`;
  return outcome.unmuted === null ? "" : describeUnmuteReason(outcome.unmuted);
}
