import { describeAlertReason, describeRegressionReason } from "../../core/alert.ts";
import type { Command } from "../../core/command.ts";
import { IssueLifecycleError } from "../../core/errors.ts";
import type { NewEvent } from "../../core/event.ts";
import { formatInstant } from "../../core/instant.ts";
import { describeUnmuteReason, type Mute } from "../../core/mute.ts";
import { describeVolumeCondition } from "../../core/volume-condition.ts";
import { createMemoryStore } from "../../memory/memory-store.ts";
import type { DigestOutcome } from "../../tracker/digest.ts";
import type { CommandOptions } from "../../tracker/command-context.ts";
import type { Page } from "../../tracker/page.ts";
import type { TrackedIssue } from "../../tracker/tracked-issue.ts";
import { createIssueTracker, type IssueTracker } from "../../tracker/tracker.ts";
import { createRecordingSink, type RecordingSink } from "../recording-sink.ts";
import { createVirtualClock, type VirtualClock } from "../virtual-clock.ts";
import type { TimelineEntry, TimelineProgress } from "./entry.ts";
import { storyOf, type Story } from "./story.ts";

/** The one project of a timeline. */
const PROJECT = { id: "shop" };

/** Plays steps on the real tracker and the memory store, and notes what happens. */
export class Player {
  readonly clock: VirtualClock;
  readonly tracker: IssueTracker;
  readonly entries: TimelineEntry[] = [];
  /** How many entries the alerts of which were expected already. */
  alertsExpectedUpTo = 0;
  /** Why the last command was refused, until somebody has looked at it. */
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

  /** Gets the tracker ready. */
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
    await this.#note(event.release === undefined ? "event" : `event of ${event.release}`, cameOf(outcome), outcome);
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

  /** Gives a command for the issue of the last event. */
  async command(command: Command, options: CommandOptions): Promise<void> {
    const id = this.#requireIssue();
    const selection = { projectId: PROJECT.id, ids: [id] };
    const { refusals } = await this.tracker.issues.bulk(selection, command, options);
    const [refusal] = refusals;
    const what = options.by === undefined ? command.kind : `${command.kind} by ${options.by}`;
    const { state } = await this.issue();
    const terms = command.kind === "mute" && state.status === "muted" ? describeMute(state.mute) : "";
    await this.#note(what, refusal === undefined ? terms : `refused (${refusal.code})`, null);
    if (refusal !== undefined) this.refusal = new IssueLifecycleError(refusal.code, refusal.message);
  }

  /** Registers a release, which events are of from now on. */
  async release(version: string): Promise<void> {
    this.#release = version;
    await this.tracker.releases.register({ projectId: PROJECT.id, version });
    await this.#note(`release ${version}`, "", null, null);
  }

  /** Lets the clock lift what it is to lift. */
  async tick(): Promise<void> {
    const { unmuted } = await this.tracker.tick();
    await this.#note("tick", unmuted === 0 ? "" : `${String(unmuted)} unmuted`, null, null);
  }

  /** What the current issue is like. */
  async issue() {
    const issue = await this.tracker.issues.get(this.#requireIssue());
    if (issue === undefined) throw new Error("The issue of the last event was deleted.");
    return issue;
  }

  /** The story so far. */
  async story(): Promise<Story> {
    const issues: TrackedIssue[] = [];
    let cursor: string | null = null;
    do {
      const options = { ...ALL_ISSUES, projectId: PROJECT.id, ...(cursor !== null && { cursor }) };
      const page: Page<TrackedIssue> = await this.tracker.issues.list(options);
      issues.push(...page.items);
      cursor = page.next;
    } while (cursor !== null);
    return storyOf(this.tracker, [...this.entries], issues);
  }

  #requireIssue(): string {
    if (this.#issueId !== undefined) return this.#issueId;
    throw new Error("A command on a timeline is for the issue of the last event, and there is none yet.");
  }

  async #note(
    what: string,
    came: string,
    outcome: DigestOutcome | null,
    issueId: string | null | undefined = this.#issueId,
  ): Promise<void> {
    await this.tracker.settled();
    const alerts = [...this.#sink.alerts];
    this.#sink.clear();
    const issue = issueId === null || issueId === undefined ? undefined : await this.tracker.issues.get(issueId);
    const progress = issue === undefined ? [] : await this.#progressOf(issue.id, outcome);
    const friendlyId = issue?.friendlyId ?? null;
    this.entries.push({ at: this.clock.now(), issue: friendlyId, what, came, outcome, alerts, progress });
  }

  async #progressOf(id: string, outcome: DigestOutcome | null): Promise<TimelineProgress[]> {
    if (outcome?.kind === "digested" && outcome.unmuted?.kind === "volume-reached") {
      return [{ condition: outcome.unmuted.condition, count: outcome.unmuted.count }];
    }
    const progress = await this.tracker.issues.muteProgress(id);
    return progress?.conditions.map(({ condition, count }) => ({ condition, count })) ?? [];
  }
}

/** Until what an issue is muted, in words. */
function describeMute({ deadline, volume }: Mute): string {
  const ends = volume?.conditions.map(describeVolumeCondition) ?? [];
  if (deadline !== null) ends.push(formatInstant(deadline.at));
  const since = (volume?.countedFrom ?? 0) > 0 ? ", counted from now" : "";
  return ends.length === 0 ? "for ever" : `until ${ends.join(", or until ")}${since}`;
}

const ALL_ISSUES = { sort: "first-seen", direction: "ascending", limit: 1_000 } as const;

/** What came of an event, in words; nothing where it was only counted. */
function cameOf(outcome: DigestOutcome): string {
  if (outcome.kind === "duplicate") return "a duplicate";
  if (outcome.created) return describeAlertReason({ kind: "new-issue" });
  if (outcome.regressed !== null) return describeRegressionReason(outcome.regressed);
  return outcome.unmuted === null ? "" : describeUnmuteReason(outcome.unmuted);
}
