import { DeliveryError } from "../core/delivery-error.ts";
import type { Alert, AlertKind, HeldBackAlert } from "../core/alert.ts";
import type { EventLevel } from "../core/event-level.ts";
import type { AlertSink, DeliveryAttempt } from "../ports/alert-sink.ts";
import type { Clock } from "../ports/clock.ts";
import { checkRoutes, type CheckedRoute, type CheckedRouting } from "./checked-routing.ts";
import { readFailure, type SinkFailure } from "./failure.ts";
import { readProgress, type Progress } from "./progress.ts";
import { conclude } from "./routing-outcome.ts";
import { withinTime } from "./within-time.ts";

/** A sink, and the alerts that it is for: those that meet all of its conditions. Without any it is for all. */
export interface AlertRoute {
  /**
   * Names it in errors, and notes from one attempt to the next that its sink has the alert: no other route's, and better not changed
   * while alerts wait. 1 to 50 letters, digits, blanks, `.`, `_` and `-`, the first a letter or digit;
   * not `otherwise`.
   */
  readonly name: string;
  /** Takes the alerts. May itself be a router. */
  readonly sink: AlertSink;
  /** Only alerts of the projects with these ids. */
  readonly projects?: readonly string[];
  /** Only alerts of these kinds. */
  readonly kinds?: readonly (AlertKind | HeldBackAlert["kind"])[];
  /** Only alerts of these levels. */
  readonly levels?: readonly EventLevel[];
  /** Only alerts for which this holds. For one alert it should say the same at each attempt. */
  readonly when?: (alert: Alert) => boolean;
}

/** What else a router can be told. */
export interface RoutingOptions {
  /** Takes the alerts that no route is for. Default: nobody needs to hear of them, and they count as delivered. */
  readonly otherwise?: AlertSink;
  /**
   * How long one route may take, in milliseconds; then it has failed at this attempt, and the others need not wait. Less than the
   * tracker's lease, or what was done is forgotten with what was not. Default 30 seconds; 1 ms to 1 hour.
   */
  readonly timeoutMs?: number;
  /** Measures that. Default: the system's clock. */
  readonly clock?: Clock;
}

/**
 * Makes one sink of several. All routes that an alert is for get it at once. Those that fail get it again at the next attempt, and
 * only they: what was done is written down in the attempt's memo, and so known to whatever process makes the next one.
 *
 * The next attempt is not made before the latest time that a failing route asks for. A route that fails for good is called no
 * more; when no other is left, the alert has failed for good, and the error names all that did. Somebody who drives that alert
 * again drives it to those routes only.
 *
 * @param routes - 1 to 20
 * @throws `IssueLifecycleError` `invalid-input`
 * @example
 * ```ts
 * import type { AlertSink } from "issue-lifecycle";
 * import { routeAlerts } from "issue-lifecycle/sinks";
 *
 * declare const chat: AlertSink;
 * declare const pager: AlertSink;
 *
 * const sink = routeAlerts([
 *   { name: "chat", sink: chat },
 *   { name: "pager", sink: pager, projects: ["shop"], levels: ["fatal"] },
 * ]);
 * ```
 */
export function routeAlerts(routes: readonly AlertRoute[], options: RoutingOptions = {}): AlertSink {
  const routing = checkRoutes(routes, options);
  return async (alert, attempt) => {
    const before = readProgress(attempt, routing.names);
    const due = routesFor(alert, routing).filter(({ name }) => !before.done.has(name) && !before.gaveUp.has(name));
    const calls = due.map(async (route) => ({
      name: route.name,
      failure: await call(route, alert, attempt, before, routing),
    }));
    conclude(before, await Promise.all(calls));
  };
}

/** A route whose condition fails is among them, and fails. */
function routesFor(alert: Alert, { routes, otherwise }: CheckedRouting): readonly CheckedRoute[] {
  const matching = routes.flatMap((route) => routeFor(alert, route));
  return matching.length > 0 || otherwise === undefined ? matching : [otherwise];
}

function routeFor(alert: Alert, route: CheckedRoute): readonly CheckedRoute[] {
  try {
    return route.isFor(alert) ? [route] : [];
  } catch (error) {
    const failed = new DeliveryError(`Its condition failed: ${readFailure(error).message}`, { cause: error });
    return [{ ...route, sink: () => Promise.reject(failed) }];
  }
}

async function call(
  { name, sink }: CheckedRoute,
  alert: Alert,
  { signal, until, number, isLast }: DeliveryAttempt,
  { memos }: Progress,
  { timeoutMs, clock }: CheckedRouting,
): Promise<SinkFailure | undefined> {
  const memo = memos.get(name) ?? null;
  try {
    await withinTime("It", { signal, timeoutMs, clock }, async (signal) => {
      await sink(alert, { signal, until, number, isLast, memo });
    });
    return undefined;
  } catch (error) {
    return readFailure(error);
  }
}
