import { ALERT_KINDS, MAX_HELD_BACK_EXAMPLES, type AlertKind, type HeldBackReason, type IssueAlert } from "./alert.ts";
import type { Instant } from "./instant.ts";

/** How much of its alerts a project wants to hear in a period. What is more is held back, and one alert says how many. */
export interface AlertLimits {
  /** How long a period lasts, in milliseconds. Periods are counted from 1970 on: with an hour they begin at full hours, UTC. */
  readonly periodMs: number;
  /** The most messages in a period about one issue. */
  readonly perIssue: number;
  /** The most messages in a period about all issues of a project. */
  readonly perProject: number;
}

/** What is counted together: a project's messages, or those about one of its issues. */
export interface TallyScope {
  /** The project. */
  readonly projectId: string;
  /** The issue; `null` for the whole project. */
  readonly issueId: string | null;
}

/** How many messages there were in a period. */
export interface AlertTally extends TallyScope {
  /** When the period begins. */
  readonly startsAt: Instant;
  /** When it ends. */
  readonly endsAt: Instant;
  /** How many messages were let through. */
  readonly admitted: number;
  /** The alerts that were held back, for whatever reason; always none in an issue's tally. */
  readonly heldBack: HeldBack;
}

/** The alerts of a project that were held back in a period. */
export type HeldBack = Pick<HeldBackReason, "counts" | "examples">;

/** None. */
export const NOTHING_HELD_BACK: HeldBack = Object.freeze({
  counts: Object.freeze({ "new-issue": 0, regression: 0, unmute: 0 }),
  examples: Object.freeze([]),
});

/** The scopes whose tallies decide on an alert. */
export function scopesOf({ project, issue }: Pick<IssueAlert, "project" | "issue">): [TallyScope, TallyScope] {
  return [
    { projectId: project.id, issueId: null },
    { projectId: project.id, issueId: issue.id },
  ];
}

/** The tallies of the current period, as messages are let through and alerts held back one after the other. */
export class AlertTallies {
  readonly #limits: AlertLimits;
  readonly #now: Instant;
  readonly #tallies = new Map<string, AlertTally>();
  readonly #changed = new Set<string>();

  /**
   * Begins where others left off.
   *
   * @param limits - how much to let through
   * @param now - the time
   * @param stored - the tallies that are stored, of all scopes that will be asked for
   */
  constructor(limits: AlertLimits, now: Instant, stored: readonly AlertTally[]) {
    this.#limits = limits;
    this.#now = now;
    for (const tally of stored) this.#tallies.set(keyOf(tally), tally);
  }

  /**
   * Whether people may hear of an alert. Counts the message, or else notes the alert, and those that would be told with it, as
   * held back.
   */
  admit(alert: IssueAlert): boolean {
    const [ofProject, ofIssue] = scopesOf(alert);
    const project = this.#tallyOf(ofProject);
    const issue = this.#tallyOf(ofIssue);
    if (issue.admitted < this.#limits.perIssue && project.admitted < this.#limits.perProject) {
      this.#put({ ...project, admitted: project.admitted + 1 });
      this.#put({ ...issue, admitted: issue.admitted + 1 });
      return true;
    }
    this.#put({ ...project, heldBack: holdBack(project.heldBack, alert) });
    return false;
  }

  /** The tallies that have to be saved. */
  get changed(): readonly AlertTally[] {
    return [...this.#changed].flatMap((key) => this.#tallies.get(key) ?? []);
  }

  /** One of another period, which a clock that was wrong left behind, gives only what was held back in it. */
  #tallyOf(scope: TallyScope): AlertTally {
    const known = this.#tallies.get(keyOf(scope));
    if (known !== undefined && known.startsAt <= this.#now && this.#now < known.endsAt) return known;
    const { periodMs } = this.#limits;
    const startsAt = Math.floor(this.#now / periodMs) * periodMs;
    const heldBack = known?.heldBack ?? NOTHING_HELD_BACK;
    return { ...scope, startsAt, endsAt: startsAt + periodMs, admitted: 0, heldBack };
  }

  #put(tally: AlertTally): void {
    this.#tallies.set(keyOf(tally), tally);
    this.#changed.add(keyOf(tally));
  }
}

function keyOf({ projectId, issueId }: TallyScope): string {
  return JSON.stringify([projectId, issueId]);
}

function holdBack({ counts, examples }: HeldBack, alert: IssueAlert): HeldBack {
  const { id, friendlyId, title } = alert.issue;
  const isNamed = examples.length >= MAX_HELD_BACK_EXAMPLES || examples.some((example) => example.id === id);
  const grown: Record<AlertKind, number> = { ...counts };
  for (const { kind } of [...alert.earlier, alert]) grown[kind]++;
  return { counts: grown, examples: isNamed ? examples : [...examples, { id, friendlyId, title }] };
}

/** Why an alert is raised at the end of a tally's period; `undefined` when nothing was held back. */
export function heldBackReason({ startsAt, endsAt, heldBack }: AlertTally): HeldBackReason | undefined {
  if (ALERT_KINDS.every((kind) => heldBack.counts[kind] === 0)) return undefined;
  return { kind: "held-back", from: startsAt, until: endsAt, ...heldBack };
}
