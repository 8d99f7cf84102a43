import { setImmediate } from "node:timers/promises";
import { describe, expect, test, vi } from "vitest";
import { DeliveryError, MAX_MEMO_LENGTH, PermanentDeliveryError } from "../../src/alerts/delivery-error.ts";
import type { Alert } from "../../src/core/alert.ts";
import type { AlertSink, DeliveryAttempt } from "../../src/ports/alert-sink.ts";
import { routeAlerts, type AlertRoute, type RoutingOptions } from "../../src/sinks/index.ts";
import { createVirtualClock } from "../../src/testing/virtual-clock.ts";
import { attemptOf, failureOf, throttledAlertOf, issueAlertOf, refusalOf } from "./samples.ts";

/** A sink that records its attempts and fails with the given errors, one per attempt. */
function scripted(...failures: readonly (Error | undefined)[]): AlertSink & { readonly attempts: DeliveryAttempt[] } {
  const attempts: DeliveryAttempt[] = [];
  const sink = (_alert: Alert, attempt: DeliveryAttempt): void => {
    const failure = failures[attempts.push(attempt) - 1];
    if (failure !== undefined) throw failure;
  };
  return Object.assign(sink, { attempts });
}

const busy = (retryAfterMs?: number, memo?: string) =>
  new DeliveryError("busy", {
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(memo === undefined ? {} : { memo }),
  });
const permanent = (memo?: string) => new PermanentDeliveryError("gone", memo === undefined ? {} : { memo });

function throwIt(value: unknown): never {
  throw value;
}

/** The error of an attempt by a new router, as in another process: it has only the memo of the attempt before. */
async function failedAttempt(
  routes: readonly AlertRoute[],
  number: number,
  memo: string | null = null,
  options: RoutingOptions = {},
): Promise<DeliveryError> {
  const error = await failureOf(routeAlerts(routes, options)(issueAlertOf(), attemptOf({ number, memo })));
  if (error instanceof DeliveryError) return error;
  throw error;
}

const memoIn = ({ memo }: DeliveryError): string => {
  if (memo === undefined) throw new Error("The error has no memo.");
  return memo;
};

describe("a router", () => {
  test("delivers an alert to each route of which it meets all conditions", async () => {
    const received: string[] = [];
    const route = (name: string, conditions: Partial<AlertRoute> = {}): AlertRoute => ({
      name,
      sink: ({ kind }) => void received.push(`${name}: ${kind}`),
      ...conditions,
    });
    const router = routeAlerts([
      route("all"),
      route("project", { projects: ["other", "shop"] }),
      route("other project", { projects: ["other"] }),
      route("kind", { kinds: ["regression"] }),
      route("throttled", { kinds: ["throttled"] }),
      route("level", { levels: ["fatal", "error"] }),
      route("condition", { levels: ["error"], when: ({ issue }) => issue?.eventCount === 7 }),
    ]);
    await router(issueAlertOf(), attemptOf());
    expect(received).toEqual(["all", "project", "kind", "level", "condition"].map((name) => `${name}: regression`));
    received.length = 0;
    await router(throttledAlertOf(), attemptOf());
    expect(received).toEqual(["all", "project", "throttled"].map((name) => `${name}: throttled`));
  });

  test("delivers an alert that matches no route to otherwise, if there is one", async () => {
    const otherwise = scripted();
    const chat = scripted();
    const routes = [{ name: "chat", sink: chat, projects: ["other"] }];
    await routeAlerts(routes)(issueAlertOf(), attemptOf());
    await routeAlerts(routes, { otherwise })(issueAlertOf(), attemptOf());
    expect([chat.attempts.length, otherwise.attempts.length]).toEqual([0, 1]);
    const failing = await failedAttempt(routes, 1, null, { otherwise: scripted(busy()) });
    expect(failing.message).toBe('Failed: "otherwise". otherwise: busy.');
  });

  test("calls all routes at the same time", async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const routes = [
      {
        name: "waits",
        sink: async () => {
          await promise;
        },
      },
      {
        name: "ends that",
        sink: () => {
          resolve(undefined);
        },
      },
    ];
    await routeAlerts(routes)(issueAlertOf(), attemptOf());
  });

  test("tries only the failed routes again, also in another process", async () => {
    const chat = scripted();
    const mail = scripted(busy(), busy());
    const pager = scripted(new Error("down"));
    const routes = () => [
      { name: "chat", sink: chat },
      { name: "mail", sink: mail },
      { name: "pager", sink: pager },
    ];
    const first = await failedAttempt(routes(), 1);
    expect(first).not.toBeInstanceOf(PermanentDeliveryError);
    expect(first.message).toBe('Failed: "mail", "pager". mail: busy. pager: down.');
    const second = await failedAttempt(routes(), 2, memoIn(first));
    expect(second.message).toBe('Failed: "mail". mail: busy.');
    await routeAlerts(routes())(issueAlertOf(), attemptOf({ number: 3, memo: memoIn(second) }));
    expect([chat, mail, pager].map(({ attempts }) => attempts.length)).toEqual([1, 3, 2]);
  });

  test("asks for the longest pause of the routes that are tried again", async () => {
    const failing = (...failures: readonly Error[]) =>
      failures.map((failure, index) => ({ name: String(index), sink: scripted(failure) }));
    expect((await failedAttempt(failing(busy(1_000), busy(60_000), busy(), permanent()), 1)).retryAfterMs).toBe(60_000);
    expect((await failedAttempt(failing(busy(), permanent()), 1)).retryAfterMs).toBeUndefined();
  });

  test("fails permanently when no route is left to try and some failed permanently, and names those", async () => {
    const routes = () => [
      { name: "a", sink: a },
      { name: "b", sink: b },
      { name: "c", sink: c },
      { name: "d", sink: d },
    ];
    const [a, b, c, d] = [scripted(permanent()), scripted(busy(), permanent()), scripted(busy(), busy()), scripted()];
    const first = await failedAttempt(routes(), 1);
    expect(PermanentDeliveryError.is(first)).toBe(false);
    expect(first.message).toBe('Failed: "b", "c". Failed permanently: "a". a: gone. b: busy. c: busy.');
    const second = await failedAttempt(routes(), 2, memoIn(first));
    expect(PermanentDeliveryError.is(second)).toBe(false);
    const third = await failedAttempt(routes(), 3, memoIn(second));
    expect(PermanentDeliveryError.is(third)).toBe(true);
    expect(third.message).toBe('Failed permanently: "a", "b".');
    expect([a, b, c, d].map(({ attempts }) => attempts.length)).toEqual([1, 2, 3, 1]);
  });

  test("fails permanently at once when each failure is permanent", async () => {
    const error = await failedAttempt(
      [
        { name: "a", sink: scripted(permanent()) },
        { name: "b", sink: scripted() },
      ],
      1,
    );
    expect(PermanentDeliveryError.is(error)).toBe(true);
    expect(error.cause).toMatchObject({ message: "gone" });
  });

  test("calls after a redrive only the routes that failed permanently", async () => {
    const [a, b] = [scripted(permanent()), scripted()];
    const routes = [
      { name: "a", sink: a },
      { name: "b", sink: b },
    ];
    const dead = await failedAttempt(routes, 1);
    await routeAlerts(routes)(issueAlertOf(), attemptOf({ number: 1, memo: memoIn(dead) }));
    expect([a.attempts.length, b.attempts.length]).toEqual([2, 1]);
  });

  test("keeps the memos of its routes, so that a route may be a router", async () => {
    const [inner, other] = [scripted(busy(undefined, "page 2"), busy(), undefined), scripted()];
    const routes = () => [
      {
        name: "team",
        sink: routeAlerts([
          { name: "inner", sink: inner },
          { name: "other", sink: other },
        ]),
      },
    ];
    const first = await failedAttempt(routes(), 1);
    const second = await failedAttempt(routes(), 2, memoIn(first));
    await routeAlerts(routes())(issueAlertOf(), attemptOf({ number: 3, memo: memoIn(second) }));
    expect(inner.attempts.map(({ memo, number }) => [memo, number])).toEqual([
      [null, 1],
      ["page 2", 2],
      ["page 2", 3],
    ]);
    expect(other.attempts).toHaveLength(1);
  });

  test("drops the memo of a route that has the alert", async () => {
    const routes = [
      { name: "a", sink: scripted(busy(undefined, "page 2"), undefined) },
      { name: "b", sink: scripted(busy(), busy()) },
    ];
    const first = await failedAttempt(routes, 1);
    expect(memoIn(first)).toBe('{"v":1,"done":[],"gaveUp":[],"memos":{"a":"page 2"}}');
    const second = await failedAttempt(routes, 2, memoIn(first));
    expect(memoIn(second)).toBe('{"v":1,"done":["a"],"gaveUp":[],"memos":{}}');
  });

  test.each([
    "",
    "{",
    "null",
    "7",
    '"x"',
    "[]",
    "{}",
    '{"v":2,"done":["a"]}',
    '{"v":1}',
    '{"v":1,"done":"a","gaveUp":{},"memos":[]}',
    '{"v":1,"done":[7,null,"b"],"gaveUp":[["a"]],"memos":{"a":7,"__proto__":"x"}}',
  ])("ignores a memo of another form: %j", async (memo) => {
    const sink = scripted();
    await routeAlerts([{ name: "a", sink }])(issueAlertOf(), attemptOf({ number: 2, memo }));
    expect(sink.attempts).toMatchObject([{ memo: null }]);
  });

  test("drops the entries of routes that no longer exist", async () => {
    const sink = scripted(busy());
    const error = await failedAttempt(
      [{ name: "a", sink }],
      2,
      '{"v":1,"done":["old"],"gaveUp":["older"],"memos":{"oldest":"x"}}',
    );
    expect(memoIn(error)).toBe('{"v":1,"done":[],"gaveUp":[],"memos":{}}');
  });

  test("limits the length of its memo, and keeps in it which routes have the alert", async () => {
    const name = (index: number): string => `${String(index)}${"ü".repeat(48)}`.padEnd(50, "x");
    const failing = Array.from({ length: 10 }, (_, index) => ({
      name: name(index),
      sink: scripted(busy(undefined, "\u0000".repeat(100 * index))),
    }));
    const done = Array.from({ length: 10 }, (_, index) => ({ name: name(index + 10), sink: scripted() }));
    const error = await failedAttempt([...failing, ...done], 1);
    expect(memoIn(error).length).toBeLessThanOrEqual(MAX_MEMO_LENGTH);
    await failedAttempt([...failing.map(({ name }) => ({ name, sink: scripted(busy()) })), ...done], 2, memoIn(error));
    expect(done.map(({ sink }) => sink.attempts.length)).toEqual(done.map(() => 1));
  });

  test("counts a route that exceeds the time limit as failed, and keeps the results of others", async () => {
    const clock = createVirtualClock(0);
    const slow: AlertSink = (_alert, { signal }) => {
      signals.push(signal);
      return new Promise(() => undefined);
    };
    const signals: AbortSignal[] = [];
    const routes = [
      { name: "slow", sink: slow },
      { name: "quick", sink: scripted() },
    ];
    const failure = failedAttempt(routes, 1, null, { timeoutMs: 5_000, clock });
    await setImmediate();
    clock.advanceBy(5_000);
    const { message, memo } = await failure;
    expect(message).toBe('Failed: "slow". slow: The sink took longer than 5000 ms.');
    expect(memo).toContain('"done":["quick"]');
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });

  test("fails when the attempt ends, and calls no route after that", async () => {
    const controller = new AbortController();
    const sink = scripted();
    const waiting = routeAlerts([{ name: "a", sink: () => new Promise(() => undefined) }]);
    const failure = failureOf(waiting(issueAlertOf(), attemptOf({ signal: controller.signal })));
    controller.abort();
    expect(await failure).toMatchObject({
      message: `Failed: "a". a: The sink did not finish before the delivery attempt ended.`,
    });
    await failureOf(routeAlerts([{ name: "a", sink }])(issueAlertOf(), attemptOf({ signal: controller.signal })));
    expect(sink.attempts).toEqual([]);
  });

  test("counts a route whose condition fails as failed, not as one that does not match", async () => {
    const chat = scripted();
    const routes: AlertRoute[] = [
      { name: "chat", sink: chat },
      {
        name: "throws",
        sink: chat,
        when: () => {
          throw new Error("bad");
        },
      },
      { name: "promises", sink: chat, when: vi.fn().mockResolvedValue(false) },
    ];
    expect((await failedAttempt(routes, 1)).message).toContain(
      'Failed: "throws", "promises". throws: Its condition failed: bad. promises: Its condition failed: routes[2].when(): got a Promise (await it);',
    );
    expect(chat.attempts).toHaveLength(1);
  });

  test("accepts any value that a route throws", async () => {
    const { proxy: revoked, revoke } = Proxy.revocable({}, {});
    revoke();
    const unreadable = new Proxy(
      {},
      {
        get: () => {
          throw new Error("no");
        },
        has: () => false,
      },
    );
    const routes = [null, 7, "text", unreadable, revoked].map((failure, index) => ({
      name: String(index),
      sink: () => throwIt(failure),
    }));
    expect((await failedAttempt(routes, 1)).message).toBe(
      'Failed: "0", "1", "2", "3", "4". ' +
        [0, 1, 3, 4]
          .map((index) => `${String(index)}: A value without a message was thrown.`)
          .toSpliced(2, 0, "2: text.")
          .join(" "),
    );
  });

  const sink = scripted();
  test.each<[unknown, string]>([
    [[], "routes"],
    [Array.from({ length: 21 }, (_, index) => ({ name: String(index), sink })), "routes"],
    [
      [
        { name: "a", sink },
        { name: "a", sink },
      ],
      "routes",
    ],
    [[{ name: "otherwise", sink }], "routes"],
    [[{ name: "", sink }], "routes[0].name"],
    [[{ name: "a\n", sink }], "routes[0].name"],
    [[{ name: "__proto__", sink }], "routes[0].name"],
    [[{ name: "x".repeat(51), sink }], "routes[0].name"],
    [[{ name: "a" }], "routes[0].sink"],
    [[{ name: "a", sink, level: ["fatal"] }], "routes[0]"],
    [[{ name: "a", sink, levels: ["fatale"] }], "routes[0].levels[0]"],
    [[{ name: "a", sink, levels: [] }], "routes[0].levels"],
    [[{ name: "a", sink, kinds: "regression" }], "routes[0].kinds"],
    [[{ name: "a", sink, projects: [7] }], "routes[0].projects[0]"],
    [[{ name: "a", sink, when: true }], "routes[0].when"],
    [[{ name: "a", sink, kinds: ["held-back"] }], "routes[0].kinds[0]"],
    [[{ name: "a", sink, when: null }], "routes[0].when"],
    [[{ name: "a", sink }, undefined], "routes[1]"],
    [{ chat: sink }, "routes"],
    [undefined, "routes"],
    [[null], "routes[0]"],
    ["a", "routes"],
  ])("refuses routes %j", (routes, field) => {
    expect(refusalOf(() => Reflect.apply(routeAlerts, undefined, [routes]))).toMatchObject({
      code: "invalid-input",
      field,
    });
  });

  test.each<[unknown, string]>([
    [{ otherwise: 7 }, "options.otherwise"],
    [{ timeoutMs: 0 }, "options.timeoutMs"],
    [{ clock: {} }, "options.clock"],
    [{ timeoutMs: null }, "options.timeoutMs"],
    [{ timeout: 7 }, "options"],
    [{ Otherwise: sink }, "options"],
    [null, "options"],
  ])("refuses options %j", (options, field) => {
    const routes = [{ name: "a", sink }];
    expect(refusalOf(() => Reflect.apply(routeAlerts, undefined, [routes, options]))).toMatchObject({
      code: "invalid-input",
      field,
    });
  });
});
