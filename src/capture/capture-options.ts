import { environmentInput, MAX_PROJECT_ID_LENGTH } from "../core/project.ts";
import { MAX_RELEASE_LENGTH } from "../core/release-order.ts";
import { callback, integer, object, optional, text, withDefault, type Shape } from "../core/shape.ts";
import { requireClock, systemClock, type Clock } from "../ports/clock.ts";
import { requireErrorReporter } from "../ports/error-reporter.ts";
import { requireTracker } from "../tracker/require-tracker.ts";
import type { IssueTracker } from "../tracker/tracker.ts";

/** The options of {@link createErrorCapture}. */
export interface ErrorCaptureOptions {
  /** Digests the events. */
  readonly tracker: Pick<IssueTracker, "digest">;
  /** The project of the events, which must be saved. */
  readonly projectId: string;
  /** The version of your software, for regressions. Default: none. */
  readonly release?: string;
  /** Where it runs, such as `production`. Default: none. */
  readonly environment?: string;
  /**
   * Whether the handlers of frameworks and of the process capture an error. Only `false` means no; an error for which it throws is
   * captured. Default: the handlers of frameworks do not capture those whose `status` or `statusCode` is one of HTTP's 4xx, because the
   * client made them; the handlers of the process capture all. What you give to {@link ErrorCapture.error} is always captured.
   */
  readonly shouldCapture?: (error: unknown) => boolean;
  /** How many events may wait, 1 to 1,000,000. While so many wait, further ones are lost. Default 1,000. */
  readonly maxQueued?: number;
  /**
   * How long {@link ErrorCapture.close}, and a process that ends by an uncaught error, wait for the events that are not digested yet, in
   * milliseconds: 0 to 600,000. Default 2,000.
   */
  readonly timeoutMs?: number;
  /**
   * Receives errors that no caller waits for. Default: writes them to the console. They are:
   *
   * - events that are lost, as an error with the code `events-lost` that says how many and why. Those that find the queue full are reported
   *   together: when it is empty again, or a minute after the first of them;
   * - the first failure of a digest that is tried again;
   * - details given to {@link ErrorCapture.error} that are malformed, and what `shouldCapture` throws.
   */
  readonly onError?: (error: unknown) => void;
  /** Default: the system's clock. Give it the tracker's. */
  readonly clock?: Clock;
}

const MAX_QUEUED = 1_000_000;
const MAX_TIMEOUT_MS = 600_000;

const captureOptions = object(
  {
    tracker: requireTracker("digest"),
    projectId: text(1, MAX_PROJECT_ID_LENGTH),
    release: withDefault(text(0, MAX_RELEASE_LENGTH), ""),
    environment: withDefault(environmentInput, ""),
    shouldCapture: optional(callback<(error: unknown) => unknown>()),
    maxQueued: withDefault(integer(1, MAX_QUEUED), 1_000),
    timeoutMs: withDefault(integer(0, MAX_TIMEOUT_MS), 2_000),
    onError: requireErrorReporter,
    clock: withDefault(requireClock, systemClock),
  } satisfies Record<keyof ErrorCaptureOptions, Shape<unknown>>,
  `{ tracker, projectId: "shop", release: "1.4.2" }`,
);

/** Checked {@link ErrorCaptureOptions}. */
export type CheckedCaptureOptions = ReturnType<typeof parseCaptureOptions>;

/** Checks {@link ErrorCaptureOptions} and fills in the defaults. */
export function parseCaptureOptions(options: unknown) {
  const checked = captureOptions("options", options);
  const { clock } = checked;
  return { ...checked, setTimer: clock.setTimer?.bind(clock) ?? systemClock.setTimer };
}
