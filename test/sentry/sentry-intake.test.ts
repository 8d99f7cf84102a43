import { brotliCompressSync, createGunzip, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import {
  createMemoryStore,
  IssueLifecycleError,
  type DigestOutcome,
  type IssueTracker,
  type NewEvent,
} from "../../src/index.ts";
import { createSentryIntake, sentryDsn, type SentryIntakeOptions, type SentryRefusal } from "../../src/sentry/index.ts";
import { Room } from "../../src/sentry/intake/room.ts";
import { rounds } from "../support/effort.ts";
import { HOUR, MINUTE, Scenario } from "../support/scenario.ts";

const ORIGIN = "https://shop.example/errors";
const ENVELOPE = `${ORIGIN}/api/1/envelope/`;
const WITH_KEY = "?sentry_version=7&sentry_key=2f0c7d";
const ID = "a".repeat(32);
const EVENT = { event_id: ID, exception: { values: [{ type: "TypeError", value: "cart is undefined" }] } };

function envelopeOf(events: readonly object[], header: object = {}): string {
  const items = events.flatMap((event) => [JSON.stringify({ type: "event" }), JSON.stringify(event)]);
  return [JSON.stringify(header), ...items].join("\n");
}

type RequestOptions = NonNullable<ConstructorParameters<typeof Request>[1]>;

/** A body that is sent as it is read. */
function streamOf(text: string, onRead: () => unknown): ReadableStream<Uint8Array> {
  const source = {
    pull(controller: ReadableStreamDefaultController<Uint8Array>) {
      controller.enqueue(new TextEncoder().encode(text));
      controller.close();
      onRead();
    },
  };
  return new ReadableStream(source, { highWaterMark: 0 });
}

interface Posting {
  readonly url?: string;
  readonly body?: NonNullable<RequestOptions["body"]>;
  readonly headers?: Record<string, string>;
  readonly method?: string;
}

function post({ url = ENVELOPE + WITH_KEY, body = envelopeOf([EVENT]), headers = {}, method = "POST" }: Posting = {}) {
  const hasBody = method === "POST";
  return new Request(url, { method, headers, duplex: "half", ...(hasBody && { body }) });
}

async function begin(options: Partial<SentryIntakeOptions> = {}) {
  const { tracker, clock } = await Scenario.begin(createMemoryStore());
  const refusals: SentryRefusal[] = [];
  const errors: unknown[] = [];
  const intake = createSentryIntake({
    tracker,
    projects: [{ id: "shop", number: 1, keys: ["2f0c7d", "other-key"] }],
    clock,
    onRefused: (refusal) => refusals.push(refusal),
    onError: (error) => errors.push(error),
    ...options,
  });
  const issues = async () => (await tracker.issues.list({ projectId: "shop" })).items;
  const titles = async () => (await issues()).map(({ title }) => title).sort();
  const send = async (posting?: Posting) => {
    const answer = await intake(post(posting));
    return { status: answer.status, headers: answer.headers, body: await answer.text() };
  };
  onTestFinished(() => intake.close());
  return { tracker, clock, intake, send, refusals, errors, issues, titles };
}

describe("the Sentry intake", () => {
  test("takes an envelope, and answers with the event's id once it is committed", async () => {
    const { send, titles, tracker } = await begin();
    const { status, body, headers } = await send();
    expect([status, JSON.parse(body)]).toEqual([200, { id: ID }]);
    expect(headers.get("content-type")).toContain("application/json");
    expect(await titles()).toEqual(["TypeError: cart is undefined"]);
    expect(await tracker.events.get("shop", ID)).toMatchObject({ id: ID });
  });

  test("takes a single event at /store/, and a browser's report at /security/ with the release and environment of its address", async () => {
    const { send, issues, titles, tracker } = await begin();
    expect((await send({ url: `${ORIGIN}/api/1/store/${WITH_KEY}`, body: JSON.stringify(EVENT) })).status).toBe(200);
    const report = { "csp-report": { "effective-directive": "img-src", "blocked-uri": "https://evil.example/a.png" } };
    const url = `${ORIGIN}/api/1/security/?sentry_key=2f0c7d&sentry_release=1.0.0&sentry_environment=production`;
    expect((await send({ url, body: JSON.stringify(report) })).status).toBe(200);
    expect(await titles()).toEqual([
      "CSPViolation: Blocked 'img-src' from 'https://evil.example'",
      "TypeError: cart is undefined",
    ]);
    expect((await issues()).map(({ environments }) => environments)).toContainEqual(["production"]);
    expect((await tracker.releases.list("shop")).items.map(({ name }) => name)).toContain("1.0.0");
  });

  test("answers with the envelope's id where it has no event", async () => {
    const { send, titles } = await begin();
    const body = `${JSON.stringify({ event_id: ID })}\n{"type":"session"}\n{"sid":"1"}`;
    expect(await send({ body })).toMatchObject({ status: 200, body: JSON.stringify({ id: ID }) });
    expect(await send({ body: "{}" })).toMatchObject({ status: 200, body: "{}" });
    expect(await titles()).toEqual([]);
  });

  test("may be mounted under any path, and knows projects by number and by id", async () => {
    const { send } = await begin();
    for (const path of ["/api/1/envelope/", "/api/1/envelope", "/a/b/api/shop/envelope/", "/api/sh%6fp/envelope/"]) {
      expect((await send({ url: `http://localhost${path}${WITH_KEY}` })).status).toBe(200);
    }
  });

  test("answers with an id where the client sent none", async () => {
    const { send, tracker } = await begin();
    const body = JSON.stringify({ message: "without an id" });
    const answer = await send({ url: `${ORIGIN}/api/1/store/${WITH_KEY}`, body });
    const { id }: { id: string } = JSON.parse(answer.body);
    expect(id).toMatch(/^[0-9a-f]{32}$/u);
    expect(await tracker.events.get("shop", id)).toMatchObject({ id });
  });

  test("knows an event that is sent again", async () => {
    const { send, issues } = await begin();
    expect((await send()).status).toBe(200);
    expect((await send()).status).toBe(200);
    expect((await issues())[0]).toMatchObject({ eventCount: 1 });
  });

  test("finds projects by a function, which may be asynchronous", async () => {
    const asked: string[] = [];
    const { send, errors } = await begin({
      projects: async (reference) => {
        asked.push(reference);
        if (reference === "broken") throw new Error("no database");
        return reference === "7" ? { id: "shop", keys: ["2f0c7d"] } : null;
      },
    });
    expect((await send({ url: `${ORIGIN}/api/7/envelope/${WITH_KEY}` })).status).toBe(200);
    expect((await send({ url: `${ORIGIN}/api/8/envelope/${WITH_KEY}` })).status).toBe(404);
    expect((await send({ url: `${ORIGIN}/api/broken/envelope/${WITH_KEY}` })).status).toBe(500);
    expect(asked).toEqual(["7", "8", "broken"]);
    expect(errors).toEqual([new Error("no database")]);
  });
});

describe("the key of a request to the intake", () => {
  const DSN = "https://2f0c7d@shop.example/errors/1";
  test.each<[string, Posting]>([
    ["the query", { url: `${ENVELOPE}?sentry_key=other-key` }],
    [
      "X-Sentry-Auth",
      { url: ENVELOPE, headers: { "x-sentry-auth": "Sentry sentry_version=7, sentry_key=2f0c7d, sentry_client=x/1" } },
    ],
    ["Authorization", { url: ENVELOPE, headers: { authorization: "Sentry sentry_key=2f0c7d" } }],
    ["the DSN of the envelope", { url: ENVELOPE, body: envelopeOf([EVENT], { dsn: DSN }) }],
  ])("is taken from %s", async (_, posting) => {
    const { send } = await begin();
    expect((await send(posting)).status).toBe(200);
  });

  test.each<[string, number, Posting]>([
    ["none", 401, { url: ENVELOPE }],
    ["none in a DSN", 401, { url: ENVELOPE, body: envelopeOf([EVENT], { dsn: "https://shop.example/1" }) }],
    ["none at /store/", 401, { url: `${ORIGIN}/api/1/store/`, body: JSON.stringify(EVENT) }],
    ["another one", 403, { url: `${ENVELOPE}?sentry_key=wrong` }],
    [
      "another one in the DSN",
      403,
      { url: ENVELOPE, body: envelopeOf([EVENT], { dsn: DSN.replace("2f0c7d", "wrong") }) },
    ],
    ["the one of Basic auth", 401, { url: ENVELOPE, headers: { authorization: "Basic sentry_key=2f0c7d" } }],
  ])("is refused if it is %s: %i", async (_, status, posting) => {
    const { send, titles, refusals } = await begin();
    const answer = await send(posting);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toEqual({ detail: expect.any(String) });
    expect(answer.headers.get("x-sentry-error")).not.toBe("");
    expect(await titles()).toEqual([]);
    expect(refusals).toMatchObject([{ status, projectId: "shop" }]);
  });
});

describe("a request that the intake refuses", () => {
  test.each<[string, number, Posting]>([
    ["goes to another path", 404, { url: "https://shop.example/api/1/minidump/" }],
    ["goes to another path", 404, { url: "https://shop.example/" }],
    ["names an unknown project", 404, { url: `${ORIGIN}/api/2/envelope/${WITH_KEY}` }],
    ["has another method", 405, { method: "GET" }],
    ["has a body that is not JSON", 400, { body: "not JSON" }],
    ["has no body", 400, { body: "" }],
    ["has an event that is not JSON", 400, { body: `{}\n{"type":"event"}\n{"exception"` }],
    ["has a truncated envelope", 400, { body: `{}\n{"type":"event","length":9000}\n{}` }],
    ["is compressed in an unknown way", 415, { headers: { "content-encoding": "compress" } }],
    ["is compressed twice", 415, { headers: { "content-encoding": "gzip, gzip" } }],
    ["is not compressed as it says", 400, { headers: { "content-encoding": "gzip" } }],
    [
      "is truncated",
      400,
      { headers: { "content-encoding": "gzip" }, body: gzipSync(envelopeOf([EVENT])).subarray(0, 40) },
    ],
    ["is not the base64 it looks like", 400, { url: `${ORIGIN}/api/1/store/${WITH_KEY}`, body: "abcde" }],
    ["says that it is too large", 413, { headers: { "content-length": "5242881" } }],
  ])("%s: %i", async (_, status, posting) => {
    const { send, titles, errors } = await begin();
    expect((await send(posting)).status).toBe(status);
    expect(await titles()).toEqual([]);
    expect(errors).toEqual([]);
  });

  test("says which item of an envelope could not be read, while the others are taken", async () => {
    const { send, titles, refusals } = await begin();
    const answer = await send({ body: envelopeOf([EVENT, { event_id: "no id" }]) });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("x-sentry-error")).toMatch(/event_id: got "no id"/u);
    expect(await titles()).toEqual(["TypeError: cart is undefined"]);
    expect(refusals).toMatchObject([{ status: 200, projectId: "shop", error: { code: "invalid-input" } }]);
  });

  test("has an event that is too large: 413, or the event alone in an envelope with others", async () => {
    const { send, titles, refusals } = await begin({ maxEventBytes: 500 });
    const large = { message: "x".repeat(600) };
    expect((await send({ body: envelopeOf([large]) })).status).toBe(413);
    expect((await send({ url: `${ORIGIN}/api/1/store/${WITH_KEY}`, body: JSON.stringify(large) })).status).toBe(413);
    expect((await send({ body: envelopeOf([EVENT, large]) })).status).toBe(200);
    expect(await titles()).toEqual(["TypeError: cart is undefined"]);
    expect(refusals.map(({ status }) => status)).toEqual([413, 413, 200]);
  });

  test.each<[string, string]>([
    ["a body of blanks at /store/, which is no base64", `A${" ".repeat(1_000_000)}!`],
    ["a body of letters at /store/, which may be base64", "A".repeat(1_300_000)],
  ])("is told soon about %s", async (_, body) => {
    const { send } = await begin();
    // It would take minutes, if the time were in proportion to the square of the length.
    expect((await send({ url: `${ORIGIN}/api/1/store/${WITH_KEY}`, body })).status).toBe(400);
  });

  test("has an item whose header is too large", async () => {
    const { send, titles } = await begin();
    const header = JSON.stringify({ type: "event", more: "x".repeat(70_000) });
    expect((await send({ body: `{}\n${header}\n${JSON.stringify(EVENT)}` })).status).toBe(400);
    expect(await titles()).toEqual([]);
  });

  test("is told in one line of ASCII, whatever it sent", async () => {
    const { send } = await begin();
    const answer = await send({ body: envelopeOf([{ ...EVENT, event_id: "é\r\nset-cookie: a=b" }]) });
    expect(answer.status).toBe(400);
    expect(answer.headers.get("x-sentry-error")).toMatch(/^[\x20-\x7e]+$/u);
  });
});

describe("the body of a request to the intake", () => {
  const text = envelopeOf([EVENT]);
  test.each<[string, Uint8Array]>([
    ["gzip", gzipSync(text)],
    ["GZIP", gzipSync(text)],
    ["x-gzip", gzipSync(text)],
    ["deflate", deflateSync(text)],
    ["deflate", deflateRawSync(text)],
    ["br", brotliCompressSync(text)],
    ["zstd", zstdCompressSync(text)],
    ["identity", new TextEncoder().encode(text)],
    ["", new TextEncoder().encode(text)],
  ])("may be compressed by %j", async (encoding, body) => {
    const { send, titles } = await begin();
    expect((await send({ body, headers: { "content-encoding": encoding } })).status).toBe(200);
    expect(await titles()).toEqual(["TypeError: cart is undefined"]);
  });

  test("is refused where the runtime cannot decompress it, which it says together with what it can", async () => {
    const { send } = await begin();
    onTestFinished(() => void vi.restoreAllMocks());
    vi.spyOn(process, "getBuiltinModule").mockImplementation(() => ({ createGunzip }));
    const answer = await send({ body: zstdCompressSync(text), headers: { "content-encoding": "zstd" } });
    expect([answer.status, answer.headers.get("accept-encoding")]).toEqual([415, "identity, gzip, x-gzip"]);
    expect((await send({ body: gzipSync(text), headers: { "content-encoding": "gzip" } })).status).toBe(200);
  });

  test("of an old client is base64, of zlib or not", async () => {
    const { send, titles } = await begin();
    const url = `${ORIGIN}/api/1/store/${WITH_KEY}`;
    const bodies = [deflateSync(JSON.stringify(EVENT)), Buffer.from(JSON.stringify({ message: "plain" }))];
    for (const body of bodies) expect((await send({ url, body: body.toString("base64") })).status).toBe(200);
    expect(await titles()).toEqual(["TypeError: cart is undefined", "plain"]);
  });

  test("is refused beyond the limit of what is sent, without being read to its end", async () => {
    const { intake } = await begin({ maxBodyBytes: 1_000 });
    let sent = 0;
    let isCancelled = false;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 600;
        controller.enqueue(new Uint8Array(600));
      },
      cancel() {
        isCancelled = true;
      },
    });
    expect((await intake(post({ body }))).status).toBe(413);
    expect(sent).toBeLessThan(4_000);
    expect(isCancelled).toBe(true);
  });

  test.each(["gzip", "br", "zstd", "deflate"])(
    "is refused beyond the limit of what it becomes: a bomb of %s",
    async (encoding) => {
      const { send } = await begin({ maxDecodedBytes: 100_000 });
      const zeros = Buffer.alloc(50_000_000);
      const compress = { gzip: gzipSync, br: brotliCompressSync, zstd: zstdCompressSync, deflate: deflateSync }[
        encoding
      ];
      if (compress === undefined) throw new Error(encoding);
      const before = process.memoryUsage().rss;
      const answer = await send({ body: compress(zeros), headers: { "content-encoding": encoding } });
      expect(answer.status).toBe(413);
      expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
    },
  );

  test("is refused if it is not complete in time", async () => {
    const { intake, clock } = await begin({ timeoutMs: 5_000 });
    let pulled: () => void = () => undefined;
    const isWaiting = new Promise<void>((resolve) => {
      pulled = resolve;
    });
    const source = {
      pull() {
        pulled();
        return new Promise<void>(() => undefined);
      },
    };
    // Nothing is pulled before it is read.
    const body = new ReadableStream<Uint8Array>(source, { highWaterMark: 0 });
    const answering = intake(post({ body }));
    await isWaiting;
    clock.advanceBy(5_000);
    expect((await answering).status).toBe(408);
  });

  test("is refused if it ends early", async () => {
    const { intake, errors } = await begin();
    const body = new ReadableStream<Uint8Array>({
      pull() {
        throw new Error("aborted");
      },
    });
    expect((await intake(post({ body }))).status).toBe(400);
    expect(errors).toEqual([]);
  });

  test("is not kept as data if the host says so", async () => {
    const { send, tracker } = await begin({ keepPayload: false });
    await send();
    expect((await tracker.events.get("shop", ID))?.data).toBeUndefined();
  });
});

describe("pages of other origins", () => {
  const asks = { method: "OPTIONS", headers: { origin: "https://shop.example" } };

  test("may send to the intake, as they ask before", async () => {
    const { send } = await begin();
    const { status, headers } = await send(asks);
    expect([status, headers.get("access-control-allow-origin"), headers.get("access-control-allow-methods")]).toEqual([
      204,
      "*",
      "POST, OPTIONS",
    ]);
    expect(headers.get("access-control-allow-headers")).toMatch(/content-type.*x-sentry-auth/u);
    const answer = await send({ headers: { origin: "https://shop.example" } });
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
    expect(answer.headers.get("access-control-expose-headers")).toMatch(/x-sentry-rate-limits, retry-after/u);
  });

  test("may be limited to some, while clients without an origin may send", async () => {
    const { send, titles } = await begin({
      projects: [{ id: "shop", number: 1, keys: ["2f0c7d"], origins: ["https://shop.example"] }],
    });
    const allowed = await send(asks);
    expect([allowed.headers.get("access-control-allow-origin"), allowed.headers.get("vary")]).toEqual([
      "https://shop.example",
      "Origin",
    ]);
    const refused = await send({ ...asks, headers: { origin: "https://evil.example" } });
    expect(refused.headers.get("access-control-allow-origin")).toBeNull();
    expect((await send({ headers: { origin: "https://evil.example" } })).status).toBe(403);
    expect(await titles()).toEqual([]);
    expect((await send()).status).toBe(200);
  });

  test("can read why they were refused", async () => {
    const { send } = await begin();
    for (const url of [ENVELOPE, "https://shop.example/elsewhere", `${ORIGIN}/api/9/envelope/`]) {
      const { headers } = await send({ url, headers: { origin: "https://shop.example" } });
      expect(headers.get("access-control-allow-origin")).toBe("*");
    }
  });
});

describe("the quota of a project", () => {
  const quotas = [{ volume: 2, period: "hour" as const }];
  const withQuota = { projects: [{ id: "shop", number: 1, keys: ["2f0c7d"], quotas }] };
  const numbered = (number: number) => ({
    body: envelopeOf([{ ...EVENT, event_id: String(number).padStart(32, "0") }]),
  });

  test("refuses what comes after so many events, says until when, and then takes events again", async () => {
    const { send, clock, intake, issues } = await begin(withQuota);
    clock.advanceBy(30 * MINUTE);
    const first = await send(numbered(1));
    expect([first.status, first.headers.get("x-sentry-rate-limits")]).toEqual([200, null]);
    const second = await send(numbered(2));
    expect([second.status, second.headers.get("x-sentry-rate-limits")]).toEqual([
      200,
      "1800:error;default;security:project:quota",
    ]);
    const third = await send(numbered(3));
    expect([third.status, third.headers.get("retry-after")]).toEqual([429, "1800"]);
    expect(third.body).toMatch(/open again at 2026-11-23 10:00 UTC/u);
    expect(intake.quotaOpensAt("shop")).toBe(Date.UTC(2026, 10, 23, 10));
    clock.advanceBy(30 * MINUTE);
    expect(intake.quotaOpensAt("shop")).toBeNull();
    expect((await send(numbered(4))).status).toBe(200);
    expect((await issues())[0]).toMatchObject({ eventCount: 3 });
  });

  test("is not used up by what could not be stored", async () => {
    const { send, tracker, errors } = await begin({
      ...withQuota,
      tracker: trackerThat(() => Promise.reject(new IssueLifecycleError("store-busy", "busy", { retryable: true }))),
    });
    for (const number of [1, 2, 3]) {
      const { status, headers } = await send(numbered(number));
      expect([status, headers.get("retry-after")]).toEqual([503, "1"]);
    }
    expect(errors).toHaveLength(3);
    await tracker.close();
  });

  test("is not used up by events that were there already", async () => {
    const { send } = await begin(withQuota);
    for (let times = 0; times < 5; times++) expect((await send(numbered(1))).status).toBe(200);
  });

  test("is that of the project as it is now", async () => {
    let volume = 1;
    const { send } = await begin({
      projects: () => ({
        id: "shop",
        keys: ["2f0c7d"],
        quotas: volume === 0 ? [] : [{ volume, period: "year" }],
      }),
    });
    expect((await send(numbered(1))).status).toBe(200);
    expect((await send(numbered(2))).status).toBe(429);
    volume = 2;
    expect((await send(numbered(2))).status).toBe(200);
    expect((await send(numbered(3))).status).toBe(429);
    volume = 0;
    expect((await send(numbered(3))).status).toBe(200);
  });

  test("is not told to those without a key", async () => {
    const { send } = await begin(withQuota);
    for (const number of [1, 2]) await send(numbered(number));
    expect((await send({ ...numbered(3), url: ENVELOPE })).status).toBe(401);
    expect((await send(numbered(3))).status).toBe(429);
  });

  test("opens in time where a clock had jumped ahead", async () => {
    const { send, clock } = await begin(withQuota);
    clock.jumpBy(48 * HOUR);
    await send(numbered(1));
    clock.jumpBy(-48 * HOUR);
    await send(numbered(2));
    expect((await send(numbered(3))).headers.get("retry-after")).toBe("3600");
  });
});

describe("an intake whose store fails", () => {
  test.each<[string, number, unknown]>([
    [
      "503, if the same request may succeed later",
      503,
      new IssueLifecycleError("store-failed", "lost", { retryable: true }),
    ],
    ["503, once the tracker is closed", 503, new IssueLifecycleError("closed", "closed")],
    ["404, if the tracker does not know the project", 404, new IssueLifecycleError("unknown-project", "none")],
    ["500, otherwise", 500, new IssueLifecycleError("store-failed", "the password is 1234")],
    ["500, whatever is thrown", 500, "the password is 1234"],
  ])("answers %s", async (_, status, error) => {
    const { send, errors } = await begin({
      tracker: trackerThat(async () => {
        throw error;
      }),
    });
    const answer = await send();
    expect(answer.status).toBe(status);
    expect(answer.body).not.toContain("1234");
    expect(errors).toEqual([error]);
  });
});

type Digest = (events: readonly NewEvent[]) => Promise<readonly DigestOutcome[]>;

/** A tracker that digests in its own way. The intake gives it arrays only. */
function trackerThat(digest: Digest): Pick<IssueTracker, "digest"> {
  const isTracker = (value: object): value is Pick<IssueTracker, "digest"> => "digest" in value;
  const tracker: object = { digest };
  if (!isTracker(tracker)) throw new TypeError();
  return tracker;
}

/** A tracker whose digests end when the test says so. */
function heldTracker() {
  const digested: NewEvent[] = [];
  const held: (() => void)[] = [];
  const tracker = trackerThat(async (events) => {
    await new Promise<void>((resolve) => held.push(resolve));
    digested.push(...events);
    return [];
  });
  return { digested, held, tracker };
}

/** What a request keeps of the room besides its body, when it is read, and when its one event is. */
const PART = 256;
const READ = 2 * 2_048;

describe("the room of the intake", () => {
  test("holds so many bytes at a time: further requests wait for their turn, in their order", async () => {
    const { held, tracker, digested } = heldTracker();
    const maxBufferedBytes = 50_000;
    const { intake } = await begin({ tracker, maxBodyBytes: 1_000, maxDecodedBytes: 1_000, maxBufferedBytes });
    const body = envelopeOf([EVENT]);
    const answers = Array.from({ length: 40 }, () => intake(post({ body })));
    // All bodies are read. One request may be beyond the limit.
    const left = maxBufferedBytes - 40 * (body.length + PART);
    await expect.poll(() => held.length).toBe(Math.floor(left / READ) + 1);
    while (digested.length < 40) {
      await expect.poll(() => held.length).toBeGreaterThan(0);
      held.shift()?.();
      await Promise.resolve();
    }
    for (const answer of await Promise.all(answers)) expect(answer.status).toBe(200);
  });

  test("refuses a request for whose body there is no room in time, and gives back what it had of it", async () => {
    const { held, tracker } = heldTracker();
    const limits = { maxBodyBytes: 500, maxDecodedBytes: 500, maxBufferedBytes: 10_000 };
    const { intake, clock } = await begin({ tracker, ...limits });
    const body = envelopeOf([EVENT]);
    const room = Math.floor(limits.maxBufferedBytes / (body.length + PART + READ)) + 1;
    const taken = Array.from({ length: room }, () => intake(post({ body })));
    await expect.poll(() => held.length).toBe(room);
    let isRead = false;
    const late = intake(post({ body: streamOf(body, () => (isRead = true)) }));
    await expect.poll(() => isRead).toBe(true);
    clock.advanceBy(10_000);
    const answer = await late;
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([503, "1"]);
    for (const end of held) end();
    for (const each of await Promise.all(taken)) expect(each.status).toBe(200);
    const next = Array.from({ length: room }, () => intake(post({ body })));
    await expect.poll(() => held.length).toBe(2 * room);
    for (const end of held) end();
    for (const each of await Promise.all(next)) expect(each.status).toBe(200);
  });

  test("never has more than its bytes and one request's, and lets all requests end, whatever they take", async () => {
    const isRequest = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(isRequest, { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 100 }),
        fc.scheduler(),
        async (requests, maxBytes, scheduler) => {
          const room = new Room(maxBytes);
          const largest = Math.max(...requests.map((chunks) => chunks.reduce((sum, bytes) => sum + bytes, 0)));
          let taken = 0;
          const ends = requests.map(async (chunks) => {
            const place = room.enter();
            for (const bytes of chunks) {
              await scheduler.schedule(Promise.resolve());
              await place.take(bytes);
              taken += bytes;
              expect(taken).toBeLessThanOrEqual(maxBytes + largest);
            }
            await scheduler.schedule(Promise.resolve());
            taken -= place.taken;
            place.leave();
          });
          await scheduler.waitFor(Promise.all(ends));
          expect(taken).toBe(0);
        },
      ),
      { numRuns: rounds({ quick: 100, full: 1_000 }) },
    );
  });
});

describe("an intake that acknowledges what it has received", () => {
  test("answers before the events are committed, and keeps trying while the store fails", async () => {
    let failures = 2;
    const scenario = await Scenario.begin(createMemoryStore());
    const tracker = trackerThat((events) => {
      if (failures-- > 0) throw new IssueLifecycleError("store-failed", "no connection", { retryable: true });
      return scenario.tracker.digest(events);
    });
    const { send, intake, errors, clock } = await begin({ tracker, acknowledge: "received" });
    expect((await send()).status).toBe(200);
    await expect.poll(() => failures).toBe(1);
    await expect.poll(() => errors.length).toBe(1);
    clock.advanceBy(1_000);
    await expect.poll(() => failures).toBe(0);
    clock.advanceBy(2_000);
    await intake.close();
    expect(await scenario.tracker.events.get("shop", ID)).toBeDefined();
    expect(errors).toMatchObject([{ code: "store-failed" }]);
  });

  test("reports what is lost when it is closed before the store works again", async () => {
    const { send, intake, errors, clock } = await begin({
      tracker: trackerThat(() => Promise.reject(new IssueLifecycleError("store-failed", "gone", { retryable: true }))),
      acknowledge: "received",
    });
    await send();
    await expect.poll(() => errors.length).toBe(1);
    const closing = intake.close({ timeoutMs: 500 });
    clock.advanceBy(500);
    await closing;
    await expect.poll(() => errors.length).toBe(2);
    expect(errors[1]).toMatchObject({
      code: "events-lost",
      message: "1 event could not be digested. They were not digested within 500 ms.",
    });
  });
});

describe("an intake that is closed", () => {
  test("answers the requests on their way, and refuses further ones", async () => {
    const { held, tracker } = heldTracker();
    const { intake } = await begin({ tracker });
    const answering = intake(post());
    await expect.poll(() => held.length).toBe(1);
    const closing = intake.close();
    expect((await intake(post())).status).toBe(503);
    held[0]?.();
    expect((await answering).status).toBe(200);
    await closing;
    await intake.close();
  });

  test("refuses a time limit that is none", async () => {
    const { intake } = await begin();
    expect(() => Reflect.apply(intake.close, undefined, [{ timeoutMs: 0 }])).toThrow(
      expect.objectContaining({ field: "options.timeoutMs" }),
    );
  });
});

describe("the options of the intake", () => {
  const project = { id: "shop", number: 1, keys: ["2f0c7d"] };
  test.each<[string, object]>([
    ["options.tracker", { tracker: {} }],
    ["options.projects", { projects: [] }],
    ["options.projects[0].keys", { projects: [{ ...project, keys: [] }] }],
    ["options.projects[0].keys[0]", { projects: [{ ...project, keys: ["a:b@c"] }] }],
    ["options.projects[0].number", { projects: [{ ...project, number: 0 }] }],
    ["options.projects[0].origins[0]", { projects: [{ ...project, origins: ["https://shop.example/"] }] }],
    ["options.projects[0].quotas[0].period", { projects: [{ ...project, quotas: [{ volume: 1, period: "total" }] }] }],
    ["options.projects[1]", { projects: [project, { ...project, id: "blog" }] }],
    ["options.projects[0]", { projects: [{ ...project, slug: "shop" }] }],
    ["options.acknowledge", { acknowledge: "at once" }],
    ["options.maxBodyBytes", { maxBodyBytes: 0 }],
    ["options.maxBufferedBytes", { maxBufferedBytes: 1_000_000 }],
    ["options", { maxBytes: 1 }],
  ])("are refused where %s is wrong", (field, wrong) => {
    const given = { tracker: { digest: async () => [] }, projects: [project], ...wrong };
    expect(() => Reflect.apply(createSentryIntake, undefined, [given])).toThrow(
      expect.objectContaining({ code: "invalid-input", field }),
    );
  });

  test("make a DSN", () => {
    expect(sentryDsn("https://shop.example/errors/", project)).toBe("https://2f0c7d@shop.example/errors/1");
    expect(sentryDsn("http://localhost:3000", { id: "web shop", keys: ["k"] })).toBe(
      "http://k@localhost:3000/web%20shop",
    );
    expect(() => sentryDsn("shop.example", project)).toThrow(expect.objectContaining({ field: "url" }));
  });
});
