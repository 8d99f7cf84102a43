import { ALERT_KINDS, type Alert } from "../core/alert.ts";
import { EVENT_LEVELS } from "../core/event-level.ts";
import {
  invalidInput,
  orElse,
  refuseOtherMembers,
  requireArray,
  requireBoolean,
  requireInteger,
  requireObject,
  requireOneOf,
  requireText,
} from "../core/input.ts";
import { MAX_PROJECT_ID_LENGTH } from "../core/project.ts";
import type { AlertSink } from "../ports/alert-sink.ts";
import { systemClock, type Clock } from "../ports/clock.ts";
import type { AlertRoute, RoutingOptions } from "./route-alerts.ts";
import { checkFunction, requireClock } from "./sink-options.ts";

/** A route, checked. */
export interface CheckedRoute {
  readonly name: string;
  readonly sink: AlertSink;
  /** Whether it is for an alert. Fails where the host's own condition does. */
  readonly isFor: (alert: Alert) => boolean;
}

/** Routes and {@link RoutingOptions}, checked and complete. */
export interface CheckedRouting {
  readonly routes: readonly CheckedRoute[];
  readonly otherwise: CheckedRoute | undefined;
  /** Of all routes, `otherwise` included. */
  readonly names: readonly string[];
  readonly timeoutMs: number;
  readonly clock: Clock;
}

/** So many have room in a memo. */
const MAX_ROUTES = 20;
const MAX_LISTED = 1_000;
const DEFAULT_TIMEOUT_MS = 30_000;
const MAX_TIMEOUT_MS = 3_600_000;
/** Names the route of {@link RoutingOptions.otherwise}. */
const OTHERWISE = "otherwise";

/**
 * Checks how alerts are to be routed.
 *
 * @throws `IssueLifecycleError` `invalid-input`
 */
export function checkRoutes(given: readonly AlertRoute[], options: RoutingOptions): CheckedRouting {
  const routes = requireArray("routes", given);
  if (routes.length < 1 || routes.length > MAX_ROUTES)
    throw invalidInput("routes", given, `1 to ${String(MAX_ROUTES)} routes`);
  const checked = given.map((route, index) => checkRoute(`routes[${String(index)}]`, route));
  const names = [...checked.map(({ name }) => name), OTHERWISE];
  const second = names.findIndex((name, index) => names.indexOf(name) < index);
  if (second >= 0) throw invalidInput("routes", names[second], `names that differ, none of which is "${OTHERWISE}"`);
  refuseOtherMembers("options", requireObject("options", options), ["otherwise", "timeoutMs", "clock"]);
  const { otherwise, timeoutMs, clock } = options;
  checkFunction("options.otherwise", otherwise);
  return {
    routes: checked,
    otherwise: otherwise && { name: OTHERWISE, sink: otherwise, isFor: () => true },
    names,
    timeoutMs: requireInteger("options.timeoutMs", orElse(timeoutMs, DEFAULT_TIMEOUT_MS), 1, MAX_TIMEOUT_MS),
    clock: requireClock("options.clock", clock, systemClock),
  };
}

const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,49}$/u;
const MEMBERS = ["name", "sink", "projects", "kinds", "levels", "when"] satisfies (keyof AlertRoute)[];
const KINDS = [...ALERT_KINDS, "held-back"] as const;

function checkRoute(field: string, route: AlertRoute): CheckedRoute {
  const given = requireObject(field, route);
  refuseOtherMembers(field, given, MEMBERS);
  const name = requireText(`${field}.name`, given["name"], 1, 50);
  if (!NAME.test(name)) throw invalidInput(`${field}.name`, name, `letters, digits, blanks, ".", "_" and "-"`);
  if (typeof given["sink"] !== "function") throw invalidInput(`${field}.sink`, given["sink"], "an AlertSink");
  checkFunction(`${field}.when`, given["when"]);
  const isProject = among(`${field}.projects`, given["projects"], (each, value) =>
    requireText(each, value, 1, MAX_PROJECT_ID_LENGTH),
  );
  const isKind = among(`${field}.kinds`, given["kinds"], (each, value) => requireOneOf(each, value, KINDS));
  const isLevel = among(`${field}.levels`, given["levels"], (each, value) => requireOneOf(each, value, EVENT_LEVELS));
  const { sink, when = () => true } = route;
  return {
    name,
    sink,
    isFor: (alert) =>
      isProject(alert.project.id) &&
      isKind(alert.kind) &&
      isLevel(alert.level) &&
      // A promise would hold for every alert.
      requireBoolean(`${field}.when()`, when(alert)),
  };
}

/** Whether a word is one of those listed, of which there is at least one; where there is no list, each is. */
function among(
  field: string,
  value: unknown,
  requireWord: (field: string, value: unknown) => string,
): (word: string) => boolean {
  if (value === undefined) return () => true;
  const list = requireArray(field, value);
  if (list.length < 1 || list.length > MAX_LISTED)
    throw invalidInput(field, list, `1 to ${String(MAX_LISTED)} of them`);
  const words = new Set(list.map((each, index) => requireWord(`${field}[${String(index)}]`, each)));
  return (word) => words.has(word);
}
