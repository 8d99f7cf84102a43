import { describe, expect, test } from "vitest";
import { createIssueTracker, createMemoryStore } from "../../src/index.ts";
import {
  MAX_ENVELOPE_ITEMS,
  readSecurityReport,
  readSentryEnvelope,
  readSentryEvent,
  type SecurityReports,
} from "../../src/sentry/index.ts";

const CONTEXT = { projectId: "shop", keepPayload: false };
const encode = (text: string) => new TextEncoder().encode(text);
const read = (body: unknown) => readSecurityReport(JSON.stringify(body), CONTEXT);

/** As Chromium posts it to a `report-uri`. */
const CLASSIC = {
  "csp-report": {
    "document-uri": "https://shop.example/cart?id=7",
    referrer: "",
    "violated-directive": "script-src-elem",
    "effective-directive": "script-src-elem",
    "original-policy": "default-src 'self'; report-uri /api/1/security/",
    disposition: "enforce",
    "blocked-uri": "https://evil.example:8443/pixel.js?u=1",
    "line-number": 12,
    "source-file": "https://shop.example/cart",
    "status-code": 200,
    "script-sample": "",
  },
};

/** As Chromium posts it to a `report-to` address. */
const MODERN = {
  age: 1_500,
  body: {
    blockedURL: "inline",
    disposition: "report",
    documentURL: "https://shop.example/cart",
    effectiveDirective: "script-src-attr",
    lineNumber: 3,
    originalPolicy: "default-src 'self'; report-to csp",
    sample: "buy()",
    statusCode: 200,
  },
  type: "csp-violation",
  url: "https://shop.example/cart",
  user_agent: "Mozilla/5.0",
};
const DEPRECATION = { age: 1, body: { id: "websql" }, type: "deprecation", url: "https://shop.example/" };

const EVENT = {
  projectId: "shop",
  type: "CSPViolation",
  value: "Blocked 'script-src-elem' from 'https://evil.example:8443'",
  fingerprint: ["csp", "script-src-elem", "https://evil.example:8443"],
};
const INLINE_EVENT = {
  projectId: "shop",
  type: "CSPViolation",
  value: "Would block 'script-src-attr' from 'inline'",
  fingerprint: ["csp", "script-src-attr", "inline"],
};

function fingerprintOf(reports: SecurityReports): readonly string[] | undefined {
  expect(reports.refused).toStrictEqual([]);
  return reports.events[0]?.fingerprint?.slice(1);
}

/** Directive and origin of a report with these members. */
const groupOf = (report: object) => fingerprintOf(read({ "csp-report": report }));
const originOf = (blocked: unknown, page: unknown = "https://shop.example/cart") =>
  groupOf({ "effective-directive": "img-src", "blocked-uri": blocked, "document-uri": page })?.[1];

describe("a request with reports of a browser", () => {
  test("may have one report", () => {
    expect(read(CLASSIC)).toStrictEqual({ events: [EVENT], skipped: [], refused: [] });
    const bytes = encode(`\ufeff ${JSON.stringify(CLASSIC)}\n`);
    expect(readSecurityReport(bytes, CONTEXT)).toStrictEqual(read(CLASSIC));
  });

  test("may have the reports of the Reporting API, and those of other types are skipped", () => {
    expect(read([MODERN, DEPRECATION, CLASSIC])).toStrictEqual({
      events: [INLINE_EVENT, EVENT],
      skipped: [{ index: 1, type: "deprecation", report: DEPRECATION }],
      refused: [],
    });
    expect(read(MODERN).events).toStrictEqual([INLINE_EVENT]);
    expect(read(DEPRECATION).skipped).toMatchObject([{ index: 0, type: "deprecation" }]);
    expect(read([])).toStrictEqual({ events: [], skipped: [], refused: [] });
  });

  test("says when its violations occurred, if it is known when they were received", () => {
    const receivedAt = Date.UTC(2026, 10, 23);
    const [event] = readSecurityReport(JSON.stringify([MODERN]), { ...CONTEXT, receivedAt }).events;
    expect(event).toStrictEqual({ ...INLINE_EVENT, receivedAt, occurredAt: receivedAt - 1_500 });
    for (const age of [-1, "7", null, receivedAt + 1]) {
      const [undated] = readSecurityReport(JSON.stringify({ ...MODERN, age }), { ...CONTEXT, receivedAt }).events;
      expect(undated).toStrictEqual({ ...INLINE_EVENT, receivedAt });
    }
  });

  test("is kept as the events' data, unless keepPayload is false", () => {
    expect(readSecurityReport(JSON.stringify(CLASSIC), { projectId: "shop" }).events).toStrictEqual([
      { ...EVENT, data: CLASSIC },
    ]);
  });

  test("may have damaged reports, which are refused alone", () => {
    const damaged = [null, "report", 7, [], {}, { "csp-report": {} }, { type: "csp-violation" }, { "csp-report": "x" }];
    const { events, refused } = read([...damaged, CLASSIC]);
    expect(events).toStrictEqual([EVENT]);
    expect(refused.map(({ index }) => index)).toStrictEqual(damaged.map((_, index) => index));
    for (const { error } of refused) expect(error.code).toBe("invalid-input");
    expect(refused[5]?.error.message).toBe(
      'reports[5]: got an object; allowed is a report with a directive, as in { "csp-report": ' +
        '{ "effective-directive": "img-src", "blocked-uri": "https://evil.example" } }.',
    );
    expect(refused[6]).toMatchObject({ type: "csp-violation", unreadBytes: 0 });
  });

  test("is read up to the limit of reports", () => {
    const { skipped, refused } = read(Array(MAX_ENVELOPE_ITEMS + 5).fill(DEPRECATION));
    expect(skipped).toHaveLength(MAX_ENVELOPE_ITEMS);
    expect(refused).toMatchObject([{ index: MAX_ENVELOPE_ITEMS, type: null, error: { field: "reports" } }]);
  });

  test.each(["", "garbage", "7", "null", '"report"', "[".repeat(2_000)])(
    "is refused as a whole if it is neither an object nor an array: %s",
    (body) => {
      const refusal: unknown = expect.objectContaining({ code: "invalid-input", field: "report" });
      expect(() => readSecurityReport(body, CONTEXT)).toThrow(refusal);
    },
  );
});

describe("the group of a violation", () => {
  const report = { "effective-directive": "script-src", "blocked-uri": "https://evil.example/a.js" };
  const GROUP = ["script-src", "https://evil.example"];

  test("is the same for all pages, lines, samples and paths", () => {
    for (const more of [
      { "document-uri": "https://shop.example/other" },
      { "line-number": 7, "column-number": 9, "script-sample": "buy()", "source-file": "https://shop.example/b.js" },
      { "blocked-uri": "https://evil.example/b/c.js?d=1#e" },
      { "blocked-uri": "https://EVIL.example:443" },
      { "blocked-uri": "https://user:pass@evil.example/" },
      { "effective-directive": "Script-Src" },
      { disposition: "report" },
    ]) {
      expect(groupOf({ ...report, ...more })).toStrictEqual(GROUP);
    }
  });

  test("is the same in all ways to write a report", () => {
    const [directive, url] = ["script-src", "https://evil.example/a.js"];
    for (const each of [
      { effectiveDirective: directive, blockedURL: url },
      { effectiveDirective: directive, blockedURI: url },
      { effective_directive: directive, blocked_uri: url },
      { violatedDirective: directive, blockedURL: url },
      { "violated-directive": "script-src 'self' https://cdn.example", "blocked-uri": url },
      { "effective-directive": "", violated_directive: `${directive}\t'none'`, blocked_uri: url },
    ]) {
      expect(groupOf(each)).toStrictEqual(GROUP);
    }
  });

  test("differs between directives, hosts, schemes and ports", () => {
    const groups = [
      ...["script-src", "script-src-elem", "script-src-attr", "img-src"].map((directive) => [directive, "//a.example"]),
      ["script-src", "//b.example"],
      ["script-src", "//a.example:8443"],
    ].map(([directive, url]) => groupOf({ "effective-directive": directive, "blocked-uri": `https:${url ?? ""}` }));
    groups.push(groupOf({ "effective-directive": "script-src", "blocked-uri": "http://a.example" }));
    expect(new Set(groups.map((group) => group?.join()))).toHaveLength(groups.length);
  });

  test.each([
    ["inline", "inline"],
    ["eval", "eval"],
    ["wasm-eval", "wasm-eval"],
    ["trusted-types-sink", "trusted-types-sink"],
    ["self", "self"],
    ["'self'", "self"],
    ["", "self"],
    [undefined, "self"],
    [7, "self"],
    ["https://shop.example/app.js", "self"],
    ["data", "data:"],
    ["data:text/javascript,alert(1)", "data:"],
    ["blob", "blob:"],
    ["blob:https://shop.example/4f5d", "blob:"],
    ["chrome-extension://abcdefghijklmnop/content.js", "chrome-extension:"],
    ["moz-extension://0192ab3c-0000/", "moz-extension:"],
    ["about:blank", "about:"],
    ["wss://live.example/socket", "wss://live.example"],
    ["evil.example", "evil.example"],
    ["cdn.example:8080/a.js", "cdn.example:8080"],
    ["localhost:3000/a.js", "localhost:3000"],
    ["https://exa mple/a", "https://exa"],
    ["https://[::1]:3000/a", "https://[::1]:3000"],
    ["//cdn.example/a.js", "cdn.example"],
    ["/a.js", "self"],
  ])("has the blocked origin of %j: %s", (blocked, origin) => {
    expect(originOf(blocked)).toBe(origin);
  });

  test("is not longer than an origin can be", () => {
    expect(originOf("x".repeat(100_000))).toHaveLength(300);
    expect(originOf(`https://${"x".repeat(100_000)}`)).toHaveLength(300);
    expect(groupOf({ "effective-directive": "x".repeat(100_000) })?.[0]).toHaveLength(300);
  });

  test("is one issue of the tracker, with the first violation as its title", async () => {
    const tracker = createIssueTracker({ store: createMemoryStore() });
    await tracker.projects.save({ id: "shop" });
    const pages = ["/", "/cart", "/checkout?step=2"];
    const reports = pages.map((page) => ({
      ...MODERN,
      body: { ...MODERN.body, documentURL: `https://shop.example${page}`, sample: page },
    }));
    await tracker.digest(read([...reports, CLASSIC]).events);
    const { items } = await tracker.issues.list({ projectId: "shop" });
    expect(new Map(items.map(({ title, eventCount }) => [title, eventCount]))).toStrictEqual(
      new Map([
        ["CSPViolation: Would block 'script-src-attr' from 'inline'", 3],
        ["CSPViolation: Blocked 'script-src-elem' from 'https://evil.example:8443'", 1],
      ]),
    );
    await tracker.close();
  });
});

describe("a violation that comes another way", () => {
  test("is read as an event's payload", () => {
    const context = { projectId: "shop", keepPayload: false };
    expect(readSentryEvent(CLASSIC, context)).toStrictEqual(EVENT);
    expect(readSentryEvent(MODERN, context)).toStrictEqual(INLINE_EVENT);
    const csp = { effective_directive: "img-src", blocked_uri: "data", document_uri: "https://shop.example/" };
    const payload = { type: "csp", csp, logentry: { formatted: "Blocked 'image' from 'data:'" }, level: "warning" };
    expect(readSentryEvent(payload, context)).toStrictEqual({
      projectId: "shop",
      type: "CSPViolation",
      value: "Blocked 'img-src' from 'data:'",
      fingerprint: ["csp", "img-src", "data:"],
      level: "warning",
    });
    expect(readSentryEvent({ ...payload, fingerprint: ["images"] }, context).fingerprint).toStrictEqual(["images"]);
  });

  test("does not take the place of an exception, and without a directive is no violation", () => {
    const { csp } = { csp: { effective_directive: "img-src" } };
    const context = { projectId: "shop", keepPayload: false };
    expect(readSentryEvent({ csp, exception: [{ type: "E" }] }, context)).toStrictEqual({
      projectId: "shop",
      type: "E",
    });
    for (const other of [{ blocked_uri: "inline" }, {}, null, "csp", []]) {
      expect(readSentryEvent({ csp: other, message: "hello" }, context)).toStrictEqual({
        projectId: "shop",
        value: "hello",
      });
    }
  });

  test("is read as an item of an envelope", () => {
    const id = "fc6d8c0c43fc4630ad850ee518f1b9d0";
    const envelope = (...items: readonly (readonly [type: string, payload: unknown])[]) => {
      const lines = items.map(([type, payload]) => `{"type":"${type}"}\n${JSON.stringify(payload)}`);
      return readSentryEnvelope([JSON.stringify({ event_id: id }), ...lines].join("\n"), CONTEXT);
    };
    expect(envelope(["raw_security", CLASSIC]).events).toStrictEqual([{ ...EVENT, id }]);
    const csp = { effective_directive: "img-src", blocked_uri: "data" };
    expect(envelope(["security", { csp }]).events).toMatchObject([{ id, fingerprint: ["csp", "img-src", "data:"] }]);
    expect(envelope(["raw_security", { "expect-ct-report": {} }], ["raw_security", MODERN])).toMatchObject({
      events: [INLINE_EVENT],
      refused: [{ index: 0, type: "raw_security", error: { field: "envelope.items[0].payload" } }],
    });
  });
});
