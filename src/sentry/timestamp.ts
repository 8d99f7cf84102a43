import { isInstant, type Instant } from "../core/instant.ts";

/** RFC 3339, down to nanoseconds, where the zone may be left out. */
const DATE_TIME =
  /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:[Zz]|([+-])([01]\d|2[0-3]):?([0-5]\d))?$/u;

/**
 * When an event occurred, by the SDK's clock: seconds since 1970 with a fraction, or a text by RFC 3339, in UTC where
 * it names no zone. Rounded to whole milliseconds.
 *
 * @returns `undefined` for what cannot be read and what no {@link Instant} can hold. It serves display and one rule,
 *   and the host's own clock stands in: a wrong one is no reason to lose an event.
 */
export function readTimestamp(value: unknown): Instant | undefined {
  const at = typeof value === "number" ? Math.round(value * 1_000) : parseDateTime(value);
  // Adding zero makes 0 of -0, which is another number to those who compare by identity.
  return isInstant(at) ? at + 0 : undefined;
}

function parseDateTime(value: unknown): number | undefined {
  const match = typeof value === "string" ? DATE_TIME.exec(value) : null;
  if (match === null) return undefined;
  const [, date = "", time = "", second = "", fraction = "0", sign = "+", zoneHours = "0", zoneMinutes = "0"] = match;
  // A leap second is the first moment of the next minute, as on every computer's clock.
  const isLeapSecond = second === "60";
  const atSecond = parseUtc(`${date}T${time}:${isLeapSecond ? "59" : second}.000Z`);
  if (atSecond === undefined) return undefined;
  const zone = (Number(zoneHours) * 60 + Number(zoneMinutes)) * (sign === "-" ? -60_000 : 60_000);
  return atSecond + (isLeapSecond ? 1_000 : 0) + Math.round(Number(`0.${fraction}`) * 1_000) - zone;
}

/** Refuses days and hours that there are not, which engines carry over into the next month or day. */
function parseUtc(iso: string): number | undefined {
  const at = Date.parse(iso);
  return !Number.isNaN(at) && new Date(at).toISOString() === iso ? at : undefined;
}
