import { backtest, type BacktestReport } from "../../backtest/backtest.ts";
import { addPeriods } from "../../core/add-periods.ts";
import { KEPT_BUCKETS } from "../../core/calendar.ts";
import { formatInstant } from "../../core/instant.ts";
import type { PeriodCount } from "../../core/period-counter.ts";
import type { TrackedIssue } from "../../tracker/tracked-issue.ts";
import { chart } from "../chart.ts";
import { html, type Html } from "../html.ts";
import { muteRequestOf, type EnteredMute } from "../mute-form.ts";
import type { Scope } from "../scope.ts";
import { countOf, numberOf, onePeriod, timeOf } from "../words.ts";
import { endOf, thresholdsOf } from "./issue-chart.ts";

type VolumeMute = Extract<EnteredMute, { readonly kind: "volume" }>;

/** What a mute would have done on the past of the issues for which it is meant, beside an alternative. */
export async function mutePreview(scope: Scope, issues: readonly TrackedIssue[], mute: EnteredMute): Promise<Html> {
  switch (mute.kind) {
    case "ever":
      return preview(html`<p>No event raises an alert until somebody ends the mute. Events are counted.</p>`);
    case "time": {
      const end = formatInstant(addPeriods(scope.now, mute.times, mute.time));
      return preview(
        html`<p>Stays muted until ${end}. The first event after that ends the mute, and sends an alert.</p>`,
      );
    }
    case "volume":
      return volumePreview(scope, issues, mute);
  }
}

function preview(content: Html): Html {
  return html`<div class="preview">${content}</div>`;
}

async function volumePreview(
  { tracker, now }: Scope,
  issues: readonly TrackedIssue[],
  mute: VolumeMute,
): Promise<Html> {
  const period = mute.window;
  const nrOfPeriods = KEPT_BUCKETS[period];
  const ids = issues.map(({ id }) => id);
  const results = await tracker.issues.eventCountsOfMany(ids, { period, nrOfPeriods });
  const pasts = results.flatMap((result) => (result.kind === "found" ? [result.value] : []));
  const alternative = { ...mute, volume: alternativeTo(mute, pasts) };
  const reports = pasts.map((counts) => tried(counts, mute, alternative));
  const [alerts, others] = [alertsOf(reports, 0), alertsOf(reports, 1)];
  const first = Math.min(...reports.flatMap(({ rules: [rule] }) => rule?.alerts[0]?.at ?? []));
  const when = alerts > 0 && html`, first ${timeOf(first, now)}`;
  const of = issues.length > 1 && ` for these ${countOf(issues.length, "issue")} together`;
  const [counts, report] = issues.length === 1 ? [pasts[0], reports[0]] : [];
  const [present] = pasts.map((each) => sumOf(each.slice(-mute.windows))).toSorted((one, other) => other - one);
  const isMet =
    present !== undefined &&
    present >= mute.volume &&
    html`<p class="note" role="alert">There are ${numberOf(present)} now: a rule that is met already is refused.</p>`;
  const picture =
    counts !== undefined &&
    chart({
      counts,
      until: endOf(counts, period),
      thresholds: thresholdsOf([{ kind: "volume", period, nrOfPeriods: mute.windows, volume: mute.volume }], period),
      unmutes: report?.rules[0]?.alerts.map(({ at }) => at) ?? [],
      what: `Events per ${period}`,
    });
  return preview(
    html`<p>
        In the last ${numberOf(nrOfPeriods)} ${period}s this rule would have alerted you
        <strong>${countOf(alerts, "time")}</strong>${of}${when}. “${wordsOf(alternative)}” would have alerted you
        ${countOf(others, "time")}.
      </p>
      ${isMet} ${picture}`,
  );
}

function tried(counts: readonly PeriodCount[], mute: VolumeMute, alternative: VolumeMute): BacktestReport {
  return backtest({
    events: counts,
    period: mute.window,
    rules: [
      { name: "rule", mute: muteRequestOf(mute) },
      { name: "alternative", mute: muteRequestOf(alternative) },
    ],
  });
}

/** Twice as much for a rule that would have alerted; for one that would not, what the loudest window had. */
function alternativeTo({ volume, windows }: VolumeMute, pasts: readonly (readonly PeriodCount[])[]): number {
  const loudest = Math.max(0, ...pasts.map((counts) => loudestWindow(counts, windows)));
  if (loudest >= volume) return Math.min(1_000_000_000, volume * 2);
  return Math.max(1, loudest);
}

function loudestWindow(counts: readonly PeriodCount[], windows: number): number {
  const sums = counts.map((_, index) => sumOf(counts.slice(Math.max(0, index - windows + 1), index + 1)));
  return Math.max(0, ...sums);
}

function sumOf(counts: readonly PeriodCount[]): number {
  return counts.reduce((sum, { count }) => sum + count, 0);
}

function alertsOf(reports: readonly BacktestReport[], rule: number): number {
  return reports.reduce((sum, { rules }) => sum + (rules[rule]?.alertCount ?? 0), 0);
}

function wordsOf({ volume, window, windows }: VolumeMute): string {
  return `${countOf(volume, "event")} in ${windows === 1 ? onePeriod(window) : countOf(windows, window)}`;
}
