import type { Alert, IssueAlert } from "./alert.ts";

/** An alert that is to be told, and what tells whether it can be told with others. */
export interface StoryPart {
  /** The alert. */
  readonly alert: Alert;
  /** What the sink wrote down at an attempt: an alert that has one was delivered in part, and is told alone. */
  readonly memo: string | null;
}

/** One message, and the alerts that it tells of. */
export interface Story<Part extends StoryPart> {
  /** What to deliver: the latest of the alerts, with the earlier ones in it. */
  readonly alert: Alert;
  /** The part that is told last, whose alert is the message's. */
  readonly last: Part;
  /** All of them, oldest first. */
  readonly parts: readonly Part[];
}

/**
 * Makes one story of the alerts of each issue, so that people hear of it once; in the order of each story's first alert.
 */
export function tellStories<Part extends StoryPart>(parts: readonly Part[]): Story<Part>[] {
  const gathered = new Map<string, Part[]>();
  for (const part of parts) {
    const key = storyKeyOf(part);
    const others = gathered.get(key);
    if (others === undefined) gathered.set(key, [part]);
    else others.push(part);
  }
  return [...gathered.values()].flatMap((each) => tellStory(each) ?? []);
}

function storyKeyOf({ alert, memo }: StoryPart): string {
  return alert.issue === null || memo !== null ? `alert ${alert.id}` : `issue ${alert.issue.id}`;
}

function tellStory<Part extends StoryPart>(parts: readonly Part[]): Story<Part> | undefined {
  const ordered = parts.toSorted((one, other) => (one.alert.turningPoint ?? 0) - (other.alert.turningPoint ?? 0));
  const last = ordered.at(-1);
  if (last === undefined) return undefined;
  const { alert } = last;
  if (alert.issue === null) return { alert, last, parts: ordered };
  const earlier = ordered.slice(0, -1).flatMap((part) => (part.alert.issue === null ? [] : earlierOf(part.alert)));
  return { alert: { ...alert, earlier }, last, parts: ordered };
}

function earlierOf(alert: IssueAlert): IssueAlert["earlier"][number] {
  const { id, kind, level, reason, text, event, turningPoint, raisedAt } = alert;
  return { id, kind, level, reason, text, event, turningPoint, raisedAt };
}
