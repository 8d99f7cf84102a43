import { createHash } from "node:crypto";
import { once } from "node:events";
import type { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { event, open, origin, receive, sendRaw, serve } from "./servers.ts";

describe("the body of a request", () => {
  it("is what the client sent", async () => {
    const port = await serve(async (request) => Response.json(await request.json()));
    const answer = await fetch(origin(port), { method: "POST", body: JSON.stringify({ title: "Müll" }) });
    expect(await answer.json()).toEqual({ title: "Müll" });
  });

  it("is absent for GET and HEAD, and where the headers announce none", async () => {
    const port = await serve((request) => new Response(String(request.body === null)));
    const lengthOf = (length: number) => ["Host: a", `Content-Length: ${String(length)}`];
    expect(await sendRaw(port, ["GET / HTTP/1.1", ...lengthOf(2)], "{}")).toMatch(/true$/u);
    expect(await sendRaw(port, ["DELETE / HTTP/1.1", "Host: a"])).toMatch(/true$/u);
    expect(await sendRaw(port, ["POST / HTTP/1.1", ...lengthOf(0)])).toMatch(/true$/u);
    expect(await sendRaw(port, ["POST / HTTP/1.1", ...lengthOf(2)], "{}")).toMatch(/false$/u);
  });

  it("is a stream of 20 MB that arrives whole, in chunks too", async () => {
    const port = await serve(async (request) => new Response(hashOf(new Uint8Array(await request.arrayBuffer()))));
    const bytes = new Uint8Array(20_000_000).map((_each, index) => index % 251);
    const whole = await fetch(origin(port), { method: "PUT", body: bytes });
    const stream = new Blob([bytes]).stream();
    const chunked = await fetch(origin(port), { method: "PUT", body: stream, duplex: "half" });
    expect([await whole.text(), await chunked.text()]).toEqual([hashOf(bytes), hashOf(bytes)]);
  });

  it("is not read faster than the handler reads it", async () => {
    const [started, go] = [event(), event()];
    const port = await serve(async (request) => {
      const reader = request.body?.getReader();
      await reader?.read();
      started.happen();
      await go.happened;
      await reader?.cancel();
      return new Response("stopped");
    });
    const socket = open(port);
    socket.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n");
    socket.write("12345");
    const part = Buffer.alloc(1_000_000);
    await started.happened;
    // Fills what the operating system and Node hold on the way. That it comes to an end is the backpressure.
    let sent = 0;
    while (sent < 50_000_000 && (socket.write(part) || (await Promise.race([drain(socket), turns(50)]))))
      sent += part.length;
    expect(sent).toBeLessThan(50_000_000);
    go.happen();
    expect(await receive(socket, "stopped")).toMatch(/^HTTP\/1\.1 200 /u);
  });

  it("goes through the handler and back, while it is sent", async () => {
    const port = await serve((request) => new Response(request.body));
    const socket = open(port);
    socket.write("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n");
    await receive(socket, "first");
    socket.write("6\r\nsecond\r\n0\r\n\r\n");
    expect(await receive(socket, "0\r\n\r\n")).toContain("second");
  });

  it("fails with the reason of the signal when the client goes away, and is not reported", async () => {
    const [arrived, failed, over] = [event(), event<unknown>(), event<AbortSignal>()];
    const reported: unknown[] = [];
    const port = await serve(
      async (request) => {
        request.signal.addEventListener("abort", () => over.happen(request.signal));
        const reader = request.body?.getReader();
        await reader?.read();
        arrived.happen();
        try {
          await reader?.read();
          return new Response("read");
        } catch (error) {
          failed.happen(error);
          throw error;
        }
      },
      { onError: (error) => reported.push(error) },
    );
    const socket = open(port);
    socket.write("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12345");
    await arrived.happened;
    socket.destroy();
    const signal = await over.happened;
    expect(await failed.happened).toBe(signal.reason);
    expect((await fetch(origin(port), { method: "POST", body: "1" })).status).toBe(200);
    expect(reported).toEqual([]);
  });

  it("leaves the signal alone when the answer is complete", async () => {
    const signals: AbortSignal[] = [];
    const port = await serve((request) => {
      signals.push(request.signal);
      return new Response("ok");
    });
    expect(await sendRaw(port, ["GET / HTTP/1.1", "Host: a"])).toMatch(/ok$/u);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
  });
});

function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

async function drain(socket: Socket): Promise<true> {
  await once(socket, "drain");
  return true;
}

/** Turns of the event loop, in which a stream that is not held back would go on. */
async function turns(count: number): Promise<false> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
  return false;
}
