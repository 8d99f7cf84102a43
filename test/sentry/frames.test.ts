import { describe, expect, test } from "vitest";
import { MAX_ORIGIN_LENGTH } from "../../src/core/event.ts";
import { MAX_FRAME_TEXT_LENGTH, MAX_FRAMES, type StackFrame } from "../../src/core/stack-frame.ts";
import { readSentryEvent } from "../../src/sentry/index.ts";

const read = (payload: unknown) => readSentryEvent(payload, { projectId: "shop", keepPayload: false });

function framesOf(frames: unknown): readonly StackFrame[] | undefined {
  return read({ exception: [{ type: "E", stacktrace: { frames } }] }).frames;
}

describe("the frames of an event", () => {
  test("are the in-app ones, with function, module and file", () => {
    const frames = [
      { function: "main", module: "shop.main", filename: "shop/main.py", abs_path: "/srv/shop/main.py", in_app: true },
      { function: "dispatch", filename: "django/base.py", in_app: false },
      { function: "pay", abs_path: "/srv/shop/pay.py", lineno: 7, in_app: true },
      { function: "vendored", in_app: null },
    ];
    expect(framesOf(frames)).toStrictEqual([
      { function: "main", module: "shop.main", file: "shop/main.py" },
      { function: "pay", file: "/srv/shop/pay.py" },
    ]);
  });

  test("are all frames if the client says of none whether it is in-app", () => {
    expect(framesOf([{ function: "main" }, { function: "pay", in_app: null }])).toStrictEqual([
      { function: "main" },
      { function: "pay" },
    ]);
    expect(framesOf([{ function: "main", in_app: false }, { function: "pay" }])).toBeUndefined();
  });

  test("are those of the last exception, else of the event, else of its only thread", () => {
    const stacktrace = (name: string) => ({ stacktrace: { frames: [{ function: name, in_app: true }] } });
    const thread = { threads: { values: [stacktrace("of thread")] } };
    const own = { exception: [stacktrace("of cause"), { type: "E", ...stacktrace("of exception") }] };
    expect(read({ ...own, ...stacktrace("of event"), ...thread }).frames).toStrictEqual([{ function: "of exception" }]);
    expect(read({ exception: [{ type: "E" }], ...stacktrace("of event"), ...thread }).frames).toStrictEqual([
      { function: "of event" },
    ]);
    expect(read({ message: "hello", ...thread }).frames).toStrictEqual([{ function: "of thread" }]);
    const threads = [stacktrace("one"), stacktrace("other")];
    expect(read({ message: "hello", threads }).frames).toBeUndefined();
  });

  test("are the newest, and long texts are shortened", () => {
    const many = Array.from({ length: MAX_FRAMES + 10 }, (_, index) => ({ function: `f${String(index)}` }));
    expect(framesOf(many)).toStrictEqual(many.slice(10));
    const [frame] = framesOf([{ function: "f".repeat(MAX_FRAME_TEXT_LENGTH + 1) }]) ?? [];
    expect(frame).toStrictEqual({ function: `${"f".repeat(MAX_FRAME_TEXT_LENGTH - 1)}…` });
    expect(framesOf(Array(2 ** 32 - 1))).toBeUndefined();
  });

  test("that are damaged cost neither the event nor the other frames", () => {
    const damaged = [null, "frame", 7, [], {}, { function: 7, module: null, filename: {} }, { function: "" }];
    expect(framesOf([...damaged, { function: "pay" }])).toStrictEqual([{ function: "pay" }]);
    for (const frames of [damaged, [], null, "frames", { 0: { function: "pay" } }]) {
      expect(framesOf(frames)).toBeUndefined();
    }
  });
});

describe("the platform and the mechanism", () => {
  test("are those of the event and of its last exception", () => {
    const exception = [
      { type: "E", mechanism: { type: "onerror" } },
      { type: "F", mechanism: { type: "chained" } },
    ];
    expect(read({ platform: "javascript", exception })).toMatchObject({ platform: "javascript", mechanism: "chained" });
  });

  test.each([undefined, null, "", 7, {}, "x".repeat(MAX_ORIGIN_LENGTH + 1)])(
    "are left out if they are %j",
    (origin) => {
      const event = read({ platform: origin, exception: [{ type: "E", mechanism: { type: origin } }] });
      expect(event).toStrictEqual({ projectId: "shop", type: "E" });
    },
  );

  test("may be as long as digest allows", () => {
    const longest = "x".repeat(MAX_ORIGIN_LENGTH);
    const event = read({ platform: longest, exception: [{ type: "E", mechanism: { type: longest } }] });
    expect(event).toMatchObject({ platform: longest, mechanism: longest });
  });
});
