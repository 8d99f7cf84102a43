import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { event, open, origin, receive, sendRaw, serve } from "./servers.ts";

const bytesOf = (content: string) => new TextEncoder().encode(content);

describe("the body of an answer", () => {
  it("is sent as it comes", async () => {
    const next = event();
    const port = await serve(() => {
      const parts = (async function* () {
        yield bytesOf("data: 1\n\n");
        await next.happened;
        yield bytesOf("data: 2\n\n");
      })();
      return new Response(ReadableStream.from(parts), { headers: { "content-type": "text/event-stream" } });
    });
    const socket = open(port);
    socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    const start = await receive(socket, "data: 1");
    expect(start).not.toContain("data: 2");
    next.happen();
    await receive(socket, "data: 2");
  });

  it("lets its head go before its first part is there", async () => {
    const first = event();
    const port = await serve(() => {
      const body = new ReadableStream({
        async start(controller) {
          await first.happened;
          controller.enqueue(bytesOf("at last"));
          controller.close();
        },
      });
      return new Response(body);
    });
    const answer = await fetch(origin(port));
    first.happen();
    expect(await answer.text()).toBe("at last");
  });

  it("of 30 MB arrives whole", async () => {
    const part = new Uint8Array(100_000).fill(7);
    const port = await serve(() => new Response(ReadableStream.from(Array.from({ length: 300 }, () => part))));
    const received = new Uint8Array(await (await fetch(origin(port))).arrayBuffer());
    expect(received.length).toBe(30_000_000);
    expect(received.every((byte) => byte === 7)).toBe(true);
  });

  it("is read only as fast as the client takes it, and cancelled when the client goes away", async () => {
    let parts = 0;
    const cancelled = event<unknown>();
    const signals: AbortSignal[] = [];
    const port = await serve((request) => {
      signals.push(request.signal);
      const body = new ReadableStream({
        pull(controller) {
          parts++;
          controller.enqueue(new Uint8Array(1_000_000));
        },
        cancel: cancelled.happen,
      });
      return new Response(body);
    });
    const socket = open(port);
    socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    await receive(socket, "\r\n\r\n");
    socket.pause();
    let before = -1;
    while (parts > before) {
      before = parts;
      for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(parts).toBeLessThan(50);
    socket.destroy();
    expect(await cancelled.happened).toBe(signals[0]?.reason);
  });

  it("is cancelled when the client goes away while nothing of it is there", async () => {
    const cancelled = event<unknown>();
    const port = await serve(() => new Response(new ReadableStream({ cancel: cancelled.happen })));
    const socket = open(port);
    socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    await receive(socket, "\r\n\r\n");
    socket.destroy();
    expect(await cancelled.happened).toMatchObject({ name: "AbortError" });
  });

  it("is cancelled when the client has gone away before the handler answers", async () => {
    const [asked, gone, cancelled] = [event(), event(), event<unknown>()];
    const port = await serve(async (request) => {
      request.signal.addEventListener("abort", () => gone.happen());
      asked.happen();
      await gone.happened;
      return new Response(new ReadableStream({ cancel: cancelled.happen }));
    });
    const socket = open(port);
    socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    await asked.happened;
    socket.destroy();
    expect(await cancelled.happened).toMatchObject({ name: "AbortError" });
  });

  it("is not sent for HEAD, and is cancelled", async () => {
    const cancelled = event<unknown>();
    const port = await serve(() => {
      const body = new ReadableStream({ cancel: cancelled.happen });
      return new Response(body, { headers: { "content-length": "100" } });
    });
    expect(await sendRaw(port, ["HEAD / HTTP/1.1", "Host: a"])).toMatch(
      /^HTTP\/1\.1 200 OK\r\n(?=[^]*content-length: 100\r\n)[^]*\r\n\r\n$/u,
    );
    await cancelled.happened;
  });

  it.each([204, 304])("is absent with status %i, and so is its length", async (status) => {
    const port = await serve(() => new Response(null, { status }));
    const answer = await sendRaw(port, ["GET / HTTP/1.1", "Host: a"]);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${String(status)} [^]*\\r\\n\\r\\n$`, "u"));
    expect(answer).not.toMatch(/content-length|transfer-encoding/iu);
  });

  it("has the length 0 where there is none", async () => {
    const port = await serve(() => new Response(null));
    expect(await sendRaw(port, ["GET / HTTP/1.1", "Host: a"])).toMatch(/content-length: 0\r\n[^]*\r\n\r\n$/iu);
  });

  it("closes the connection when it fails midway, so that the client sees that it is not complete", async () => {
    const failure = new Error("The disk is gone.");
    const reported: unknown[] = [];
    const fail = event();
    const port = await serve(
      () => {
        const parts = (async function* () {
          yield bytesOf("one");
          await fail.happened;
          throw failure;
        })();
        return new Response(ReadableStream.from(parts));
      },
      { onError: (error) => reported.push(error) },
    );
    const answer = await fetch(origin(port));
    expect(answer.status).toBe(200);
    fail.happen();
    await expect(answer.text()).rejects.toThrow("terminated");
    expect(reported).toEqual([failure]);
  });

  it("closes the connection when it is shorter or longer than its Content-Length", async () => {
    for (const length of ["2", "4"]) {
      const reported: unknown[] = [];
      const port = await serve(() => new Response("abc", { headers: { "content-length": length } }), {
        onError: (error) => reported.push(error),
      });
      const socket = open(port);
      socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      expect(await text(socket)).not.toContain("\r\n\r\nabc\r\n");
      expect(reported).toMatchObject([{ code: "ERR_HTTP_CONTENT_LENGTH_MISMATCH" }]);
    }
  });
});
