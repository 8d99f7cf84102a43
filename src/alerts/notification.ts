import type { Alert, IssueAlert } from "../core/alert.ts";
import { invalidInput } from "../core/input.ts";

/** An alert to deliver. */
export interface NotificationPart {
  readonly alert: Alert;
  /** What the sink stored at an earlier attempt. An alert that has a memo was delivered in part, and is delivered alone. */
  readonly memo: string | null;
}

/** One call of the sink, and the alerts that it delivers. */
export interface Notification<Part extends NotificationPart> {
  /** The alert for the sink: the latest one, with the others as its `earlier`. */
  readonly alert: Alert;
  /** The part with the latest alert. */
  readonly latest: Part;
  /** All parts, oldest first. */
  readonly parts: readonly Part[];
}

/** Groups alerts into one notification per issue, in the order of each issue's first alert. */
export function groupByIssue<Part extends NotificationPart>(parts: readonly Part[]): Notification<Part>[] {
  const groups = Map.groupBy(parts, groupKeyOf);
  return [...groups.values()].flatMap((group) => notificationOf(group) ?? []);
}

function groupKeyOf({ alert, memo }: NotificationPart): string {
  return alert.issue === null || memo !== null ? `alert ${alert.id}` : `issue ${alert.issue.id}`;
}

function notificationOf<Part extends NotificationPart>(group: readonly Part[]): Notification<Part> | undefined {
  const parts = group.toSorted((one, other) => (one.alert.turningPoint ?? 0) - (other.alert.turningPoint ?? 0));
  const latest = parts.at(-1);
  if (latest === undefined) return undefined;
  const { alert } = latest;
  if (alert.issue === null) return { alert, latest, parts };
  const earlier = parts.slice(0, -1).flatMap((part) => (part.alert.issue === null ? [] : earlierOf(part.alert)));
  return { alert: { ...alert, earlier }, latest, parts };
}

function earlierOf(alert: IssueAlert): IssueAlert["earlier"][number] {
  const { id, kind, level, reason, text, event, turningPoint, raisedAt, quietSince } = alert;
  return { id, kind, level, reason, text, event, turningPoint, raisedAt, quietSince };
}

const MAX_LINK_LENGTH = 2_000;

/**
 * An alert with the link that the host's function returns for it.
 *
 * @param onFailure - receives what the function throws, or the `invalid-input` for a link that cannot be followed; the alert
 *   then has no link
 */
export function withLink(
  alert: Alert,
  linkTo: ((alert: Alert) => unknown) | undefined,
  onFailure: (error: unknown) => void,
): Alert {
  if (linkTo === undefined) return alert;
  try {
    return { ...alert, link: checkLink(linkTo(alert)) };
  } catch (error) {
    onFailure(error);
    return alert;
  }
}

function checkLink(link: unknown): string | null {
  if (link === null || link === undefined) return null;
  if (typeof link === "string" && link.length <= MAX_LINK_LENGTH && /^https?:\/\//iu.test(link) && URL.canParse(link)) {
    return link;
  }
  // A Promise is refused, and its rejection must not go unhandled.
  if (link instanceof Promise) link.catch(() => undefined);
  throw invalidInput(
    "alerts.linkTo()",
    link,
    `an http: or https: URL of at most ${String(MAX_LINK_LENGTH)} characters, such as "https://ops.example.com/SHOP-1", or null`,
  );
}
