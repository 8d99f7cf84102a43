import { describe, expect, test } from "vitest";
import { groupEvent } from "../../src/core/group-event.ts";
import type { NewEvent } from "../../src/core/event.ts";
import { readSentryEnvelope, readSentryEvent } from "../../src/sentry/index.ts";
import go from "./fixtures/go.json" with { type: "json" };
import python from "./fixtures/python.json" with { type: "json" };
import ruby from "./fixtures/ruby.json" with { type: "json" };

const CONTEXT = { projectId: "shop" };
const readEvents = (bodies: readonly string[]) => bodies.map((body) => readSentryEvent(JSON.parse(body), CONTEXT));

/** The titles and levels of events. */
function summaryOf(events: readonly NewEvent[]): readonly (readonly unknown[])[] {
  return events.map((event) => [groupEvent(event).title, event.level]);
}

describe("the recorded SDK of Python", () => {
  const events = readEvents(python);

  test("sends errors, log messages and levels, and they are read", () => {
    expect(summaryOf(events)).toStrictEqual([
      ["PaymentError: payment of cart-7 failed", "error"],
      ["KeyError: 'b'", "error"],
      ["disk %s is %d %% full", "error"],
      ["disk %s is lost", "fatal"],
      ["between error and critical", "error"],
      ["hello from python", "warning"],
      ["grouped by hand", "info"],
      ["ValueError: nobody catches this", "error"],
    ]);
    expect(events[6]?.fingerprint).toStrictEqual(["{{ default }}", "checkout"]);
  });

  test("sends the platform, the mechanism and in-app frames, and they are read", () => {
    expect(events[0]).toMatchObject({ platform: "python", release: "shop@2.1.0" });
    expect(events[0]?.frames?.at(-1)).toStrictEqual({ function: "pay", module: "__main__", file: "shop.py" });
    expect(events.at(-1)?.mechanism).toBe("excepthook");
  });
});

describe("the recorded SDK of Ruby", () => {
  const events = ruby.flatMap((body) => readSentryEnvelope(body, CONTEXT).events);

  test("sends errors and log messages, and they are read", () => {
    expect(summaryOf(events)).toStrictEqual([
      ["PaymentError: payment of cart-7 failed", "error"],
      ["NoMethodError: undefined method `total' for nil:NilClass", "error"],
      ["hello from ruby", "warning"],
      ["grouped by hand", "error"],
    ]);
    expect(events[3]?.fingerprint).toStrictEqual(["checkout"]);
  });
});

describe("the recorded SDK of Go", () => {
  const events = readEvents(go);

  test("sends errors, panics and log messages, and they are read", () => {
    expect(summaryOf(events)).toStrictEqual([
      ["main.paymentError: payment of cart-7 failed", "error"],
      ["*fmt.wrapError: checkout: payment of cart-7 failed", "error"],
      ["*errors.errorString: disk is full", "error"],
      ["runtime.errorString: runtime error: integer divide by zero", "fatal"],
      ["the till is open", "fatal"],
      ["cart 7 is locked", "fatal"],
      ["hello from go", "info"],
    ]);
    expect(events[3]?.frames?.map((frame) => frame.function)).toContain("divide");
  });
});
