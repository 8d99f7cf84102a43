import { ALERT_KINDS, type AlertKind } from "../core/alert-reason.ts";
import type { Alert, ThrottledAlert } from "../core/alert.ts";
import { EVENT_LEVELS, type EventLevel } from "../core/event-level.ts";
import { invalidInput, requireBoolean, requireText } from "../core/input.ts";
import { arrayOf, callback, integer, object, oneOf, optional, text, withDefault, type Shape } from "../core/shape.ts";
import { MAX_PROJECT_ID_LENGTH } from "../core/project.ts";
import type { AlertSink } from "../ports/alert-sink.ts";
import { systemClock, type Clock } from "../ports/clock.ts";
import { requireClock } from "./shapes.ts";

/** A sink, and the conditions under which an alert goes to it. A route without conditions takes every alert. */
export interface AlertRoute {
  /**
   * Identifies the route in errors and in the attempt's memo: unique, and stable while alerts wait. 1 to 50 letters, digits,
   * spaces, `.`, `_` and `-`, the first a letter or digit; not `otherwise`.
   */
  readonly name: string;
  /** May itself be a router. */
  readonly sink: AlertSink;
  /** Only alerts of the projects with these ids. */
  readonly projects?: readonly string[];
  /** Only alerts of these kinds. */
  readonly kinds?: readonly (AlertKind | ThrottledAlert["kind"])[];
  /** Only alerts of these levels. */
  readonly levels?: readonly EventLevel[];
  /** Only alerts for which this returns `true`. It should return the same at every attempt for an alert. */
  readonly when?: (alert: Alert) => boolean;
}

/** Options of {@link routeAlerts}. */
export interface RoutingOptions {
  /** The sink for alerts that match no route. Default: none, and such an alert counts as delivered. */
  readonly otherwise?: AlertSink;
  /**
   * The time limit of one route, in milliseconds. A route that exceeds it has failed at this attempt. Keep it below the
   * tracker's `leaseMs`: when the lease ends first, the results of the other routes are lost. Default 30 seconds; 1 ms to 1 hour.
   */
  readonly timeoutMs?: number;
  /** The clock for `timeoutMs`. Default: the system's clock. */
  readonly clock?: Clock;
}

/** A checked {@link AlertRoute}. */
export interface CheckedRoute {
  readonly name: string;
  readonly sink: AlertSink;
  /** Whether an alert goes to the route. Throws what `when` throws. */
  readonly matches: (alert: Alert) => boolean;
}

/** Checked {@link RoutingOptions}. */
export interface CheckedRoutingOptions {
  readonly otherwise: CheckedRoute | undefined;
  readonly timeoutMs: number;
  readonly clock: Clock;
}

/** The names of this many routes fit in a memo. */
const MAX_ROUTES = 20;
const MAX_LISTED = 1_000;
const DEFAULT_TIMEOUT_MS = 30_000;
const MAX_TIMEOUT_MS = 3_600_000;
/** The name of the route to {@link RoutingOptions.otherwise}. */
const OTHERWISE = "otherwise";
const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,49}$/u;

const routeShape = object(
  {
    name: requireName,
    sink: callback<AlertSink>(),
    projects: setOf(text(1, MAX_PROJECT_ID_LENGTH)),
    kinds: setOf(oneOf([...ALERT_KINDS, "throttled"])),
    levels: setOf(oneOf(EVENT_LEVELS)),
    when: optional(callback<(alert: Alert) => unknown>()),
  } satisfies Record<keyof AlertRoute, Shape<unknown>>,
  `{ name: "chat", sink, levels: ["fatal"] }`,
);

const routeList = arrayOf(requireRoute, 1, MAX_ROUTES, `[{ name: "chat", sink }]`);

/**
 * Checks the routes of a router.
 *
 * @throws `IssueLifecycleError` `invalid-input`
 */
export function requireRoutes(field: string, value: unknown): readonly CheckedRoute[] {
  const routes = routeList(field, value);
  const names = [...routes.map(({ name }) => name), OTHERWISE];
  const repeated = names.find((name, index) => names.indexOf(name) < index);
  if (repeated === undefined) return routes;
  throw invalidInput(field, repeated, `a different name for each route, and not "${OTHERWISE}"`);
}

function requireRoute(field: string, value: unknown): CheckedRoute {
  const { name, sink, projects, kinds, levels, when } = routeShape(field, value);
  return {
    name,
    sink,
    matches: (alert) =>
      includes(projects, alert.project.id) &&
      includes(kinds, alert.kind) &&
      includes(levels, alert.level) &&
      // A promise would be true for every alert.
      (when === undefined || requireBoolean(`${field}.when()`, when(alert))),
  };
}

function requireName(field: string, value: unknown): string {
  const name = requireText(field, value, 1, 50);
  if (NAME.test(name)) return name;
  throw invalidInput(field, name, `letters, digits, spaces, ".", "_" and "-", such as "team chat"`);
}

/** A list of strings as a set; `undefined` if there is no list. */
function setOf(word: Shape<string>): Shape<ReadonlySet<string> | undefined> {
  const list = arrayOf(word, 1, MAX_LISTED);
  return optional((field, value) => new Set(list(field, value)));
}

function includes(words: ReadonlySet<string> | undefined, word: string): boolean {
  return words?.has(word) ?? true;
}

/** The shape of {@link RoutingOptions}. */
export const routingOptions: Shape<CheckedRoutingOptions> = object(
  {
    otherwise: optional(requireOtherwise),
    timeoutMs: withDefault(integer(1, MAX_TIMEOUT_MS), DEFAULT_TIMEOUT_MS),
    clock: withDefault(requireClock, systemClock),
  } satisfies Record<keyof RoutingOptions, Shape<unknown>>,
  "{ otherwise: sink, timeoutMs: 30_000 }",
);

const requireSink = callback<AlertSink>();

function requireOtherwise(field: string, value: unknown): CheckedRoute {
  return { name: OTHERWISE, sink: requireSink(field, value), matches: () => true };
}
