import type { IssueState } from "../../core/issue.ts";
import { termsOf, type MuteTerms } from "../../core/mute.ts";
import type { Turn } from "../../core/turning-point.ts";
import type { TrackedIssue } from "../../tracker/tracked-issue.ts";
import type { IssueTracker } from "../../tracker/tracker.ts";
import type { TimelineTurningPoint } from "./entry.ts";

/** Reads what issues' histories gained since it was read last. */
export class HistoryReader {
  readonly #tracker: IssueTracker;
  /** The number of known turning points, by issue. */
  readonly #known = new Map<string, number>();

  constructor(tracker: IssueTracker) {
    this.#tracker = tracker;
  }

  /** The new turning points of these issues, in the issues' order, the oldest first. */
  async readNew(issues: readonly TrackedIssue[]): Promise<TimelineTurningPoint[]> {
    const added: TimelineTurningPoint[] = [];
    for (const issue of issues) added.push(...(await this.#readNewOf(issue)));
    return added;
  }

  async #readNewOf({ id, friendlyId, turningPointCount, state }: TrackedIssue): Promise<TimelineTurningPoint[]> {
    const limit = turningPointCount - (this.#known.get(id) ?? 0);
    if (limit === 0) return [];
    this.#known.set(id, turningPointCount);
    const { items } = await this.#tracker.issues.history(id, { limit });
    return items.map((point) => ({ ...point, issue: friendlyId, mute: muteBegunBy(point.turn, state) })).reverse();
  }
}

/** The terms of the mute that begins with a turning point of an issue that is in this state since. */
function muteBegunBy(turn: Turn, state: IssueState): MuteTerms | null {
  if (turn.kind === "muted") return turn.terms;
  return turn.kind === "unmerged" && state.status === "muted" ? termsOf(state.mute) : null;
}
