import express from "express";
import fastify from "fastify";
import { Hono } from "hono";
import { describe, expect, onTestFinished, test } from "vitest";
import { createBoard, type Board } from "../../src/board/index.ts";
import { createMemoryStore } from "../../src/index.ts";
import { toFastifyPlugin, toNodeHandler } from "../../src/node/index.ts";
import { origin, serve, serveNode } from "../node/servers.ts";
import { Scenario } from "../support/scenario.ts";
import { ANN } from "./visitor.ts";

type Mount = (board: Board) => Promise<string>;

/** How the guide says to mount a board; each returns its address. */
const MOUNTS: readonly (readonly [name: string, mount: Mount])[] = [
  ["node:http", async (board) => `${origin(await serve(board))}/`],
  [
    "Express",
    async (board) => {
      const app = express().use("/tools/board", toNodeHandler(board)).use(express.urlencoded());
      return `${origin(await serveNode(app))}/tools/board`;
    },
  ],
  [
    "Express, after a body parser",
    async (board) => {
      const app = express()
        .use(express.urlencoded({ extended: false }))
        .use("/board", toNodeHandler(board));
      return `${origin(await serveNode(app))}/board/`;
    },
  ],
  [
    "Fastify",
    async (board) => {
      const app = fastify();
      app.register(toFastifyPlugin(board), { prefix: "/board" });
      const address = await app.listen({ port: 0, host: "127.0.0.1" });
      onTestFinished(() => app.close());
      return `${address}/board`;
    },
  ],
  [
    "Hono",
    async (board) => {
      const app = new Hono().all("/board", (context) => board(context.req.raw));
      return `${origin(await serve(app.fetch))}/board`;
    },
  ],
];

describe.each(MOUNTS)("in %s", (_name, mount) => {
  test("pages, files and forms work under the path at which it is mounted", async () => {
    const story = await Scenario.begin(createMemoryStore());
    onTestFinished(() => story.tracker.close());
    await story.event();
    const url = await mount(createBoard({ tracker: story.tracker, clock: story.clock, authorize: () => ANN }));
    const page = await (await fetch(url)).text();
    for (const [, link = ""] of page.matchAll(/(?:href|src)="(\?[^"]+)"/gu)) {
      const { status } = await fetch(new URL(link.replaceAll("&amp;", "&"), url));
      expect([link, status]).toEqual([link, 200]);
    }
    const sent = await fetch(new URL("?issue=SHOP-1", url), {
      method: "POST",
      redirect: "manual",
      headers: { origin: new URL(url).origin },
      body: new URLSearchParams({ action: "resolve", comment: "ünï ⋄" }),
    });
    expect(sent.status).toBe(303);
    const next = new URL(sent.headers.get("location") ?? "", new URL("?issue=SHOP-1", url));
    expect(next.href).toBe(new URL("?issue=SHOP-1&done=resolve&n=1", url).href);
    expect(await (await fetch(next)).text()).toContain("ünï ⋄");
  });
});
