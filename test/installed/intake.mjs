// An intake, served by the runtime's own server or by node:http, takes what clients send in every encoding of the runtime, and a board beside it
// shows it.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import * as zlib from "node:zlib";
import { createIssueTracker, createMemoryStore } from "issue-lifecycle";
import { createBoard } from "issue-lifecycle/board";
import { createErrorCapture } from "issue-lifecycle/capture";
import { toNodeHandler } from "issue-lifecycle/node";
import { createSentryIntake, sentryDsn } from "issue-lifecycle/sentry";

const PROJECT = { id: "shop", number: 1, keys: ["2f0c7d"] };

/** Serves a handler on a free port. Returns the port, and a function that ends it. */
async function serve(handler) {
  if (globalThis.Bun !== undefined) {
    const server = globalThis.Bun.serve({ port: 0, fetch: handler });
    return [server.port, () => server.stop(true)];
  }
  if (globalThis.Deno !== undefined) {
    const server = globalThis.Deno.serve({ port: 0, onListen: () => undefined }, handler);
    return [server.addr.port, () => server.shutdown()];
  }
  return serveByNode(handler);
}

async function serveByNode(handler) {
  const server = createServer(toNodeHandler(handler));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return [server.address().port, () => new Promise((resolve) => server.close(resolve))];
}

const ENCODINGS = {
  "": (body) => body,
  gzip: zlib.gzipSync,
  deflate: zlib.deflateSync,
  br: zlib.brotliCompressSync,
  zstd: zlib.zstdCompressSync,
};

for (const start of [serve, serveByNode]) {
  const tracker = createIssueTracker({ store: createMemoryStore() });
  await tracker.projects.save({ id: "shop" });
  const intake = createSentryIntake({ tracker, projects: [PROJECT] });
  const board = createBoard({ tracker, authorize: () => ({ id: "ann", projects: "all", mayChange: true }) });
  const isForBoard = ({ url }) => new URL(url).pathname === "/board";
  const [port, stop] = await start((request) => (isForBoard(request) ? board(request) : intake(request)));
  const { origin, username, pathname } = new URL(sentryDsn(`http://127.0.0.1:${port}`, PROJECT));
  const url = `${origin}/api${pathname}/envelope/?sentry_key=${username}`;
  const titles = [];
  for (const [encoding, compress] of Object.entries(ENCODINGS)) {
    if (compress === undefined) continue;
    const type = `Encoded${encoding}`;
    titles.push(`${type}: boom`);
    const event = JSON.stringify({ exception: { values: [{ type, value: "boom" }] } });
    const body = compress(new TextEncoder().encode(`{}\n{"type":"event"}\n${event}`));
    const answer = await fetch(url, { method: "POST", body, headers: { "content-encoding": encoding } });
    assert.deepEqual([encoding, answer.status], [encoding, 200]);
    await answer.text();
  }
  const bomb = zlib.gzipSync(new Uint8Array(30_000_000));
  const refused = await fetch(url, { method: "POST", body: bomb, headers: { "content-encoding": "gzip" } });
  assert.equal(refused.status, 413);
  await refused.text();

  const capture = createErrorCapture({ tracker, projectId: "shop" });
  capture.error(new TypeError("captured"));
  await capture.close();
  titles.push("TypeError: captured");
  const { items } = await tracker.issues.list({ projectId: "shop" });
  assert.deepEqual(items.map(({ title }) => title).sort(), titles.sort());

  const page = await fetch(`${origin}/board`);
  assert.equal(page.headers.get("content-type"), "text/html; charset=utf-8");
  assert.match(await page.text(), /TypeError: captured/);
  const form = new URLSearchParams({ action: "resolve" });
  const friendlyId = items.find(({ title }) => title === "TypeError: captured").friendlyId;
  const sent = await fetch(`${origin}/board?issue=${friendlyId}`, { method: "POST", body: form, headers: { origin } });
  assert.equal(sent.status, 200);
  assert.match(await sent.text(), /1 issue was resolved/);
  await intake.close();
  await stop();
  await tracker.close();
}
