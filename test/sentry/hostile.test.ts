import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseEvent } from "../../src/core/parse-event.ts";
import { IssueLifecycleError } from "../../src/core/errors.ts";
import { requireGrouper } from "../../src/core/grouping.ts";
import { DEFAULT_GROUPING } from "../../src/core/title-grouping.ts";
import {
  readSecurityReport,
  readSentryEnvelope,
  readSentryEnvelopeHeader,
  readSentryEvent,
} from "../../src/sentry/index.ts";
import { hostileText } from "../support/arbitraries.ts";
import { rounds } from "../support/effort.ts";

const CONTEXT = { projectId: "shop" };
const RUNS = { numRuns: rounds({ quick: 80, full: 2_000 }) };

const encode = (text: string) => new TextEncoder().encode(text);

/** Any value, many of which JSON cannot represent. */
const anything = fc.oneof(
  hostileText,
  fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withObjectString: true,
    withSparseArray: true,
    withTypedArray: true,
  }),
);

/** Payloads with the members that are read, each with any value or one of about the right form. */
function payloadOf(leaf: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const some = (model: Record<string, fc.Arbitrary<unknown>>) =>
    fc.oneof({ weight: 4, arbitrary: fc.record(model, { requiredKeys: [] }) }, leaf);
  const few = (entry: fc.Arbitrary<unknown>) => fc.array(entry, { maxLength: 3 });
  const listOf = (entry: fc.Arbitrary<unknown>) =>
    fc.oneof(few(entry), fc.record({ values: fc.oneof(few(entry), entry) }), entry);
  const frame = some({ function: leaf, in_app: leaf, module: leaf, filename: leaf, abs_path: leaf });
  const stacktrace = some({ frames: fc.oneof(few(frame), leaf) });
  const meta = some({
    signal: fc.oneof(some({ number: leaf, name: leaf, code_name: leaf }), leaf),
    mach_exception: some({ exception: leaf, name: leaf }),
    errno: some({ number: leaf }),
    ns_error: some({ domain: leaf, code: leaf }),
  });
  const mechanism = some({ synthetic: leaf, type: leaf, meta, data: meta });
  const report = some({
    effectiveDirective: leaf,
    "violated-directive": leaf,
    blocked_uri: leaf,
    "document-uri": leaf,
  });
  const words = some({ message: leaf, formatted: leaf });
  return some({
    event_id: fc.oneof(fc.uuid(), leaf),
    type: fc.oneof(leaf, fc.constant("csp-violation")),
    platform: fc.oneof(leaf, fc.constantFrom("native", "javascript")),
    level: leaf,
    checksum: leaf,
    csp: report,
    "csp-report": report,
    body: report,
    age: leaf,
    timestamp: fc.oneof(fc.double(), leaf),
    exception: listOf(some({ type: leaf, value: leaf, mechanism, stacktrace })),
    threads: listOf(some({ stacktrace })),
    stacktrace,
    logentry: words,
    message: words,
    transaction: leaf,
    release: leaf,
    fingerprint: fc.oneof(few(leaf), leaf),
    ["__proto__"]: leaf,
  });
}

/** The result of reading; `undefined` for an `invalid-input`. Any other error fails the test. */
function resultOf<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch (error) {
    if (IssueLifecycleError.is(error) && error.code === "invalid-input") return undefined;
    throw error;
  }
}

function expectDigestible(event: unknown): void {
  parseEvent(event, "event", {
    receivedAt: 0,
    newId: () => "new",
    grouping: requireGrouper("grouping", DEFAULT_GROUPING),
  });
}

describe("any input", () => {
  test("becomes an event that digest accepts, or is refused", () => {
    fc.assert(
      fc.property(fc.oneof(payloadOf(anything), anything), fc.boolean(), (payload, keepPayload) => {
        const event = resultOf(() => readSentryEvent(payload, { ...CONTEXT, keepPayload }));
        if (event !== undefined) expectDigestible(event);
      }),
      RUNS,
    );
  });

  test("is read as a report of a browser, or refused", () => {
    const body = fc
      .oneof(fc.array(payloadOf(fc.jsonValue()), { maxLength: 3 }), payloadOf(fc.jsonValue()))
      .map((value) => JSON.stringify(value));
    fc.assert(
      fc.property(fc.oneof(body, fc.uint8Array(), hostileText), (given) => {
        const reports = resultOf(() => readSecurityReport(given, { ...CONTEXT, receivedAt: 0 }));
        if (reports === undefined) return;
        for (const event of reports.events) expectDigestible(event);
        for (const { error } of reports.refused) expect(error.code).toBe("invalid-input");
      }),
      RUNS,
    );
  });

  test("is read as an envelope, or refused", () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 8 }),
      fc
        .constantFrom(
          "{}\n",
          "\n",
          "\r\n",
          '{"type":"event"}\n',
          '{"type":"session","length":2}\n',
          '{"message":"hello"}\n',
          '{"type":"event","length":9}\n',
          '{"type":"raw_security"}\n',
          '{"csp-report":{"effective-directive":"img-src"}}\n',
        )
        .map(encode),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const body = new Uint8Array(pieces.flatMap((bytes) => [...bytes]));
        const envelope = resultOf(() => readSentryEnvelope(body, CONTEXT));
        const header = resultOf(() => readSentryEnvelopeHeader(body));
        if (envelope === undefined) return;
        expect(header).toStrictEqual(envelope.header);
        for (const event of envelope.events) expectDigestible(event);
        for (const { error } of envelope.refused) expect(error.code).toBe("invalid-input");
      }),
      RUNS,
    );
  });

  test("that is a truncated envelope loses only what was cut off, and reports it", () => {
    const items = [
      '{"type":"session"}\n{"sid":"1"}',
      '{"type":"event"}\n{"message":"a"}',
      '{"type":"event","length":15}\n{"message":"b"}',
    ];
    const lines = ['{"sent_at":"now"}', ...items];
    const whole = lines.join("\n");
    const ends = items.map((_item, index) => lines.slice(0, index + 2).join("\n").length);
    for (let cut = 0; cut <= whole.length; cut += 1) {
      const envelope = resultOf(() => readSentryEnvelope(whole.slice(0, cut), { ...CONTEXT, keepPayload: false }));
      const read = (envelope?.events.length ?? 0) + (envelope?.skipped.length ?? 0);
      expect(read).toBeGreaterThanOrEqual(ends.filter((end) => end <= cut).length);
      // A header alone is an empty envelope.
      if (envelope !== undefined && cut > whole.indexOf("\n") + 1) {
        expect(read + envelope.refused.length).toBeGreaterThan(0);
      }
    }
  });
});

describe("a well-formed envelope", () => {
  const text = fc.string({ unit: "grapheme" });
  const eventItem = fc.record({ type: fc.constant("event"), message: text, hasLength: fc.boolean() });
  const otherItem = fc.record({
    type: fc.constantFrom("session", "transaction", "attachment", "client_report", "profile", "statsd"),
    payload: fc.uint8Array({ maxLength: 40 }),
  });

  const items = fc.array(fc.oneof(eventItem, otherItem), { minLength: 1, maxLength: 8 });

  test("is read item by item", () => {
    fc.assert(
      fc.property(items, fc.boolean(), fc.constantFrom("\n", "\r\n"), (sent, endsInLine, lineEnd) => {
        const line = encode(lineEnd);
        const bytes = sent.flatMap((item) => {
          const isEvent = "message" in item;
          const payload = isEvent ? encode(JSON.stringify({ message: `m${item.message}m` })) : item.payload;
          const length = !isEvent || item.hasLength ? { length: payload.length } : {};
          return [...line, ...encode(JSON.stringify({ type: item.type, ...length })), 0x0a, ...payload];
        });
        const body = new Uint8Array([...encode("{}"), ...bytes, ...(endsInLine ? line : [])]);
        expect(readSentryEnvelope(body, { ...CONTEXT, keepPayload: false })).toStrictEqual({
          header: {},
          events: sent.flatMap((item) => ("message" in item ? [{ ...CONTEXT, value: `m${item.message}m` }] : [])),
          skipped: sent.flatMap((item, index) =>
            "payload" in item
              ? [
                  {
                    index,
                    type: item.type,
                    header: { type: item.type, length: item.payload.length },
                    payload: item.payload,
                  },
                ]
              : [],
          ),
          refused: [],
        });
      }),
      RUNS,
    );
  });
});

describe("a body of megabytes", () => {
  const MEGABYTES = 4_000_000;
  const item = (payload: string) => `{}\n{"type":"event"}\n${payload}`;
  const crashIn = (name: string) => {
    const frames = `{"function":${name}},`.repeat(Math.max(1, Math.floor(MEGABYTES / name.length)));
    return `{"exception":{"type":"SIGSEGV","mechanism":{"synthetic":1},"stacktrace":{"frames":[${frames}{}]}}}`;
  };
  const repeat = (piece: string) => piece.repeat(MEGABYTES / piece.length);

  test.each([
    ["opening brackets", item(repeat("["))],
    ["nested objects", item(repeat('{"a":'))],
    ["line ends", `{}${repeat("\n")}`],
    ["items without a type", `{}\n${repeat("{}\n\n")}`],
    ["item headers that are not JSON", `{}\n${repeat("x\n")}`],
    ["spaces around words", item(`{"message":"${repeat(" ")}x${repeat(" ")}y${repeat(" ")}"}`)],
    ["exceptions", item(`{"exception":[${repeat("{},")}{"type":"E"}]}`)],
    ["parts of a fingerprint", item(`{"fingerprint":[${repeat("1,")}1]}`)],
    ["a timestamp", item(`{"timestamp":"${repeat("9")}"}`)],
    ["an id", item(`{"event_id":"${repeat("a")}"}`)],
    ["backslashes", item(`{"message":"${repeat("\\\\")}`)],
    ["frames", item(`{"exception":{"mechanism":{"synthetic":1},"stacktrace":{"frames":[${repeat("{},")}{}]}}}`)],
    ["functions", item(crashIn(`"${" +@_".repeat(49)}"`))],
    ["functions of Objective-C", item(crashIn(`"-[${"(".repeat(190)}"`))],
    ["one function", item(crashIn(`"${repeat("_")}"`))],
    ["a directive", item(`{"csp":{"violated_directive":"${repeat(" x")}"}}`)],
    ["a blocked URL", item(`{"csp":{"violated_directive":"img-src","blocked_uri":"https://${repeat("a.")}"}}`)],
    ["a level", item(`{"level":"${repeat("9")}"}`)],
    ["a header", `{"dsn":"${repeat("x")}"}`],
  ])("takes time in proportion to its size: %s", { timeout: 20_000 }, (_what, body) => {
    resultOf(() => readSentryEnvelope(body, CONTEXT));
    resultOf(() => readSentryEnvelopeHeader(body));
  });

  test.each([
    ["reports", `[${repeat("{},")}{}]`],
    ["reports of one type", `[${repeat('{"type":"x"},')}{}]`],
    ["opening brackets", repeat("[")],
    ["spaces", repeat(" ")],
  ])("of a browser takes time in proportion to its size: %s", { timeout: 20_000 }, (_what, body) => {
    resultOf(() => readSecurityReport(body, CONTEXT));
  });
});
