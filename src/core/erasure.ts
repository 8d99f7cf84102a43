import { alertSubject, type Alert, type ThrottledExample } from "./alert.ts";
import type { Instant } from "./instant.ts";
import type { Issue, IssueState } from "./issue.ts";
import type { PeriodCounter } from "./period-counter.ts";

/** What stands for a title of which nothing is left. */
export const ERASED_TITLE = "(erased)";

/** An event to erase, as far as its issue has to know it. */
export interface ErasedEvent {
  /** How many events it stands for. */
  readonly count: number;
  readonly receivedAt: Instant;
  /** Whether events of its environment may change states. */
  readonly mayChangeState: boolean;
  /** Whether anything of it was stored but its id. */
  readonly hasContent: boolean;
  /** When its issue was merged into the one that it is taken back from; 0 if it is an event of that one. */
  readonly mergedAt: Instant;
}

/**
 * An issue without one of its events, of which others are left: it is not counted any more. When the issue was seen first and last
 * stays, and so do its state and the releases, environments and users that it is known to occur in.
 *
 * @param counter - the issue's counter. The event is taken back from it.
 */
export function withoutEvent(issue: Issue, counter: PeriodCounter, event: ErasedEvent): Issue {
  const count = Math.min(event.count, counter.total);
  counter.dec(event.receivedAt, count, event.mayChangeState ? "own-bucket" : "total-only");
  const eventCount = issue.eventCount - count;
  return { ...issue, eventCount, state: stateWithout(issue.state, event, count, eventCount) };
}

/** What is known about when to look at conditions next is forgotten, because it was said by the number of events that there were. */
function stateWithout(state: IssueState, event: ErasedEvent, count: number, left: number): IssueState {
  switch (state.status) {
    case "open":
      return state.watch === undefined ? state : { ...state, watch: { ...state.watch, checkAt: 0, lookAt: 0 } };
    case "resolved":
    case "merged":
      return state;
    case "muted": {
      const { mutedAt, volume } = state.mute;
      if (volume === null) return state;
      const isCounted = event.mayChangeState && event.receivedAt > Math.max(mutedAt, event.mergedAt);
      // 0 would say that events before the mute count, too.
      const countedFrom = isCounted
        ? Math.min(volume.countedFrom, left)
        : Math.max(Math.min(1, volume.countedFrom), volume.countedFrom - count);
      return { ...state, mute: { ...state.mute, volume: { ...volume, countedFrom, checkAt: 0 } } };
    }
    case "discarded": {
      const { discardedAt, eventCount } = state.discard;
      const isDiscarded = !event.hasContent && event.receivedAt >= Math.max(discardedAt, event.mergedAt);
      const before = isDiscarded ? Math.min(eventCount, left) : Math.max(0, eventCount - count);
      return { ...state, discard: { ...state.discard, eventCount: before, checkAt: 0 } };
    }
  }
}

/** What alerts may say of erased events. */
export interface ErasedMentions {
  /** The project of the events. */
  readonly projectId: string;
  /** The ids of the events. */
  readonly eventIds: ReadonlySet<string>;
  /** The title that each of their issues has without them, by its id; {@link ERASED_TITLE} for one that is gone. */
  readonly titles: ReadonlyMap<string, string>;
}

/**
 * An alert that does not say anything of erased events; the same one if it did not. An alert does not say of which event its title is: one
 * about an issue with erased events has the title that the issue has without them.
 */
export function alertWithout(alert: Alert, mentions: ErasedMentions): Alert {
  if (alert.project.id !== mentions.projectId) return alert;
  if (alert.kind === "throttled") {
    const examples = examplesWithout(alert.reason.examples, mentions);
    return examples === alert.reason.examples ? alert : { ...alert, reason: { ...alert.reason, examples } };
  }
  const issue = retitled(alert.issue, mentions);
  const event = alert.event !== null && mentions.eventIds.has(alert.event.id) ? null : alert.event;
  if (issue === alert.issue && event === alert.event) return alert;
  return { ...alert, issue, event, subject: alertSubject({ ...alert, issue }) };
}

/** Examples of throttled alerts, as {@link alertWithout}; the same list if they did not say anything of erased events. */
export function examplesWithout(
  examples: readonly ThrottledExample[],
  mentions: ErasedMentions,
): readonly ThrottledExample[] {
  const result = examples.map((example) => retitled(example, mentions));
  return result.some((example, place) => example !== examples[place]) ? result : examples;
}

function retitled<Titled extends ThrottledExample>(titled: Titled, { titles }: ErasedMentions): Titled {
  const title = titles.get(titled.id) ?? titled.title;
  return title === titled.title ? titled : { ...titled, title };
}
