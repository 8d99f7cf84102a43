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

/** What the SDK is expected to have sent under each name; both the recorded bytes and those of the installed SDK. */
function describeEnvelopes(envelopeOf: (name: string) => SentryEnvelope): void {
  test("begins with a session, which is skipped", () => {
    const { events, skipped, refused } = envelopeOf("session");
    expect(events).toStrictEqual([]);
    expect(skipped).toMatchObject([{ item: 0, type: "session" }]);
    expect(refused).toStrictEqual([]);
  });

  test("sends an error with its causes, which is named for the outermost", () => {
    const event = onlyEvent(envelopeOf("chained-exception"));
    expect(event).toMatchObject({ projectId: "shop", type: "Error", value: "payment failed", release: "shop@2.1.0" });
    expect(event.id).toMatch(/^[0-9a-f]{32}$/u);
    expect(event.occurredAt).toBeGreaterThan(Date.UTC(2026, 0));
    expect(event.data).toMatchObject({ exception: { values: [{ type: "TypeError" }, { type: "Error" }] } });
  });

  test("sends a log message with a stack trace, and it is a log message", () => {
    expect(onlyEvent(envelopeOf("message"))).toMatchObject({ value: "disk almost full \n91 % used" });
    expect(onlyEvent(envelopeOf("message"))).not.toHaveProperty("type");
    expect(titles(envelopeOf("message"))).toStrictEqual(["disk almost full "]);
  });

  test("sends a log message with parameters, and it is named for its template", () => {
    expect(titles(envelopeOf("parameterized-message"))).toStrictEqual(["disk %s %% full"]);
  });

  test("sends a text that was thrown, and it is named for the function that it was caught in", () => {
    expect(titles(envelopeOf("thrown-text"))).toStrictEqual(["checkDisk"]);
  });

  test("sends a binary attachment with an error, and it is skipped", () => {
    const envelope = envelopeOf("attachment");
    expect(titles(envelope)).toStrictEqual(["RangeError: out of stock"]);
    expect(envelope.skipped).toStrictEqual([{ item: 1, type: "attachment", bytes: 6 }]);
  });
}

describe("the recorded SDK", () => {
  describeEnvelopes((name) => read(fixture(name)));

  test("has the id of its event in both places", () => {
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
