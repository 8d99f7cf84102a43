import { minuteOf } from "../core/calendar.ts";
import type { Issue } from "../core/issue.ts";
import { PeriodCounter, type CounterHead } from "../core/period-counter.ts";

/** What of an issue's counter stands in the issue itself, because it changes with every event. */
export function headOf(issue: Issue): CounterHead {
  return { newestMinute: minuteOf(issue.lastSeenAt), total: issue.eventCount };
}

/** An issue's counter, from the issue and the bytes stored beside it; without bytes all events lie in one minute. */
export function restoreCounter(issue: Issue, bytes: Uint8Array | undefined): PeriodCounter {
  const head = headOf(issue);
  return bytes === undefined ? PeriodCounter.ofOneMinute(head) : PeriodCounter.decode(bytes, head);
}
