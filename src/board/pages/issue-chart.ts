import { bucketOf, bucketStart, type CalendarPeriod } from "../../core/calendar.ts";
import type { Condition } from "../../core/conditions/condition.ts";
import type { Instant } from "../../core/instant.ts";
import type { TrackedIssue } from "../../tracker/tracked-issue.ts";
import { choiceOf, givenIn, issueLink } from "../address.ts";
import { chart, type ChartThreshold } from "../chart.ts";
import { html, type Html } from "../html.ts";
import type { Scope } from "../scope.ts";
import { numberOf, onePeriod } from "../words.ts";

/** The times that a chart can show. */
const SPANS = {
  "30d": { period: "day", nrOfPeriods: 30, words: "30 days", what: "Events per day" },
  "24h": { period: "hour", nrOfPeriods: 24, words: "24 hours", what: "Events per hour" },
  "12m": { period: "month", nrOfPeriods: 12, words: "12 months", what: "Events per month" },
} as const satisfies Record<string, { period: CalendarPeriod; nrOfPeriods: number; words: string; what: string }>;

const NAMES = ["30d", "24h", "12m"] as const;

/** The events of an issue over time, with the thresholds that its bars can reach and the ends of its mutes. */
export async function chartSection(
  { tracker }: Scope,
  issue: TrackedIssue,
  parameters: URLSearchParams,
): Promise<Html> {
  const name = choiceOf(parameters, "span", NAMES);
  const { period, nrOfPeriods, what } = SPANS[name];
  const counts = await tracker.issues.eventCounts(issue.id, { period, nrOfPeriods });
  const history = await tracker.issues.history(issue.id, { limit: 200 });
  const unmutes = history.items
    .filter(({ turn }) => turn.kind === "unmuted" && turn.reason.kind !== "by-person")
    .map(({ at }) => at);
  const links = NAMES.map((each) =>
    each === name
      ? html`<strong>${SPANS[each].words}</strong>`
      : html`<a href="${issueLink(issue.friendlyId, { span: each, event: givenIn(parameters, "event") })}"
          >${SPANS[each].words}</a
        >`,
  );
  const picture = chart({
    counts,
    until: endOf(counts, period),
    thresholds: thresholdsOf(conditionsOf(issue), period),
    unmutes,
    what,
  });
  return html`<section class="card">
    <div class="bar-head">
      <h2>${what}</h2>
      <nav class="spans" aria-label="Time">${links}</nav>
    </div>
    ${picture}
  </section>`;
}

/** The end of the last of some buckets. */
export function endOf(counts: readonly { readonly startsAt: Instant }[], period: CalendarPeriod): Instant {
  const last = counts.at(-1)?.startsAt ?? 0;
  return bucketStart(period, bucketOf(period, last) + 1);
}

/** The conditions that an issue is muted, discarded or watched for. */
function conditionsOf({ state, watch }: TrackedIssue): readonly Condition[] {
  switch (state.status) {
    case "muted":
      return state.mute.volume?.conditions ?? [];
    case "discarded":
      return state.discard.conditions;
    case "open":
      return watch ?? [];
    case "resolved":
    case "merged":
      return [];
  }
}

/** The conditions that a bar of a chart can meet by itself: volumes in one period of its length. */
export function thresholdsOf(conditions: readonly Condition[], period: CalendarPeriod): readonly ChartThreshold[] {
  return conditions.flatMap((condition) => {
    if (condition.kind !== "volume" || condition.period !== period || condition.nrOfPeriods !== 1) return [];
    return [{ volume: condition.volume, label: `${numberOf(condition.volume)} in ${onePeriod(period)}` }];
  });
}
