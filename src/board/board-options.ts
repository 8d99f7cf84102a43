import { callback, object, optional, text, withDefault, type Shape } from "../core/shape.ts";
import { requireClock, systemClock, type Clock } from "../ports/clock.ts";
import { requireErrorReporter } from "../ports/error-reporter.ts";
import { requireTracker } from "../tracker/require-tracker.ts";
import type { IssueTracker } from "../tracker/tracker.ts";
import type { BoardUser } from "./viewer.ts";

/** What a board uses of a tracker. */
export type BoardTracker = Pick<IssueTracker, "issues" | "events" | "releases" | "projects" | "alerts" | "feed">;

/** The options of {@link createBoard}. */
export interface BoardOptions {
  /** Whose issues are shown and changed. */
  readonly tracker: BoardTracker;
  /**
   * Says who a request comes from and what that person may see and change, such as by a session of yours. It is called for each request,
   * and has no default: everybody who can reach the board would see all errors. A `Response` is the answer, such as a redirect to your
   * login, a new one each time; with `null` or `undefined` the request is refused with 403. It may read the headers, and not the body, which
   * the board reads.
   */
  readonly authorize: (
    request: Request,
  ) => BoardUser | Response | null | undefined | Promise<BoardUser | Response | null | undefined>;
  /** The DSN by which Sentry SDKs send to a project, to show how to connect one; `undefined` for none. Where it fails there is none. Default: none. */
  readonly dsn?: (projectId: string) => string | undefined | Promise<string | undefined>;
  /** The name of a person, by the id that the `by` of a command gave. Default, and where it fails: the id. */
  readonly userName?: (id: string) => string | undefined;
  /** What the board is called, 1 to 50 characters. Default `"Issues"`. */
  readonly title?: string;
  /** Receives failures that are no visitor's fault, such as of the store. Default: writes them to the console. */
  readonly onError?: (error: unknown) => void;
  /** Default: the system's clock. Give it the tracker's. */
  readonly clock?: Clock;
}

const boardOptions = object(
  {
    tracker: requireTracker("issues", "events", "releases", "projects", "alerts", "feed"),
    authorize: callback<(request: Request) => unknown>(),
    dsn: optional(callback<(projectId: string) => unknown>()),
    userName: optional(callback<(id: string) => string | undefined>()),
    title: withDefault(text(1, 50), "Issues"),
    onError: requireErrorReporter,
    clock: withDefault(requireClock, systemClock),
  } satisfies Record<keyof BoardOptions, Shape<unknown>>,
  `{ tracker, authorize: () => ({ id: "ann", projects: "all", mayChange: true }) }`,
);

/** Checked {@link BoardOptions}. */
export type CheckedBoardOptions = ReturnType<typeof parseBoardOptions>;

/** Checks {@link BoardOptions} and fills in the defaults. */
export function parseBoardOptions(options: unknown) {
  return boardOptions("options", options);
}
