import { describe, expect, onTestFinished, test } from "vitest";
import { createErrorCapture, type ErrorCaptureOptions } from "../../src/capture/index.ts";
import {
  createIssueTracker,
  createMemoryStore,
  IssueLifecycleError,
  type IssueTracker,
  type NewEvent,
} from "../../src/index.ts";
import type { TrackedEvent } from "../../src/core/event.ts";
import { createVirtualClock } from "../../src/testing/index.ts";
import { HOUR, MINUTE, START } from "../support/scenario.ts";

/** A tracker with a project, a capture, and what they report. */
async function begin(options: Partial<ErrorCaptureOptions> = {}) {
  const clock = createVirtualClock(START);
  const reported: unknown[] = [];
  const onError = (error: unknown): void => void reported.push(error);
  const tracker = createIssueTracker({ store: createMemoryStore(), clock, onError });
  await tracker.projects.save({ id: "shop" });
  const capture = createErrorCapture({ tracker, projectId: "shop", clock, onError, ...options });
  onTestFinished(() => capture.close());
  return { tracker, capture, clock, reported };
}

/** The events of all issues of the project, the oldest first. */
async function eventsOf(tracker: IssueTracker): Promise<TrackedEvent[]> {
  const { items } = await tracker.issues.list({ projectId: "shop" });
  const pages = await Promise.all(items.map(({ id }) => tracker.events.list(id, { direction: "ascending" })));
  return pages.flatMap((page) => page.items);
}

/** What a capture needs of a tracker. */
function trackerBy(digest: (events: readonly NewEvent[]) => Promise<unknown>): ErrorCaptureOptions["tracker"] {
  return Object.assign(Object.create(null), { digest });
}

/** A tracker that digests when it is told to. */
function slowTracker() {
  const calls: (readonly NewEvent[])[] = [];
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const tracker = trackerBy((events) => {
    calls.push(events);
    return promise;
  });
  return { calls, tracker, go: () => resolve(undefined) };
}

const messages = (errors: readonly unknown[]): string[] => errors.map((error) => String(error));

describe("an error captured by hand", () => {
  test("becomes an issue, with its release and environment, at the time of its capture", async () => {
    const { tracker, capture, clock } = await begin({ release: "1.4.2", environment: "production" });
    capture.error(new TypeError("cart is undefined"), { userId: "ann", transaction: "POST /cart" });
    clock.advanceBy(HOUR);
    await capture.flush();

    expect(await eventsOf(tracker)).toMatchObject([
      {
        type: "TypeError",
        value: "cart is undefined",
        level: "error",
        release: "1.4.2",
        environment: "production",
        transaction: "POST /cart",
        receivedAt: START,
        data: { stack: expect.stringContaining("error-capture.test.ts") },
      },
    ]);
    const { items } = await tracker.issues.list({ projectId: "shop" });
    expect(items).toMatchObject([{ title: "TypeError: cart is undefined" }]);
  });

  test("may have details of its own", async () => {
    const { tracker, capture } = await begin({ release: "1.4.2" });
    const data = { cart: { id: 7 } };
    capture.error(new Error("E"), {
      release: "2.0.0",
      environment: "staging",
      level: "warning",
      count: 3,
      fingerprint: ["mine"],
      occurredAt: new Date(START - MINUTE),
      mechanism: "job",
      data,
    });
    data.cart.id = 8;
    await capture.flush();

    expect(await eventsOf(tracker)).toMatchObject([
      {
        release: "2.0.0",
        environment: "staging",
        level: "warning",
        count: 3,
        occurredAt: START - MINUTE,
        data: { stack: expect.any(String), cart: { id: 7 } },
      },
    ]);
  });

  const circular: Record<string, unknown> = {};
  circular["self"] = circular;
  test.each([
    ["an unknown member", { user: "ann" }, "details"],
    ["the project", { projectId: "other" }, "details"],
    ["a wrong type", { userId: 7 }, "details.userId"],
    ["a wrong level", { level: "loud" }, "details.level"],
    ["data that is no object", { data: "text" }, "details.data"],
    ["data that is no JSON", { data: circular }, "details.data"],
    ["too much data", { data: { text: "x".repeat(4_194_305) } }, "details.data"],
    ["no object", null, "details"],
    [
      "a getter that throws",
      {
        get userId() {
          throw new Error("trap");
        },
      },
      "details.userId",
    ],
  ])("is captured without details that have %s, which is reported", async (_name, details, field) => {
    const { tracker, capture, reported } = await begin();
    Reflect.apply(capture.error, undefined, [new Error("E"), details]);
    await capture.flush();

    expect(await eventsOf(tracker)).toHaveLength(1);
    expect(reported).toMatchObject([{ code: "invalid-input", field }]);
  });

  const { proxy: revoked, revoke } = Proxy.revocable({}, {});
  revoke();
  const trap = (): never => {
    throw new Error("trap");
  };
  test.each([
    ["null", null],
    ["undefined", undefined],
    ["a text", "text"],
    ["a symbol", Symbol("s")],
    ["a function", () => 1],
    ["a frozen error", Object.freeze(new Error("E"))],
    ["a revoked proxy", revoked],
    ["a proxy whose traps throw", new Proxy({}, { get: trap, has: trap, ownKeys: trap, getPrototypeOf: trap })],
    ["an error whose message throws", Object.defineProperty(new Error("E"), "message", { get: trap })],
  ])("may be %s", async (_name, thrown) => {
    const { tracker, capture, reported } = await begin();
    capture.error(thrown);
    capture.express(thrown, {}, {}, () => undefined);
    await capture.flush();

    expect((await eventsOf(tracker)).length).toBeGreaterThan(0);
    expect(reported).toEqual([]);
  });

  test("is captured once, however many handlers it passes", async () => {
    const { tracker, capture } = await begin();
    const error = new Error("E");
    const passedOn: unknown[] = [];
    capture.express(error, {}, {}, (given) => void passedOn.push(given));
    capture.express(error, {}, {}, (given) => void passedOn.push(given));
    capture.error(error);
    await capture.flush();

    expect(await eventsOf(tracker)).toHaveLength(1);
    expect(passedOn).toEqual([error, error]);
  });
});

describe("which errors the handlers capture", () => {
  const failing = (status: unknown) => Object.assign(new Error(`E${String(status)}`), { status });

  test("is all but those of clients by default", async () => {
    const { tracker, capture } = await begin();
    for (const error of [
      failing(404),
      Object.assign(new Error("E"), { statusCode: 400 }),
      failing(500),
      failing("x"),
    ]) {
      capture.express(error, {}, {}, () => undefined);
    }
    await capture.flush();
    expect((await eventsOf(tracker)).map(({ value }) => value).sort()).toEqual(["E500", "Ex"]);
  });

  test("is what the host says, and all for which it fails to say", async () => {
    const asked: unknown[] = [];
    const { tracker, capture, reported } = await begin({
      shouldCapture: (error) => {
        asked.push(error);
        if (asked.length === 3) throw new Error("undecided");
        return error !== asked[0];
      },
    });
    const errors = [failing(500), failing(404), failing(503)];
    for (const error of errors) capture.express(error, {}, {}, () => undefined);
    await capture.flush();

    expect(asked).toEqual(errors);
    expect((await eventsOf(tracker)).map(({ value }) => value).sort()).toEqual(["E404", "E503"]);
    expect(messages(reported)).toEqual(["Error: undecided"]);
  });

  test("is not asked about what is captured by hand", async () => {
    const { tracker, capture } = await begin({ shouldCapture: () => false });
    capture.error(failing(404));
    await capture.flush();
    expect(await eventsOf(tracker)).toHaveLength(1);
  });
});

describe("the queue", () => {
  test("keeps nobody waiting, and digests what comes together at once", async () => {
    const { calls, tracker, go } = slowTracker();
    const { capture } = await begin({ tracker });
    for (let index = 0; index < 3; index++) capture.error(new Error(`E${String(index)}`));
    expect(calls).toEqual([]);
    go();
    await capture.flush();
    expect(calls.map((events) => events.length)).toEqual([3]);
  });

  test("reports the events that find it full together, when it is empty again", async () => {
    const { calls, tracker, go } = slowTracker();
    const { capture, reported } = await begin({ tracker, maxQueued: 2 });
    for (let index = 0; index < 5; index++) capture.error(new Error("E"));
    expect(reported).toEqual([]);
    go();
    await capture.flush();
    expect(calls.map((events) => events.length)).toEqual([2]);
    expect(reported).toMatchObject([{ code: "events-lost" }]);
    expect(messages(reported)[0]).toContain("3 events could not be digested. The queue was full (maxQueued).");

    for (let index = 0; index < 3; index++) capture.error(new Error("E"));
    await capture.flush();
    expect(messages(reported)[1]).toContain("1 event could not");
  });

  test("reports them after a minute if it stays full", async () => {
    const { tracker, go } = slowTracker();
    const { capture, reported, clock } = await begin({ tracker, maxQueued: 1 });
    for (let index = 0; index < 5; index++) capture.error(new Error("E"));
    clock.advanceBy(MINUTE);
    expect(messages(reported)).toEqual([expect.stringContaining("4 events could not")]);
    capture.error(new Error("E"));
    clock.advanceBy(MINUTE);
    expect(messages(reported)[1]).toContain("1 event could not");
    go();
  });

  test("tries again while the store cannot be reached, and nothing is lost", async () => {
    const { tracker, clock, reported } = await begin();
    let failures = 2;
    const digest = async (events: readonly NewEvent[]) => {
      if (failures-- > 0) throw new IssueLifecycleError("store-failed", "down", { retryable: true });
      return tracker.digest(events);
    };
    const capture = createErrorCapture({
      tracker: trackerBy(digest),
      projectId: "shop",
      clock,
      onError: (error) => void reported.push(error),
    });
    capture.error(new Error("E"));
    const flushed = capture.flush();
    for (let turn = 0; turn < 10; turn++) {
      await Promise.resolve();
      clock.advanceBy(HOUR);
    }
    await flushed;
    expect(reported).toMatchObject([{ code: "store-failed" }]);
    expect(await eventsOf(tracker)).toMatchObject([{ receivedAt: START }]);
  });

  test("reports events that cannot be digested, such as those of an unknown project", async () => {
    const { capture, reported } = await begin({ projectId: "unknown" });
    capture.error(new Error("E"));
    await capture.flush();
    expect(reported).toMatchObject([{ code: "events-lost", cause: { code: "unknown-project" } }]);
  });

  test("loses and reports what is captured when the tracker is closed", async () => {
    const { tracker, capture, reported } = await begin();
    await tracker.close();
    capture.error(new Error("E"));
    await capture.flush();
    expect(reported).toMatchObject([{ code: "events-lost", cause: { code: "closed" } }]);
  });
});

describe("close()", () => {
  test("waits until all is digested, also by `await using`", async () => {
    const { tracker } = await begin();
    {
      await using capture = createErrorCapture({ tracker, projectId: "shop" });
      capture.error(new Error("E"));
    }
    expect(await eventsOf(tracker)).toHaveLength(1);
  });

  test("waits no longer than the timeout, and reports what is lost", async () => {
    const { tracker } = slowTracker();
    const { capture, reported, clock } = await begin({ tracker, timeoutMs: 500 });
    capture.error(new Error("being digested"));
    await Promise.resolve();
    await Promise.resolve();
    capture.error(new Error("waiting"));
    const closed = capture.close();
    clock.advanceBy(500);
    await closed;
    expect(messages(reported)).toEqual([expect.stringContaining("2 events could not be digested")]);
  });

  test("loses and reports what is captured afterwards", async () => {
    const { tracker, capture, reported } = await begin();
    await capture.close();
    capture.error(new Error("E"));
    await capture.flush();
    await capture.close();
    expect(await eventsOf(tracker)).toEqual([]);
    expect(reported).toMatchObject([{ code: "events-lost" }]);
    expect(messages(reported)[0]).toContain("The capture is closed.");
  });
});

test.each([
  ["options", { tracker: undefined }, "options.tracker"],
  ["a tracker", { tracker: {} }, "options.tracker"],
  ["a project", { projectId: "" }, "options.projectId"],
  ["known options", { projectid: "shop" }, "options"],
  ["a release", { release: 1 }, "options.release"],
  ["an environment", { environment: 1 }, "options.environment"],
  ["a function", { shouldCapture: true }, "options.shouldCapture"],
  ["a limit", { maxQueued: 0 }, "options.maxQueued"],
  ["a timeout", { timeoutMs: -1 }, "options.timeoutMs"],
  ["a clock", { clock: Date }, "options.clock"],
])("a capture needs %s", async (_name, wrong, field) => {
  const { tracker } = await begin();
  const create = () => Reflect.apply(createErrorCapture, undefined, [{ tracker, projectId: "shop", ...wrong }]);
  expect(create).toThrow(expect.objectContaining({ code: "invalid-input", field }));
});

describe("the handlers of the process", () => {
  const counts = () =>
    ["uncaughtExceptionMonitor", "newListener", "removeListener"].map((name) => process.listenerCount(name));

  test("are installed once, and removed by the function that is returned, or by close()", async () => {
    const { capture } = await begin();
    const before = counts();
    const stop = capture.process();
    capture.process();
    expect(counts()).toEqual(before.map((count) => count + 1));
    stop();
    stop();
    expect(counts()).toEqual(before);
    capture.process();
    await capture.close();
    expect(counts()).toEqual(before);
  });

  test("serve several captures, each until it is closed", async () => {
    const [one, other] = [await begin(), await begin()];
    const before = counts();
    one.capture.process();
    other.capture.process();
    expect(counts()).toEqual(before.map((count) => count + 1));
    await one.capture.close();
    expect(counts()).toEqual(before.map((count) => count + 1));
    await other.capture.close();
    expect(counts()).toEqual(before);
  });
});
