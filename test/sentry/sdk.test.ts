import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import type { NewEvent } from "../../src/core/event.ts";
import { titleOf } from "../../src/core/grouping.ts";
import { readSentryEnvelope, type SentryEnvelope } from "../../src/sentry/index.ts";
import { captureEnvelopes } from "./capture.ts";

const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`fixtures/${name}.envelope`, import.meta.url)));
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

  test("sends a thrown string, and its title is the function in which it was caught", () => {
    expect(titles(envelopeOf("thrown-text"))).toStrictEqual(["checkDisk"]);
  });

  test("sends a binary attachment with an error, and it is skipped", () => {
    const envelope = envelopeOf("attachment");
    expect(titles(envelope)).toStrictEqual(["RangeError: out of stock"]);
    expect(envelope.skipped).toStrictEqual([{ index: 1, type: "attachment", bytes: 6 }]);
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
