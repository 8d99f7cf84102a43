import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { NewEvent } from "../../src/core/event.ts";
import { groupEvent } from "../../src/core/group-event.ts";
import { titleOf } from "../../src/core/title.ts";
import { readSentryEnvelope, type SentryEnvelope } from "../../src/sentry/index.ts";
import { Worker } from "../support/worker.ts";
import { captureEnvelopes } from "./capture.ts";
import { startIntake } from "./intake.ts";

const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`fixtures/${name}.envelope`, import.meta.url)));
/** The attachment that `capture.ts` adds. */
const ATTACHMENT = Uint8Array.of(0x7b, 0x0a, 0x0a, 0xff, 0x00, 0x0a);
const read = (body: Uint8Array) => readSentryEnvelope(body, { projectId: "shop" });
const titles = ({ events }: SentryEnvelope) => events.map(({ type = "", value = "" }) => titleOf(type, value));

function onlyEvent({ events, refused }: SentryEnvelope): NewEvent {
  expect(refused).toStrictEqual([]);
  const [event, ...others] = events;
  if (event === undefined || others.length > 0) throw new Error(`There are ${String(events.length)} events.`);
  return event;
}

/** The same expectations for the recorded envelopes and for those of the installed SDK. */
function describeEnvelopes(envelopeOf: (name: string) => SentryEnvelope): void {
  test("sends a session first, which is skipped", () => {
    const { events, skipped, refused } = envelopeOf("session");
    expect(events).toStrictEqual([]);
    expect(skipped).toMatchObject([{ index: 0, type: "session" }]);
    expect(refused).toStrictEqual([]);
  });

  test("sends an error with its causes, and the outermost error is read", () => {
    const event = onlyEvent(envelopeOf("chained-exception"));
    expect(event).toMatchObject({ projectId: "shop", type: "Error", value: "payment failed", release: "shop@2.1.0" });
    expect(event.id).toMatch(/^[0-9a-f]{32}$/u);
    expect(event.occurredAt).toBeGreaterThan(Date.UTC(2026, 0));
    expect(event.data).toMatchObject({ exception: { values: [{ type: "TypeError" }, { type: "Error" }] } });
  });

  test("sends a log message with a stack trace, and a log message is read", () => {
    expect(onlyEvent(envelopeOf("message"))).toMatchObject({ value: "disk almost full \n91 % used" });
    expect(onlyEvent(envelopeOf("message"))).not.toHaveProperty("type");
    expect(titles(envelopeOf("message"))).toStrictEqual(["disk almost full "]);
  });

  test("sends a log message with parameters, and its template is read", () => {
    expect(titles(envelopeOf("parameterized-message"))).toStrictEqual(["disk %s %% full"]);
  });

  test("sends a thrown string, and its title is that text", () => {
    expect(titles(envelopeOf("thrown-text"))).toStrictEqual(["Error: the disk is full"]);
  });

  test("sends thrown texts, and each is its own issue", () => {
    expect(titles(envelopeOf("other-thrown-text"))).toStrictEqual(["Error: the disk is broken"]);
    const [one, other] = ["thrown-text", "other-thrown-text"].map(
      (name) => groupEvent(onlyEvent(envelopeOf(name))).key,
    );
    expect(one).not.toBe(other);
  });

  test.each([
    ["thrown-object", "Error: Object captured as exception with keys: code, reason"],
    ["thrown-null", "Error: null"],
    ["dom-exception", "NotReadableError: the camera is in use"],
    ["aggregate-error", "AggregateError: no way to pay"],
    ["leading-line-end", "KnownRequestError: Unique constraint failed on the fields: (`email`)"],
  ])("sends %s, and its title is %j", (name, title) => {
    expect(groupEvent(onlyEvent(envelopeOf(name))).title).toBe(title);
  });

  test("sends the level of a log message, and it is read", () => {
    const levels = ["message", "log-message", "fatal-message"].map((name) => onlyEvent(envelopeOf(name)).level);
    expect(levels).toStrictEqual(["warning", "info", "fatal"]);
  });

  test("sends a platform, a mechanism and frames, and they are read", () => {
    const { platform, mechanism, frames = [] } = onlyEvent(envelopeOf("chained-exception"));
    expect({ platform, mechanism }).toStrictEqual({ platform: "node", mechanism: "generic" });
    expect(frames.at(-1)).toMatchObject({ function: "pay", module: "capture.ts" });
    expect(frames.filter(({ file = "" }) => file.startsWith("node:"))).toStrictEqual([]);
  });

  test("sends a binary attachment with an error, and it is skipped", () => {
    const envelope = envelopeOf("attachment");
    expect(titles(envelope)).toStrictEqual(["RangeError: out of stock"]);
    expect(envelope.skipped).toMatchObject([{ index: 1, type: "attachment", header: { filename: "dump.bin" } }]);
    expect(envelope.skipped[0]?.payload).toStrictEqual(ATTACHMENT);
  });
}

describe("the recorded SDK", () => {
  describeEnvelopes((name) => read(fixture(name)));

  test("sends the event id in the envelope's header too", () => {
    const envelope = read(fixture("chained-exception"));
    expect(onlyEvent(envelope).id).toBe(envelope.header["event_id"]);
  });
});

describe("the installed SDK", () => {
  let bodies: ReadonlyMap<string, Uint8Array> = new Map();
  beforeAll(async () => {
    bodies = await captureEnvelopes();
  });
  describeEnvelopes((name) => read(bodies.get(name) ?? new Uint8Array()));
});

test("the installed SDK reports what nobody catches, to a server", async () => {
  const intake = await startIntake();
  onTestFinished(() => intake.close());
  const program = new Worker(fileURLToPath(new URL("uncaught.ts", import.meta.url)), intake.dsn);
  expect(await program.ended).toBe(1);
  const events = intake.posted.flatMap(({ body }) => read(body).events);
  const found = events.map((event) => [groupEvent(event).title, event.mechanism, event.level]);
  const [rejection, exception] = ["auto.node.onunhandledrejection", "auto.node.onuncaughtexception"];
  expect(new Set(found)).toStrictEqual(
    new Set([
      ["RangeError: out of stock", rejection, "error"],
      ["Error: the disk is full", rejection, "error"],
      ["Error: Object captured as exception with keys: code, reason", rejection, "error"],
      ["Error: undefined", rejection, "error"],
      ["Error: the disk is broken", exception, "fatal"],
    ]),
  );
});
