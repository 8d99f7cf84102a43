import { expect } from "vitest";
import { IssueLifecycleError, type DigestOutcome } from "../../src/index.ts";
import {
  parseCondition,
  type Command,
  type ConditionInput,
  type ConditionMet,
  type ReleaseMark,
} from "../../src/core/index.ts";
import { ISSUE_STATUSES } from "../../src/core/issue.ts";
import type { NaiveIssue } from "./naive-issue.ts";
import { metInShort, NaiveTracker, type NaiveLoad, type NaiveOutcome } from "./naive-tracker.ts";
import { Scenario, START } from "./scenario.ts";
import type { StoreKind } from "./stores.ts";

/** One event of a story. */
interface StoryEvent {
  readonly group: string;
  readonly release: string;
  /** Milliseconds from the event before it. */
  readonly step: number;
  /** How many milliseconds before it was received it occurred; `undefined` where the client does not say. */
  readonly delay: number | undefined;
  /** Which earlier event it repeats, if any. */
  readonly repeats: number | undefined;
  readonly carries?: NaiveLoad | undefined;
}

/** One step of a story that a tracker and the model play. */
export type StoryStep =
  | { readonly kind: "digest"; readonly events: readonly StoryEvent[]; readonly oneByOne: boolean }
  /** `inMs`: how many milliseconds from now a mute ends. */
  | { readonly kind: "command"; readonly group: string; readonly command: Command; readonly inMs?: number | undefined }
  /** `ago`: how many milliseconds ago it was released. */
  | { readonly kind: "register"; readonly version: string; readonly ago: number | undefined }
  | { readonly kind: "retire" | "restore"; readonly version: string }
  /** Saves the project with other conditions, environments that may change states, or another time after which quiet issues are resolved. */
  | { readonly kind: "watch"; readonly conditions: readonly ConditionInput[] }
  | { readonly kind: "environments"; readonly names: readonly string[] | null }
  | { readonly kind: "auto-resolve"; readonly afterMs: number | null }
  /** Merges the issue of a group into that of another, or takes it out again. */
  | { readonly kind: "merge"; readonly group: string; readonly into: string }
  | { readonly kind: "unmerge"; readonly group: string }
  | { readonly kind: "tick" }
  | { readonly kind: "wait"; readonly ms: number };

/** Plays the same steps on a tracker and on the model, and compares them after every step. */
export class Duel {
  readonly model = new NaiveTracker();
  readonly #story: Scenario;
  readonly #eventIds: string[] = [];
  /** The ids of the issues that groups opened last. */
  readonly #ids = new Map<string, string>();
  #receivedAt = START;

  constructor(story: Scenario) {
    this.#story = story;
  }

  async play(step: StoryStep): Promise<void> {
    const { tracker, clock } = this.#story;
    const now = clock.now();
    switch (step.kind) {
      case "digest":
        return this.#digest(step.events, step.oneByOne);
      case "command":
        return this.#command(step.group, commandOf(step, now));
      case "register": {
        const { version, ago } = step;
        const releasedAt = ago === undefined ? undefined : now - ago;
        const given = { projectId: "shop", version, ...(releasedAt !== undefined && { releasedAt }) };
        expect(await codeOf(tracker.releases.register(given))).toBe(this.model.register(version, releasedAt, now));
        return;
      }
      case "retire":
      case "restore": {
        const { kind, version } = step;
        expect(await codeOf(tracker.releases[kind]({ projectId: "shop", version }))).toBe(this.model[kind](version));
        return;
      }
      case "watch":
        this.model.watch = step.conditions.map((each) => parseCondition(each));
        await tracker.projects.save({ id: "shop", watch: { conditions: step.conditions } });
        return;
      case "environments":
        this.model.stateEnvironments = step.names;
        await tracker.projects.save({ id: "shop", stateEnvironments: step.names });
        return;
      case "auto-resolve":
        this.model.autoResolveAfterMs = step.afterMs;
        await tracker.projects.save({ id: "shop", autoResolveAfterMs: step.afterMs });
        return;
      case "merge": {
        const [id, into] = [this.#idOf(step.group), this.#idOf(step.into)];
        expect(await codeOf(tracker.issues.merge(id, { into }))).toBe(this.model.merge(step.group, step.into, now));
        return;
      }
      case "unmerge":
        expect(await codeOf(tracker.issues.unmerge(this.#idOf(step.group)))).toBe(this.model.unmerge(step.group, now));
        return;
      case "tick":
        this.model.tick(now);
        await tracker.tick();
        return;
      case "wait":
        clock.advanceBy(step.ms);
        return;
    }
  }

  async compare(): Promise<void> {
    const { tracker } = this.#story;
    const { items } = await tracker.issues.list({
      projectId: "shop",
      status: ISSUE_STATUSES,
      sort: "first-seen",
      direction: "ascending",
    });
    const actual = await Promise.all(
      items.map(async (issue) => ({
        title: issue.title,
        number: issue.number,
        state: issue.state.status,
        ...(issue.state.status === "resolved" && inShort(issue.state)),
        eventCount: issue.eventCount,
        userCount: issue.userCount,
        environments: issue.environments,
        watch: issue.watch,
        progress: await this.#progress(issue.id),
        discarded: (await tracker.issues.discardProgress(issue.id))?.discarded,
        firstSeenAt: issue.firstSeenAt,
        lastSeenAt: issue.lastSeenAt,
        history: await this.#story.history(issue.id),
        marks: (await tracker.issues.releases(issue.id)).items.map(markInShort).sort(),
        perHour: (await tracker.issues.eventCounts(issue.id, { period: "hour" })).reduce(
          (sum, { count }) => sum + count,
          0,
        ),
      })),
    );
    expect(actual).toEqual(this.model.all.map((issue) => this.#summary(issue)).sort((a, b) => a.number - b.number));
    await this.#compareReleases();
    expect((await this.#story.alertKinds()).sort()).toEqual(this.model.alerts.splice(0).sort());
  }

  /** What counts towards each condition of the issue's mute or watch, and whether it is met. */
  async #progress(id: string): Promise<readonly (readonly [count: number, isMet: boolean])[]> {
    const { issues } = this.#story.tracker;
    const discard = await issues.discardProgress(id);
    const ending = (discard ?? (await issues.muteProgress(id)))?.conditions;
    const conditions = ending ?? (await issues.watchProgress(id));
    return conditions.map(({ count, missing }) => [count, missing === 0]);
  }

  #expectedProgress({ state, past, own }: NaiveIssue): readonly (readonly [count: number, isMet: boolean])[] {
    const open = state.kind === "open" ? (own ?? this.model.watch) : [];
    const conditions = state.kind === "muted" || state.kind === "discarded" ? state.conditions : open;
    const since = state.kind === "muted" ? state.since : undefined;
    const standings = conditions.map((each) => past.standing(each, this.#story.clock.now(), since));
    return standings.map(({ count, isMet }) => [count, isMet]);
  }

  async #compareReleases(): Promise<void> {
    const { tracker } = this.#story;
    const { releases } = this.model;
    const { items } = await tracker.releases.list("shop");
    const standings = items.map(({ version, standing }) => `${standing} ${version}`);
    expect(standings.sort()).toEqual(releases.all.map(({ text, standing }) => `${standing} ${text}`).sort());
    const known = items.filter((release) => release.standing === "known").reverse();
    const rankOf = releases.becameLatest().map(({ text }) => text);
    expect(
      known
        .filter(({ becameLatest }) => becameLatest)
        .map(({ version }) => version)
        .sort(),
    ).toEqual(rankOf.sort());
    for (const release of releases.known) {
      const line = releases.line(release).map(({ text }) => text);
      expect(known.map(({ version }) => version).filter((version) => line.includes(version))).toEqual(line);
    }
    expect((await tracker.releases.latest("shop"))?.version).toBe(releases.latest()?.text);
  }

  #idOf(group: string): string {
    return this.#ids.get(group) ?? "none";
  }

  #summary(issue: NaiveIssue) {
    const { state, past } = issue;
    return {
      title: issue.title,
      number: issue.number,
      state: state.kind,
      ...(state.kind === "resolved" && {
        at: state.at,
        by: state.by,
        claims: state.claims.map(({ release, at }) => `${release.text} at ${String(at)}`),
      }),
      eventCount: past.counter.total,
      userCount: past.userCount,
      environments: issue.environments,
      watch: issue.own,
      progress: this.#expectedProgress(issue),
      discarded: state.kind === "discarded" ? past.counter.total - state.before : undefined,
      firstSeenAt: past.first,
      lastSeenAt: past.last,
      history: issue.history,
      marks: [...new Set(issue.happenings.map(({ release }) => release))]
        .map((release) => `${issue.lastIn(release)?.what ?? ""} ${release.text}`)
        .sort(),
      perHour: past.counter.count({ period: "hour", nrOfPeriods: 24 }, this.#story.clock.now()),
    };
  }

  async #digest(events: readonly StoryEvent[], oneByOne: boolean): Promise<void> {
    const { clock, tracker } = this.#story;
    const batch = events.map(({ group, release, step, delay, repeats, carries }) => {
      this.#receivedAt = Math.max(0, this.#receivedAt + step);
      const fresh = `event-${String(this.#eventIds.length)}`;
      const id = repeats === undefined ? fresh : (this.#eventIds[repeats] ?? fresh);
      if (id === fresh) this.#eventIds.push(id);
      const occurredAt = delay === undefined ? undefined : Math.max(0, this.#receivedAt - delay);
      return { id, type: group, release, receivedAt: this.#receivedAt, occurredAt, carries };
    });
    clock.advanceTo(Math.max(clock.now(), ...batch.map(({ receivedAt }) => receivedAt)));
    this.#receivedAt = clock.now();
    const expected = batch.map((event) => this.model.digest(event, clock.now()));
    const given = batch.map(({ occurredAt, carries, ...event }) => ({
      ...event,
      ...carries,
      projectId: "shop",
      ...(occurredAt !== undefined && { occurredAt }),
    }));
    const outcomes: DigestOutcome[] = [];
    if (oneByOne) for (const event of given) outcomes.push(await tracker.digest(event));
    else outcomes.push(...(await tracker.digest(given)));
    expect(outcomes.map(outcomeInShort)).toEqual(expected);
    for (const [place, outcome] of outcomes.entries()) {
      const group = batch[place]?.type ?? "";
      if (outcome.kind === "digested" && outcome.created) this.#ids.set(group, outcome.issue.id);
    }
  }

  async #command(group: string, command: Command): Promise<void> {
    const id = this.#idOf(group);
    const expected = this.model.command(group, command, this.#story.clock.now());
    let actual: string | undefined;
    try {
      const selection = { projectId: "shop", ids: [id] };
      actual = (await this.#story.tracker.issues.bulk(selection, command)).refusals[0]?.code;
    } catch (error) {
      actual = code(error);
    }
    // A command that no issue could be given is refused whatever the issue is.
    const isOfAny = actual === "deadline-passed" && (expected === "unknown-issue" || expected === "issue-merged");
    expect(actual).toBe(isOfAny ? actual : expected);
  }
}

/** Plays a story on a new store, comparing after every step. */
export async function playStory(open: StoreKind["open"], steps: readonly StoryStep[]): Promise<void> {
  const story = await Scenario.begin(await open());
  const duel = new Duel(story);
  for (const step of steps) {
    await duel.play(step);
    await duel.compare();
  }
  await story.tracker.close();
}

function commandOf({ command, inMs }: StoryStep & { kind: "command" }, now: number): Command {
  return inMs === undefined || command.kind !== "mute" ? command : { ...command, until: now + inMs };
}

type Resolved = Extract<Awaited<ReturnType<Scenario["event"]>>["issue"]["state"], { status: "resolved" }>;

function inShort({ resolvedAt, resolution }: Resolved) {
  const { releases, claimedAt } = resolution.kind === "by-release" ? resolution : { releases: [] };
  return {
    at: resolvedAt,
    by: resolution.kind.replace("by-", ""),
    claims: releases.map((release, index) => `${release} at ${String(claimedAt?.[index] ?? resolvedAt)}`),
  };
}

function markInShort({ last, version }: ReleaseMark): string {
  return `${last} ${version}`;
}

function outcomeInShort(outcome: DigestOutcome): NaiveOutcome {
  if (outcome.kind === "refused") throw outcome.error;
  if (outcome.kind === "duplicate") return "duplicate";
  const { created, regressed, notRegressed, unmuted, loud, discarded, undiscarded } = outcome;
  if (discarded) return "discarded";
  if (undiscarded !== null) return `undiscarded: ${reasonInShort(undiscarded)}`;
  if (created) return "created";
  if (loud !== null) return `loud: ${reasonInShort(loud)}`;
  if (regressed !== null) {
    return regressed.kind === "resolved-plainly" ? "regressed: plainly" : `regressed: fixed in ${regressed.fixedIn}`;
  }
  if (notRegressed !== null) {
    if (notRegressed.kind === "other-environment")
      return `not regressed: other-environment ${notRegressed.environment}`;
    const seenIn = notRegressed.kind === "known-to-be-broken" ? ` in ${notRegressed.seenIn}` : "";
    return `not regressed: ${notRegressed.kind}${seenIn}`;
  }
  if (unmuted?.kind === "deadline-passed") return "unmuted: deadline";
  if (unmuted !== null && unmuted.kind !== "by-person") return `unmuted: ${reasonInShort(unmuted)}`;
  return "counted";
}

function reasonInShort(reason: ConditionMet): string {
  const { condition, count } = reason;
  return metInShort({ condition, standing: { count, usual: "usual" in reason ? reason.usual : 0, isMet: true } });
}

/** The code with which a call is refused, or `undefined`. */
async function codeOf(call: Promise<unknown>): Promise<string | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    return code(error);
  }
}

function code(error: unknown): string {
  if (!IssueLifecycleError.is(error)) throw error;
  return error.code;
}
