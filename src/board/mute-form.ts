import { CALENDAR_PERIODS, KEPT_BUCKETS, type CalendarPeriod } from "../core/calendar.ts";
import type { Mute } from "../core/mute.ts";
import type { MuteRequest } from "../core/mute-request.ts";
import { choiceOf, typedIn } from "./address.ts";
import { wholeNumber } from "./forms.ts";

/** The ways to mute that the board offers. */
const MUTE_KINDS = ["volume", "time", "ever"] as const;

/** The periods in which the board offers to count. */
export const COUNTED_PERIODS = ["day", "hour", "week", "month"] as const satisfies CalendarPeriod[];

/** What is in the fields of the form of a mute, as it was entered. */
export interface MuteFields {
  readonly kind: (typeof MUTE_KINDS)[number];
  /** For `volume`: how many events. */
  readonly volume: string;
  /** For `volume`: in how many periods. */
  readonly windows: string;
  readonly window: (typeof COUNTED_PERIODS)[number];
  /** For `time`: for how many periods. */
  readonly times: string;
  readonly time: CalendarPeriod;
  readonly comment: string;
}

/** A mute that was entered. */
export type EnteredMute =
  | { readonly kind: "ever" }
  | { readonly kind: "time"; readonly times: number; readonly time: CalendarPeriod }
  | {
      readonly kind: "volume";
      readonly volume: number;
      readonly windows: number;
      readonly window: (typeof COUNTED_PERIODS)[number];
    };

/** The fields as they were entered; before that, those of the present mute, or else the defaults. */
export function muteFieldsOf(parameters: URLSearchParams, present?: Mute): MuteFields {
  const given = parameters.has("kind") || present === undefined ? parameters : fieldsOfMute(present);
  const window = choiceOf(given, "window", COUNTED_PERIODS);
  return {
    kind: choiceOf(given, "kind", MUTE_KINDS),
    volume: typedIn(given, "volume") ?? "100",
    windows: typedIn(given, "windows") ?? "1",
    window,
    times: typedIn(given, "times") ?? "1",
    time: choiceOf(given, "time", ["week", ...CALENDAR_PERIODS]),
    comment: parameters.get("comment") ?? "",
  };
}

/** What would make the same mute again; nothing of one that the form cannot make. */
function fieldsOfMute({ deadline, volume, again }: Mute): URLSearchParams {
  const fields = new URLSearchParams();
  if (deadline !== null || again !== undefined) return fields;
  if (volume === null) return new URLSearchParams({ kind: "ever" });
  const [condition, ...others] = volume.conditions;
  const window = COUNTED_PERIODS.find((each) => condition?.kind === "volume" && each === condition.period);
  if (condition?.kind !== "volume" || window === undefined) return fields;
  if (others.length > 0 || volume.countedFrom > 0) return fields;
  const { volume: events, nrOfPeriods } = condition;
  return new URLSearchParams({ kind: "volume", volume: String(events), windows: String(nrOfPeriods), window });
}

/**
 * Reads what was entered.
 *
 * @throws {@link IssueLifecycleError} `invalid-input`
 */
export function readMute({ kind, volume, windows, window, times, time }: MuteFields): EnteredMute {
  switch (kind) {
    case "ever":
      return { kind };
    case "time":
      return { kind, times: wholeNumber("times", "Periods", times, 1_000), time };
    case "volume":
      return {
        kind,
        volume: wholeNumber("volume", "Events", volume, 1_000_000_000),
        windows: wholeNumber("windows", `Number of ${window}s`, windows, KEPT_BUCKETS[window]),
        window,
      };
  }
}

/** The request that a mute stands for. */
export function muteRequestOf(mute: EnteredMute): MuteRequest {
  switch (mute.kind) {
    case "ever":
      return {};
    case "time":
      return { for: { period: mute.time, nrOfPeriods: mute.times } };
    case "volume":
      return {
        conditions: [{ kind: "volume", period: mute.window, nrOfPeriods: mute.windows, volume: mute.volume }],
      };
  }
}
