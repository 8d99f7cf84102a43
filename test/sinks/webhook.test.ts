import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createWebhookSecret,
  verifyWebhook,
  webhookSink,
  type ReceivedWebhook,
  type WebhookSinkOptions,
} from "../../src/sinks/index.ts";
import { createVirtualClock } from "../../src/testing/virtual-clock.ts";
import { anyText } from "../support/arbitraries.ts";
import { rounds } from "../support/effort.ts";
import { attemptOf, HOSTILE, issueAlertOf, refusalOf } from "./samples.ts";
import { CA, startHttps, type SeenRequest } from "./servers.ts";

const NOW = Date.UTC(2026, 10, 25, 9);
const clock = createVirtualClock(NOW);
const [old, current] = [createWebhookSecret(), createWebhookSecret()];

/** The request that a receiver gets. */
async function received(options: Partial<WebhookSinkOptions> = {}, alert = issueAlertOf()): Promise<SeenRequest> {
  const server = await startHttps((response) => response.writeHead(204).end());
  try {
    const url = `https://127.0.0.1:${String(server.port)}/`;
    const sink = webhookSink({ url, secrets: current, ca: CA, allowAddresses: ["127.0.0.1"], clock, ...options });
    await sink(alert, attemptOf());
  } finally {
    await server.close();
  }
  const [request] = server.requests;
  if (request === undefined) throw new Error("No request was received.");
  return request;
}

/** A signature by the specification, made without this library. */
function signed(secret: string, id: string, timestamp: string, body: string | Uint8Array): string {
  const key = Buffer.from(secret.replace("whsec_", ""), "base64");
  return `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest("base64")}`;
}

const headersOf = (id: string, timestamp: string, signature: string) => ({
  "webhook-id": id,
  "webhook-timestamp": timestamp,
  "webhook-signature": signature,
});

describe("a webhook", () => {
  test("is the alert as JSON", async () => {
    const alert = issueAlertOf({ text: HOSTILE });
    const { headers, body } = await received({}, alert);
    expect(headers).toMatchObject({ "content-type": "application/json", "user-agent": "issue-lifecycle" });
    expect(JSON.parse(body)).toStrictEqual(alert);
    expect(verifyWebhook({ headers, body, secrets: current, now: NOW })).toMatchObject({ valid: true });
  });

  test("is signed with the alert's id and the time", async () => {
    const { headers, body } = await received();
    const { id } = issueAlertOf();
    const timestamp = String(NOW / 1_000);
    expect(headers).toMatchObject(headersOf(id, timestamp, signed(current, id, timestamp, body)));
    expect(verifyWebhook({ headers, body, secrets: [current], now: NOW })).toEqual({ valid: true, id, sentAt: NOW });
  });

  test("is signed with each secret", async () => {
    const { headers, body } = await received({ secrets: [current, old] });
    for (const secrets of [current, old, [createWebhookSecret(), old]]) {
      expect(verifyWebhook({ headers, body, secrets, now: NOW })).toMatchObject({ valid: true });
    }
    expect(verifyWebhook({ headers, body, secrets: createWebhookSecret(), now: NOW })).toEqual({
      valid: false,
      reason: "wrong-signature",
    });
  });

  test("has the headers in the options", async () => {
    const { headers } = await received({ headers: { Authorization: "Bearer x", "User-Agent": "shop" } });
    expect(headers).toMatchObject({ authorization: "Bearer x", "user-agent": "shop" });
  });

  const url = "https://example.com/";
  const secret = Buffer.alloc(24, 7).toString("base64");
  test.each<[unknown, string]>([
    [{ url }, "options.secrets"],
    [{ url, secrets: [] }, "options.secrets"],
    [{ url, secrets: secret }, "options.secrets"],
    [{ url, secrets: [current, `whsec_${secret.slice(4)}`] }, "options.secrets[1]"],
    [{ url, secrets: `whsec_${secret} ` }, "options.secrets"],
    [{ url, secrets: `whsec_${Buffer.alloc(65, 7).toString("base64")}` }, "options.secrets"],
    [{ url, secrets: current, headers: [] }, "options.headers"],
    [{ url, secrets: current, headers: { Host: secret } }, 'options.headers["Host"]'],
    [{ url, secrets: current, headers: { "Content-Type": secret } }, 'options.headers["Content-Type"]'],
    [{ url, secrets: current, headers: { "Webhook-Id": secret } }, 'options.headers["Webhook-Id"]'],
    [{ url, secrets: current, headers: { "a b": secret } }, 'options.headers["a b"]'],
    [{ url, secrets: current, headers: { a: `${secret}\r\nb: c` } }, 'options.headers["a"]'],
    [{ url, secrets: current, headers: { a: 7 } }, 'options.headers["a"]'],
    [{ url, secrets: current, headers: { a: undefined } }, 'options.headers["a"]'],
    [{ url, secrets: current, headers: { a: "1", A: secret } }, 'options.headers["A"]'],
    [{ url, secrets: current, headers: new Headers({ a: secret }) }, "options.headers"],
    [{ url, secrets: current, headers: new Map([["a", secret]]) }, "options.headers"],
    [{ url, secrets: current, headers: null }, "options.headers"],
    [{ url, secrets: [current, undefined] }, "options.secrets[1]"],
    [{ url, secrets: Array(11).fill(current) }, "options.secrets"],
    [{ url, secrets: 7 }, "options.secrets"],
    [{ url, secrets: current, secret }, "options"],
  ])("refuses options %j, and shows no secret", (options, field) => {
    const error = refusalOf(() => Reflect.apply(webhookSink, undefined, [options]));
    expect(error).toMatchObject({ code: "invalid-input", field });
    expect(String(error)).not.toContain(secret.slice(4));
  });
});

/** A valid request. */
function validRequest(changes: Partial<ReceivedWebhook> = {}): ReceivedWebhook {
  const timestamp = String(NOW / 1_000);
  const headers = headersOf("a-1", timestamp, signed(current, "a-1", timestamp, "{}"));
  return { headers, body: "{}", secrets: current, now: NOW, ...changes };
}

describe("a received webhook", () => {
  test("may have the headers of Node or of fetch, in upper or lower case, and a body of text or bytes", () => {
    const { headers } = validRequest();
    const entries = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
    const upper = Object.fromEntries(entries.map(([name, value]) => [name.toUpperCase(), [value]]));
    for (const each of [headers, new Headers(entries), upper]) {
      for (const body of ["{}", Buffer.from("{}"), new Uint8Array([0x7b, 0x7d])]) {
        expect(verifyWebhook(validRequest({ headers: each, body }))).toEqual({ valid: true, id: "a-1", sentAt: NOW });
      }
    }
  });

  test.each([
    ["five minutes old", 300_000, undefined, "valid"],
    ["more than five minutes old", 300_001, undefined, "too-old"],
    ["five minutes in the future", -300_000, undefined, "valid"],
    ["more than five minutes in the future", -300_001, undefined, "too-new"],
    ["as old as toleranceMs", 1_000, 1_000, "valid"],
    ["older than toleranceMs", 1_001, 1_000, "too-old"],
    ["sent at this moment", 0, 0, "valid"],
  ])("is valid by its age: %s", (_how, age, toleranceMs, expected) => {
    const request = validRequest({ now: NOW + age, ...(toleranceMs === undefined ? {} : { toleranceMs }) });
    const verdict = verifyWebhook(request);
    expect(verdict.valid ? "valid" : verdict.reason).toBe(expected);
  });

  test("is compared with the system's clock by default", () => {
    const sign = (timestamp: string) => headersOf("a-1", timestamp, signed(current, "a-1", timestamp, "{}"));
    const now = sign(String(Math.floor(Date.now() / 1_000)));
    expect(verifyWebhook({ headers: now, body: "{}", secrets: current })).toMatchObject({ valid: true });
    expect(verifyWebhook({ headers: sign("1"), body: "{}", secrets: current })).toMatchObject({ reason: "too-old" });
  });

  const timestamp = String(NOW / 1_000);
  const signature = signed(current, "a-1", timestamp, "{}");
  test.each([
    ["without an id", { ...headersOf("", timestamp, signature) }],
    ["without the three headers", {}],
    ["with two ids", { ...headersOf("a-1", timestamp, signature), "Webhook-Id": "a-1" }],
    ["with a list of ids", { ...headersOf("a-1", timestamp, signature), "webhook-id": ["a-1", "a-1"] }],
    ["with a dot in the id", headersOf("a.1", timestamp, signature)],
    ["with a timestamp with a leading zero", headersOf("a-1", `0${timestamp}`, signature)],
    ["with a timestamp in another notation", headersOf("a-1", "1e9", signature)],
  ])("has malformed headers %s", (_how, headers) => {
    expect(verifyWebhook(validRequest({ headers }))).toEqual({ valid: false, reason: "malformed-headers" });
  });

  test("is not valid with a signature that is only similar", () => {
    for (const wrong of [
      "",
      signature.slice(3),
      signature.slice(0, -1),
      `${signature}=`,
      signature.replace("v1", "v2"),
      `v1a,${signature}`,
    ]) {
      expect(verifyWebhook(validRequest({ headers: headersOf("a-1", timestamp, wrong) }))).toMatchObject({
        valid: false,
      });
    }
    const several = headersOf("a-1", timestamp, `v1a,x ${signature} v1,y`);
    expect(verifyWebhook(validRequest({ headers: several }))).toMatchObject({ valid: true });
  });

  test("may be compared with a Date", () => {
    expect(verifyWebhook(validRequest({ now: new Date(NOW) }))).toMatchObject({ valid: true });
  });

  test("is not valid with headers of another type, or that cannot be read", () => {
    const throwing = () => {
      throw new Error("no header");
    };
    const valid = headersOf("a-1", timestamp, signature);
    const values = [
      7,
      7n,
      Symbol("v1"),
      null,
      {},
      [7],
      [[signature]],
      [signature, signature],
      () => signature,
      new Date(),
    ];
    const odd: unknown[] = values.flatMap((value) => [
      { ...valid, "webhook-signature": value },
      { ...valid, "webhook-id": value },
      { ...valid, "webhook-timestamp": value },
      { get: () => value },
    ]);
    odd.push({ get: throwing }, Object.defineProperty({ ...valid }, "webhook-id", { enumerable: true, get: throwing }));
    odd.push(new Proxy(valid, { ownKeys: throwing }), new Proxy(valid, { get: throwing }));
    for (const headers of odd) {
      expect(Reflect.apply(verifyWebhook, undefined, [{ ...validRequest(), headers }])).toEqual({
        valid: false,
        reason: "malformed-headers",
      });
    }
  });

  test("is refused if the request or its headers are a revoked proxy", () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    for (const request of [proxy, { ...validRequest(), headers: proxy }, { ...validRequest(), body: proxy }]) {
      expect(refusalOf(() => Reflect.apply(verifyWebhook, undefined, [request]))).toMatchObject({
        code: "invalid-input",
      });
    }
  });

  test("is valid if one of its first 20 signatures is right", () => {
    const after = (count: number) =>
      verifyWebhook(validRequest({ headers: headersOf("a-1", timestamp, `${"v1,x ".repeat(count)}${signature}`) }))
        .valid;
    expect([0, 19, 20, 1_000_000].map(after)).toEqual([true, true, false, false]);
  });

  test.each<[object, string]>([
    [{ secrets: "x" }, "request.secrets"],
    [{ body: { parsed: true } }, "request.body"],
    [{ headers: null }, "request.headers"],
    [{ toleranceMs: -1 }, "request.toleranceMs"],
    [{ now: new Date(NaN) }, "request.now"],
    [{ now: "2026-11-25" }, "request.now"],
    [{ secrets: [] }, "request.secrets"],
    [{ secrets: null }, "request.secrets"],
    [{ headers: [] }, "request.headers"],
    [{ toleranceMs: null }, "request.toleranceMs"],
    [{ tolerance: 1 }, "request"],
  ])("is refused with %j", (changes, field) => {
    const request = { ...validRequest(), ...changes };
    expect(refusalOf(() => Reflect.apply(verifyWebhook, undefined, [request]))).toMatchObject({
      code: "invalid-input",
      field,
    });
  });

  test("is valid only as it was signed", () => {
    const id = fc.stringMatching(/^[a-z0-9-]{1,40}$/u);
    const body = anyText();
    const seconds = fc.integer({ min: 0, max: 4_000_000_000 });
    fc.assert(
      fc.property(id, seconds, body, id, seconds, body, (id, seconds, body, otherId, otherSeconds, otherBody) => {
        const request = { body, secrets: current, toleranceMs: 0, now: seconds * 1_000 };
        const signature = signed(current, id, String(seconds), body);
        const isValid = (changes: Partial<ReceivedWebhook>, at = [id, String(seconds)]) =>
          verifyWebhook({ ...request, headers: headersOf(at[0] ?? "", at[1] ?? "", signature), ...changes }).valid;
        expect(isValid({})).toBe(true);
        expect(isValid({ secrets: old })).toBe(false);
        expect(isValid({ body: otherBody })).toBe(Buffer.from(otherBody).equals(Buffer.from(body)));
        expect(isValid({}, [otherId, String(seconds)])).toBe(otherId === id);
        expect(isValid({ now: otherSeconds * 1_000 }, [id, String(otherSeconds)])).toBe(otherSeconds === seconds);
        expect(isValid({ body: `${String(seconds)}.${body}` }, [id, String(seconds)])).toBe(false);
      }),
      { numRuns: rounds({ quick: 40, full: 400 }) },
    );
  });
});
