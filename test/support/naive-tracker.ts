import type { MuteRequest, NewEvent, VolumeBasedCondition } from "../../src/index.ts";
import type { Command } from "../../src/core/index.ts";
import { NaiveCounter } from "./naive-counter.ts";
import { NaiveReleases } from "./naive-releases.ts";

/** A fix claim or an occurrence in a release. They are kept in the order in which the tracker received them. */
interface Happening {
  readonly what: "fixed" | "seen";
  readonly release: string;
  /** When it was claimed, or when it occurred. */
  readonly at: number;
}

type NaiveState =
  | { kind: "open" }
  | { kind: "resolved"; by: "plain" | "release" | "next"; at: number; releases: string[] }
  | {
      kind: "muted";
      at: number;
      until: number | null;
      wakes: boolean;
      conditions: readonly VolumeBasedCondition[];
      countedFrom: number;
    };

/** An issue in the naive model: lists of everything that ever happened to it. */
export interface NaiveIssue {
  readonly number: number;
  readonly counter: NaiveCounter;
  readonly happenings: Happening[];
  readonly history: string[];
  readonly receivedAt: number[];
  state: NaiveState;
}

/** The outcome of one event in the model. */
export type NaiveOutcome =
  "duplicate" | "created" | "counted" | "regressed: plainly" | `regressed: fixed in ${string}` | `unmuted: ${string}`;

/**
 * A naive model of a tracker with one project: the numbered rules in their plainest form, without regard to cost. It digests
 * events one by one, and stores nothing but what happened.
 */
export class NaiveTracker {
  readonly issues = new Map<string, NaiveIssue>();
  readonly alerts: string[] = [];
  readonly releases = new NaiveReleases();
  readonly #known = new Set<string>();
  readonly #eventIds = new Set<string>();
  #issueCount = 0;

  digest(
    event: Required<Pick<NewEvent, "id" | "type" | "release">> & {
      readonly receivedAt: number;
      readonly occurredAt?: number | undefined;
    },
  ): NaiveOutcome {
    if (this.#eventIds.has(event.id)) return "duplicate";
    this.#eventIds.add(event.id);
    const occurredAt = Math.min(event.occurredAt ?? event.receivedAt, event.receivedAt);
    this.register(event.release, event.receivedAt);
    const issue = this.issues.get(event.type);
    if (issue === undefined) {
      this.issues.set(event.type, this.#open(event.release, event.receivedAt, occurredAt));
      this.alerts.push("new-issue");
      return "created";
    }
    issue.counter.inc(event.receivedAt);
    issue.receivedAt.push(event.receivedAt);
    const outcome = this.#judge(issue, event.release, event.receivedAt, occurredAt);
    issue.happenings.push({ what: "seen", release: event.release, at: occurredAt });
    if (outcome === "counted") return outcome;
    issue.state = { kind: "open" };
    issue.history.push(outcome.startsWith("regressed") ? "regressed" : "unmuted");
    this.alerts.push(outcome.startsWith("regressed") ? "regression" : "unmute");
    return outcome;
  }

  /** Makes a release known, and makes it the fix of the issues that wait for the next release. */
  register(version: string, at: number): void {
    if (this.#known.has(version)) return;
    this.#known.add(version);
    if (!this.releases.register(version, at)) return;
    for (const issue of this.issues.values()) {
      if (issue.state.kind !== "resolved" || issue.state.by !== "next") continue;
      issue.happenings.push({ what: "fixed", release: version, at: issue.state.at });
      issue.state = { ...issue.state, by: "release", releases: [version] };
      issue.history.push("next-materialized");
    }
  }

  /** Applies a command. Returns the code with which it is refused, or `undefined`. */
  command(group: string, command: Command, now: number): string | undefined {
    const issue = this.issues.get(group);
    if (issue === undefined) return "unknown-issue";
    switch (command.kind) {
      case "resolve":
        return this.#resolve(issue, command.in, now);
      case "reopen":
        return issue.state.kind === "resolved" ? turn(issue, { kind: "open" }, "reopened") : "not-resolved";
      case "mute":
        return mute(issue, command, now);
      case "unmute":
        return issue.state.kind === "muted" ? turn(issue, { kind: "open" }, "unmuted") : "not-muted";
      case "annotate":
        return turn(issue, issue.state, "annotated");
      case "delete":
        this.issues.delete(group);
        return undefined;
    }
  }

  /** Ends the mutes that end by the clock. */
  tick(now: number): void {
    for (const issue of this.issues.values()) {
      if (issue.state.kind !== "muted" || !issue.state.wakes || issue.state.until === null || issue.state.until > now)
        continue;
      turn(issue, { kind: "open" }, "unmuted");
      this.alerts.push("unmute");
    }
  }

  #open(release: string, receivedAt: number, occurredAt: number): NaiveIssue {
    const counter = new NaiveCounter();
    counter.inc(receivedAt);
    this.#issueCount++;
    return {
      number: this.#issueCount,
      counter,
      happenings: [{ what: "seen", release, at: occurredAt }],
      history: ["first-seen"],
      receivedAt: [receivedAt],
      state: { kind: "open" },
    };
  }

  #judge(issue: NaiveIssue, release: string, receivedAt: number, occurredAt: number): NaiveOutcome {
    const { state } = issue;
    if (state.kind === "resolved") {
      if (occurredAt < state.at || state.by === "next") return "counted";
      if (state.by === "plain") return "regressed: plainly";
      const fix = this.#walk(issue, release);
      return fix !== undefined && occurredAt >= fix.at ? `regressed: fixed in ${fix.release}` : "counted";
    }
    if (state.kind === "muted") {
      if (state.until !== null && receivedAt > state.until) return "unmuted: deadline";
      const met = state.conditions.find((each) => isMet(issue, each, state.countedFrom, state.at));
      if (met !== undefined) return `unmuted: ${JSON.stringify(met)}`;
    }
    return "counted";
  }

  /** The fix claim that holds in a release: going through the releases in order, claims begin to hold, occurrences end that. */
  #walk(issue: NaiveIssue, upTo: string): Happening | undefined {
    let fix: Happening | undefined;
    for (const release of this.releases.order()) {
      for (const happening of issue.happenings) {
        if (happening.release !== release) continue;
        if (happening.what === "fixed") fix = happening;
        else if (fix?.release !== release || happening.at >= fix.at) fix = undefined;
      }
      if (release === upTo) break;
    }
    return fix;
  }

  #resolve(issue: NaiveIssue, how: Extract<Command, { kind: "resolve" }>["in"], now: number): string | undefined {
    const { state } = issue;
    if (how === undefined || how === "next-release") {
      if (state.kind === "resolved") return "already-resolved";
      return turn(
        issue,
        { kind: "resolved", by: how === undefined ? "plain" : "next", at: now, releases: [] },
        "resolved",
      );
    }
    const release = how === "latest-release" ? this.releases.latest() : how.release;
    if (release === undefined) return "no-release";
    const already = state.kind === "resolved" && state.by === "release" ? state.releases : [];
    if (already.includes(release)) return "already-resolved";
    this.releases.announce(release, now);
    issue.happenings.push({ what: "fixed", release, at: now });
    const at = state.kind === "resolved" ? state.at : now;
    return turn(issue, { kind: "resolved", by: "release", at, releases: [...already, release] }, "resolved");
  }
}

function mute(issue: NaiveIssue, request: MuteRequest, now: number): string | undefined {
  const until = request.until === undefined ? null : Number(request.until);
  if (until !== null && until <= now) return "deadline-passed";
  if (issue.state.kind === "resolved") return "issue-resolved";
  const conditions = request.conditions ?? [];
  const countedFrom = request.sinceMute === true ? issue.counter.total : 0;
  if (conditions.some((each) => isMet(issue, each, countedFrom, now))) return "condition-already-met";
  return turn(
    issue,
    { kind: "muted", at: now, until, wakes: request.wakeOn === "deadline", conditions, countedFrom },
    "muted",
  );
}

function isMet({ counter }: NaiveIssue, condition: VolumeBasedCondition, countedFrom: number, now: number): boolean {
  return Math.min(counter.count(condition, now), counter.total - countedFrom) >= condition.volume;
}

function turn(issue: NaiveIssue, state: NaiveState, kind: string): undefined {
  issue.state = state;
  issue.history.push(kind);
}
