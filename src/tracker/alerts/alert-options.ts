import type { Alert } from "../../core/alert.ts";
import type { AlertLimits } from "../../core/alert-limits.ts";
import {
  invalidInput,
  orElse,
  refuseOtherMembers,
  requireBoolean,
  requireInteger,
  requireObject,
} from "../../core/input.ts";
import type { RetryPolicy } from "../../core/retry.ts";
import type { DeliveryReport } from "./delivery-report.ts";

/** How a tracker raises and delivers alerts. Durations are in milliseconds. */
export interface AlertOptions {
  /** For how many messages at most the sink is called at a time, 1 to 100. Default 4. */
  readonly concurrency?: number;
  /**
   * How long nobody else may deliver an alert, 1 second to 1 day, counted from before the transaction that claims it. A sink that is not
   * done by then is told by its signal, and the attempt has failed. Default 1 minute.
   */
  readonly leaseMs?: number;
  /** How often a started dispatcher looks for what others raised or left behind, 10 ms to 1 day. Default 10 seconds. */
  readonly pollMs?: number;
  /** After how many attempts an alert is dead, 1 to 1,000. Default 48: with the pauses below that is more than a day. */
  readonly maxAttempts?: number;
  /** The first pause after a failed attempt at its longest, 1 ms to 1 day. It doubles with each attempt. Default 10 seconds. */
  readonly firstPauseMs?: number;
  /** The longest pause, from `firstPauseMs` to 30 days. Default 1 hour. */
  readonly longestPauseMs?: number;
  /**
   * Whether the alerts of one issue are delivered in the order in which they were raised, each only when those before it were
   * delivered, are dead or were discarded. Otherwise those that are due at the same time are told as one. Default `false`.
   */
  readonly inOrder?: boolean;
  /**
   * How many messages people hear in a period; `null` for any number. Default: 10 per issue and 100 per project in an hour. Both
   * are 1 to 1,000,000, the period is 1 second to 366 days.
   */
  readonly limits?: Partial<AlertLimits> | null;
  /**
   * How old what happens may be for people to hear of it, up to 10 years: of older events, such as those of a replay, no alerts
   * are raised; `null` for any age. States and history change all the same. Default 1 day.
   */
  readonly quietAfterMs?: number | null;
  /**
   * Gives the page where people can look at what an alert is about, as an `http:` or `https:` URL of at most 2,000 characters; or
   * nothing. When it fails the alert goes out without a link, and the failure is reported. Default: no links.
   */
  readonly linkTo?: (alert: Alert) => string | null | undefined;
  /** Hears of every delivery, for metrics and logs. What it throws is reported to the tracker's `onError`. */
  readonly onDelivery?: (report: DeliveryReport) => void;
  /** Chance: a number from 0 to 1; another one is taken for 0. Default: `Math.random`. */
  readonly random?: () => number;
}

/** {@link AlertOptions}, checked and complete. */
export interface CheckedAlertOptions extends RetryPolicy {
  readonly concurrency: number;
  readonly leaseMs: number;
  readonly pollMs: number;
  readonly inOrder: boolean;
  readonly limits: AlertLimits | null;
  readonly quietAfterMs: number | null;
  readonly linkTo: ((alert: Alert) => string | null | undefined) | undefined;
  readonly onDelivery: ((report: DeliveryReport) => void) | undefined;
  readonly random: () => number;
}

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const DAY = 24 * HOUR;

const OPTION_NAMES = [
  "concurrency",
  "leaseMs",
  "pollMs",
  "maxAttempts",
  "firstPauseMs",
  "longestPauseMs",
  "inOrder",
  "limits",
  "quietAfterMs",
  "linkTo",
  "onDelivery",
  "random",
] satisfies (keyof AlertOptions)[];

/**
 * Checks how alerts are to be raised and delivered, and fills in the defaults.
 *
 * @throws {@link IssueLifecycleError} `invalid-input`
 */
export function checkAlertOptions(field: string, options: AlertOptions = {}): CheckedAlertOptions {
  const given = requireObject(field, options);
  refuseOtherMembers(field, given, OPTION_NAMES);
  for (const name of ["linkTo", "onDelivery", "random"]) {
    if (given[name] !== undefined && typeof given[name] !== "function") {
      throw invalidInput(`${field}.${name}`, given[name], "a function");
    }
  }
  const integer = (name: keyof AlertOptions, fallback: number, min: number, max: number): number =>
    requireInteger(`${field}.${name}`, orElse(given[name], fallback), min, max);
  const firstPauseMs = integer("firstPauseMs", 10 * SECOND, 1, DAY);
  return {
    concurrency: integer("concurrency", 4, 1, 100),
    leaseMs: integer("leaseMs", 60 * SECOND, SECOND, DAY),
    pollMs: integer("pollMs", 10 * SECOND, 10, DAY),
    maxAttempts: integer("maxAttempts", 48, 1, 1_000),
    firstPauseMs,
    longestPauseMs: integer("longestPauseMs", Math.max(HOUR, firstPauseMs), firstPauseMs, 30 * DAY),
    inOrder: requireBoolean(`${field}.inOrder`, orElse(given["inOrder"], false)),
    limits: given["limits"] === null ? null : checkLimits(`${field}.limits`, orElse(given["limits"], {})),
    quietAfterMs: given["quietAfterMs"] === null ? null : integer("quietAfterMs", DAY, 0, 3_653 * DAY),
    linkTo: options.linkTo,
    onDelivery: options.onDelivery,
    random: options.random ?? Math.random,
  };
}

const MOST_MESSAGES = 1_000_000;

function checkLimits(field: string, limits: unknown): AlertLimits {
  const given = requireObject(field, limits);
  refuseOtherMembers(field, given, ["periodMs", "perIssue", "perProject"] satisfies (keyof AlertLimits)[]);
  return {
    periodMs: requireInteger(`${field}.periodMs`, orElse(given["periodMs"], HOUR), SECOND, 366 * DAY),
    perIssue: requireInteger(`${field}.perIssue`, orElse(given["perIssue"], 10), 1, MOST_MESSAGES),
    perProject: requireInteger(`${field}.perProject`, orElse(given["perProject"], 100), 1, MOST_MESSAGES),
  };
}
