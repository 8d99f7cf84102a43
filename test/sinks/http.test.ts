import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer as createRawServer, type Server } from "node:net";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, describe, expect, test } from "vitest";
import { DeliveryError, PermanentDeliveryError } from "../../src/core/delivery-error.ts";
import { createWebhookSecret, slackSink, webhookSink, type WebhookSinkOptions } from "../../src/sinks/index.ts";
import { createVirtualClock } from "../../src/testing/index.ts";
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

/** A server that is told of its connections, and does with them what a test wants. */
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

const sinkTo = (port: number, given: Partial<WebhookSinkOptions> = {}) =>
  webhookSink({
    url: `https://127.0.0.1:${String(port)}/hooks?token=hidden`,
    secrets: SECRET,
    ca: CA,
    allowAddresses: LOOPBACK,
    ...given,
  });

const post = (port: number, given: Partial<WebhookSinkOptions> = {}, attempt = attemptOf()) =>
  sinkTo(port, given)(issueAlertOf(), attempt);

/** How a post fails, and that it fails as sinks do, without telling what is secret. */
async function failing(
  port: number,
  given: Partial<WebhookSinkOptions> = {},
  attempt = attemptOf(),
): Promise<DeliveryError> {
  const error = await failureOf(post(port, given, attempt));
  if (!(error instanceof DeliveryError)) throw error;
  expect(error.message).not.toMatch(/hidden|whsec/u);
  return error;
}

describe("a post", () => {
  test.each([200, 201, 202, 204])("that is answered %i is delivered, and its connection closed", async (status) => {
    const server = await serve(status);
    await post(server.port);
    await server.closed();
    expect(server.requests).toMatchObject([{ method: "POST", path: "/hooks?token=hidden" }]);
  });

  test.each([301, 302, 303, 307, 308, 300, 304])(
    "that is answered %i has failed for good: nothing follows it",
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

  test.each([400, 410, 413, 415, 422])("that is answered %i has failed for good", async (status) => {
    const server = await serve(status);
    expect(PermanentDeliveryError.is(await failing(server.port))).toBe(true);
  });

  test.each([401, 403, 404, 405, 408, 409, 425, 429, 500, 501, 502, 503, 504, 599])(
    "that is answered %i may succeed later",
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
  ])("that is answered %i with Retry-After %j is tried again after %s ms", async (status, retryAfter, expected) => {
    const server = await serve((response) => response.writeHead(status, { "retry-after": retryAfter }).end());
    expect((await failing(server.port, { clock: createVirtualClock(NOW) })).retryAfterMs).toBe(expected);
  });

  test("to a server that takes its time is given up after the time-out, with the connection", async () => {
    const clock = createVirtualClock(NOW);
    const server = await serve(() => {
      clock.advanceBy(10_000);
    });
    const error = await failing(server.port, { clock });
    expect(error.message).toBe(`127.0.0.1:${String(server.port)} took longer than 10000 ms.`);
    await server.closed();
  });

  test("to a server that accepts a connection and says nothing is given up after the time-out", async () => {
    const clock = createVirtualClock(NOW);
    const silent = createRawServer(() => {
      clock.advanceBy(200);
    });
    expect((await failing(await serveRaw(silent), { clock, timeoutMs: 200 })).message).toContain(
      "took longer than 200 ms.",
    );
  });

  test("to a host whose name takes its time is given up after the time-out", async () => {
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

  test("is not made any more when the name was found after the time-out", async () => {
    const clock = createVirtualClock(NOW);
    const server = await serve(200);
    const found = Promise.withResolvers<string[]>();
    const url = `https://hooks.example:${String(server.port)}/`;
    const failure = failing(server.port, { url, clock, lookup: () => found.promise });
    clock.advanceBy(10_000);
    await failure;
    found.resolve(["127.0.0.1"]);
    await post(server.port);
    expect(server.connections()).toBe(1);
  });

  test("is given up when the attempt's time is over, with the connection", async () => {
    const over = new AbortController();
    const server = await serve(() => {
      over.abort();
    });
    const error = await failing(server.port, {}, attemptOf({ signal: over.signal }));
    expect(error.message).toContain("did not end before the attempt's time was over.");
    await server.closed();
  });

  test("is not made when the attempt's time is over already", async () => {
    const server = await serve(200);
    await failing(server.port, {}, attemptOf({ signal: AbortSignal.abort() }));
    expect(server.connections()).toBe(0);
  });

  test("does not wait for a body that drips, and reads nothing of one without end", async () => {
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

  test("may succeed later when the connection is reset, refused, or breaks", async () => {
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

  test("may succeed later when the server speaks no HTTP, or with headers without end", async () => {
    const speaking = (text: string) => createRawServer((socket) => void socket.once("data", () => socket.write(text)));
    for (const text of ["SSH-2.0-OpenSSH_9.0\r\n", `HTTP/1.1 200 OK\r\nx: ${"x".repeat(65_536)}`]) {
      const port = await serveRaw(speaking(text));
      const url = `http://127.0.0.1:${String(port)}/`;
      expect((await failing(port, { url, allowHttp: true })).message).toContain("could not be reached: HPE_");
    }
  });

  test("is made only to a server whose certificate is trusted, and is for its name", async () => {
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

  test("by HTTP is made where that is allowed", async () => {
    const server = await serve(200, startHttp);
    await post(server.port, { url: `http://127.0.0.1:${String(server.port)}/`, allowHttp: true });
    expect(server.requests).toHaveLength(1);
  });

  test("lets the process end, though the server keeps its side open", async () => {
    const server = await serve((response) => void response.writeHead(200, { connection: "keep-alive" }).write("{"));
    const program = fileURLToPath(new URL("post-and-end.ts", import.meta.url));
    await promisify(execFile)(process.execPath, [program, String(server.port)], { timeout: 30_000 });
    expect(server.requests).toHaveLength(1);
  });
});

describe("the network of the host", () => {
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
  ])("is not reached by an address in a URL: %s", (url) => {
    for (const make of [() => webhookSink({ url, secrets: SECRET }), () => slackSink({ url })]) {
      expect(refusalOf(make)).toMatchObject({ code: "invalid-input", field: "options.url" });
    }
  });

  test.each([
    ["a loopback address", ["127.0.0.1"]],
    ["a private address among public ones", ["93.184.215.14", "10.0.0.1"]],
    ["a public address behind a private one", ["::1", "2606:4700::1111"]],
    ["an address with a zone", ["fe80::1%eth0"]],
    ["another name", ["localhost"]],
    ["nothing", []],
  ])("is not reached by a name that stands for %s", async (_what, addresses) => {
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

  test("is not reached by the names that the system knows", async () => {
    const server = await serve(200);
    const sink = webhookSink({ url: `https://localhost:${String(server.port)}/`, secrets: SECRET, ca: CA });
    expect(await failureOf(sink(issueAlertOf(), attemptOf()))).toMatchObject({
      message: "localhost has an address that is not public, and not allowed.",
    });
    expect(server.connections()).toBe(0);
  });

  test("is not reached by a name that stands for another address once it was checked", async () => {
    const checked = await serve(200);
    let asked = 0;
    const lookup = async () => [asked++ === 0 ? "127.0.0.1" : "127.0.0.2"];
    const sink = sinkTo(0, {
      url: `https://hooks.example:${String(checked.port)}/`,
      lookup,
      allowAddresses: ["127.0.0.1"],
    });
    await sink(issueAlertOf(), attemptOf());
    expect([asked, checked.requests.length]).toEqual([1, 1]);
    expect(await failureOf(sink(issueAlertOf(), attemptOf()))).toMatchObject({
      message: "hooks.example has an address that is not public, and not allowed.",
    });
    expect([asked, checked.requests.length]).toEqual([2, 1]);
  });

  test("is reached where that is allowed, by all addresses of a name one after the other", async () => {
    const server = await serve(200);
    const url = `https://localhost:${String(server.port)}/`;
    await post(server.port, { url, allowAddresses: ["127.0.0.1", "::1"], lookup: async () => ["::1", "127.0.0.1"] });
    expect(server.requests).toHaveLength(1);
  });

  test("stays unknown when a name has no address", async () => {
    const lookup = () => Promise.reject(Object.assign(new Error("getaddrinfo"), { code: "ENOTFOUND" }));
    const error = await failing(1, { url: "https://hooks.example/", lookup });
    expect(error.message).toBe("hooks.example could not be reached: ENOTFOUND.");
  });
});

describe("the options of a post", () => {
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
    [{ url, timeout: 7 }, "options"],
    [null, "options"],
  ])("are refused before anything is sent: %j", (options, field) => {
    const error = refusalOf(() => Reflect.apply(slackSink, undefined, [options]));
    expect(error).toMatchObject({ code: "invalid-input", field });
    expect(String(error)).not.toContain("hidden");
  });
});
