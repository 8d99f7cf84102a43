import fc from "fast-check";
import { connect, createServer, type AddressInfo } from "node:net";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { MAX_EVENT_TEXT_LENGTH, type CheckedEvent } from "../../src/core/event.ts";
import { parseEvent } from "../../src/core/parse-event.ts";
import { requireGrouper } from "../../src/core/grouping.ts";
import { eventFromError, type InnerError } from "../../src/core/thrown-error.ts";
import { DEFAULT_GROUPING } from "../../src/core/title-grouping.ts";
import { anyText } from "../support/arbitraries.ts";
import { rounds } from "../support/effort.ts";
import { hostileValue } from "./hostile.ts";

const GROUPING = requireGrouper("grouping", DEFAULT_GROUPING);

/** The event as `digest` checks it. */
function checked(thrown: unknown): CheckedEvent {
  return parseEvent({ projectId: "shop", ...eventFromError(thrown) }, "event", {
    receivedAt: 0,
    newId: () => "id",
    grouping: GROUPING,
  });
}

function titleOf(thrown: unknown): string {
  return checked(thrown).title;
}

function textsOf(errors: readonly InnerError[] = []): string[] {
  return errors.map(({ type, value }) => `${type}: ${value}`);
}

/** A port on which nothing listens. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address: AddressInfo | string | null = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** Connects to two addresses of one host, both of which refuse. */
async function failedConnection(): Promise<unknown> {
  const port = await closedPort();
  const addresses = [
    { address: "::1", family: 6 },
    { address: "127.0.0.1", family: 4 },
  ];
  const socket = connect({
    host: "database",
    port,
    autoSelectFamily: true,
    lookup: (_host, _options, done) => {
      done(null, addresses);
    },
  });
  return new Promise((resolve) => socket.on("error", resolve));
}

describe("an error", () => {
  test("gives its name, its message and its stack", () => {
    const error = new TypeError("x is undefined");
    const event = eventFromError(error);
    expect(event).toMatchObject({ type: "TypeError", value: "x is undefined", platform: "javascript" });
    expect(event.data).toEqual({ stack: error.stack });
    expect(event.frames.at(-1)?.file).toBe(import.meta.filename);
  });

  test("without a name has the name of its class, or else Error", () => {
    class PaymentError {
      readonly message = "no";
    }
    expect(titleOf(new PaymentError())).toBe("PaymentError: no");
    expect(titleOf({ name: " ", message: "no" })).toBe("Error: no");
    expect(titleOf(Object.assign(Object.create(null), { name: 1, message: "no" }))).toBe("Error: no");
  });

  test("of another realm, a DOMException, a cloned error and an object with a message are errors too", () => {
    expect(titleOf(runInNewContext("new RangeError('too far')"))).toBe("RangeError: too far");
    expect(titleOf(new DOMException("gone", "AbortError"))).toBe("AbortError: gone");
    expect(titleOf(structuredClone(new SyntaxError("no")))).toBe("SyntaxError: no");
    expect(eventFromError({ message: "no row", code: "PGRST116", hint: "insert one" })).toMatchObject({
      type: "Error",
      value: "no row",
      data: { code: "PGRST116", thrown: { hint: "insert one" } },
    });
  });

  test("has the code of the system", () => {
    const error = Object.assign(new Error("no such file"), { code: "ENOENT" });
    expect(eventFromError(error).data.code).toBe("ENOENT");
  });

  test("keeps other properties to itself, because HTTP clients keep credentials there", () => {
    const error = Object.assign(new Error("401"), { config: { headers: { authorization: "secret" } } });
    expect(JSON.stringify(eventFromError(error))).not.toContain("secret");
  });

  test("has its causes, the nearest first, whatever they are", () => {
    const inner = new TypeError("card is undefined", { cause: "a text" });
    const error = new Error("checkout failed", { cause: new Error("payment failed", { cause: inner }) });
    const { causes } = eventFromError(error).data;
    expect(textsOf(causes)).toEqual(["Error: payment failed", "TypeError: card is undefined", "Error: a text"]);
    expect(causes?.[1]?.stack).toBe(inner.stack);
  });

  test("of a failed fetch says why it failed", async () => {
    const port = await closedPort();
    const { value, data } = eventFromError(await rejectionOf(fetch(`http://127.0.0.1:${String(port)}/`)));
    expect(value).toBe("fetch failed");
    expect(data.causes?.[0]).toMatchObject({
      value: `connect ECONNREFUSED 127.0.0.1:${String(port)}`,
      code: "ECONNREFUSED",
    });
  });

  test("without a message, as of a connection that was refused on all addresses, has that of its first error", async () => {
    const error = await failedConnection();
    expect(error).toMatchObject({ name: "AggregateError", message: "" });
    const { type, value, data } = eventFromError(error);
    expect([type, value]).toEqual(["AggregateError", data.errors?.[0]?.value]);
    expect(value).toMatch(/^connect E[A-Z]+ ::1/u);
    expect(data.errors).toHaveLength(2);
    expect(data.code).toBe(data.errors?.[0]?.code);
  });

  test("without a message has that of its cause, or else its code, or else none", () => {
    expect(titleOf(new Error(" ", { cause: new Error("", { cause: new Error("why") }) }))).toBe("Error: why");
    expect(titleOf(Object.assign(new Error(""), { code: "E_NO" }))).toBe("Error: E_NO");
    expect(titleOf(Object.assign(new Error(""), { code: 14 }))).toBe("Error: 14");
    expect(titleOf(new Error("", { cause: Object.assign(new Error(), { code: "E_NO" }) }))).toBe("Error: E_NO");
    const cause = new Error("why");
    expect(titleOf(Object.assign(new AggregateError([new Error(), new Error("first")]), { cause }))).toBe(
      "AggregateError: first",
    );
    for (const code of [Number.NaN, 0, " "]) {
      expect(eventFromError({ message: "", stack: "", code })).toMatchObject({ value: "", data: { stack: "" } });
      expect(eventFromError({ message: "", stack: "", code }).data).not.toHaveProperty("code");
    }
    expect(titleOf(Object.assign(new TypeError(), { message: { id: 1 } }))).toBe("TypeError");
    expect(eventFromError(new Error("no", { cause: null })).data.causes).toBeUndefined();
    expect(titleOf(new TypeError())).toBe("TypeError");
  });

  test("that stands for several gives each with its causes", () => {
    const first = new Error("a", { cause: new Error("why") });
    const { data } = eventFromError(new AggregateError([first, "b", new AggregateError([new Error("d")], "c")], "all"));
    expect(textsOf(data.errors)).toEqual(["Error: a", "Error: b", "AggregateError: c"]);
    expect(textsOf(data.errors?.[0]?.causes)).toEqual(["Error: why"]);
    expect(textsOf(data.errors?.[2]?.errors)).toEqual(["Error: d"]);
  });

  test("of a disposal gives the error and the one that it suppressed", () => {
    const error = Object.assign(new Error("suppressed"), { name: "SuppressedError", error: "a", suppressed: "b" });
    expect(textsOf(eventFromError(error).data.errors)).toEqual(["Error: a", "Error: b"]);
  });
});

describe("a thrown value that is no error", () => {
  class Refund {
    readonly id = 7;
  }

  test.each<[string, unknown, string]>([
    ["a text", "the disk is full", "Error: the disk is full"],
    ["an empty text", "", "Error"],
    ["a number", 42, "Error: 42"],
    ["a BigInt", 42n, "Error: 42"],
    ["a large BigInt", 10n ** 10_000n, "Error: a large BigInt"],
    ["true", true, "Error: true"],
    ["null", null, "Error: null"],
    ["undefined", undefined, "Error: undefined"],
    ["a symbol", Symbol("why"), "Error: Symbol(why)"],
    ["a class, for want of new", RangeError, "Error: function RangeError"],
    ["a function", () => 1, "Error: function"],
    ["an object", { reason: "secret", id: 7 }, "Error: Object with keys: id, reason"],
    ["an object with a name, which is data", { name: "secret" }, "Error: Object with keys: name"],
    ["an object without keys", {}, "Error: Object without keys"],
    ["an object of a class", new Refund(), "Refund: Object with keys: id"],
    ["an array", ["secret"], "Error: Array"],
    ["a Map", new Map([[1, 2]]), "Map: Object without keys"],
    ["binary data", new Uint8Array(1_000_000), "Uint8Array: Object without keys"],
    ["an Event", new Event("abort"), "Event: Event of type abort"],
    ["a Response", new Response("secret", { status: 404 }), "Response: Response with status 404"],
    ["a revoked proxy", revoked(), "Error: Object that cannot be read"],
    ["a proxy that refuses", new Proxy({ a: 1 }, { get: () => fail() }), "Error: Object with keys: a"],
    ["a frozen object", Object.freeze({ a: 1 }), "Error: Object with keys: a"],
  ])("has a title: %s", (_, thrown, title) => {
    expect(titleOf(thrown)).toBe(title);
  });

  test("belongs to one issue with others that differ only in their data", () => {
    const key = (thrown: unknown): string => checked(thrown).groupingKey;
    expect(key({ id: 1, at: "here" })).toBe(key({ at: "there", id: 2 }));
    expect(key([1])).toBe(key([1, 2]));
    expect(key("order 12 failed")).toBe(key(new Error("order 13 failed")));
  });

  test("lists at most 20 keys", () => {
    const keys = Array.from({ length: 21 }, (_, index) => `k${String(index + 10)}`);
    const { value } = eventFromError(Object.fromEntries(keys.map((key) => [key, 1])));
    expect(value).toBe(`Object with keys: ${keys.slice(0, 20).join(", ")}, …`);
  });

  test("is copied to the data, as JSON", () => {
    const thrown = {
      text: "a\ud800",
      list: [1, undefined, null, Number.NaN],
      big: 12n,
      at: new Date(0),
      never: new Date(Number.NaN),
      error: new TypeError("no"),
      left: undefined,
      out: () => 1,
      ["__proto__"]: { a: 1 },
    };
    const copy = eventFromError(thrown).data.thrown;
    expect(copy).toMatchObject({ list: [1, null, null, null] });
    expect(JSON.parse(JSON.stringify(copy))).toEqual(
      JSON.parse(`{
        "text": "a\ufffd", "list": [1, null, null, null], "big": "12", "at": "1970-01-01T00:00:00.000Z", "never": {},
        "error": { "name": "TypeError", "message": "no" }, "__proto__": { "a": 1 }
      }`),
    );
  });

  test("is not copied if there is nothing in it", () => {
    expect(eventFromError(new Event("abort")).data).toEqual({});
  });

  test("is not copied if it is large, deep or circular", () => {
    const nested = (depth: number): object => ({ in: depth === 0 ? 1 : nested(depth - 1) });
    const circular: Record<string, unknown> = {};
    circular["self"] = circular;
    const wide = Object.fromEntries(Array.from({ length: 2_000 }, (_, index) => [String(index), 1]));
    const controls = { text: "\u0000".repeat(5_000) };
    const many = [Array.from({ length: 800 }, () => 1), ...Array.from({ length: 300 }, () => 1)];
    for (const thrown of [
      circular,
      wide,
      many,
      nested(10),
      controls,
      { text: "x".repeat(10_001) },
      [10n ** 1_000n],
      new Array(1e9),
    ]) {
      expect(eventFromError(thrown).data).toEqual({});
    }
    expect(eventFromError(nested(9)).data.thrown).toEqual(nested(9));
  });

  test("that is an event has what it reports as its cause", () => {
    class ErrorEvent extends Event {
      readonly error = new TypeError("why");
    }
    class PromiseRejectionEvent extends Event {
      readonly reason = "why";
    }
    expect(textsOf(eventFromError(new ErrorEvent("error")).data.causes)).toEqual(["TypeError: why"]);
    expect(textsOf(eventFromError(new PromiseRejectionEvent("x")).data.causes)).toEqual(["Error: why"]);
  });
});

describe("what an event takes of a thrown value is limited", () => {
  test("to 10 causes after each other", () => {
    let error = new Error("0");
    for (let depth = 1; depth <= 100_000; depth++) error = new Error("", { cause: error });
    const { causes } = eventFromError(error).data;
    expect(causes).toHaveLength(10);
    expect(causes?.map(({ truncated }) => truncated)).toEqual([...Array.from({ length: 9 }), true]);
  });

  test("to 20 errors of an AggregateError", () => {
    const { data } = eventFromError(new AggregateError(Array.from({ length: 21 }, String)));
    expect([data.errors?.length, data.truncated]).toEqual([20, true]);
    expect(eventFromError(new AggregateError(Array.from({ length: 20 }, String))).data.truncated).toBeUndefined();
    expect(eventFromError({ message: "no", errors: new Array(4_000_000_000) }).data.errors).toHaveLength(20);
  });

  test("to 30 errors in all, the nearest first", () => {
    const nested = (depth: number): unknown =>
      depth === 0 ? "leaf" : new AggregateError(Array.from({ length: 3 }, () => nested(depth - 1)));
    const { data } = eventFromError(nested(6));
    const count = (errors: readonly InnerError[] = []): number =>
      errors.reduce((sum, { errors: inner }) => sum + 1 + count(inner), 0);
    expect(count(data.errors)).toBe(30);
    expect(data.errors?.map(({ errors }) => errors?.length)).toEqual([3, 3, 3]);
  });

  test("to one round of a circular cause", () => {
    const first = new Error("a");
    const second = new AggregateError([first], "b", { cause: first });
    first.cause = second;
    const { data } = eventFromError(first);
    expect(textsOf(data.causes)).toEqual(["AggregateError: b"]);
    expect(data.causes?.[0]?.errors).toBeUndefined();
    expect(titleOf(selfCaused())).toBe("Error");
  });

  test("but an error that is behind several is with each of them", () => {
    const cause = new Error("why");
    const { errors } = eventFromError(new AggregateError([new Error("a", { cause }), new Error("b", { cause })])).data;
    expect(errors?.map(({ causes }) => textsOf(causes))).toEqual([["Error: why"], ["Error: why"]]);
  });

  test("in its texts, visibly, so that the largest is taken", () => {
    // In JSON, each takes six characters.
    const text = "\u0000".repeat(5_000_000);
    const large = (inner: object): Error =>
      Object.assign(new Error(text), { name: text, code: text, stack: `${text}: ${text}\n${text}`, ...inner });
    const error = large({ errors: Array.from({ length: 20 }, () => large({ cause: large({}) })), cause: large({}) });
    const event = eventFromError(error);
    expect([event.type.length, event.value.length, event.data.stack?.length]).toEqual([1_000, 100_000, 100_000]);
    expect([event.type, event.value, event.data.stack].every((each) => each?.endsWith("…"))).toBe(true);
    expect(checked(error).data?.length).toBeLessThan(MAX_EVENT_TEXT_LENGTH);
  });

  test("but a long message leaves room for the calls of the stack", () => {
    const error = new Error("x".repeat(1_000_000));
    const { stack = "" } = eventFromError(error).data;
    expect(stack).toContain("…\n    at ");
    expect(stack).toContain(import.meta.filename);
  });
});

/** A property of an object that was read, and how often. */
type Reads = Map<object, Map<PropertyKey, number>>;

/** A value whose objects count what is read of them, at any depth. */
function counting(value: unknown, reads: Reads, proxies = new Map<object, object>()): unknown {
  if ((typeof value !== "object" || value === null) && typeof value !== "function") return value;
  const known = proxies.get(value);
  if (known !== undefined) return known;
  const count = (key: PropertyKey): void => {
    const counts = reads.get(value) ?? new Map<PropertyKey, number>();
    reads.set(value, counts.set(key, (counts.get(key) ?? 0) + 1));
  };
  const proxy = new Proxy(value, {
    get: (target, key) => {
      count(key);
      return counting(Reflect.get(target, key), reads, proxies);
    },
    ownKeys: (target) => {
      count("(keys)");
      return Reflect.ownKeys(target);
    },
    getPrototypeOf: (target) => {
      count("(prototype)");
      return Reflect.getPrototypeOf(target);
    },
  });
  proxies.set(value, proxy);
  return proxy;
}

/** An object that says itself what it is. */
class Speaking {
  readonly id = 1;
  toJSON(): never {
    return fail();
  }
  toString(): never {
    return fail();
  }
  valueOf(): never {
    return fail();
  }
}

function mostReads(reads: Reads): number {
  return Math.max(0, ...[...reads.values()].flatMap((counts) => [...counts.values()]));
}

describe("no getter runs twice", () => {
  const shared = { name: "Shared", message: "", stack: "Error\n    at a (/a.js:1:2)", cause: { id: 1 } };
  const values: Readonly<Record<string, () => unknown>> = {
    "an error with a shared cause": () => ({
      name: "E",
      message: "",
      errors: [shared, shared, { message: 1, cause: shared }],
      cause: shared,
    }),
    "an object": () => ({ name: "n", code: 1, list: [{ message: "m" }], at: new Speaking() }),
    "a disposal": () => ({ name: "SuppressedError", message: "", error: shared, suppressed: shared }),
    "an event": () =>
      new (class ErrorEvent {
        readonly type = "t";
        readonly error = shared;
      })(),
    "a response": () =>
      new (class Response {
        readonly status = 404;
      })(),
    "an array": () => [shared, [shared]],
    "a function": () => fail,
  };

  test.each(Object.entries(values))("of %s", (_, make) => {
    const reads: Reads = new Map();
    checked(counting(make(), reads));
    expect(reads.size).toBeGreaterThan(0);
    expect(mostReads(reads)).toBe(1);
    const keys = [...reads.values()].flatMap((counts) => [...counts.keys()]);
    expect(keys.filter((key) => typeof key !== "string" || ["toJSON", "toString", "valueOf"].includes(key))).toEqual(
      [],
    );
  });

  test("nor one that throws, which counts as absent", () => {
    const runs: string[] = [];
    const failing = (name: string): PropertyDescriptor => ({
      enumerable: true,
      get: () => {
        runs.push(name);
        return fail();
      },
    });
    const names = ["name", "message", "stack", "cause", "errors", "code", "constructor", "toJSON", "toString", "other"];
    const thrown: unknown = Object.defineProperties({}, Object.fromEntries(names.map((name) => [name, failing(name)])));
    expect(titleOf(thrown)).toBe(`Error: Object with keys: ${names.toSorted().join(", ")}`);
    expect(runs.toSorted()).toEqual(names.toSorted());
  });
});

/** A thrown value with hostile members, nested. */
const hostileError = fc.letrec<{ thrown: () => unknown }>((tie) => ({
  thrown: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(
      hostileValue,
      anyText().map((text) => () => text),
    ),
    fc
      .record(
        {
          name: tie("thrown"),
          message: tie("thrown"),
          stack: tie("thrown"),
          code: tie("thrown"),
          cause: tie("thrown"),
          errors: fc.oneof(
            tie("thrown"),
            fc.array(tie("thrown")).map((list) => () => list.map((each) => each())),
          ),
          constructor: tie("thrown"),
          other: tie("thrown"),
        },
        { requiredKeys: [] },
      )
      .map((members) => () => Object.fromEntries(Object.entries(members).map(([name, member]) => [name, member()]))),
  ),
})).thrown;

describe("whatever is thrown", () => {
  test("becomes an event that digest takes", () => {
    fc.assert(
      fc.property(hostileError, (make) => {
        const event = checked(make());
        expect(event.data).not.toBeNull();
        expect(event.title.isWellFormed()).toBe(true);
      }),
      { numRuns: rounds({ quick: 400, full: 5_000 }) },
    );
  });

  test("has no getter that runs twice", () => {
    fc.assert(
      fc.property(hostileError, (make) => {
        const reads: Reads = new Map();
        try {
          eventFromError(counting(make(), reads));
        } finally {
          expect(mostReads(reads)).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: rounds({ quick: 100, full: 1_000 }) },
    );
  });
});

function selfCaused(): unknown {
  const error = new Error("");
  error.cause = error;
  return error;
}

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function fail(): never {
  throw new Error("a getter");
}
