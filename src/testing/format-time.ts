import { formatInstant, type Instant } from "../core/instant.ts";

/** The whole numbers that are read as instants: epoch milliseconds from the year 2000 to 2100. Hardly anything counts so far. */
const [FIRST, LAST] = [Date.UTC(2000, 0), Date.UTC(2100, 0)];

/** Whether a value is surely meant as an instant. */
export function looksLikeInstant(value: unknown): value is Instant {
  return typeof value === "number" && Number.isInteger(value) && value >= FIRST && value < LAST;
}

/** An instant to the minute, or as precise as it is: `2026-01-05 09:00 UTC`, `2026-01-05 09:00:30 UTC`, `2026-01-05 09:00:30.250 UTC`. */
export function formatTime(at: Instant): string {
  if (at % 60_000 === 0) return formatInstant(at);
  const iso = new Date(at).toISOString().replace("T", " ");
  return `${iso.slice(0, at % 1_000 === 0 ? 19 : 23)} UTC`;
}
