import { IssueLifecycleError } from "../../core/errors.ts";
import type { NewEvent } from "../../core/event.ts";
import type { Page } from "../../core/page.ts";
import { mayChangeStates, type Project } from "../../core/project.ts";
import { pluralize, shorten } from "../../core/text.ts";
import type { Turn } from "../../core/turning-point.ts";
import { createMemoryStore } from "../../memory/memory-store.ts";
import type { DigestOutcome } from "../../tracker/digest.ts";
import type { CommandOptions } from "../../tracker/commands.ts";
import type { Issues } from "../../tracker/issues.ts";
import type { TrackedIssue } from "../../tracker/tracked-issue.ts";
import { createIssueTracker, type IssueTracker } from "../../tracker/tracker.ts";
import { createRecordingSink, type RecordingSink } from "../recording-sink.ts";
import { createVirtualClock, type VirtualClock } from "../virtual-clock.ts";
import { eventAction, givenBy } from "./action-words.ts";
import type { TimelineEntry, TimelineProgress } from "./entry.ts";
import { HistoryReader } from "./history-reader.ts";
import { commandResult, eventResult, projectResult } from "./result-words.ts";
import { resultOf, type TimelineResult } from "./result.ts";
import type { TimelineProject } from "./timeline.ts";

/** The only project of a timeline. */
const PROJECT = { id: "shop" };

/** A command for the issue with an id. */
export type IssueCommand = (issues: Issues, issueId: string) => Promise<TrackedIssue>;

/** A step that was played. */
interface Played {
  readonly action: string;
  /** The issues that it may have changed. */
  readonly changed: readonly TrackedIssue[];
  /** The result in words, by the last entry that it added to a history. */
  readonly result: (turn: Turn | undefined) => string;
  readonly outcome?: DigestOutcome | null;
  /** How many events it stands for. Default 0. */
  readonly eventCount?: number;
  /** Whether it is an event of an environment that changes no states. Default `false`. */
  readonly isElsewhere?: boolean;
  /** Whether it is about the issue of the last event. Default `true`. */
  readonly isAboutIssue?: boolean;
}

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
  /** The issues that were opened last, by the types of their events. */
  readonly #openedBy = new Map<string, string>();
  #release: string | undefined;
  #project: Project | undefined;
  #lastEvent: Partial<NewEvent> = {};
  #eventCount = 0;
  readonly #eventIds = new Set<string>();
  /** The releases that were named: only a new one can change other issues than that of its event. */
  readonly #releases = new Set<string>();
  readonly #histories: HistoryReader;

  constructor(startsAt: number) {
    this.clock = createVirtualClock(startsAt);
    this.#sink = createRecordingSink();
    this.tracker = createIssueTracker({
      store: createMemoryStore(),
      clock: this.clock,
      alertSink: this.#sink.deliver,
    });
    this.#histories = new HistoryReader(this.tracker);
  }

  /** Saves the project. */
  async begin(): Promise<void> {
    this.#project = await this.tracker.projects.save(PROJECT);
  }

  /** Saves settings of the project. */
  async project(settings: TimelineProject): Promise<void> {
    this.#project = await this.tracker.projects.save({ ...PROJECT, ...settings });
    await this.#recordForAll("project", projectResult(settings, this.#project));
  }

  /** Digests an event. */
  async event(event: Partial<NewEvent>): Promise<void> {
    this.#lastEvent = event;
    const id = event.id ?? this.#freeId();
    this.#eventIds.add(id);
    const release = event.release ?? this.#release;
    const outcome = await this.tracker.digest({
      projectId: PROJECT.id,
      type: DEFAULT_TYPE,
      ...(release !== undefined && { release }),
      ...event,
      id,
    });
    this.#issueId = outcome.kind === "digested" ? outcome.issue.id : outcome.issueId;
    const { type = DEFAULT_TYPE } = event;
    if (outcome.kind === "digested" && outcome.created) this.#openedBy.set(type, outcome.issue.id);
    const mayChangeOthers = release !== undefined && !this.#releases.has(release);
    if (mayChangeOthers) this.#releases.add(release);
    const changed = mayChangeOthers ? await this.#allIssues() : await this.#ownIssue();
    const { environment = "", count: eventCount = 1 } = event;
    const isElsewhere = this.#project !== undefined && !mayChangeStates(this.#project, environment.trim());
    const result = (): string => eventResult(outcome);
    await this.#record({ action: eventAction(event), changed, result, outcome, eventCount, isElsewhere });
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
   * @param asked - what it asks for, in words
   * @param author - who gives it, and their comment
   */
  async command(asked: string, author: string, command: IssueCommand): Promise<void> {
    const id = this.#requireIssue();
    const done = await this.#try(() => command(this.tracker.issues, id));
    const issue = await this.issue();
    await this.#record({
      action: asked + author,
      changed: [issue],
      result: (turn) => done.result ?? commandResult(asked, turn, issue.state),
    });
  }

  /** Merges the issue that an event of a type opened last into that of another. An error is kept as {@link Player.refusal}. */
  async merge(type: string, options: { readonly into: string } & CommandOptions): Promise<void> {
    const id = this.#requireOpenedBy(type);
    const into = this.#requireOpenedBy(options.into);
    const member = await this.#requireIssueAt(id);
    const done = await this.#try(() => this.tracker.issues.merge(id, { ...options, into }));
    this.#issueId = into;
    await this.#record({
      action: `merge ${member.friendlyId}${givenBy(options)}`,
      changed: [await this.#requireIssueAt(id), await this.#requireIssueAt(into)],
      result: () => done.result ?? `${pluralize(done.value.eventCount, "event")} in all`,
    });
  }

  /** Takes such an issue out of the one that it was merged into. An error is kept as {@link Player.refusal}. */
  async unmerge(type: string, options: CommandOptions): Promise<void> {
    const id = this.#requireOpenedBy(type);
    const { state } = await this.#requireIssueAt(id);
    const target = state.status === "merged" ? await this.#requireIssueAt(state.into) : undefined;
    const done = await this.#try(() => this.tracker.issues.unmerge(id, options));
    this.#issueId = id;
    const from = target === undefined ? "" : ` from ${target.friendlyId}`;
    const changed = (target === undefined ? [id] : [target.id, id]).map((each) => this.#requireIssueAt(each));
    await this.#record({
      action: `unmerge${from}${givenBy(options)}`,
      changed: await Promise.all(changed),
      result: () => done.result ?? `${done.value.state.status}, ${pluralize(done.value.eventCount, "event")}`,
    });
  }

  /** Gives a command; an error of it is kept as {@link Player.refusal}, with the words that say so as the result. */
  async #try(
    command: () => Promise<TrackedIssue>,
  ): Promise<{ readonly value: TrackedIssue; readonly result?: undefined } | { readonly result: string }> {
    try {
      return { value: await command() };
    } catch (error) {
      if (!IssueLifecycleError.is(error)) throw error;
      this.refusal = error;
      return { result: refused(error) };
    }
  }

  /** Registers a release; later events are of this release. */
  async release(version: string): Promise<void> {
    this.#release = version;
    await this.tracker.releases.register({ projectId: PROJECT.id, version });
    this.#releases.add(version);
    await this.#recordForAll(`release ${version}`);
  }

  /** Retires a release. Later events without a release of their own are still of the one that was registered last. */
  async retire(version: string): Promise<void> {
    await this.tracker.releases.retire({ projectId: PROJECT.id, version });
    await this.#recordForAll(`retire ${version}`);
  }

  /** Does what the clock has to do. */
  async tick(): Promise<void> {
    const { unmuted, mutedAgain, autoResolved } = await this.tracker.tick();
    const done = [
      ...(unmuted === 0 ? [] : [`${String(unmuted)} unmuted`]),
      ...(mutedAgain === 0 ? [] : [`${String(mutedAgain)} muted again`]),
      ...(autoResolved === 0 ? [] : [`${String(autoResolved)} resolved`]),
    ];
    await this.#recordForAll("tick", done.join(", "));
  }

  /** The issue of the last event, as it is now. */
  async issue() {
    return this.#requireIssueAt(this.#requireIssue());
  }

  async #requireIssueAt(id: string): Promise<TrackedIssue> {
    const issue = await this.tracker.issues.get(id);
    if (issue === undefined) throw new IssueLifecycleError("unknown-issue", "The issue of the last event was deleted.");
    return issue;
  }

  #requireOpenedBy(type: string): string {
    const id = this.#openedBy.get(type);
    if (id !== undefined) return id;
    throw new IssueLifecycleError(
      "unknown-issue",
      `No event of the type ${JSON.stringify(shorten(type, MAX_TYPE))} has opened an issue yet.`,
    );
  }

  /** The result up to now. */
  async result(): Promise<TimelineResult> {
    return resultOf(this.tracker, [...this.entries], await this.#allIssues());
  }

  /** All issues, in the order in which they were opened. */
  async #allIssues(): Promise<TrackedIssue[]> {
    const issues: TrackedIssue[] = [];
    let cursor: string | null = null;
    do {
      const options = { ...ALL_ISSUES, projectId: PROJECT.id, ...(cursor !== null && { cursor }) };
      const page: Page<TrackedIssue> = await this.tracker.issues.list(options);
      issues.push(...page.items);
      cursor = page.next;
    } while (cursor !== null);
    return issues;
  }

  /** The issue of the last event; none if it was deleted. */
  async #ownIssue(): Promise<TrackedIssue[]> {
    const issue = this.#issueId === undefined ? undefined : await this.tracker.issues.get(this.#issueId);
    return issue === undefined ? [] : [issue];
  }

  #requireIssue(): string {
    if (this.#issueId !== undefined) return this.#issueId;
    throw new IssueLifecycleError(
      "unknown-issue",
      'A step of a timeline is about the issue of the last event, and there is none yet: begin with "event()".',
    );
  }

  /** Records a step that is about no issue, and may change all. */
  async #recordForAll(action: string, result = ""): Promise<void> {
    await this.#record({ action, changed: await this.#allIssues(), result: () => result, isAboutIssue: false });
  }

  async #record(played: Played): Promise<void> {
    const {
      action,
      changed,
      result,
      outcome = null,
      eventCount = 0,
      isElsewhere = false,
      isAboutIssue = true,
    } = played;
    await this.tracker.settled();
    const alerts = [...this.#sink.alerts];
    this.#sink.clear();
    const turningPoints = await this.#histories.readNew(changed);
    const issue = isAboutIssue ? changed.find(({ id }) => id === this.#issueId) : undefined;
    this.entries.push({
      at: this.clock.now(),
      issue: issue?.friendlyId ?? null,
      action,
      result: result(turningPoints.at(-1)?.turn),
      outcome,
      eventCount,
      isElsewhere,
      alerts,
      progress: issue === undefined ? [] : await this.#progressOf(issue.id, outcome),
      watched: issue === undefined ? [] : await this.#watchedOf(issue),
      turningPoints,
    });
  }

  async #progressOf(id: string, outcome: DigestOutcome | null): Promise<TimelineProgress[]> {
    const met = outcome?.kind === "digested" ? outcome.unmuted : null;
    if (met !== null && "condition" in met) return [{ condition: met.condition, count: met.count }];
    const progress = await this.tracker.issues.muteProgress(id);
    return progress?.conditions.map(({ condition, count }) => ({ condition, count })) ?? [];
  }

  async #watchedOf({ id, watch }: TrackedIssue): Promise<TimelineProgress[]> {
    const conditions = watch ?? this.#project?.watch.conditions ?? [];
    if (conditions.length === 0) return [];
    const progress = await this.tracker.issues.watchProgress(id);
    return progress.map(({ condition, count }) => ({ condition, count }));
  }
}

/** The longest type that an error repeats in full. */
const MAX_TYPE = 200;

/** The type of an event that names none. */
const DEFAULT_TYPE = "Error";

function refused({ code }: IssueLifecycleError): string {
  return `refused (${code})`;
}

const ALL_ISSUES = { sort: "first-seen", direction: "ascending", limit: 1_000 } as const;
