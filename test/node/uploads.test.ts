import { once } from "node:events";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { WebHandler } from "../../src/node/index.ts";
import { event, open, origin, receive, serve } from "./servers.ts";

/** Refuses an upload without reading it, or after its first part. */
const refuseAtOnce: WebHandler = () => new Response("too large", { status: 413 });
const refuseLater: WebHandler = async (request) => {
  const reader = request.body?.getReader();
  await reader?.read();
  await reader?.cancel();
  return new Response("too large", { status: 413 });
};

afterEach(() => {
  vi.useRealTimers();
});

describe.each([
  ["at once", refuseAtOnce],
  ["after its first part", refuseLater],
])("an upload that is refused %s", (_name, handler) => {
  it("of 50 MB sent quickly is thrown away, and the client that reads nothing before it has sent all reads the answer", async () => {
    const socket = open(await serve(handler));
    socket.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 50000000\r\n\r\n");
    const part = Buffer.alloc(1_000_000);
    for (let sent = 0; sent < 50; sent++) if (!socket.write(part)) await once(socket, "drain");
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 413 (?=[^]*connection: close\r\n)[^]*\r\n\r\ntoo large$/iu);
  });

  it("that is sent slowly is answered at once, and cut off after 5 s", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const socket = open(await serve(handler));
    socket.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 50000000\r\n\r\n12345");
    const answer = await receive(socket, "too large");
    expect(answer).toMatch(/connection: close\r\n/iu);
    socket.write("678");
    vi.advanceTimersByTime(4_999);
    expect(socket.readableEnded).toBe(false);
    vi.advanceTimersByTime(1);
    socket.resume();
    await once(socket, "close");
  });

  it("without end is cut off after 64 MiB", async () => {
    const socket = open(await serve(handler));
    socket.write("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    const part = Buffer.concat([Buffer.from("f4240\r\n"), Buffer.alloc(1_000_000), Buffer.from("\r\n")]);
    let received = "";
    socket.on("data", (chunk: Buffer) => void (received += chunk.toString()));
    const closed = event();
    socket.on("close", () => closed.happen());
    let sent = 0;
    while (!socket.destroyed) {
      sent += part.length;
      if (!socket.write(part)) await Promise.race([once(socket, "drain").catch(() => undefined), closed.happened]);
    }
    expect(received).toMatch(/^HTTP\/1\.1 413 [^]*too large/u);
    expect(sent).toBeGreaterThan(64 * 1024 * 1024);
    expect(sent).toBeLessThan(150_000_000);
  });

  it("shows its answer to fetch", async () => {
    const port = await serve(handler);
    const answer = await fetch(origin(port), { method: "POST", body: new Uint8Array(50_000_000) });
    expect([answer.status, await answer.text()]).toEqual([413, "too large"]);
  });

  it("shows its answer to fetch, streamed in several parts", async () => {
    const port = await serve(async (request) => {
      await handler(request);
      return new Response(ReadableStream.from([Buffer.from("too "), Buffer.from("large")]), { status: 413 });
    });
    const answer = await fetch(origin(port), { method: "POST", body: new Uint8Array(50_000_000) });
    expect([answer.status, await answer.text()]).toEqual([413, "too large"]);
  });

  it("is over when the client goes away", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const over = event();
    const port = await serve((request) => {
      request.signal.addEventListener("abort", () => over.happen());
      return handler(request);
    });
    const socket = open(port);
    socket.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 50000000\r\n\r\n12345");
    await receive(socket, "too large");
    socket.destroy();
    await over.happened;
    expect(vi.getTimerCount()).toBe(0);
  });
});

it("the connection stays open after a small body that the handler did not read", async () => {
  const socket = open(await serve(refuseAtOnce));
  for (let request = 0; request < 3; request++) {
    socket.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n12345");
    expect(await receive(socket, "too large")).toMatch(/connection: keep-alive/iu);
  }
});

it("a body that is still read after the answer fails when the connection closes", async () => {
  const failed = event<unknown>();
  const port = await serve((request) => {
    request.arrayBuffer().catch(failed.happen);
    return new Response("accepted", { status: 202 });
  });
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const socket = open(port);
  socket.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12345");
  await receive(socket, "accepted");
  vi.advanceTimersByTime(5_000);
  expect(await failed.happened).toMatchObject({ message: expect.stringContaining("answer is complete") });
});
