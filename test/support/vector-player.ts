import {
  IssueLifecycleError,
  type BulkSelection,
  type NewEvent,
  type TrackedIssue,
  type TurningPoint,
} from "../../src/index.ts";
import {
  decideRegression,
  nearestMark,
  presentClaims,
  wasSeen,
  type Command,
  type KnownRelease,
  type ReleaseMark,
  type Condition,
  type VolumeBasedCondition,
} from "../../src/core/index.ts";
import type { Scenario } from "./scenario.ts";

/** A step of a vector; which members it has depends on `op`. */
export interface VectorStep {
  readonly op: string;
  readonly at?: string;
  readonly issue?: string;
  readonly issues?: string[];
  readonly action?: string;
  readonly method?: string;
  readonly args?: unknown[];
  readonly kwargs?: { unmute_after?: string; unmute_on_volume_based_conditions?: SnakeCondition[] };
  readonly release?: string;
  readonly version?: string;
  readonly event?: string;
  readonly timestamp?: string;
  readonly what?: string;
  readonly comment?: string;
  readonly fields?: { is_resolved?: boolean; is_resolved_by_next_release?: boolean; fixed_at?: string[] };
}

interface SnakeCondition {
  readonly period: VolumeBasedCondition["period"];
  readonly nr_of_periods: number;
  readonly volume: number;
}

/** An issue that exists before the first step: a vector's `given`. */
export interface GivenIssue {
  readonly key: string;
  readonly events_at?: string[];
  readonly fixed_at?: string[];
  readonly is_resolved?: boolean;
  readonly is_muted?: boolean;
  readonly unmute_after?: string;
  readonly unmute_on_volume_based_conditions?: SnakeCondition[];
}

/** An issue's state in the vectors' form, without members that have their default. */
export interface VectorState {
  is_resolved?: boolean;
  is_resolved_by_next_release?: boolean;
  is_resolved_unconditionally?: boolean;
  fixed_at?: string[];
  events_at?: string[];
  is_muted?: boolean;
  unmute_on_volume_based_conditions?: SnakeCondition[];
  unmute_after?: string;
  event_count?: number;
}

/** The result of a step, in the vectors' form. */
export interface VectorResult {
  error?: boolean;
  valid?: boolean;
  result?: boolean;
  unapplied?: string[];
  /** Releases in order, each with whether it has a version. */
  ordered?: (readonly [string, boolean])[];
  history?: unknown[];
  never_evict?: string[];
  issues?: unknown[];
  state: Record<string, VectorState | null>;
  turning_points: {
    issue: string;
    kind: number | null;
    at: string;
    by: string;
    event: string | null;
    metadata: unknown;
  }[];
  alerts: (string | null)[][];
}

/** The group of events that exist only to make a release known. */
const ANOTHER = "(another)";

const KINDS = {
  "first-seen": 1,
  resolved: 2,
  muted: 3,
  regressed: 4,
  unmuted: 5,
  reopened: 6,
  "claims-withdrawn": null,
  "next-materialized": 10,
  annotated: 100,
  // What Bugsink does not know.
  "auto-resolved": null,
  discarded: null,
  undiscarded: null,
  loud: null,
  watched: null,
  merged: null,
  unmerged: null,
  "member-merged": null,
  "member-unmerged": null,
} as const;
const ALERTS = { "new-issue": "new_issue", regression: "regression", unmute: "unmute", loud: null } as const;

/** Plays a vector's steps on a tracker, and returns the results in the vectors' form. */
export class VectorPlayer {
  readonly #story: Scenario;
  /** Group keys by issue id; a deleted issue's too. */
  readonly #keys = new Map<string, string>();
  /** Issues that exist before the first step: the event that opened them is not in the vector. */
  readonly #seeded = new Set<string>();
  readonly #pointsSeen = new Map<string, number>();
  #events = 0;

  constructor(story: Scenario) {
    this.#story = story;
  }

  /** Opens an issue that exists before the first step. */
  async give(given: GivenIssue): Promise<void> {
    this.#story.clock.advanceTo(Math.max(this.#story.clock.now(), Date.UTC(2024, 0, 1)));
    await this.#digest(given.key, { id: `given-${given.key}`, release: given.events_at?.[0] ?? "" });
    this.#seeded.add(given.key);
    const { issues } = this.#story.tracker;
    const id = await this.#idOf(given.key);
    for (const release of given.fixed_at ?? []) {
      await issues.resolve(id, { in: { release, announce: true } });
      await issues.reopen(id);
    }
    if (given.is_resolved === true) await issues.resolve(id);
    if (given.is_muted === true) {
      const conditions = given.unmute_on_volume_based_conditions?.map(fromSnakeCase) ?? [];
      await issues.mute(id, {
        conditions,
        sinceMute: true,
        ...(given.unmute_after !== undefined && { until: Date.parse(given.unmute_after) }),
      });
    }
    await this.#newPoints();
    await this.#story.alerts();
  }

  /** Plays one step. */
  async play(step: VectorStep): Promise<VectorResult> {
    if (step.at !== undefined) this.#story.clock.advanceTo(Math.max(this.#story.clock.now(), Date.parse(step.at)));
    const result = await this.#run(step).catch((error: unknown): Partial<VectorResult> => {
      if (!IssueLifecycleError.is(error)) throw error;
      return { error: true };
    });
    const keys = new Set([
      ...(step.issue === undefined ? [] : [step.issue]),
      ...(step.issues ?? []),
      ...this.#keys.values(),
    ]);
    const state: Record<string, VectorState | null> = {};
    for (const key of keys) state[key] = await this.#state(key);
    return { ...result, state, turning_points: await this.#newPoints(), alerts: await this.#newAlerts() };
  }

  async #run(step: VectorStep): Promise<Partial<VectorResult>> {
    const key = step.issue ?? "";
    switch (step.op) {
      case "digest":
        this.#events++;
        return this.#digest(key, {
          id: step.event ?? `e${String(this.#events)}`,
          release: step.release ?? "",
          ...(step.at !== undefined && { receivedAt: Date.parse(step.at) }),
          ...(step.timestamp !== undefined && { occurredAt: Date.parse(step.timestamp) }),
        });
      case "action":
        return {
          valid:
            (await this.#command([key], commandOf(step.action ?? "", this.#story.clock.now()))).unapplied?.length === 0,
        };
      case "apply_unchecked":
        await this.#command([key], commandOf(step.action ?? "", this.#story.clock.now()));
        return {};
      case "bulk":
        return this.#command(step.issues ?? [], commandOf(step.action ?? "", this.#story.clock.now()));
      case "manager":
        return this.#command([key], managed(step, this.#seeded.has(key)), true);
      case "set_manager":
        await this.#command(step.issues ?? [], managed(step, true));
        return {};
      case "set":
        await this.#set(key, step.fields ?? {});
        return {};
      case "release":
        if (step.version === "") await this.#digest(ANOTHER, { id: "other", release: "" });
        else await this.#story.tracker.releases.register({ projectId: "shop", version: step.version ?? "" });
        return {};
      case "delete_issue":
        await this.#story.tracker.issues.delete(await this.#idOf(key));
        return {};
      default:
        return this.#ask(step, key);
    }
  }

  async #ask(step: VectorStep, key: string): Promise<Partial<VectorResult>> {
    switch (step.op) {
      case "state":
        return {};
      case "is_regression":
        return { result: await this.#isRegression(key, step.release ?? "") };
      case "releases": {
        const { items } = await this.#story.tracker.releases.list("shop");
        return {
          ordered: items.map(({ version, line }) => [version, line.endsWith("version")] as const).reverse(),
        };
      }
      case "history": {
        const { items } = await this.#story.tracker.issues.history(await this.#idOf(key));
        return { history: items.map(({ turn, at }) => [KINDS[turn.kind], iso(at)]) };
      }
      case "never_evict": {
        await this.#story.tracker.events.evict({ projectId: "shop", receivedBefore: this.#story.clock.now() + 1 });
        const ids = Array.from({ length: this.#events }, (_, index) => `e${String(index + 1)}`);
        const stored = await Promise.all(ids.map((id) => this.#story.tracker.events.get("shop", id)));
        return { never_evict: ids.filter((_, index) => stored[index] !== undefined) };
      }
      case "counts": {
        const { items } = await this.#story.tracker.issues.list({
          projectId: "shop",
          sort: "first-seen",
          direction: "ascending",
        });
        return { issues: items.map(({ number, eventCount }) => [number, eventCount]) };
      }
      case "comment":
        if (step.what !== "new") throw new Error("only new comments can be played");
        await this.#story.tracker.issues.annotate(await this.#idOf(key), step.comment ?? "", { by: "user" });
        return {};
      default:
        throw new Error(`unknown op ${step.op}`);
    }
  }

  async #digest(key: string, event: Partial<NewEvent> & { id: string }): Promise<Partial<VectorResult>> {
    const outcome = await this.#story.tracker.digest({ projectId: "shop", fingerprint: [key], value: key, ...event });
    if (outcome.kind === "duplicate") return { error: true };
    this.#keys.set(outcome.issue.id, key);
    return {};
  }

  async #command(keys: readonly string[], command: Command, throws = false): Promise<Partial<VectorResult>> {
    const ids = await Promise.all(keys.map((key) => this.#idOf(key)));
    const selection: BulkSelection = { projectId: "shop", ids };
    const { refusals } = await this.#story.tracker.issues.bulk(selection, command, { by: "user" });
    if (throws && refusals.length > 0) return { error: true };
    return { unapplied: refusals.map(({ issueId }) => this.#keys.get(issueId) ?? "?") };
  }

  async #set(key: string, fields: NonNullable<VectorStep["fields"]>): Promise<void> {
    const { issues } = this.#story.tracker;
    const id = await this.#idOf(key);
    for (const release of fields.fixed_at ?? []) {
      await issues.resolve(id, { in: { release, announce: true } });
      await issues.reopen(id);
    }
    if (fields.is_resolved_by_next_release === true) await issues.resolve(id, { in: "next-release" });
    else if (fields.is_resolved === true) await issues.resolve(id);
    await this.#newPoints();
  }

  async #isRegression(key: string, version: string): Promise<boolean> {
    const issue = await this.#story.tracker.issues.get(await this.#idOf(key));
    if (issue?.state.status !== "resolved") return false;
    const { items } = await this.#story.tracker.releases.list("shop");
    const known = new Map(items.map((each) => [each.version, each]));
    const knownRelease = (text: string): KnownRelease | undefined => {
      const found = known.get(text);
      return found?.standing === "known" ? found : undefined;
    };
    const release = version === "" ? await this.#story.tracker.releases.latest("shop") : knownRelease(version);
    const claims = presentClaims(issue.state).flatMap(({ release: claimed, claimedAt }) => {
      const found = knownRelease(claimed);
      return found === undefined ? [] : [{ release: found, claimedAt }];
    });
    const nearest = release && nearestMark(await this.#marks(issue), release);
    return decideRegression(
      issue.state,
      {
        release: release === undefined ? { kind: "none" } : { kind: "release", release, assumed: version === "" },
        occurredAt: this.#story.clock.now(),
      },
      { nearest, claims },
    ).regression;
  }

  async #marks(issue: TrackedIssue): Promise<ReleaseMark[]> {
    return [...(await this.#story.tracker.issues.releases(issue.id)).items].reverse();
  }

  async #idOf(key: string): Promise<string> {
    const { items } = await this.#story.tracker.issues.list({ projectId: "shop", limit: 1_000 });
    return items.find(({ id }) => this.#keys.get(id) === key)?.id ?? "no such issue";
  }

  async #state(key: string): Promise<VectorState | null> {
    const issue = await this.#story.tracker.issues.get(await this.#idOf(key));
    if (issue === undefined) return null;
    const marks = await this.#marks(issue);
    const seeded = this.#seeded.has(key);
    const { state } = issue;
    const fixed = marks.filter((each) => each.fixedAt !== null).map(({ version }) => version);
    const seen = marks.filter(wasSeen).map(({ version }) => version);
    const volume = state.status === "muted" ? (state.mute.volume?.conditions ?? []) : [];
    return {
      ...(state.status === "resolved" && { is_resolved: true }),
      ...(state.status === "resolved" && state.resolution.kind === "by-next" && { is_resolved_by_next_release: true }),
      ...(state.status === "resolved" && state.resolution.kind === "plain" && { is_resolved_unconditionally: true }),
      ...(fixed.length > 0 && { fixed_at: fixed.sort() }),
      ...(seen.length > 0 && { events_at: seen.sort() }),
      ...(state.status === "muted" && { is_muted: true }),
      ...(volume.length > 0 && { unmute_on_volume_based_conditions: volume.map(toSnakeCase) }),
      ...(state.status === "muted" && state.mute.deadline !== null && { unmute_after: iso(state.mute.deadline.at) }),
      event_count: issue.eventCount - Number(seeded),
    };
  }

  async #newPoints(): Promise<VectorResult["turning_points"]> {
    const points: { key: string; point: TurningPoint }[] = [];
    for (const [id, key] of this.#keys) {
      if ((await this.#story.tracker.issues.get(id)) === undefined) continue;
      const { items } = await this.#story.tracker.issues.history(id);
      const seen = this.#pointsSeen.get(id) ?? 0;
      points.push(...items.filter(({ number }) => number > seen).map((point) => ({ key, point })));
      this.#pointsSeen.set(id, items[0]?.number ?? 0);
    }
    return points
      .filter(({ key }) => key !== ANOTHER)
      .sort((one, other) => one.key.localeCompare(other.key) || one.point.number - other.point.number)
      .map(({ key, point }) => ({
        issue: key,
        kind: KINDS[point.turn.kind],
        at: iso(point.at),
        by: point.by.kind,
        event: point.eventId,
        metadata: metadataOf(point),
      }));
  }

  async #newAlerts(): Promise<(string | null)[][]> {
    const alerts = (await this.#story.alerts()).flatMap(({ kind, issue }) =>
      kind === "throttled" ? [] : [[ALERTS[kind], this.#keys.get(issue.id) ?? "?"]],
    );
    return alerts.filter(([, key]) => key !== ANOTHER);
  }
}

/** A turning point's metadata in the vectors' form, as far as both have it. */
function metadataOf({ turn }: TurningPoint): unknown {
  switch (turn.kind) {
    case "resolved":
      if (turn.claim.kind === "plain") return { resolved_unconditionally: true };
      return turn.claim.kind === "by-next" ? { resolve_by_next: true } : { resolved_release: turn.claim.releases[0] };
    case "muted": {
      const [condition] = turn.terms.conditions;
      if (condition !== undefined) return { mute_until: toSnakeCase(condition) };
      return turn.terms.deadline === null
        ? { mute_unconditionally: true }
        : { mute_for: { unmute_after: iso(turn.terms.deadline.at) } };
    }
    case "unmuted":
      if (turn.reason.kind === "volume-reached") return { mute_until: toSnakeCase(turn.reason.condition) };
      return turn.reason.kind === "deadline-passed" ? { mute_for: { unmute_after: iso(turn.reason.deadline) } } : {};
    case "next-materialized":
      return { actual_release: turn.release };
    default:
      return {};
  }
}

/** Reads an action of Bugsink's API. A malformed action becomes a command that is refused. */
function commandOf(action: string, now: number): Command {
  const [name] = action.split(":", 1);
  const argument = action.slice(action.indexOf(":") + 1);
  const [period = "", nrOfPeriods = "", volume = ""] = argument.split(",");
  switch (name) {
    case "resolve":
      return { kind: "resolve" };
    case "reopen":
      return { kind: "reopen" };
    case "mute":
      return { kind: "mute" };
    case "unmute":
      return { kind: "unmute" };
    case "resolved_next":
      return { kind: "resolve", in: "next-release" };
    case "resolved_release":
      return { kind: "resolve", in: { release: argument } };
    case "mute_for":
      return { kind: "mute", for: { period: periodOf(period, now), nrOfPeriods: numberOf(nrOfPeriods) } };
    case "mute_until":
      return {
        kind: "mute",
        conditions: [{ period: periodOf(period, now), nrOfPeriods: numberOf(nrOfPeriods), volume: numberOf(volume) }],
      };
    default:
      throw new IssueLifecycleError("invalid-input", `unknown action ${action}`);
  }
}

function periodOf(name: string, now: number): "minute" | "hour" | "day" | "week" | "month" | "year" {
  const period = (["minute", "hour", "day", "week", "month", "year"] as const).find((each) => each === name);
  if (period === undefined) throw new IssueLifecycleError("invalid-input", `unknown period ${name} at ${String(now)}`);
  return period;
}

function numberOf(text: string): number {
  return text === "" ? Number.NaN : Number(text);
}

/** The command of a manager's method. The event that opened a given issue must not count, so only events since the mute do. */
function managed({ method, args = [], kwargs = {} }: VectorStep, isSeeded: boolean): Command {
  const [first] = args;
  switch (method) {
    case "resolve":
      return { kind: "resolve" };
    case "reopen":
      return { kind: "reopen" };
    case "unmute":
      return { kind: "unmute" };
    case "resolve_by_release":
      return { kind: "resolve", in: { release: String(first) } };
    case "resolve_by_latest":
      return { kind: "resolve", in: "latest-release" };
    case "resolve_by_next":
      return { kind: "resolve", in: "next-release" };
    case "mute": {
      const conditions = kwargs.unmute_on_volume_based_conditions ?? (Array.isArray(first) ? first : []);
      const until = kwargs.unmute_after;
      return {
        kind: "mute",
        conditions: conditions.map(fromSnakeCase),
        sinceMute: isSeeded && conditions.length > 0,
        ...(until !== undefined && { until: Date.parse(until) }),
      };
    }
    default:
      throw new Error(`unknown method ${String(method)}`);
  }
}

function fromSnakeCase({ period, nr_of_periods, volume }: SnakeCondition): VolumeBasedCondition {
  return { kind: "volume", period, nrOfPeriods: nr_of_periods, volume };
}

function toSnakeCase(condition: Condition): SnakeCondition {
  if (condition.kind !== "volume") throw new Error(`vectors know no condition of kind ${condition.kind}`);
  const { period, nrOfPeriods, volume } = condition;
  return { period, nr_of_periods: nrOfPeriods, volume };
}

function iso(at: number): string {
  return new Date(at).toISOString().replace(".000Z", "Z");
}
