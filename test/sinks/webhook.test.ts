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
import { createVirtualClock } from "../../src/testing/index.ts";
import { rounds } from "../support/effort.ts";
import { attemptOf, HOSTILE, issueAlertOf, refusalOf } from "./samples.ts";
import { CA, startHttps, type SeenRequest } from "./servers.ts";

const NOW = Date.UTC(2026, 10, 25, 9);
const clock = createVirtualClock(NOW);
const [old, current] = [createWebhookSecret(), createWebhookSecret()];

/** What a receiver gets. */
async function received(given: Partial<WebhookSinkOptions> = {}, alert = issueAlertOf()): Promise<SeenRequest> {
  const server = await startHttps((response) => response.writeHead(204).end());
  try {
    const url = `https://127.0.0.1:${String(server.port)}/`;
    const sink = webhookSink({ url, secrets: current, ca: CA, allowAddresses: ["127.0.0.1"], clock, ...given });
    await sink(alert, attemptOf());
  } finally {
    await server.close();
  }
  const [request] = server.requests;
  if (request === undefined) throw new Error("Nothing was received.");
  return request;
}

/** Signed as the specification says, without this library. */
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
  test("is the alert as JSON, whatever its texts are", async () => {
    const alert = issueAlertOf({ text: HOSTILE });
    const { headers, body } = await received({}, alert);
    expect(headers).toMatchObject({ "content-type": "application/json", "user-agent": "issue-lifecycle" });
    expect(JSON.parse(body)).toStrictEqual(alert);
    expect(verifyWebhook({ headers, body, secrets: current, now: NOW })).toMatchObject({ valid: true });
  });

  test("is signed for receivers, under the alert's id and the time", async () => {
    const { headers, body } = await received();
    const { id } = issueAlertOf();
    const timestamp = String(NOW / 1_000);
    expect(headers).toMatchObject(headersOf(id, timestamp, signed(current, id, timestamp, body)));
    expect(verifyWebhook({ headers, body, secrets: [current], now: NOW })).toEqual({ valid: true, id, sentAt: NOW });
  });

  test("is signed by all secrets while one takes the place of another", async () => {
    const { headers, body } = await received({ secrets: [current, old] });
    for (const secrets of [current, old, [createWebhookSecret(), old]]) {
      expect(verifyWebhook({ headers, body, secrets, now: NOW })).toMatchObject({ valid: true });
    }
    expect(verifyWebhook({ headers, body, secrets: createWebhookSecret(), now: NOW })).toEqual({
      valid: false,
      reason: "wrong-signature",
    });
  });

  test("has the headers that the host adds", async () => {
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
    [{ url, secrets: current, secret }, "options"],
  ])("refuses options %j, and does not tell a secret", (options, field) => {
    const error = refusalOf(() => Reflect.apply(webhookSink, undefined, [options]));
    expect(error).toMatchObject({ code: "invalid-input", field });
    expect(String(error)).not.toContain(secret.slice(4));
  });
});

/** A request that is sound. */
function soundRequest(given: Partial<ReceivedWebhook> = {}): ReceivedWebhook {
  const timestamp = String(NOW / 1_000);
  const headers = headersOf("a-1", timestamp, signed(current, "a-1", timestamp, "{}"));
  return { headers, body: "{}", secrets: current, now: NOW, ...given };
}

describe("a received webhook", () => {
  test("is read from the headers of Node and of fetch, in upper and lower case, and from text and bytes", () => {
    const { headers } = soundRequest();
    const entries = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
    const upper = Object.fromEntries(entries.map(([name, value]) => [name.toUpperCase(), [value]]));
    for (const each of [headers, new Headers(entries), upper]) {
      for (const body of ["{}", Buffer.from("{}"), new Uint8Array([0x7b, 0x7d])]) {
        expect(verifyWebhook(soundRequest({ headers: each, body }))).toEqual({ valid: true, id: "a-1", sentAt: NOW });
      }
    }
  });

  test.each([
    ["five minutes old", 300_000, undefined, "valid"],
    ["older", 300_001, undefined, "too-old"],
    ["five minutes from the future", -300_000, undefined, "valid"],
    ["from later", -300_001, undefined, "too-new"],
    ["as old as is allowed", 1_000, 1_000, "valid"],
    ["older than is allowed", 1_001, 1_000, "too-old"],
    ["from this very moment", 0, 0, "valid"],
  ])("may be of some age: %s", (_how, age, toleranceMs, expected) => {
    const request = soundRequest({ now: NOW + age, ...(toleranceMs === undefined ? {} : { toleranceMs }) });
    const verdict = verifyWebhook(request);
    expect(verdict.valid ? "valid" : verdict.reason).toBe(expected);
  });

  test("is of now where nobody says what time it is", () => {
    const sign = (timestamp: string) => headersOf("a-1", timestamp, signed(current, "a-1", timestamp, "{}"));
    const now = sign(String(Math.floor(Date.now() / 1_000)));
    expect(verifyWebhook({ headers: now, body: "{}", secrets: current })).toMatchObject({ valid: true });
    expect(verifyWebhook({ headers: sign("1"), body: "{}", secrets: current })).toMatchObject({ reason: "too-old" });
  });

  const timestamp = String(NOW / 1_000);
  const signature = signed(current, "a-1", timestamp, "{}");
  test.each([
    ["without an id", { ...headersOf("", timestamp, signature) }],
    ["without any", {}],
    ["with two ids", { ...headersOf("a-1", timestamp, signature), "Webhook-Id": "a-1" }],
    ["with a list of ids", { ...headersOf("a-1", timestamp, signature), "webhook-id": ["a-1", "a-1"] }],
    ["with a dot in the id", headersOf("a.1", timestamp, signature)],
    ["with a timestamp of another form", headersOf("a-1", `0${timestamp}`, signature)],
    ["with a timestamp that is no number", headersOf("a-1", "1e9", signature)],
  ])("has malformed headers %s", (_how, headers) => {
    expect(verifyWebhook(soundRequest({ headers }))).toEqual({ valid: false, reason: "malformed-headers" });
  });

  test("is not valid by a signature that is only like the right one", () => {
    for (const wrong of [
      "",
      signature.slice(3),
      signature.slice(0, -1),
      `${signature}=`,
      signature.replace("v1", "v2"),
      `v1a,${signature}`,
    ]) {
      expect(verifyWebhook(soundRequest({ headers: headersOf("a-1", timestamp, wrong) }))).toMatchObject({
        valid: false,
      });
    }
    const among = headersOf("a-1", timestamp, `v1a,x ${signature} v1,y`);
    expect(verifyWebhook(soundRequest({ headers: among }))).toMatchObject({ valid: true });
  });

  test.each<[object, string]>([
    [{ secrets: "x" }, "request.secrets"],
    [{ body: { parsed: true } }, "request.body"],
    [{ headers: null }, "request.headers"],
    [{ toleranceMs: -1 }, "request.toleranceMs"],
    [{ now: new Date() }, "request.now"],
    [{ tolerance: 1 }, "request"],
  ])("is not judged with %j", (given, field) => {
    const request = { ...soundRequest(), ...given };
    expect(refusalOf(() => Reflect.apply(verifyWebhook, undefined, [request]))).toMatchObject({
      code: "invalid-input",
      field,
    });
  });

  test("is valid exactly as it was signed", () => {
    const id = fc.stringMatching(/^[a-z0-9-]{1,40}$/u);
    const body = fc.string({ unit: "binary" });
    const seconds = fc.integer({ min: 0, max: 4_000_000_000 });
    fc.assert(
      fc.property(id, seconds, body, id, seconds, body, (id, seconds, body, otherId, otherSeconds, otherBody) => {
        const given = { body, secrets: current, toleranceMs: 0, now: seconds * 1_000 };
        const signature = signed(current, id, String(seconds), body);
        const judge = (request: Partial<ReceivedWebhook>, at = [id, String(seconds)]) =>
          verifyWebhook({ ...given, headers: headersOf(at[0] ?? "", at[1] ?? "", signature), ...request }).valid;
        expect(judge({})).toBe(true);
        expect(judge({ secrets: old })).toBe(false);
        expect(judge({ body: otherBody })).toBe(Buffer.from(otherBody).equals(Buffer.from(body)));
        expect(judge({}, [otherId, String(seconds)])).toBe(otherId === id);
        expect(judge({ now: otherSeconds * 1_000 }, [id, String(otherSeconds)])).toBe(otherSeconds === seconds);
        expect(judge({ body: `${String(seconds)}.${body}` }, [id, String(seconds)])).toBe(false);
      }),
      { numRuns: rounds({ quick: 40, full: 400 }) },
    );
  });
});
