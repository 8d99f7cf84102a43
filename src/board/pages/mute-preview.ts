import { backtest } from "../../backtest/backtest.ts";
import type { BacktestReport } from "../../backtest/backtest.ts";
import { KEPT_BUCKETS, type CalendarPeriod } from "../../core/calendar.ts";
import type { PeriodCount } from "../../core/period-counter.ts";
import type { TrackedIssue } from "../../tracker/tracked-issue.ts";
import { chart } from "../chart.ts";
import { html, type Html } from "../html.ts";
import { muteRequestOf, type MuteForm } from "../mute-form.ts";
import type { Scope } from "../scope.ts";
import { countOf, numberOf, timeOf } from "../words.ts";
import { endOf, thresholdsOf } from "./issue-chart.ts";

/** What a mute would have done on the past of the issues for which it is meant, beside an alternative. */
export async function mutePreview(
  { tracker, now }: Scope,
  issues: readonly TrackedIssue[],
  form: MuteForm,
): Promise<Html> {
  if (form.kind !== "volume") return plainPreview(issues.length, form);
  const period = form.window;
  const nrOfPeriods = KEPT_BUCKETS[period];
  const results = await tracker.issues.eventCountsOfMany(
    issues.map(({ id }) => id),
    { period, nrOfPeriods },
  );
  const pasts = results.flatMap((result) => (result.kind === "found" ? [result.value] : []));
  const alternative = { ...form, volume: alternativeTo(form, pasts) };
  const reports = pasts.map((counts) => tried(counts, period, form, alternative));
  const [alerts, others] = [alertsOf(reports, 0), alertsOf(reports, 1)];
  const first = Math.min(...reports.flatMap(({ rules: [rule] }) => rule?.alerts[0]?.at ?? []));
  const when = alerts > 0 && html`, first ${timeOf(first, now)}`;
  const of = issues.length === 1 ? "" : ` for these ${countOf(issues.length, "issue")} together`;
  const span = `the last ${numberOf(nrOfPeriods)} ${period}s`;
  const [counts, report] = [pasts[0], reports[0]];
  const picture =
    issues.length === 1 &&
    counts !== undefined &&
    chart({
      counts,
      until: endOf(counts, period),
      thresholds: thresholdsOf([{ kind: "volume", period, nrOfPeriods: form.windows, volume: form.volume }], period),
      unmutes: report?.rules[0]?.alerts.map(({ at }) => at) ?? [],
      what: `Events per ${period}`,
    });
  return html`<div class="preview">
    <p>
      In ${span} this rule would have alerted you <strong>${countOf(alerts, "time")}</strong>${of}${when}.
      “${wordsOf(alternative)}” would have alerted you ${countOf(others, "time")}.
    </p>
    ${picture}
  </div>`;
}

function plainPreview(count: number, { kind }: MuteForm): Html {
  const what = count === 1 ? "this issue" : `these ${countOf(count, "issue")}`;
  return kind === "ever"
    ? html`<div class="preview">
        <p>No event of ${what} raises an alert until somebody ends the mute. Its events are counted.</p>
      </div>`
    : html`<div class="preview">
        <p>The first event of ${what} after that time ends the mute, and raises an alert.</p>
      </div>`;
}

function tried(
  counts: readonly PeriodCount[],
  period: CalendarPeriod,
  form: MuteForm,
  alternative: MuteForm,
): BacktestReport {
  return backtest({
    events: counts,
    period,
    rules: [
      { name: "rule", mute: muteRequestOf(form) },
      { name: "alternative", mute: muteRequestOf(alternative) },
    ],
  });
}

/** Twice as much for a rule that would have alerted; for one that would not, what the loudest window had. */
function alternativeTo(form: MuteForm, pasts: readonly (readonly PeriodCount[])[]): number {
  const loudest = Math.max(0, ...pasts.map((counts) => loudestWindow(counts, form.windows)));
  if (loudest >= form.volume) return Math.min(1_000_000_000, form.volume * 2);
  return Math.max(1, loudest);
}

function loudestWindow(counts: readonly PeriodCount[], windows: number): number {
  const sums = counts.map((_, index) =>
    counts.slice(Math.max(0, index - windows + 1), index + 1).reduce((sum, { count }) => sum + count, 0),
  );
  return Math.max(0, ...sums);
}

function alertsOf(reports: readonly BacktestReport[], rule: number): number {
  return reports.reduce((sum, { rules }) => sum + (rules[rule]?.alertCount ?? 0), 0);
}

function wordsOf({ volume, window, windows }: MuteForm): string {
  return `${countOf(volume, "event")} in ${windows === 1 ? `a ${window}` : countOf(windows, window)}`;
}
