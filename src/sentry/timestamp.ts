import { isInstant, type Instant } from "../core/instant.ts";

/** RFC 3339, down to nanoseconds; the zone is optional. */
const DATE_TIME =
  /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:[Zz]|([+-])([01]\d|2[0-3]):?([0-5]\d))?$/u;

/**
 * Reads an event's timestamp, by the clock of the SDK: seconds since 1970 with a fraction, or a string in RFC 3339 (UTC if it has
 * no zone). Rounds to whole milliseconds.
 *
 * @returns `undefined` for a timestamp that cannot be read or is no {@link Instant}: the time of receipt is used then, so a wrong
 *   timestamp is no reason to lose an event
 */
export function readTimestamp(value: unknown): Instant | undefined {
  const at = typeof value === "number" ? Math.round(value * 1_000) : parseDateTime(value);
  // Adding zero turns -0 into 0.
  return isInstant(at) ? at + 0 : undefined;
}

/**
 * Reads when a report of the Reporting API occurred: browsers send reports later, with their age in milliseconds.
 *
 * @returns `undefined` if the report has no age, or it is not known when it was received
 */
export function readAge(report: { readonly age?: unknown }, receivedAt: Instant | undefined): Instant | undefined {
  const { age } = report;
  if (receivedAt === undefined || typeof age !== "number" || !(age >= 0)) return undefined;
  const at = Math.round(receivedAt - age);
  return isInstant(at) ? at : undefined;
}

function parseDateTime(value: unknown): number | undefined {
  const match = typeof value === "string" ? DATE_TIME.exec(value) : null;
  if (match === null) return undefined;
  const [, date = "", time = "", second = "", fraction = "0", sign = "+", zoneHours = "0", zoneMinutes = "0"] = match;
  // A leap second is read as the start of the next minute.
  const isLeapSecond = second === "60";
  const atSecond = parseUtc(`${date}T${time}:${isLeapSecond ? "59" : second}.000Z`);
  if (atSecond === undefined) return undefined;
  const zone = (Number(zoneHours) * 60 + Number(zoneMinutes)) * (sign === "-" ? -60_000 : 60_000);
  return atSecond + (isLeapSecond ? 1_000 : 0) + Math.round(Number(`0.${fraction}`) * 1_000) - zone;
}

/** Refuses impossible dates and times, such as 30 February, which `Date.parse` moves to a later day. */
function parseUtc(iso: string): number | undefined {
  const at = Date.parse(iso);
  return !Number.isNaN(at) && new Date(at).toISOString() === iso ? at : undefined;
}
