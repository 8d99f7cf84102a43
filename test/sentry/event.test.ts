import { describe, expect, test } from "vitest";
import { MAX_EVENT_TEXT_LENGTH } from "../../src/core/event.ts";
import { IssueLifecycleError } from "../../src/core/errors.ts";
import { createIssueTracker, createMemoryStore } from "../../src/index.ts";
import { MAX_JSON_NESTING, readSentryEnvelope, readSentryEvent } from "../../src/sentry/index.ts";

const read = (payload: unknown) => readSentryEvent(payload, { projectId: "shop", keepPayload: false });

/** The type and value that are read from a payload. */
function contentOf(payload: unknown): { type: string | undefined; value: string | undefined } {
  const { type, value } = read(payload);
  return { type, value };
}

const error = (type: string | undefined, value?: string) => ({ type, value });
const message = (value?: string) => ({ type: undefined, value });
const readLevel = (level: unknown) => read({ level, message: "hello" }).level;

function refusalOf(payload: unknown): IssueLifecycleError {
  try {
    read(payload);
  } catch (thrown) {
    if (IssueLifecycleError.is(thrown)) return thrown;
    throw thrown;
  }
  throw new Error("The payload was not refused.");
}

const SYNTHETIC = { synthetic: true };

describe("an event with exceptions", () => {
  test("is read with all its members", () => {
    const payload = {
      event_id: "FC6D8C0C-43FC-4630-AD85-0EE518F1B9D0",
      timestamp: 1_795_466_714.937,
      exception: {
        values: [
          { type: "KeyError", value: "id" },
          { type: "TypeError", value: "x is undefined" },
        ],
      },
      transaction: "GET /cart",
      release: "shop@2.1.0",
      fingerprint: ["{{ default }}", "cart"],
    };
    expect(readSentryEvent(payload, { projectId: "shop", receivedAt: 1_795_466_715_000 })).toStrictEqual({
      projectId: "shop",
      id: "fc6d8c0c43fc4630ad850ee518f1b9d0",
      type: "TypeError",
      value: "x is undefined",
      transaction: "GET /cart",
      release: "shop@2.1.0",
      fingerprint: ["{{ default }}", "cart"],
      occurredAt: 1_795_466_714_937,
      receivedAt: 1_795_466_715_000,
      data: payload,
    });
  });

  test("has the type and value of the last exception, in each form of the list", () => {
    const [inner, outer] = [
      { type: "KeyError", value: "id" },
      { type: "LookupError", value: "no cart" },
    ];
    for (const exception of [{ values: [inner, outer] }, [inner, outer], outer, [outer], { values: outer }]) {
      expect(contentOf({ exception, message: "ignored" })).toStrictEqual(error("LookupError", "no cart"));
    }
  });

  test("gets a type if it has none: Error, or <unknown> for an empty exception", () => {
    expect(contentOf({ exception: [{ value: "no type" }] })).toStrictEqual(error("Error", "no type"));
    expect(contentOf({ exception: [{ type: null, value: null, module: "cart" }] })).toStrictEqual(error("Error"));
    for (const values of [[], null, {}, [{}], [null], [{ type: "E" }, "text"], "text"]) {
      expect(contentOf({ exception: { values } })).toStrictEqual(error("<unknown>"));
    }
  });

  test("is a log message if its list of exceptions is empty", () => {
    for (const exception of [undefined, null, [], {}, "text", 7, true]) {
      expect(contentOf({ exception, message: "hello" })).toStrictEqual(message("hello"));
    }
  });

  test("converts other values to strings, and drops empty ones", () => {
    const valueOf = (value: unknown) => contentOf({ exception: [{ type: "E", value }] }).value;
    const written = ["7", "true", "1.5", "Infinity", '[1,"x"]', '{"a":null}'];
    expect([7, true, 1.5, 1e999, [1, "x"], { a: null }].map(valueOf)).toStrictEqual(written);
    expect([0, false, null, undefined, "", [], {}].map(valueOf)).toStrictEqual(Array(7).fill(undefined));
    expect(contentOf({ exception: [{ type: 404, value: "gone" }] })).toStrictEqual(error("404", "gone"));
  });
});

describe("a synthetic exception", () => {
  const crash = (frames: unknown, more: object = {}) => {
    const exception = { type: "SIGSEGV", value: "ignored", mechanism: SYNTHETIC, stacktrace: { frames } };
    return contentOf({ exception: [exception], ...more });
  };

  test("has the function of the newest in-app frame as its type", () => {
    const own = ["main", "checkout"].map((name) => ({ function: name, in_app: true }));
    expect(crash([...own, { function: "memcpy", in_app: false }])).toStrictEqual(error("checkout"));
  });

  test("has the function of the newest frame if none is in-app", () => {
    expect(crash([{ function: "start" }, { function: "memcpy" }])).toStrictEqual(error("memcpy"));
  });

  test("skips frames without a function name", () => {
    const names = ["<unknown>", "<redacted>", "?", "", 7, null, undefined];
    const nameless = [null, "frame", ...names.map((name) => ({ function: name, in_app: true }))];
    expect(crash([{ function: "checkout" }, ...nameless])).toStrictEqual(error("checkout"));
    expect(crash(nameless)).toStrictEqual(error("SIGSEGV", "ignored"));
  });

  test("without frames uses those of the event, then those of the only thread", () => {
    const stack = (name: string) => ({ stacktrace: { frames: [{ function: name }] } });
    expect(crash([], stack("ofEvent"))).toStrictEqual(error("ofEvent"));
    expect(crash(undefined, { threads: { values: [stack("ofThread")] } })).toStrictEqual(error("ofThread"));
    expect(crash(null, { threads: [stack("ofThread")] })).toStrictEqual(error("ofThread"));
    const own = error("SIGSEGV", "ignored");
    expect(crash(null, { threads: { values: [stack("one"), stack("another")] } })).toStrictEqual(own);
    expect(crash({ 0: { function: "notAList" } })).toStrictEqual(own);
  });

  test("without a type is the stack trace of the log message", () => {
    const stack = { stacktrace: { frames: [{ function: "checkDisk", in_app: true }] } };
    const synthetic = { value: "disk 91 % full", mechanism: SYNTHETIC, ...stack };
    expect(contentOf({ exception: [synthetic], message: "disk 91 % full" })).toStrictEqual(message("disk 91 % full"));
    expect(contentOf({ exception: [synthetic], logentry: { message: "disk %s" } })).toStrictEqual(message("disk %s"));
    const plain = (value: string) => contentOf({ exception: [{ value, ...stack }], message: "hello" });
    expect(plain(" hello ")).toStrictEqual(message("hello"));
    expect(plain("other")).toStrictEqual(error("Error", "other"));
    expect(contentOf({ exception: [synthetic] })).toStrictEqual(error("checkDisk"));
  });
});

describe("a log message", () => {
  test.each([
    [{ logentry: { message: "disk %s full", formatted: "disk 1 full" } }, "disk %s full"],
    [{ logentry: { formatted: "disk 1 full" } }, "disk 1 full"],
    [{ logentry: { message: " \n ", formatted: "disk 1 full" } }, "disk 1 full"],
    [{ logentry: "disk full" }, "disk full"],
    [{ message: "disk full" }, "disk full"],
    [{ message: { message: "disk %s full" } }, "disk %s full"],
    [{ message: { formatted: "disk 1 full" } }, "disk 1 full"],
    [{ logentry: { message: "" }, message: "disk full" }, "disk full"],
    [{ logentry: { message: "one" }, message: "two" }, "one"],
    [{ message: "\u0085\u001c\n disk\nfull \t\u2028" }, "disk\nfull"],
    [{ message: 507 }, "507"],
    [{ logentry: ["disk", 1] }, '["disk",1]'],
    [{ message: "   " }, "<no log message>"],
    [{ message: "" }, "<no log message>"],
    [{}, "<no log message>"],
  ])("is read from %j", (payload, value) => {
    expect(contentOf(payload)).toStrictEqual(message(value));
  });
});

describe("a fingerprint", () => {
  test.each([
    [
      ["a", "b"],
      ["a", "b"],
    ],
    ["checkout", ["checkout"]],
    [
      ["a", 5, null, true, 1.5, { b: [1] }],
      ["a", "5", "null", "true", "1.5", '{"b":[1]}'],
    ],
    [7, ["7"]],
    [[""], [""]],
    [[], undefined],
    ["", undefined],
    [null, undefined],
    [undefined, undefined],
  ])("sent as %j is %j", (fingerprint, parts) => {
    expect(read({ fingerprint }).fingerprint).toStrictEqual(parts);
  });
});

describe("an event id", () => {
  test.each([
    ["fc6d8c0c43fc4630ad850ee518f1b9d0", "fc6d8c0c43fc4630ad850ee518f1b9d0"],
    ["FC6D8C0C-43FC-4630-AD85-0EE518F1B9D0", "fc6d8c0c43fc4630ad850ee518f1b9d0"],
    ["", undefined],
    [null, undefined],
    [undefined, undefined],
  ])("sent as %j is %j", (id, eventId) => {
    expect(read({ event_id: id }).id).toBe(eventId);
  });

  test.each([
    "fc6d8c0c",
    "fc6d8c0c43fc4630ad850ee518f1b9d0\n",
    "{fc6d8c0c43fc4630ad850ee518f1b9d0}",
    "fc-6d8c0c43fc4630ad850ee518f1b9d0",
    "g".repeat(32),
    7,
    ["fc6d8c0c43fc4630ad850ee518f1b9d0"],
  ])("in another form is refused: %j", (id) => {
    expect(refusalOf({ event_id: id })).toMatchObject({ code: "invalid-input", field: "payload.event_id" });
  });
});

describe("a level", () => {
  test.each([
    ["fatal", "fatal"],
    ["error", "error"],
    ["warning", "warning"],
    ["info", "info"],
    ["debug", "debug"],
    ["critical", "fatal"],
    ["warn", "warning"],
    ["log", "info"],
    ["trace", "debug"],
    ["ERROR", "error"],
    ["Warning", "warning"],
    [50, "fatal"],
    [60, "fatal"],
    [49, "error"],
    [40, "error"],
    [39.5, "warning"],
    [30, "warning"],
    [25, "info"],
    [20, "info"],
    [10, "debug"],
    [5, "debug"],
    ["40", "error"],
    ["35", "warning"],
    ["level 45", "error"],
    ["Level 5", "debug"],
  ])("sent as %j is %j", (level, read) => {
    expect(readLevel(level)).toBe(read);
  });

  test.each([
    "",
    "loud",
    "errors",
    " error",
    "-40",
    "4e1",
    "0",
    0,
    -10,
    NaN,
    null,
    {},
    ["error"],
    true,
    "9".repeat(400),
  ])("that is unknown is left out: %j", (level) => {
    expect(readLevel(level)).toBeUndefined();
  });
});

describe("a checksum", () => {
  test.each([
    ["b3c1", "b3c1"],
    [42, "42"],
  ])("is the whole fingerprint: %j", (checksum, part) => {
    expect(read({ checksum, fingerprint: ["a", "b"], message: "hello" }).fingerprint).toStrictEqual([part]);
  });

  test.each(["", null, undefined, {}, ["a"], true])("of another kind is ignored: %j", (checksum) => {
    expect(read({ checksum, fingerprint: ["a"], message: "hello" }).fingerprint).toStrictEqual(["a"]);
  });
});

describe("the environment and the user", () => {
  const userOf = (user: unknown) => read({ message: "hello", user }).userId;

  test("are those that the client names; an environment that is no string is left out", () => {
    expect(read({ message: "hello", environment: "staging" }).environment).toBe("staging");
    expect(read({ message: "hello", environment: 5 })).not.toHaveProperty("environment");
    expect(refusalOf({ message: "hello", environment: "e".repeat(201) }).field).toBe("payload.environment");
  });

  test("a user is named by the first of id, username, email and address that says something", () => {
    expect(userOf({ id: "u1", username: "ann", email: "ann@example.com" })).toBe("u1");
    expect(userOf({ id: 17 })).toBe("17");
    expect(userOf({ id: "", username: null, email: "ann@example.com" })).toBe("ann@example.com");
    expect(userOf({ id: null, ip_address: "10.0.0.5" })).toBe("10.0.0.5");
  });

  test.each([
    undefined,
    null,
    "ann",
    {},
    [],
    { id: { nested: "u1" } },
    { ip_address: "{{auto}}" },
    { id: "u".repeat(201) },
    { geo: { city: "Utrecht" } },
  ])("%j names no user", (user) => {
    expect(read({ message: "hello", user })).not.toHaveProperty("userId");
  });
});

describe("releases and transactions", () => {
  test("are read if they are strings", () => {
    const texts = { release: " 2.1.0 ", transaction: "" };
    expect(read({ ...texts, message: "hello" })).toStrictEqual({ projectId: "shop", value: "hello", ...texts });
    const others = { release: 2.1, transaction: { name: "GET /" } };
    expect(read({ ...others, message: "hello" })).toStrictEqual({ projectId: "shop", value: "hello" });
  });

  test("are refused, not shortened, if they are too long", () => {
    expect(refusalOf({ release: "v".repeat(251) }).message).toBe(
      "payload.release: got a string of 251 characters; allowed is a string of 0 to 250 characters.",
    );
    const tooLong = "x".repeat(MAX_EVENT_TEXT_LENGTH + 1);
    expect(refusalOf({ transaction: tooLong }).field).toBe("payload.transaction");
    expect(refusalOf({ message: tooLong }).field).toBe("payload.value");
    expect(refusalOf({ fingerprint: ["a", tooLong] }).field).toBe("payload.fingerprint[1]");
    expect(refusalOf({ fingerprint: Array(101).fill("a") }).field).toBe("payload.fingerprint");
  });
});

describe("the payload", () => {
  const nestedIn = (levels: number): unknown => JSON.parse("[".repeat(levels) + "]".repeat(levels));

  test("is kept as the event's data, unless keepPayload is false", () => {
    const payload = { message: "hello", extra: { cart: [1, 2] } };
    expect(readSentryEvent(payload, { projectId: "shop" }).data).toBe(payload);
    expect(readSentryEvent(payload, { projectId: "shop", keepPayload: true }).data).toBe(payload);
    expect(readSentryEvent(payload, { projectId: "shop", keepPayload: false })).not.toHaveProperty("data");
  });

  test("is left out of the event if it does not fit in JSON", () => {
    const circular: Record<string, unknown> = { message: "hello" };
    circular["self"] = circular;
    let doubled: unknown = "x";
    for (let level = 0; level < 100; level += 1) doubled = [doubled, doubled];
    const wide = Array(10_000).fill(Array(1_000_000).fill(0));
    const throwing = {
      get cart(): unknown {
        throw new Error("no cart");
      },
    };
    const long = ["x".repeat(MAX_EVENT_TEXT_LENGTH), "\0".repeat(MAX_EVENT_TEXT_LENGTH / 4)];
    const extras = [...long, nestedIn(MAX_JSON_NESTING), 7n, doubled, wide, throwing];
    for (const payload of [circular, ...extras.map((extra) => ({ message: "hello", extra }))]) {
      expect(readSentryEvent(payload, { projectId: "shop" })).toStrictEqual({ projectId: "shop", value: "hello" });
    }
  });

  test("is kept up to the limits of nesting and length", () => {
    const nested = { extra: nestedIn(MAX_JSON_NESTING - 1) };
    const long = { extra: "x".repeat(MAX_EVENT_TEXT_LENGTH - '{"extra":""}'.length) };
    for (const payload of [nested, long]) expect(readSentryEvent(payload, { projectId: "shop" }).data).toBe(payload);
  });

  test.each([undefined, null, [], "{}", 7, true, () => ({})])("is refused if it is not an object: %s", (payload) => {
    expect(refusalOf(payload)).toMatchObject({ code: "invalid-input", field: "payload" });
  });

  const OTHER_TYPES = ["transaction", "profile", "replay_event", "feedback", "check_in"];
  test.each(OTHER_TYPES)("is refused if it is a %s", (type) => {
    expect(refusalOf({ type, transaction: "GET /" })).toMatchObject({ code: "invalid-input", field: "payload.type" });
  });

  test.each(["error", "default", "csp", undefined, null, 7])("is read if its type is %j", (type) => {
    expect(contentOf({ type, message: "hello" })).toStrictEqual(message("hello"));
  });

  test("is refused if a member that identifies the issue cannot be a string", () => {
    const circular: unknown[] = [1];
    circular.push(circular);
    expect(refusalOf({ fingerprint: ["a", circular] }).field).toBe("payload.fingerprint[1]");
    expect(refusalOf({ exception: [{ type: "E", value: circular }] }).field).toBe("payload.exception.value");
    expect(refusalOf({ message: circular }).field).toBe("payload.message");
    expect(refusalOf({ fingerprint: [() => 1] }).field).toBe("payload.fingerprint[0]");
  });

  test("is refused, with the cause, if a getter throws", () => {
    const cause = new Error("no exceptions here");
    const payload = {
      get exception(): unknown {
        throw cause;
      },
    };
    expect(refusalOf(payload)).toMatchObject({ code: "invalid-input", field: "payload", cause });
  });

  test("cannot pollute prototypes", () => {
    const payload: unknown = JSON.parse('{"__proto__": {"release": "1"}, "constructor": {"a": 1}, "message": "hello"}');
    expect(read(payload)).toStrictEqual({ projectId: "shop", value: "hello" });
    expect(readSentryEvent(payload, { projectId: "shop" }).data).toBe(payload);
  });
});

describe("the context", () => {
  test("may have a Date", () => {
    const receivedAt = new Date(Date.UTC(2026, 10, 23));
    expect(readSentryEvent({}, { projectId: "shop", receivedAt }).receivedAt).toBe(receivedAt.getTime());
  });

  test.each<[unknown, string]>([
    [{ projectId: "" }, "context.projectId"],
    [{ projectId: "p".repeat(201) }, "context.projectId"],
    [{ projectId: "shop", receivedAt: 1.5 }, "context.receivedAt"],
    [{ projectId: "shop", receivedAt: -1 }, "context.receivedAt"],
    [{ projectId: "shop", receivedAt: "2026-11-23" }, "context.receivedAt"],
    [{ projectId: "shop", receivedAt: new Date(NaN) }, "context.receivedAt"],
    [{ projectId: "shop", keepPayload: null }, "context.keepPayload"],
    [{ projectId: "shop", keepPayLoad: false }, "context"],
    [{ projectId: 7 }, "context.projectId"],
    [undefined, "context"],
    [[], "context"],
    [{}, "context.projectId"],
  ])("is refused, naming the member: %j", (context, field) => {
    for (const read of [readSentryEvent, readSentryEnvelope]) {
      const call = () => Reflect.apply(read, undefined, [{}, context]);
      expect(call).toThrow(expect.objectContaining({ code: "invalid-input", field }));
    }
  });

  test("is refused if it cannot be read", () => {
    const throwing = {
      get projectId(): string {
        throw new Error("no project");
      },
    };
    const { proxy, revoke } = Proxy.revocable({ projectId: "shop" }, {});
    revoke();
    for (const [context, field] of [
      [throwing, "context.projectId"],
      [proxy, "context"],
    ] as const) {
      const refusal = expect.objectContaining({ code: "invalid-input", field });
      expect(() => readSentryEvent({}, context)).toThrow(refusal);
      expect(() => readSentryEvent(proxy, context)).toThrow(refusal);
    }
    expect(() => readSentryEvent(proxy, { projectId: "shop" })).toThrow(
      expect.objectContaining({ code: "invalid-input", field: "payload" }),
    );
  });
});

test("the same event sent twice is a duplicate, in either form of its id", async () => {
  const tracker = createIssueTracker({ store: createMemoryStore() });
  await tracker.projects.save({ id: "shop" });
  const send = (id: string) => tracker.digest(read({ event_id: id, message: "hello" }));
  expect((await send("fc6d8c0c43fc4630ad850ee518f1b9d0")).kind).toBe("digested");
  expect((await send("FC6D8C0C-43FC-4630-AD85-0EE518F1B9D0")).kind).toBe("duplicate");
});
