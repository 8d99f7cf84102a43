import type { AlertReason } from "./alert-reason.ts";
import type { Instant } from "./instant.ts";
import { OPEN, withState, type Issue, type OpenState } from "./issue.ts";
import { muteAgainAfter } from "./mute-again.ts";
import type { Mute, UnmuteReason } from "./mute.ts";
import type { QuietAlert, QuietCause } from "./quiet-alert.ts";

/**
 * What becomes of an alert of a kind: it is raised `now`; or `later`, by the issue's first event that is not old, because
 * this one is; or `never`, because the project has switched alerts of that kind off.
 */
export type Alerting = (kind: AlertReason["kind"]) => "now" | "later" | "never";

/** An alert to raise. */
export interface RaisedAlert {
  readonly reason: AlertReason;
  /** The number of its turning point. */
  readonly turningPoint: number;
  /** When it would have been raised if its event had not been old; `null` for an alert of this change. */
  readonly quietSince: Instant | null;
  /** Why it was not raised then; absent for an event that was old. */
  readonly quietCause?: QuietCause | undefined;
}

/** The issue when an event or the clock ends its mute, with its alert. */
export function unmuteWithAlert(
  before: Issue,
  mute: Mute,
  reason: UnmuteReason,
  at: Instant,
  alerting: Alerting,
): OpenedIssue {
  const muteAgain = muteAgainAfter(mute, at);
  const open: OpenState = muteAgain === undefined ? OPEN : { status: "open", muteAgain };
  return openWithAlert(before, { kind: "unmute", reason }, at, alerting, open);
}

/** An issue that has opened, and the alert to raise, or `null`. */
export interface OpenedIssue {
  readonly issue: Issue & { readonly state: OpenState };
  readonly alert: RaisedAlert | null;
}

/**
 * The issue when it opens, with its alert. If that is not raised because the event is old, the issue remembers it.
 *
 * @param open - its state without that
 */
export function openWithAlert(
  before: Issue,
  reason: AlertReason,
  at: Instant,
  alerting: Alerting,
  open: OpenState = OPEN,
): OpenedIssue {
  const sign = signOf(reason, at);
  const signed = sign === undefined ? open : { ...open, ...sign };
  const issue = withState(before, signed);
  const turningPoint = issue.turningPointCount;
  switch (alerting(reason.kind)) {
    case "now":
      return { issue, alert: { reason, turningPoint, quietSince: null } };
    case "later": {
      const quietAlert: QuietAlert = { reason, since: at, turningPoint };
      return { issue: { ...issue, state: { ...signed, quietAlert } }, alert: null };
    }
    case "never":
      return { issue, alert: null };
  }
}

/** What an open issue remembers of the reason for which it is open, if anything. */
function signOf(reason: AlertReason, at: Instant): Pick<OpenState, "regressedAt" | "loudAt"> | undefined {
  switch (reason.kind) {
    case "new-issue":
      return undefined;
    case "regression":
      return { regressedAt: at };
    case "unmute": {
      const { kind } = reason.reason;
      return kind === "by-person" || kind === "deadline-passed" ? undefined : { loudAt: at };
    }
    case "loud":
      return { loudAt: at };
  }
}
