import { setImmediate } from "node:timers/promises";
import { describe, expect, test, vi } from "vitest";
import { DeliveryError, MAX_MEMO_LENGTH, PermanentDeliveryError } from "../../src/core/delivery-error.ts";
import type { Alert } from "../../src/core/alert.ts";
import type { AlertSink, DeliveryAttempt } from "../../src/ports/alert-sink.ts";
import { routeAlerts, type AlertRoute, type RoutingOptions } from "../../src/sinks/index.ts";
import { createVirtualClock } from "../../src/testing/index.ts";
import { attemptOf, failureOf, heldBackAlertOf, issueAlertOf, refusalOf } from "./samples.ts";

/** A sink that notes its attempts, and fails as it is told. */
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
const gone = (memo?: string) => new PermanentDeliveryError("gone", memo === undefined ? {} : { memo });

function throwIt(value: unknown): never {
  throw value;
}

/** An attempt by a process that knows nothing of the one before but the memo. */
async function attempt(
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
  if (memo === undefined) throw new Error("There is no memo.");
  return memo;
};

describe("a router", () => {
  test("gives an alert to all routes that it meets all conditions of", async () => {
    const taken: string[] = [];
    const route = (name: string, conditions: Partial<AlertRoute> = {}): AlertRoute => ({
      name,
      sink: ({ kind }) => void taken.push(`${name}: ${kind}`),
      ...conditions,
    });
    const router = routeAlerts([
      route("all"),
      route("project", { projects: ["other", "shop"] }),
      route("other project", { projects: ["other"] }),
      route("kind", { kinds: ["regression"] }),
      route("held back", { kinds: ["held-back"] }),
      route("level", { levels: ["fatal", "error"] }),
      route("condition", { levels: ["error"], when: ({ issue }) => issue?.eventCount === 7 }),
    ]);
    await router(issueAlertOf(), attemptOf());
    expect(taken).toEqual(["all", "project", "kind", "level", "condition"].map((name) => `${name}: regression`));
    taken.length = 0;
    await router(heldBackAlertOf(), attemptOf());
    expect(taken).toEqual(["all", "project", "held back"].map((name) => `${name}: held-back`));
  });

  test("gives an alert that no route is for to its other sink, or else to nobody", async () => {
    const otherwise = scripted();
    const chat = scripted();
    const routes = [{ name: "chat", sink: chat, projects: ["other"] }];
    await routeAlerts(routes)(issueAlertOf(), attemptOf());
    await routeAlerts(routes, { otherwise })(issueAlertOf(), attemptOf());
    expect([chat.attempts.length, otherwise.attempts.length]).toEqual([0, 1]);
    const failing = await attempt(routes, 1, null, { otherwise: scripted(busy()) });
    expect(failing.message).toBe('Failed: "otherwise". otherwise: busy');
  });

  test("calls all routes at once", async () => {
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

  test("tries again only where it failed, in another process too", async () => {
    const chat = scripted();
    const mail = scripted(busy(), busy());
    const pager = scripted(new Error("down"));
    const routes = () => [
      { name: "chat", sink: chat },
      { name: "mail", sink: mail },
      { name: "pager", sink: pager },
    ];
    const first = await attempt(routes(), 1);
    expect(first).not.toBeInstanceOf(PermanentDeliveryError);
    expect(first.message).toBe('Failed: "mail", "pager". mail: busy pager: down');
    const second = await attempt(routes(), 2, memoIn(first));
    expect(second.message).toBe('Failed: "mail". mail: busy');
    await routeAlerts(routes())(issueAlertOf(), attemptOf({ number: 3, memo: memoIn(second) }));
    expect([chat, mail, pager].map(({ attempts }) => attempts.length)).toEqual([1, 3, 2]);
  });

  test("asks for the longest pause that a route to be tried again asks for", async () => {
    const failing = (...failures: readonly Error[]) =>
      failures.map((failure, index) => ({ name: String(index), sink: scripted(failure) }));
    expect((await attempt(failing(busy(1_000), busy(60_000), busy(), gone()), 1)).retryAfterMs).toBe(60_000);
    expect((await attempt(failing(busy(), gone()), 1)).retryAfterMs).toBeUndefined();
  });

  test("fails for good when a route did and no other is left, and names all that did", async () => {
    const routes = () => [
      { name: "a", sink: a },
      { name: "b", sink: b },
      { name: "c", sink: c },
      { name: "d", sink: d },
    ];
    const [a, b, c, d] = [scripted(gone()), scripted(busy(), gone()), scripted(busy(), busy()), scripted()];
    const first = await attempt(routes(), 1);
    expect(PermanentDeliveryError.is(first)).toBe(false);
    expect(first.message).toBe('Failed: "b", "c". Failed for good: "a". a: gone b: busy c: busy');
    const second = await attempt(routes(), 2, memoIn(first));
    expect(PermanentDeliveryError.is(second)).toBe(false);
    const third = await attempt(routes(), 3, memoIn(second));
    expect(PermanentDeliveryError.is(third)).toBe(true);
    expect(third.message).toBe('Failed for good: "a", "b".');
    expect([a, b, c, d].map(({ attempts }) => attempts.length)).toEqual([1, 2, 3, 1]);
  });

  test("fails for good at once when all that failed did", async () => {
    const error = await attempt(
      [
        { name: "a", sink: scripted(gone()) },
        { name: "b", sink: scripted() },
      ],
      1,
    );
    expect(PermanentDeliveryError.is(error)).toBe(true);
    expect(error.cause).toMatchObject({ message: "gone" });
  });

  test("driven again calls those that failed for good, and those that have the alert not", async () => {
    const [a, b] = [scripted(gone()), scripted()];
    const routes = [
      { name: "a", sink: a },
      { name: "b", sink: b },
    ];
    const dead = await attempt(routes, 1);
    await routeAlerts(routes)(issueAlertOf(), attemptOf({ number: 1, memo: memoIn(dead) }));
    expect([a.attempts.length, b.attempts.length]).toEqual([2, 1]);
  });

  test("keeps what its routes write down, so that a route may be a router", async () => {
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
    const first = await attempt(routes(), 1);
    const second = await attempt(routes(), 2, memoIn(first));
    await routeAlerts(routes())(issueAlertOf(), attemptOf({ number: 3, memo: memoIn(second) }));
    expect(inner.attempts.map(({ memo, number }) => [memo, number])).toEqual([
      [null, 1],
      ["page 2", 2],
      ["page 2", 3],
    ]);
    expect(other.attempts).toHaveLength(1);
  });

  test("forgets what a route wrote down when it has the alert", async () => {
    const routes = [
      { name: "a", sink: scripted(busy(undefined, "page 2"), undefined) },
      { name: "b", sink: scripted(busy(), busy()) },
    ];
    const first = await attempt(routes, 1);
    expect(memoIn(first)).toBe('{"v":1,"done":[],"gaveUp":[],"memos":{"a":"page 2"}}');
    const second = await attempt(routes, 2, memoIn(first));
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
  ])("begins anew with a memo that is not its own: %j", async (memo) => {
    const sink = scripted();
    await routeAlerts([{ name: "a", sink }])(issueAlertOf(), attemptOf({ number: 2, memo }));
    expect(sink.attempts).toMatchObject([{ memo: null }]);
  });

  test("forgets what is noted of routes that are no more", async () => {
    const sink = scripted(busy());
    const error = await attempt(
      [{ name: "a", sink }],
      2,
      '{"v":1,"done":["old"],"gaveUp":["older"],"memos":{"oldest":"x"}}',
    );
    expect(memoIn(error)).toBe('{"v":1,"done":[],"gaveUp":[],"memos":{}}');
  });

  test("keeps its memo short enough, and which routes are done, whatever the routes write down", async () => {
    const name = (index: number): string => `${String(index)}${"ü".repeat(48)}`.padEnd(50, "x");
    const failing = Array.from({ length: 10 }, (_, index) => ({
      name: name(index),
      sink: scripted(busy(undefined, "\u0000".repeat(100 * index))),
    }));
    const done = Array.from({ length: 10 }, (_, index) => ({ name: name(index + 10), sink: scripted() }));
    const error = await attempt([...failing, ...done], 1);
    expect(memoIn(error).length).toBeLessThanOrEqual(MAX_MEMO_LENGTH);
    await attempt([...failing.map(({ name }) => ({ name, sink: scripted(busy()) })), ...done], 2, memoIn(error));
    expect(done.map(({ sink }) => sink.attempts.length)).toEqual(done.map(() => 1));
  });

  test("counts a route that takes too long as failed, and does not lose what others did", async () => {
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
    const failure = attempt(routes, 1, null, { timeoutMs: 5_000, clock });
    await setImmediate();
    clock.advanceBy(5_000);
    const { message, memo } = await failure;
    expect(message).toBe('Failed: "slow". slow: It took longer than 5000 ms.');
    expect(memo).toContain('"done":["quick"]');
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });

  test("tells its routes when the attempt's time is over, and calls none after", async () => {
    const over = new AbortController();
    const sink = scripted();
    const waiting = routeAlerts([{ name: "a", sink: () => new Promise(() => undefined) }]);
    const failure = failureOf(waiting(issueAlertOf(), attemptOf({ signal: over.signal })));
    over.abort();
    expect(await failure).toMatchObject({
      message: `Failed: "a". a: It did not end before the attempt's time was over.`,
    });
    await failureOf(routeAlerts([{ name: "a", sink }])(issueAlertOf(), attemptOf({ signal: over.signal })));
    expect(sink.attempts).toEqual([]);
  });

  test("counts a route whose condition fails as failed, and not as one that nobody asked for", async () => {
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
    expect((await attempt(routes, 1)).message).toContain(
      'Failed: "throws", "promises". throws: Its condition failed: bad ',
    );
    expect(chat.attempts).toHaveLength(1);
  });

  test("survives whatever a route throws", async () => {
    const unreadable = new Proxy(
      {},
      {
        get: () => {
          throw new Error("no");
        },
        has: () => false,
      },
    );
    const routes = [null, 7, "text", unreadable].map((failure, index) => ({
      name: String(index),
      sink: () => throwIt(failure),
    }));
    expect((await attempt(routes, 1)).message).toBe(
      'Failed: "0", "1", "2", "3". 0: It threw no Error. 1: It threw no Error. 2: text 3: It threw no Error.',
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
    [{ timeout: 7 }, "options"],
  ])("refuses options %j", (options, field) => {
    const routes = [{ name: "a", sink }];
    expect(refusalOf(() => Reflect.apply(routeAlerts, undefined, [routes, options]))).toMatchObject({
      code: "invalid-input",
      field,
    });
  });
});
