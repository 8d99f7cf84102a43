import { once } from "node:events";
import {
  connect,
  createSecureServer,
  createServer,
  type ClientHttp2Session,
  type OutgoingHttpHeaders,
} from "node:http2";
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { toNodeHandler, type NodeHandlerOptions, type WebHandler } from "../../src/node/index.ts";
import { CA, listen } from "../sinks/servers.ts";
import { event } from "./servers.ts";

async function open(handler: WebHandler, options?: NodeHandlerOptions): Promise<ClientHttp2Session> {
  const server = createServer(toNodeHandler(handler, options));
  const session = connect(`http://127.0.0.1:${String(await listen(server))}`);
  onTestFinished(() => {
    session.destroy();
    server.close();
  });
  return session;
}

async function ask(session: ClientHttp2Session, headers: OutgoingHttpHeaders, body?: string) {
  const stream = session.request(headers, { endStream: body === undefined });
  if (body !== undefined) stream.end(body);
  const [head]: OutgoingHttpHeaders[] = await once(stream, "response");
  return { head, body: await text(stream) };
}

describe("over HTTP/2", () => {
  it("the URL is made of the authority, and pseudo headers are no headers", async () => {
    const session = await open((request) => Response.json([request.url, ...request.headers.keys()]));
    const { body } = await ask(session, { ":authority": "shop.example", ":path": "/a?b", "x-a": "1" });
    expect(JSON.parse(body)).toEqual(["http://shop.example/a?b", "x-a"]);
  });

  it("bodies go both ways, and headers about the connection are left out", async () => {
    const session = await open(async (request) => {
      const headers = new Headers({ connection: "close", "keep-alive": "timeout=1" });
      headers.append("set-cookie", "a=1");
      headers.append("set-cookie", "b=2");
      return new Response(`${await request.text()}!`, { status: 201, statusText: "Made", headers });
    });
    const { head, body } = await ask(session, { ":method": "POST" }, "hello");
    expect(head).toMatchObject({ ":status": 201, "content-length": "6", "set-cookie": ["a=1", "b=2"] });
    expect(head).not.toHaveProperty("connection");
    expect(body).toBe("hello!");
  });

  it("a body is sent as it comes, after its head", async () => {
    const first = event();
    const session = await open(() => {
      const parts = (async function* () {
        await first.happened;
        yield Buffer.from("one ");
        yield Buffer.from("two");
      })();
      return new Response(ReadableStream.from(parts));
    });
    const stream = session.request({});
    await once(stream, "response");
    first.happen();
    expect(await text(stream)).toBe("one two");
  });

  describe.each<[string, WebHandler]>([
    ["at once", () => new Response("too large", { status: 413 })],
    [
      "after its first part",
      async (request) => {
        const reader = request.body?.getReader();
        await reader?.read();
        await reader?.cancel();
        return new Response("too large", { status: 413 });
      },
    ],
  ])("an upload that is refused %s", (_name, handler) => {
    it("is thrown away, and the client that sends it all reads the answer", async () => {
      const session = await open(handler);
      const sent = await ask(session, { ":method": "POST" }, "a".repeat(10_000_000));
      expect(sent).toMatchObject({ head: { ":status": 413 }, body: "too large" });
    });

    it("is cut off after 5 s, and the connection stays", async () => {
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
      onTestFinished(() => void vi.useRealTimers());
      const session = await open(handler);
      const stream = session.request({ ":method": "POST" });
      stream.write("1");
      expect(await text(stream)).toBe("too large");
      expect(stream.closed).toBe(false);
      vi.advanceTimersByTime(5_000);
      await once(stream, "close");
      expect((await ask(session, {})).body).toBe("too large");
    });
  });

  it("a body that fails midway ends its stream with an error", async () => {
    const reported: unknown[] = [];
    const fail = event();
    const failure = new Error("The disk is gone.");
    const session = await open(
      () => {
        const parts = (async function* () {
          yield Buffer.from("one");
          await fail.happened;
          throw failure;
        })();
        return new Response(ReadableStream.from(parts));
      },
      { onError: (error) => reported.push(error) },
    );
    const stream = session.request({});
    await once(stream, "response");
    fail.happen();
    await expect(text(stream)).rejects.toThrow("NGHTTP2_INTERNAL_ERROR");
    expect(reported).toEqual([failure]);
  });

  it("the signal aborts when the client cancels its stream", async () => {
    const [asked, over] = [event(), event()];
    const session = await open(async (request) => {
      request.signal.addEventListener("abort", () => over.happen());
      asked.happen();
      await over.happened;
      return new Response("nobody reads this");
    });
    const stream = session.request({});
    stream.on("error", () => undefined);
    await asked.happened;
    stream.close(8);
    await over.happened;
  });

  it("the scheme is https with TLS", async () => {
    const key = readFileSync(new URL("../sinks/fixtures/key.pem", import.meta.url), "utf8");
    const server = createSecureServer(
      { cert: CA, key },
      toNodeHandler((request) => new Response(request.url)),
    );
    const session = connect(`https://127.0.0.1:${String(await listen(server))}`, { rejectUnauthorized: false });
    onTestFinished(() => {
      session.destroy();
      server.close();
    });
    expect((await ask(session, { ":authority": "shop.example" })).body).toBe("https://shop.example/");
  });
});
