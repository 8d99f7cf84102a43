import { CALENDAR_PERIODS, KEPT_BUCKETS, type CalendarPeriod } from "../core/calendar.ts";
import { IssueLifecycleError } from "../core/errors.ts";
import type { MuteRequest } from "../core/mute-request.ts";
import { choiceOf, givenIn } from "./address.ts";

/** The ways to mute that the board offers. */
const MUTE_KINDS = ["volume", "time", "ever"] as const;

/** The periods in which the board offers to count. */
export const COUNTED_PERIODS = ["day", "hour", "week", "month"] as const satisfies CalendarPeriod[];

/** What was entered into the form of a mute. */
export interface MuteForm {
  readonly kind: (typeof MUTE_KINDS)[number];
  /** For `volume`: how many events. */
  readonly volume: number;
  /** For `volume`: in how many periods. */
  readonly windows: number;
  readonly window: (typeof COUNTED_PERIODS)[number];
  /** For `time`: for how many periods. */
  readonly times: number;
  readonly time: CalendarPeriod;
  readonly comment: string;
}

/**
 * Reads the form. A number that is missing has its default.
 *
 * @throws {@link IssueLifecycleError} `invalid-input`
 */
export function readMuteForm(parameters: URLSearchParams): MuteForm {
  const window = choiceOf(parameters, "window", COUNTED_PERIODS);
  return {
    kind: choiceOf(parameters, "kind", MUTE_KINDS),
    volume: wholeNumber(parameters, "volume", "Events", 100, 1_000_000_000),
    windows: wholeNumber(parameters, "windows", "Periods", 1, KEPT_BUCKETS[window]),
    window,
    times: wholeNumber(parameters, "times", "Periods", 1, 1_000),
    time: choiceOf(parameters, "time", ["week", ...CALENDAR_PERIODS]),
    comment: parameters.get("comment") ?? "",
  };
}

/** The request that a form stands for. */
export function muteRequestOf({ kind, volume, windows, window, times, time }: MuteForm): MuteRequest {
  switch (kind) {
    case "ever":
      return {};
    case "time":
      return { for: { period: time, nrOfPeriods: times } };
    case "volume":
      return { conditions: [{ kind: "volume", period: window, nrOfPeriods: windows, volume }] };
  }
}

/** A whole number of a form's field. */
export function wholeNumber(
  parameters: URLSearchParams,
  name: string,
  label: string,
  fallback: number,
  most: number,
): number {
  const given = givenIn(parameters, name);
  if (given === undefined) return fallback;
  const value = /^\d{1,15}$/u.test(given) ? Number(given) : 0;
  if (value >= 1 && value <= most) return value;
  throw new IssueLifecycleError("invalid-input", `${label}: a whole number from 1 to ${most.toLocaleString("en")}.`, {
    field: name,
  });
}
