import type { NewEvent } from "../core/event.ts";
import { invalidInput, requireObject } from "../core/input.ts";
import { cspReportOf, readCspViolation } from "./csp-violation.ts";
import { MAX_ENVELOPE_ITEMS, type RefusedSentryItem } from "./envelope-items.ts";
import { invalidInputOf, readSafely, requireContext, type CheckedContext, type SentryContext } from "./input.ts";
import { parseJson } from "./json-limits.ts";
import type { JsonObject } from "./json-values.ts";
import { readEvent } from "./read-event.ts";
import { requireBody } from "./request-body.ts";

/** A report of a browser about something else than a Content Security Policy. */
export interface SkippedSecurityReport {
  /** Its place among the reports, from 0. */
  readonly index: number;
  /** Such as `deprecation` or `network-error`. */
  readonly type: string;
  /** The report as it was sent. */
  readonly report: Readonly<Record<string, unknown>>;
}

/** The reports of a request. Each is in one of the three lists. */
export interface SecurityReports {
  /** The violations of a Content Security Policy, ready for `digest`. */
  readonly events: readonly NewEvent[];
  /** The reports of other types. */
  readonly skipped: readonly SkippedSecurityReport[];
  /** The reports that could not be read. */
  readonly refused: readonly RefusedSentryItem[];
}

/**
 * Reads what a browser posts to the `report-uri` or `report-to` address of a Content Security Policy (CSP), which of a Sentry
 * server is `/api/<project>/security/`.
 *
 * The body is one report (`{ "csp-report": ... }`), or the array of the Reporting API. Each violation is an event as
 * {@link readSentryEvent} reads it: its group is the directive and the blocked origin, so that pages, lines and samples do not
 * matter. What was blocked in the page itself has the origin `self`, `inline` or `eval`. With `receivedAt` in the context, events of
 * the Reporting API say when they occurred. After {@link MAX_ENVELOPE_ITEMS} reports, the rest is one refused report.
 *
 * @example
 * ```ts
 * import { readSecurityReport } from "issue-lifecycle/sentry";
 *
 * const report = { "effective-directive": "img-src", "blocked-uri": "https://evil.example/a.png" };
 * const { events } = readSecurityReport(JSON.stringify({ "csp-report": report }), { projectId: "shop" });
 * console.log(events[0]?.value); // Blocked 'img-src' from 'https://evil.example'
 * ```
 *
 * @param body - the body of the request, decompressed
 * @throws `IssueLifecycleError` `invalid-input`, and nothing else, whatever it is given: for a body that is neither a JSON object
 *   nor an array
 */
export function readSecurityReport(body: Uint8Array | string, context: SentryContext): SecurityReports {
  return readSafely("report", () => {
    const checked = requireContext(context);
    const value = parseJson("report", requireBody("report", body));
    const reports: readonly unknown[] = Array.isArray(value) ? value : [requireObject("report", value)];
    const events: NewEvent[] = [];
    const skipped: SkippedSecurityReport[] = [];
    const refused: RefusedSentryItem[] = [];
    for (const [index, report] of reports.slice(0, MAX_ENVELOPE_ITEMS).entries()) {
      const result = readReport(index, report, checked);
      if ("event" in result) events.push(result.event);
      else if ("error" in result) refused.push(result);
      else skipped.push(result);
    }
    if (reports.length > MAX_ENVELOPE_ITEMS) refused.push(tooMany(reports));
    return { events, skipped, refused };
  });
}

function tooMany(reports: readonly unknown[]): RefusedSentryItem {
  const error = invalidInput("reports", reports, `at most ${String(MAX_ENVELOPE_ITEMS)} reports`);
  return { index: MAX_ENVELOPE_ITEMS, type: null, error, unreadBytes: 0 };
}

function readReport(
  index: number,
  value: unknown,
  context: CheckedContext,
): { readonly event: NewEvent } | SkippedSecurityReport | RefusedSentryItem {
  const field = `reports[${String(index)}]`;
  let type: string | null = null;
  try {
    const report = requireObject(field, value);
    if (typeof report["type"] === "string") type = report["type"];
    if (type !== null && type !== "csp-violation" && cspReportOf(report) === undefined) return { index, type, report };
    return { event: readViolationEvent(field, report, context) };
  } catch (error) {
    return { index, type, error: invalidInputOf(field, error), unreadBytes: 0 };
  }
}

/**
 * Reads a report as an event.
 *
 * @param field - names the report in an error
 * @param fallbackId - the `event_id` to use if the report has none
 * @throws `IssueLifecycleError` `invalid-input` for a report that is not about a Content Security Policy
 */
export function readViolationEvent(
  field: string,
  report: JsonObject,
  context: CheckedContext,
  fallbackId?: unknown,
): NewEvent {
  const body = cspReportOf(report);
  if (body === undefined || readCspViolation(body) === undefined) {
    throw invalidInput(field, report, `a report with a directive, as in ${EXAMPLE}`);
  }
  return readEvent(field, report, context, fallbackId);
}

const EXAMPLE = '{ "csp-report": { "effective-directive": "img-src", "blocked-uri": "https://evil.example" } }';
