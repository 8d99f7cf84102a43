import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer as createRawServer, type Server } from "node:net";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, describe, expect, test } from "vitest";
import { DeliveryError, PermanentDeliveryError } from "../../src/alerts/delivery-error.ts";
import type { AlertSink } from "../../src/ports/alert-sink.ts";
import { createWebhookSecret, slackSink, webhookSink, type WebhookSinkOptions } from "../../src/sinks/index.ts";
import { createVirtualClock } from "../../src/testing/virtual-clock.ts";
import { attemptOf, failureOf, issueAlertOf, refusalOf } from "./samples.ts";
import { CA, listen, startHttp, startHttps, type Answer, type TestServer } from "./servers.ts";

const SECRET = createWebhookSecret();
const LOOPBACK = ["127.0.0.0/8"];
const NOW = Date.UTC(2026, 10, 25, 9);

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function serve(answer: Answer | number, start = startHttps): Promise<TestServer> {
  const server = await start(typeof answer === "number" ? (response) => response.writeHead(answer).end() : answer);
  closing.push(() => server.close());
  return server;
}

/** Starts a server that handles its own connections. */
async function serveRaw(server: Server): Promise<number> {
  const sockets = new Set<{ destroy(): void }>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
  });
  closing.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, "close");
  });
  return listen(server);
}

const sinkTo = (port: number, options: Partial<WebhookSinkOptions> = {}) =>
  webhookSink({
    url: `https://127.0.0.1:${String(port)}/hooks?token=hidden`,
    secrets: SECRET,
    ca: CA,
    allowAddresses: LOOPBACK,
    ...options,
  });

const post = (port: number, options: Partial<WebhookSinkOptions> = {}, attempt = attemptOf()) =>
  sinkTo(port, options)(issueAlertOf(), attempt);

/** The error of a post: a DeliveryError that shows no secret. */
async function failing(
  port: number,
  options: Partial<WebhookSinkOptions> = {},
  attempt = attemptOf(),
): Promise<DeliveryError> {
  const error = await failureOf(post(port, options, attempt));
  if (!(error instanceof DeliveryError)) throw error;
  expect(error.message).not.toMatch(/hidden|whsec/u);
  return error;
}

describe("a post", () => {
  test.each([200, 201, 202, 204])("with the response %i is delivered, and its connection is closed", async (status) => {
    const server = await serve(status);
    await post(server.port);
    await server.closed();
    expect(server.requests).toMatchObject([{ method: "POST", path: "/hooks?token=hidden" }]);
  });

  test.each([301, 302, 303, 307, 308, 300, 304])(
    "with the response %i has failed permanently, and the redirect is not followed",
    async (status) => {
      const other = await serve(200);
      const server = await serve((response) =>
        response.writeHead(status, { location: `https://127.0.0.1:${String(other.port)}/` }).end(),
      );
      const error = await failing(server.port);
      expect(PermanentDeliveryError.is(error)).toBe(true);
      expect(error.message).toBe(
        `127.0.0.1:${String(server.port)} answered ${String(status)}: redirects are not followed.`,
      );
      await server.closed();
      expect(other.connections()).toBe(0);
    },
  );

  test.each([400, 410, 413, 415, 422])("with the response %i has failed permanently", async (status) => {
    const server = await serve(status);
    expect(PermanentDeliveryError.is(await failing(server.port))).toBe(true);
  });

  test.each([401, 403, 404, 405, 408, 409, 425, 429, 500, 501, 502, 503, 504, 599])(
    "with the response %i is tried again",
    async (status) => {
      const server = await serve(status);
      const error = await failing(server.port);
      expect([PermanentDeliveryError.is(error), error.retryAfterMs]).toEqual([false, undefined]);
      expect(error.message).toBe(`127.0.0.1:${String(server.port)} answered ${String(status)}.`);
    },
  );

  test.each<[number, string, number | undefined]>([
    [429, "7", 7_000],
    [503, "0", 0],
    [503, "999999999999999", 86_400_000],
    [429, "Wed, 25 Nov 2026 09:01:30 GMT", 90_000],
    [429, "Wed, 25 Nov 2026 08:00:00 GMT", 0],
    [429, "Wed, 25 Nov 2099 08:00:00 GMT", 86_400_000],
    [429, "Wed, 99 Nov 2026 09:01:30 GMT", undefined],
    [429, "2026-11-25", undefined],
    [429, "-1", undefined],
    [429, "1.5", undefined],
    [429, "", undefined],
    [500, "7", undefined],
  ])("with the response %i and Retry-After %j is tried again after %s ms", async (status, retryAfter, expected) => {
    const server = await serve((response) => response.writeHead(status, { "retry-after": retryAfter }).end());
    expect((await failing(server.port, { clock: createVirtualClock(NOW) })).retryAfterMs).toBe(expected);
  });

  test("to a slow server fails after the time limit, and its connection is closed", async () => {
    const clock = createVirtualClock(NOW);
    const server = await serve(() => {
      clock.advanceBy(10_000);
    });
    const error = await failing(server.port, { clock });
    expect(error.message).toBe(`127.0.0.1:${String(server.port)} took longer than 10000 ms.`);
    await server.closed();
  });

  test("to a server that accepts the connection but sends nothing fails after the time limit", async () => {
    const clock = createVirtualClock(NOW);
    const silent = createRawServer(() => {
      clock.advanceBy(200);
    });
    expect((await failing(await serveRaw(silent), { clock, timeoutMs: 200 })).message).toContain(
      "took longer than 200 ms.",
    );
  });

  test("fails after the time limit while its host is looked up", async () => {
    const clock = createVirtualClock(NOW);
    const lookup = () => {
      queueMicrotask(() => {
        clock.advanceBy(10_000);
      });
      return new Promise<string[]>(() => undefined);
    };
    const error = await failing(1, { url: "https://hooks.example/", clock, lookup });
    expect(error.message).toBe("hooks.example took longer than 10000 ms.");
  });

  test("is not sent when its host is found after the time limit", async () => {
    const clock = createVirtualClock(NOW);
    const server = await serve(200);
    const lookup = Promise.withResolvers<string[]>();
    const url = `https://hooks.example:${String(server.port)}/`;
    const failure = failing(server.port, { url, clock, lookup: () => lookup.promise });
    clock.advanceBy(10_000);
    await failure;
    lookup.resolve(["127.0.0.1"]);
    await post(server.port);
    expect(server.connections()).toBe(1);
  });

  test("fails when the attempt ends, and its connection is closed", async () => {
    const controller = new AbortController();
    const server = await serve(() => {
      controller.abort();
    });
    const error = await failing(server.port, {}, attemptOf({ signal: controller.signal }));
    expect(error.message).toContain("did not finish before the delivery attempt ended.");
    await server.closed();
  });

  test("is not sent when the attempt has ended already", async () => {
    const server = await serve(200);
    await failing(server.port, {}, attemptOf({ signal: AbortSignal.abort() }));
    expect(server.connections()).toBe(0);
  });

  test("does not wait for a slow response body, and does not read an endless one", async () => {
    const dripping = await serve((response) => {
      response.writeHead(200).write("a");
    });
    await post(dripping.port);
    await dripping.closed();
    const endless = await serve((response) => {
      response.writeHead(500, { "content-length": 1e12 });
      const more = (): void => {
        while (response.write("x".repeat(65_536)));
      };
      response.on("drain", more);
      more();
    });
    expect((await failing(endless.port)).message).toContain("answered 500.");
    await endless.closed();
  });

  test("is tried again after a connection that is reset, refused or closed", async () => {
    const resetting = createRawServer((socket) => socket.once("data", () => socket.resetAndDestroy()));
    const port = await serveRaw(resetting);
    expect((await failing(port)).message).toBe(`127.0.0.1:${String(port)} could not be reached: ECONNRESET.`);
    const broken = await serve((response) => response.socket?.destroy());
    expect(PermanentDeliveryError.is(await failing(broken.port))).toBe(false);
    const gone = await serve(200);
    await gone.close();
    closing.pop();
    expect((await failing(gone.port)).message).toContain("could not be reached: ECONNREFUSED.");
  });

  test("is tried again after a response that is not HTTP or has endless headers", async () => {
    const sending = (text: string) => createRawServer((socket) => void socket.once("data", () => socket.write(text)));
    for (const text of ["SSH-2.0-OpenSSH_9.0\r\n", `HTTP/1.1 200 OK\r\nx: ${"x".repeat(65_536)}`]) {
      const port = await serveRaw(sending(text));
      const url = `http://127.0.0.1:${String(port)}/`;
      expect((await failing(port, { url, allowHttp: true })).message).toContain("could not be reached: HPE_");
    }
  });

  test("is sent only to a server whose certificate is trusted and has the host's name", async () => {
    const server = await serve(200);
    const port = String(server.port);
    const untrusted = webhookSink({ url: `https://127.0.0.1:${port}/`, secrets: SECRET, allowAddresses: LOOPBACK });
    expect(await failureOf(untrusted(issueAlertOf(), attemptOf()))).toMatchObject({
      message: `127.0.0.1:${port} could not be reached: DEPTH_ZERO_SELF_SIGNED_CERT.`,
    });
    const lookup = async () => ["127.0.0.1"];
    const misnamed = await failing(server.port, { url: `https://other.example:${port}/`, lookup });
    expect(misnamed.message).toContain("ERR_TLS_CERT_ALTNAME_INVALID");
    expect(server.requests).toEqual([]);
    await post(server.port, { url: `https://hooks.example:${port}/`, lookup });
    expect(server.requests).toMatchObject([{ headers: { host: `hooks.example:${port}`, connection: "close" } }]);
  });

  test("is sent over HTTP if allowHttp is true", async () => {
    const server = await serve(200, startHttp);
    await post(server.port, { url: `http://127.0.0.1:${String(server.port)}/`, allowHttp: true });
    expect(server.requests).toHaveLength(1);
  });

  test("does not keep the process running, though the server keeps its side of the connection open", async () => {
    const server = await serve((response) => void response.writeHead(200, { connection: "keep-alive" }).write("{"));
    const program = fileURLToPath(new URL("post-and-end.ts", import.meta.url));
    await promisify(execFile)(process.execPath, [program, String(server.port)], { timeout: 30_000 });
    expect(server.requests).toHaveLength(1);
  });
});

describe("the internal network", () => {
  test.each([
    "https://127.0.0.1/",
    "https://127.1/",
    "https://2130706433/",
    "https://0x7f.0.0.1/",
    "https://0177.0.0.1/",
    "https://127.0.0.1./",
    "https://①②⑦.0.0.1/",
    "https://0/",
    "https://10.0.0.1:8443/",
    "https://169.254.169.254/latest/meta-data",
    "https://[::1]/",
    "https://[::]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::127.0.0.1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[fd00:ec2::254]/",
    "https://[fe80::1]/",
  ])("is not reached through an address in a URL: %s", (url) => {
    for (const make of [() => webhookSink({ url, secrets: SECRET }), () => slackSink({ url })]) {
      expect(refusalOf(make)).toMatchObject({ code: "invalid-input", field: "options.url" });
    }
  });

  test.each([
    ["a loopback address", ["127.0.0.1"]],
    ["a private address among public ones", ["93.184.215.14", "10.0.0.1"]],
    ["a public address after a private one", ["::1", "2606:4700::1111"]],
    ["an address with a zone", ["fe80::1%eth0"]],
    ["another name", ["localhost"]],
    ["no address", []],
  ])("is not reached through a name that resolves to %s", async (_what, addresses) => {
    const server = await serve(200);
    const url = `https://hooks.example:${String(server.port)}/`;
    const sink = webhookSink({ url, secrets: SECRET, ca: CA, lookup: async () => addresses });
    const error = await failureOf(sink(issueAlertOf(), attemptOf()));
    expect([error instanceof DeliveryError, PermanentDeliveryError.is(error)]).toEqual([true, false]);
    expect(String(error)).toContain(
      addresses.length === 0 ? "hooks.example has no address." : "hooks.example has an address that is not public",
    );
    for (const address of addresses) expect(String(error)).not.toContain(address);
    expect(server.connections()).toBe(0);
  });

  test("is not reached through names that the system resolves", async () => {
    const server = await serve(200);
    const sink = webhookSink({ url: `https://localhost:${String(server.port)}/`, secrets: SECRET, ca: CA });
    expect(await failureOf(sink(issueAlertOf(), attemptOf()))).toMatchObject({
      message:
        'localhost has an address that is not public. To allow it, list it in the sink\'s options, such as allowAddresses: ["127.0.0.1", "::1"].',
    });
    expect(server.connections()).toBe(0);
  });

  test("is not reached through a name that resolves to another address after the check", async () => {
    const checked = await serve(200);
    let lookups = 0;
    const lookup = async () => [lookups++ === 0 ? "127.0.0.1" : "127.0.0.2"];
    const sink = sinkTo(0, {
      url: `https://hooks.example:${String(checked.port)}/`,
      lookup,
      allowAddresses: ["127.0.0.1"],
    });
    await sink(issueAlertOf(), attemptOf());
    expect([lookups, checked.requests.length]).toEqual([1, 1]);
    expect(await failureOf(sink(issueAlertOf(), attemptOf()))).toMatchObject({
      message:
        'hooks.example has an address that is not public. To allow it, list it in the sink\'s options, such as allowAddresses: ["10.0.0.7"].',
    });
    expect([lookups, checked.requests.length]).toEqual([2, 1]);
  });

  test("is reached if its addresses are allowed, which are tried in their order", async () => {
    const server = await serve(200);
    const url = `https://localhost:${String(server.port)}/`;
    await post(server.port, { url, allowAddresses: ["127.0.0.1", "::1"], lookup: async () => ["::1", "127.0.0.1"] });
    expect(server.requests).toHaveLength(1);
  });

  test("is not revealed by a name that cannot be resolved", async () => {
    const lookup = () => Promise.reject(Object.assign(new Error("getaddrinfo"), { code: "ENOTFOUND" }));
    const error = await failing(1, { url: "https://hooks.example/", lookup });
    expect(error.message).toBe("hooks.example could not be reached: ENOTFOUND.");
  });
});

describe("the options of a sink that posts", () => {
  const url = "https://example.com/";
  test.each<[unknown, string]>([
    [{}, "options.url"],
    [{ url: "example.com" }, "options.url"],
    [{ url: "http://example.com/" }, "options.url"],
    [{ url: "ftp://example.com/" }, "options.url"],
    [{ url: "https://ann:hidden@example.com/" }, "options.url"],
    [{ url: "https://ann@example.com/" }, "options.url"],
    [{ url: "https://[fe80::1%25eth0]/" }, "options.url"],
    [{ url: `${url}${"x".repeat(2_048)}` }, "options.url"],
    [{ url, timeoutMs: 0 }, "options.timeoutMs"],
    [{ url, timeoutMs: 1.5 }, "options.timeoutMs"],
    [{ url, ca: "hidden" }, "options.ca"],
    [{ url, ca: "-----BEGIN CERTIFICATE-----\nhidden\n-----END CERTIFICATE-----" }, "options.ca"],
    [{ url, allowHttp: "yes" }, "options.allowHttp"],
    [{ url, allowAddresses: "10.0.0.1" }, "options.allowAddresses"],
    [{ url, allowAddresses: ["10.0.0.0/40"] }, "options.allowAddresses[0]"],
    [{ url, lookup: 7 }, "options.lookup"],
    [{ url, clock: {} }, "options.clock"],
    [{ url, allowHttp: null }, "options.allowHttp"],
    [{ url, allowAddresses: ["10.0.0.1", undefined] }, "options.allowAddresses[1]"],
    [{ url, clock: { now: () => 0, setTimer: 7 } }, "options.clock"],
    [{ url, timeout: 7 }, "options"],
    [{ url, allowHTTP: true }, "options"],
    [{ URL: url }, "options"],
    [null, "options"],
    ["https://example.com/?hidden", "options"],
  ])("are checked when the sink is made: %j", (options, field) => {
    const error = refusalOf(() => Reflect.apply(slackSink, undefined, [options]));
    expect(error).toMatchObject({ code: "invalid-input", field });
    expect(String(error)).not.toContain("hidden");
  });

  test.each([
    [
      "http://example.com/?token=hidden",
      'got "http://example.com"; allowed is an "https:" URL; with allowHttp: true also an "http:" one.',
    ],
    [
      "https://127.0.0.1/?token=hidden",
      'got "https://127.0.0.1"; allowed is a public address; with allowAddresses: ["127.0.0.1"] also this one.',
    ],
    ["https://[::1]/", 'got "https://[::1]"; allowed is a public address; with allowAddresses: ["::1"] also this one.'],
    [
      "example.com/hidden",
      'got another value (not shown, as it may be secret); allowed is an "https:" URL, such as "https://example.com/hooks".',
    ],
  ])("say how to allow a URL: %s", (url, message) => {
    expect(refusalOf(() => slackSink({ url }))).toMatchObject({ message: `options.url: ${message}` });
  });

  test("are refused if they cannot be read", () => {
    const { proxy, revoke } = Proxy.revocable({ url }, {});
    revoke();
    const throwing = {
      get url(): string {
        throw new Error("no URL");
      },
    };
    for (const options of [
      proxy,
      throwing,
      { url, lookup: proxy },
      { url, clock: proxy },
      { url, allowAddresses: proxy },
      { url: 7n },
    ]) {
      for (const make of [slackSink, webhookSink]) {
        expect(refusalOf(() => Reflect.apply(make, undefined, [options]))).toMatchObject({ code: "invalid-input" });
      }
    }
  });

  test("must have a lookup that returns addresses", async () => {
    for (const addresses of [undefined, "8.8.8.8", [7], [["8.8.8.8"]]]) {
      const lookup: unknown = async () => addresses;
      const sink: AlertSink = Reflect.apply(slackSink, undefined, [{ url, lookup }]);
      expect(await failureOf(sink(issueAlertOf(), attemptOf()))).toMatchObject({ code: "invalid-input" });
    }
  });
});
