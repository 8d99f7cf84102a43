import { describe, expect, test } from "vitest";
import { IssueLifecycleError } from "../../src/core/errors.ts";
import {
  MAX_ENVELOPE_HEADER_BYTES,
  MAX_ENVELOPE_ITEMS,
  MAX_JSON_NESTING,
  readSentryEnvelope,
  readSentryEnvelopeHeader,
} from "../../src/sentry/index.ts";

const ID = "fc6d8c0c43fc4630ad850ee518f1b9d0";
const EVENT = '{"type":"event"}\n{"message":"hello"}';
const HELLO = { projectId: "shop", value: "hello" };

const read = (body: Uint8Array | string) => readSentryEnvelope(body, { projectId: "shop", keepPayload: false });
const envelope = (...items: string[]) => read(["{}", ...items].join("\n"));

const encode = (text: string) => new TextEncoder().encode(text);

/** Concatenates strings and bytes. */
function bytesOf(...parts: readonly (string | readonly number[])[]): Uint8Array {
  return new Uint8Array(parts.flatMap((part) => (typeof part === "string" ? [...encode(part)] : part)));
}

describe("an envelope", () => {
  test("is read as events, skipped items and a header", () => {
    const header = { event_id: ID, dsn: "https://public@sentry.example/1", sent_at: "2026-11-23T20:45:14Z" };
    const items = ['{"type":"session"}\n{"sid":"1"}', EVENT, '{"type":"client_report","length":2}\n{}'];
    const body = [JSON.stringify(header), ...items].join("\n");
    const receivedAt = Date.UTC(2026, 10, 23);
    expect(readSentryEnvelope(body, { projectId: "shop", receivedAt })).toStrictEqual({
      header,
      events: [{ projectId: "shop", id: ID, value: "hello", receivedAt, data: { message: "hello" } }],
      skipped: [
        { index: 0, type: "session", header: { type: "session" }, payload: encode('{"sid":"1"}') },
        { index: 2, type: "client_report", header: { type: "client_report", length: 2 }, payload: encode("{}") },
      ],
      refused: [],
    });
  });

  test("may give the length of an item, so that the item can contain line ends", () => {
    const binary = [0x7b, 0x0a, 0xff, 0x0d, 0x0a, 0x0a];
    const pretty = JSON.stringify({ message: "päckchen" }, null, 1);
    const event = `{"type":"event","length":${String(encode(pretty).length)}}\n${pretty}`;
    const body = bytesOf('{}\n{"type":"attachment","length":6}\n', binary, `\n${event}`);
    expect(read(body)).toStrictEqual({
      header: {},
      events: [{ projectId: "shop", value: "päckchen" }],
      skipped: [
        { index: 0, type: "attachment", header: { type: "attachment", length: 6 }, payload: Uint8Array.from(binary) },
      ],
      refused: [],
    });
  });

  test.each([
    ["without a line end at the end", `{}\n${EVENT}`],
    ["with a line end at the end", `{}\n${EVENT}\n`],
    ["with empty lines between", `{}\n\n\n${EVENT}\n\n\n`],
    ["with lines that end in CR LF", `{}\r\n${EVENT.replace("\n", "\r\n")}\r\n`],
    ["with a length and CR LF", '{}\r\n{"type":"event","length":19}\r\n{"message":"hello"}\r\n{"type":"log"}\r\n{}'],
    ["with an empty item before", `{}\n{"type":"attachment","length":0}\n\n${EVENT}`],
    ["with an empty item at the very end", `{}\n${EVENT}\n{"type":"attachment","length":0}`],
    ["with a length that is null", '{}\n{"type":"event","length":null}\n{"message":"hello"}'],
    ["with a byte order mark", `\ufeff{}\n${EVENT}`],
  ])("is read %s", (_how, body) => {
    expect(read(body)).toMatchObject({ events: [HELLO], refused: [] });
    expect(read(encode(body))).toStrictEqual(read(body));
  });

  test("may be a view into a larger buffer, or a Buffer", () => {
    const bytes = bytesOf("garbage", `{}\n${EVENT}`, "garbage").subarray(7, -7);
    expect(read(bytes).events).toStrictEqual([HELLO]);
    expect(read(Buffer.from(bytes)).events).toStrictEqual([HELLO]);
  });

  test("keeps events with bytes that are not UTF-8, which become U+FFFD", () => {
    const body = bytesOf('{}\n{"type":"event"}\n{"message":"a', [0xff, 0xc3], 'b"}');
    expect(read(body).events).toStrictEqual([{ ...HELLO, value: "a\ufffd\ufffdb" }]);
  });
});

describe("an envelope without items", () => {
  test.each(["", "\n", "\n\n", "\r\n"])("is empty: its header, then %j", (rest) => {
    const header = { event_id: ID, dsn: "https://public@sentry.example/1", sdk: {}, sent_at: "now", trace: {} };
    expect(read(JSON.stringify(header) + rest)).toStrictEqual({ header, events: [], skipped: [], refused: [] });
  });

  test("is no single event, which is refused with a hint", () => {
    expect(() => read('{"event_id":"1","message":"hello"}')).toThrow("for a single event use readSentryEvent()");
    const long = JSON.stringify({ message: "x".repeat(MAX_ENVELOPE_HEADER_BYTES) });
    expect(() => read(long)).toThrow("for a single event use readSentryEvent()");
  });
});

describe("the header of an envelope", () => {
  test("is read alone, whatever follows it", () => {
    for (const rest of ["", "\n", "\ngarbage", `\n${EVENT}`]) {
      const body = `{"dsn":"https://public@sentry.example/1"}${rest}`;
      expect(readSentryEnvelopeHeader(body)).toStrictEqual({ dsn: "https://public@sentry.example/1" });
      expect(readSentryEnvelopeHeader(encode(body))).toStrictEqual(readSentryEnvelopeHeader(body));
    }
  });

  test("can be read from the beginning of a body", () => {
    const body = encode(`{"dsn":"https://public@sentry.example/1"}\n${EVENT}`);
    expect(readSentryEnvelopeHeader(body.subarray(0, 50))).toStrictEqual(readSentryEnvelopeHeader(body));
  });

  test("is read up to its limit, in bytes", () => {
    const longest = `{"dsn":"${"ä".repeat(MAX_ENVELOPE_HEADER_BYTES / 2 - 5)}"}`;
    expect(encode(longest)).toHaveLength(MAX_ENVELOPE_HEADER_BYTES);
    expect(readSentryEnvelopeHeader(`${longest}\n`)).toHaveProperty("dsn");
    for (const body of [` ${longest}\n`, encode(` ${longest}\n`), "x".repeat(MAX_ENVELOPE_HEADER_BYTES * 2)]) {
      expect(() => readSentryEnvelopeHeader(body)).toThrow("envelope.header: got 1048577; allowed is at most 1048576");
    }
  });

  test.each(["", "\n{}", "garbage", "[]", "7", '{"dsn"', "{\n}"])("is refused if it is no JSON object: %j", (body) => {
    const refusal: unknown = expect.objectContaining({ code: "invalid-input", field: "envelope.header" });
    expect(() => readSentryEnvelopeHeader(body)).toThrow(refusal);
    expect(() => readSentryEnvelopeHeader(encode(body))).toThrow(refusal);
  });
});

describe("a skipped item", () => {
  test("has its header, and its payload as a view of the body", () => {
    const header = { type: "attachment", length: 4, filename: "dump.bin", attachment_type: "event.minidump" };
    const body = bytesOf(`{}\n${JSON.stringify(header)}\n`, [0, 10, 255, 1]);
    const [item] = read(body).skipped;
    expect(item).toStrictEqual({ index: 0, type: "attachment", header, payload: Uint8Array.of(0, 10, 255, 1) });
    expect(item?.payload.buffer).toBe(body.buffer);
  });
});

describe("the event id in an envelope's header", () => {
  const withHeader = (eventId: unknown, ...items: string[]) =>
    read([JSON.stringify({ event_id: eventId }), ...items].join("\n"));

  test("is used for the only event if that has none", () => {
    expect(withHeader(ID.toUpperCase(), EVENT, '{"type":"session"}\n{}').events).toStrictEqual([{ ...HELLO, id: ID }]);
    const own = "0".repeat(31) + "1";
    const { events } = withHeader(ID, `{"type":"event"}\n{"message":"hello","event_id":"${own}"}`);
    expect(events).toStrictEqual([{ ...HELLO, id: own }]);
  });

  test("is ignored if there are several events", () => {
    expect(withHeader(ID, EVENT, EVENT).events).toStrictEqual([HELLO, HELLO]);
    expect(withHeader(ID, EVENT, '{"type":"event"}\n{').events).toStrictEqual([HELLO]);
  });

  test("is checked only if it is used", () => {
    expect(withHeader("short", `{"type":"event"}\n{"event_id":"${ID}"}`).refused).toStrictEqual([]);
    expect(withHeader("short", EVENT)).toMatchObject({
      events: [],
      refused: [{ index: 0, type: "event", error: { field: "envelope.header.event_id" } }],
    });
  });
});

describe("an item that cannot be read", () => {
  const NESTED = "[".repeat(MAX_JSON_NESTING) + "]".repeat(MAX_JSON_NESTING);

  test.each([
    ["invalid JSON", "{", "envelope.items[1].payload"],
    ["an empty payload", "", "envelope.items[1].payload"],
    ["an array", "[]", "envelope.items[1].payload"],
    ["a transaction", '{"type":"transaction"}', "envelope.items[1].payload.type"],
    ["a release that is too long", JSON.stringify({ release: "v".repeat(251) }), "envelope.items[1].payload.release"],
    ["an id of another form", '{"event_id":"1"}', "envelope.items[1].payload.event_id"],
    ["too many levels", `{"a":${NESTED}}`, "envelope.items[1].payload"],
  ])("because of %s is refused alone", (_what, payload, field) => {
    const { events, refused } = envelope(EVENT, `{"type":"event"}\n${payload}`, EVENT);
    expect(events).toStrictEqual([HELLO, HELLO]);
    const error = { code: "invalid-input", field };
    expect(refused).toMatchObject([{ index: 1, type: "event", unreadBytes: 0, error }]);
  });

  const BAD_TYPES = ['{"length":2}', '{"type":7}', '{"type":""}', `{"type":"${"t".repeat(101)}"}`];
  test.each(BAD_TYPES)("because of its type is refused alone: %s", (header) => {
    const { events, refused } = envelope(EVENT, `${header}\n{}`, EVENT);
    expect(events).toStrictEqual([HELLO, HELLO]);
    const error = { code: "invalid-input", field: "envelope.items[1].header.type" };
    expect(refused).toMatchObject([{ index: 1, type: null, unreadBytes: 0, error }]);
  });

  test("may be nested up to the limit", () => {
    const nested = `{"message":"hello","extra":${NESTED.slice(1, -1)}}`;
    expect(envelope(`{"type":"event"}\n${nested}`).events).toStrictEqual([HELLO]);
  });

  test("may have any number of brackets in strings, also after escapes", () => {
    const message = `"\\${"[{".repeat(MAX_JSON_NESTING)}\\`;
    const { events } = envelope(`{"type":"event"}\n${JSON.stringify({ message })}`);
    expect(events).toStrictEqual([{ ...HELLO, value: message }]);
    const wide = { message: "hello", extra: Array.from({ length: 2 * MAX_JSON_NESTING }, () => [{}]) };
    expect(envelope(`{"type":"event"}\n${JSON.stringify(wide)}`).events).toStrictEqual([HELLO]);
  });
});

describe("a damaged body", () => {
  const refusedIn = (...items: string[]) => {
    const { events, skipped, refused } = envelope(EVENT, ...items);
    expect(events).toStrictEqual([HELLO]);
    expect(skipped).toStrictEqual([]);
    return refused;
  };

  test.each([
    ["an item header that is not JSON", "garbage\n{}", null, "envelope.items[1].header"],
    ["an item header that is not an object", '"event"\n{}', null, "envelope.items[1].header"],
    ["a length that is too short", '{"type":"session","length":1}\n{}', "session", "envelope.items[1].header.length"],
    [
      "a length that is not a number",
      '{"type":"session","length":"2"}\n{}',
      "session",
      "envelope.items[1].header.length",
    ],
    ["a negative length", '{"type":"session","length":-2}\n{}', "session", "envelope.items[1].header.length"],
  ])("is read up to %s, and the rest is one refused item", (_what, item, type, field) => {
    const rest = `${item}\n${EVENT}`;
    const error = { code: "invalid-input", field };
    expect(refusedIn(rest)).toMatchObject([{ index: 1, type, unreadBytes: rest.length, error }]);
  });

  test("that is truncated in an item with a length is read up to that item", () => {
    const rest = '{"type":"attachment","length":500}\n{"message"';
    expect(refusedIn(rest)).toMatchObject([{ index: 1, type: "attachment", unreadBytes: rest.length }]);
    expect(refusedIn(rest)[0]?.error.message).toBe(
      "envelope.items[1].header.length: got 500; allowed is at most 10, the bytes that follow in the body.",
    );
  });

  test("that is truncated in an event without a length loses only that event, and reports it", () => {
    expect(refusedIn('{"type":"event"}\n{"message":"hel')).toMatchObject([{ index: 1, type: "event", unreadBytes: 0 }]);
    expect(refusedIn('{"type":"event"}')).toMatchObject([{ index: 1, type: "event", unreadBytes: 0 }]);
    expect(refusedIn('{"type":"ev')).toMatchObject([{ index: 1, type: null, unreadBytes: 11 }]);
  });

  test("with too many items is read up to the limit", () => {
    const { skipped, refused } = envelope(...Array<string>(MAX_ENVELOPE_ITEMS + 5).fill('{"type":"session"}\n{}'));
    expect(skipped).toHaveLength(MAX_ENVELOPE_ITEMS);
    const rest = { index: MAX_ENVELOPE_ITEMS, type: null, unreadBytes: 5 * 22 - 1, error: { field: "envelope.items" } };
    expect(refused).toMatchObject([rest]);
  });
});

describe("a body that is not an envelope", () => {
  const gzip = new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);

  test.each([
    ["an empty body", "", "envelope.header"],
    ["an empty line", "\n", "envelope.header"],
    ["text", `garbage\n${EVENT}`, "envelope.header"],
    ["a header that is an array", `[]\n${EVENT}`, "envelope.header"],
    ["a truncated header", '{"event_id":"fc6d8c', "envelope.header"],
    ["a compressed body", gzip, "envelope.header"],
    ["a header that is too long", `{"dsn":"${"x".repeat(MAX_ENVELOPE_HEADER_BYTES)}"}\n${EVENT}`, "envelope.header"],
    ["a single event", JSON.stringify({ message: "hello" }), "envelope.items"],
    ["a single event with a line end", `${JSON.stringify({ event_id: ID, exception: [] })}\n`, "envelope.items"],
    ["a single event without a text", JSON.stringify({ platform: "python", level: "error" }), "envelope.items"],
  ])("is refused: %s", (_what, body, field) => {
    expect(() => read(body)).toThrow(expect.objectContaining({ code: "invalid-input", field }));
  });

  test.each([undefined, null, 7, {}, new ArrayBuffer(8)])(
    "is refused if it is neither bytes nor a string: %s",
    (body) => {
      const refusal: unknown = expect.objectContaining({ code: "invalid-input", field: "envelope" });
      // @ts-expect-error -- JavaScript hosts can pass any value
      expect(() => readSentryEnvelope(body, { projectId: "shop" })).toThrow(refusal);
    },
  );

  test("is not read if the context is wrong", () => {
    const refusal: unknown = expect.objectContaining({ field: "context.projectId" });
    expect(() => readSentryEnvelope("", { projectId: "" })).toThrow(refusal);
    // @ts-expect-error -- the context is missing
    expect(() => readSentryEnvelope("")).toThrow(IssueLifecycleError);
  });
});
