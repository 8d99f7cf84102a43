import { DeliveryError, PermanentDeliveryError } from "../alerts/delivery-error.ts";
import type { Alert } from "../core/alert.ts";
import type { AlertSink, DeliveryAttempt } from "../ports/alert-sink.ts";
import {
  requireRoutes,
  routingOptions,
  type AlertRoute,
  type CheckedRoute,
  type CheckedRoutingOptions,
  type RoutingOptions,
} from "./alert-route.ts";
import { readProgress, writeProgress, type DeliveryProgress } from "./delivery-progress.ts";
import { describeFailures, readFailure, type SinkFailure } from "./sink-failure.ts";
import { withTimeLimit } from "./time-limit.ts";

/**
 * Makes one sink of several. An alert goes to all routes that it matches, at the same time. Routes that fail are tried again at
 * the next attempt, without the others: the memo of the attempt says which routes have the alert, so that any process can make
 * the next one.
 *
 * The next attempt waits for the longest `retryAfterMs` of the failed routes. A route that fails permanently is not tried again;
 * when no other route is left to try, the alert has failed permanently, and the error names all such routes. A redrive of
 * that alert tries only those.
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
  const checked = requireRoutes("routes", routes);
  const { otherwise, ...limits } = routingOptions("options", options);
  const names = [...checked, ...(otherwise === undefined ? [] : [otherwise])].map(({ name }) => name);
  return async (alert, attempt) => {
    const before = readProgress(attempt, names);
    const due = matchingRoutes(alert, checked, otherwise).filter(
      ({ name }) => !before.delivered.has(name) && !before.failed.has(name),
    );
    const calls = due.map(async (route) => ({
      name: route.name,
      failure: await callRoute(route, alert, attempt, before, limits),
    }));
    settle(before, await Promise.all(calls));
  };
}

function matchingRoutes(
  alert: Alert,
  routes: readonly CheckedRoute[],
  otherwise: CheckedRoute | undefined,
): readonly CheckedRoute[] {
  const matching = routes.flatMap((route) => ifMatching(alert, route));
  return matching.length > 0 || otherwise === undefined ? matching : [otherwise];
}

/** The route if it matches. If its condition throws, whether it matches is unknown: then a route that fails. */
function ifMatching(alert: Alert, route: CheckedRoute): readonly CheckedRoute[] {
  try {
    return route.matches(alert) ? [route] : [];
  } catch (error) {
    const failure = new DeliveryError(`Its condition failed: ${readFailure(error).message}`, { cause: error });
    return [{ ...route, sink: () => Promise.reject(failure) }];
  }
}

async function callRoute(
  { name, sink }: CheckedRoute,
  alert: Alert,
  attempt: DeliveryAttempt,
  { memos }: DeliveryProgress,
  { timeoutMs, clock }: Omit<CheckedRoutingOptions, "otherwise">,
): Promise<SinkFailure | undefined> {
  const { signal, until, number, isLast } = attempt;
  const memo = memos.get(name) ?? null;
  try {
    await withTimeLimit("The sink", { signal, timeoutMs, clock }, async (signal) => {
      await sink(alert, { signal, until, number, isLast, memo });
    });
    return undefined;
  } catch (error) {
    return readFailure(error);
  }
}

/** A route that was called, and its failure if it failed. */
interface CalledRoute {
  readonly name: string;
  readonly failure: SinkFailure | undefined;
}

type FailedRoute = SinkFailure & { readonly name: string };

/**
 * Returns if the alert is delivered to all routes.
 *
 * @throws {@link DeliveryError} if a route is to be tried again, {@link PermanentDeliveryError} if none is but some failed
 *   permanently
 */
function settle(before: DeliveryProgress, calls: readonly CalledRoute[]): void {
  const failures = calls.flatMap(({ name, failure }): FailedRoute[] =>
    failure === undefined ? [] : [{ name, ...failure }],
  );
  const after = progressAfter(before, calls);
  const retried = failures.filter(({ isPermanent }) => !isPermanent);
  const failed = [...after.failed];
  if (retried.length === 0 && failed.length === 0) return;
  const details = { memo: writeProgress(after), cause: causeOf(failures) };
  const sentences = [
    ...(retried.length > 0 ? [`Failed: ${quoted(retried.map(({ name }) => name))}.`] : []),
    ...(failed.length > 0 ? [`Failed permanently: ${quoted(failed)}.`] : []),
    ...(failures.length > 0 ? [describeFailures(failures)] : []),
  ];
  if (retried.length === 0) throw new PermanentDeliveryError(sentences.join(" "), details);
  throw new DeliveryError(sentences.join(" "), { ...details, ...longestPause(retried) });
}

function progressAfter(before: DeliveryProgress, calls: readonly CalledRoute[]): DeliveryProgress {
  const delivered = new Set(before.delivered);
  const failed = new Set(before.failed);
  const memos = new Map(before.memos);
  for (const { name, failure } of calls) {
    if (failure === undefined) delivered.add(name);
    else if (failure.isPermanent) failed.add(name);
    if (failure?.memo !== undefined) memos.set(name, failure.memo);
  }
  for (const name of delivered) memos.delete(name);
  return { delivered, failed, memos };
}

function longestPause(failures: readonly FailedRoute[]): { readonly retryAfterMs?: number } {
  const pauses = failures.flatMap(({ retryAfterMs }) => retryAfterMs ?? []);
  return pauses.length > 0 ? { retryAfterMs: Math.max(...pauses) } : {};
}

function causeOf(failures: readonly FailedRoute[]): unknown {
  const errors = failures.map(({ error }) => error);
  return errors.length > 1 ? new AggregateError(errors) : errors[0];
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(", ");
}
