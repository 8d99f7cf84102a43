import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { Socket } from "node:net";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { constants, createBrotliCompress, createDeflate, createGzip, createZstdCompress } from "node:zlib";
import { describe, expect, test } from "vitest";
import { createVirtualClock } from "../../src/testing/virtual-clock.ts";
import { open } from "../node/servers.ts";
import { rounds } from "../support/effort.ts";
import { startIntakeServer, type IntakeServer } from "./clients/server.ts";

/** Small limits, so that tests reach them. */
const LIMITS = { maxBodyBytes: 100_000, maxDecodedBytes: 1_000_000, maxBufferedBytes: 4_000_000 };
/** How much memory a test may need beyond what the process has. What it is sent would be many times as much. */
const MUCH_MEMORY = 400_000_000;
const ENVELOPE = "/errors/api/1/envelope/?sentry_key=2f0c7d";
const TITLE = "TypeError: cart is undefined";

function envelopeOf(id: string): string {
  const event = { event_id: id, exception: { values: [{ type: "TypeError", value: "cart is undefined" }] } };
  return [JSON.stringify({ event_id: id }), `{"type":"event"}`, JSON.stringify(event)].join("\n");
}

function newId(): string {
  return randomUUID().replaceAll("-", "");
}

/** The head of a request that says how long its body is. */
function headOf(length: number): string {
  return `POST ${ENVELOPE} HTTP/1.1\r\nHost: shop.example\r\nContent-Length: ${String(length)}\r\n\r\n`;
}

/** The status of the answer on a connection; 0 if it closes without one. */
function statusOn(socket: Socket): Promise<number> {
  return new Promise((resolve) => {
    let received = "";
    socket.on("data", (chunk: Buffer) => {
      received += chunk.toString("latin1");
      const [, status] = /^HTTP\/1\.1 (\d{3})[^]*\r\n\r\n/u.exec(received) ?? [];
      if (status !== undefined) resolve(Number(status));
    });
    socket.on("close", () => {
      resolve(0);
    });
  });
}

/** The statuses, and how often each is there. */
function countOf(statuses: readonly number[]): ReadonlyMap<number, number> {
  return new Map([...Map.groupBy(statuses, (status) => status)].map(([status, all]) => [status, all.length]));
}

async function post({ port }: IntakeServer, body: string | Uint8Array, encoding = "identity"): Promise<number> {
  const url = `http://127.0.0.1:${String(port)}${ENVELOPE}`;
  const answer = await fetch(url, { method: "POST", body, headers: { "content-encoding": encoding } });
  await answer.arrayBuffer();
  return answer.status;
}

/** An honest client is served, and its event is there. */
async function expectService(server: IntakeServer): Promise<void> {
  const id = newId();
  expect(await post(server, envelopeOf(id))).toBe(200);
  expect(await server.tracker.events.get("shop", id)).toMatchObject({ id });
}

/** Notes how much memory the process needs at most while it handles requests. */
function watchMemory({ server }: IntakeServer): { readonly grownBy: () => number } {
  const before = process.memoryUsage.rss();
  let most = before;
  const look = () => {
    most = Math.max(most, process.memoryUsage.rss());
  };
  server.on("request", (_, response) => {
    look();
    response.on("close", look);
  });
  return {
    grownBy() {
      look();
      return most - before;
    },
  };
}

describe("a small body that becomes a large one", () => {
  const compressors = {
    gzip: createGzip,
    deflate: createDeflate,
    br: () => createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
    zstd: createZstdCompress,
  };
  const encodings = ["gzip", "deflate", "br", "zstd"] as const;

  test.each(encodings)("is refused, and needs little memory, also with many others: %s", async (encoding) => {
    const part = new Uint8Array(1_000_000);
    const parts = Readable.from(Array.from({ length: 25 }, () => part));
    const bomb = await buffer(parts.pipe(compressors[encoding]()));
    expect(bomb.length).toBeLessThan(LIMITS.maxBodyBytes);
    const server = await startIntakeServer(LIMITS);
    const memory = watchMemory(server);
    expect(await post(server, bomb, encoding)).toBe(413);
    const statuses = await Promise.all(Array.from({ length: 40 }, () => post(server, bomb, encoding)));
    // All of them together are more than may be kept: they wait for each other.
    expect(statuses.filter((status) => status !== 413)).toStrictEqual([]);
    expect(memory.grownBy()).toBeLessThan(MUCH_MEMORY);
    await expectService(server);
    expect((await server.issues()).get(TITLE)?.eventCount).toBe(1);
  });
});

/** Sends 8 MB on a connection, or as much of them as it can before the answer. The parts are the same memory. */
async function sendMuch(socket: Socket, head: string, part: Uint8Array): Promise<number> {
  const answered = statusOn(socket);
  socket.write(head);
  for (let sent = 0; sent < 8_000_000; sent += 100_000) {
    if (socket.write(part)) continue;
    const status = await Promise.race([
      answered,
      once(socket, "drain").then(
        () => undefined,
        () => undefined,
      ),
    ]);
    if (status !== undefined) return status;
  }
  return answered;
}

describe("a body of several megabytes", () => {
  const bytes = Buffer.alloc(100_000, "x");
  const chunk = Buffer.concat([Buffer.from("186a0\r\n"), bytes, Buffer.from("\r\n")]);

  test.each([
    ["at once, if it says so", headOf(8_000_000), bytes],
    [
      "at the limit, if it does not say so",
      headOf(0).replace("Content-Length: 0", "Transfer-Encoding: chunked"),
      chunk,
    ],
  ])("is refused %s", async (_, head, part) => {
    const server = await startIntakeServer(LIMITS);
    const memory = watchMemory(server);
    const statuses = await Promise.all(Array.from({ length: 100 }, () => sendMuch(open(server.port), head, part)));
    expect([...countOf(statuses)]).toStrictEqual([[413, 100]]);
    expect(memory.grownBy()).toBeLessThan(MUCH_MEMORY);
    await expectService(server);
  });

  test("is taken within the limits, and its event is stored", async () => {
    const server = await startIntakeServer();
    const id = newId();
    const attachment = `{"type":"attachment","length":4000000}\n${"x".repeat(4_000_000)}`;
    expect(await post(server, `${envelopeOf(id)}\n${attachment}`)).toBe(200);
    expect(await server.tracker.events.get("shop", id)).toMatchObject({ id });
  });
});

describe("a body of another length than it says", () => {
  test("is not stored if the connection ends before it does, and the client is told", async () => {
    const server = await startIntakeServer(LIMITS);
    const body = envelopeOf(newId());
    const sockets = Array.from({ length: 200 }, () => open(server.port));
    const statuses = sockets.map(statusOn);
    for (const socket of sockets) socket.end(headOf(body.length + 1) + body);
    // Some connections are closed before an answer can be written.
    for (const status of await Promise.all(statuses)) expect([0, 400]).toContain(status);
    await expect.poll(() => server.refusals.length).toBe(200);
    expect(countOf(server.refusals.map(({ status }) => status))).toStrictEqual(new Map([[400, 200]]));
    expect([...(await server.issues())]).toStrictEqual([]);
    await expectService(server);
  });

  test("is taken up to its length, and what follows is another request", async () => {
    const server = await startIntakeServer(LIMITS);
    const [first, second] = [newId(), newId()];
    const socket = open(server.port);
    const status = statusOn(socket);
    const bodies = [first, second].map(envelopeOf);
    socket.write(bodies.map((body) => headOf(body.length) + body).join(""));
    expect(await status).toBe(200);
    await expect.poll(async () => (await server.tracker.events.get("shop", second))?.id).toBe(second);
    socket.write("this is no request\r\n\r\n");
    await once(socket, "close");
    await expectService(server);
  });

  test.each([
    ["less than there is, so that its rest is a header that cannot be read", 400, (length: number) => length - 10],
    ["more than there is", 400, (length: number) => length + 1],
    ["far more than there is", 400, () => Number.MAX_SAFE_INTEGER],
    ["a number without end", 400, () => "1e999"],
    ["a negative number", 400, () => -1],
    ["a fraction", 400, () => 1.5],
    ["a text", 400, () => "12"],
    ["a list", 400, () => [12]],
    ["an object", 400, () => ({ valueOf: 12 })],
  ])("is refused where the header of an item says %s", async (_, status, lengthOf) => {
    const server = await startIntakeServer(LIMITS);
    const [head = "", , payload = ""] = envelopeOf(newId()).split("\n");
    const item = JSON.stringify({ type: "event", length: lengthOf(payload.length) }).replace('"1e999"', "1e999");
    expect(await post(server, [head, item, payload].join("\n"))).toBe(status);
    expect([...(await server.issues())]).toStrictEqual([]);
    await expectService(server);
  });
});

describe("many clients at once", () => {
  const MANY = rounds({ quick: 100, full: 1_000 });

  test.each([
    ["small limits", LIMITS],
    ["limits that have most of them wait", { maxBodyBytes: 1_000, maxDecodedBytes: 1_000, maxBufferedBytes: 2_000 }],
  ])("are all served, and all their events are counted: with %s", async (_, limits) => {
    const server = await startIntakeServer(limits);
    const memory = watchMemory(server);
    const ids = Array.from({ length: MANY }, newId);
    const sockets = ids.map(() => open(server.port));
    await Promise.all(sockets.map((socket) => once(socket, "connect")));
    const statuses = sockets.map(statusOn);
    for (const [index, id] of ids.entries()) {
      const body = envelopeOf(id);
      sockets[index]?.write(headOf(body.length) + body);
    }
    expect([...countOf(await Promise.all(statuses))]).toStrictEqual([[200, MANY]]);
    expect((await server.issues()).get(TITLE)?.eventCount).toBe(MANY);
    expect(memory.grownBy()).toBeLessThan(MUCH_MEMORY);
    await expectService(server);
  });

  test("that send one byte of their body and stop do not keep others waiting, and are refused in time", async () => {
    const clock = createVirtualClock(Date.UTC(2026, 10, 23, 9));
    const server = await startIntakeServer({ ...LIMITS, clock, timeoutMs: 5_000 });
    const memory = watchMemory(server);
    const sockets = Array.from({ length: MANY }, () => open(server.port));
    const statuses: number[] = [];
    for (const socket of sockets) {
      void statusOn(socket).then((status) => statuses.push(status));
      socket.write(`${headOf(1_000)}{`);
    }
    await expect.poll(() => server.arrivals.length).toBe(MANY);
    await expectService(server);
    expect(statuses).toStrictEqual([]);
    await expect
      .poll(() => {
        clock.advanceBy(5_000);
        return statuses.length;
      })
      .toBe(MANY);
    expect([...countOf(statuses)]).toStrictEqual([[408, MANY]]);
    expect(memory.grownBy()).toBeLessThan(MUCH_MEMORY);
    for (const socket of sockets) socket.destroy();
    await expectService(server);
  });

  test("that announce the largest body, send one byte and stop do not keep others waiting", async () => {
    const server = await startIntakeServer({ ...LIMITS, timeoutMs: 3_000 });
    const sockets = Array.from({ length: MANY }, () => open(server.port));
    const statuses = sockets.map(statusOn);
    for (const socket of sockets) socket.write(`${headOf(LIMITS.maxBodyBytes)}{`);
    await expect.poll(() => server.arrivals.length).toBe(MANY);
    await expectService(server);
    expect(server.refusals).toStrictEqual([]);
    for (const status of await Promise.all(statuses)) expect(status).toBe(408);
    await expectService(server);
  });

  test("that send one byte of their request and stop do not keep others waiting", async () => {
    const server = await startIntakeServer(LIMITS);
    const sockets = Array.from({ length: MANY }, () => open(server.port));
    for (const socket of sockets) socket.write("P");
    await expect.poll(() => promisify(server.server.getConnections.bind(server.server))()).toBe(MANY);
    await expectService(server);
    for (const socket of sockets) socket.destroy();
    await expectService(server);
  });

  test("that go away in the middle of their body are refused, and leave nothing behind", async () => {
    const server = await startIntakeServer(LIMITS);
    const memory = watchMemory(server);
    const body = envelopeOf(newId());
    const sockets = Array.from({ length: MANY }, () => open(server.port));
    for (const socket of sockets) socket.write(headOf(body.length) + body.slice(0, body.length / 2));
    await expect.poll(() => server.arrivals.length).toBe(MANY);
    for (const socket of sockets) socket.resetAndDestroy();
    await expect.poll(() => server.refusals.length).toBe(MANY);
    expect(countOf(server.refusals.map(({ status }) => status))).toStrictEqual(new Map([[400, MANY]]));
    expect([...(await server.issues())]).toStrictEqual([]);
    expect(memory.grownBy()).toBeLessThan(MUCH_MEMORY);
    await expectService(server);
  });

  test("that go away before they are answered are served all the same", async () => {
    const server = await startIntakeServer(LIMITS);
    const ids = Array.from({ length: MANY }, newId);
    const sockets = ids.map(() => open(server.port));
    for (const [index, id] of ids.entries()) {
      const body = envelopeOf(id);
      sockets[index]?.end(headOf(body.length) + body, () => sockets[index]?.destroy());
    }
    await expect.poll(async () => (await server.issues()).get(TITLE)?.eventCount).toBe(MANY);
    expect(server.refusals).toStrictEqual([]);
    await expectService(server);
  });
});
