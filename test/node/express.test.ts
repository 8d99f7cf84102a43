import express, {
  type Express,
  type NextFunction,
  type Request as ExpressRequest,
  type Response as ExpressResponse,
} from "express";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { toNodeHandler, type WebHandler } from "../../src/node/index.ts";
import { origin, serveNode } from "./servers.ts";

const echo = toNodeHandler(async (request) =>
  Response.json({
    url: request.url.replace(/:\d+/u, ""),
    method: request.method,
    body: await request.text(),
    encoding: [...request.headers.keys()].filter(
      (name) => /encoding$|length$/u.test(name) && name !== "accept-encoding",
    ),
  }),
);

async function post(
  app: Express,
  path: string,
  type: string,
  body: string | Uint8Array<ArrayBuffer>,
  encoding?: string,
) {
  const headers = new Headers({ "content-type": type });
  if (encoding !== undefined) headers.set("content-encoding", encoding);
  return (await fetch(origin(await serveNode(app)) + path, { method: "POST", headers, body })).json();
}

describe("in Express", () => {
  it("the handler has all methods and paths under its prefix, and sees them whole", async () => {
    const port = await serveNode(express().use("/errors", echo));
    for (const [method, path] of [
      ["GET", "/errors"],
      ["DELETE", "/errors/"],
      ["POST", "/errors/api/1/envelope/?sentry_key=a"],
    ] as const) {
      const answer = await fetch(origin(port) + path, { method });
      expect(await answer.json()).toMatchObject({ method, url: `http://127.0.0.1${path}` });
    }
    expect((await fetch(`${origin(port)}/other`)).status).toBe(404);
  });

  it("the body is a stream where no parser has read it, compressed as it was sent", async () => {
    const app = express().use(express.json()).use("/errors", echo);
    expect(await post(app, "/errors", "application/x-sentry-envelope", "{}\n{}")).toMatchObject({ body: "{}\n{}" });
    expect(
      await post(app, "/errors", "application/octet-stream", new Uint8Array(gzipSync("{}")), "gzip"),
    ).toMatchObject({
      encoding: ["content-encoding", "content-length"],
    });
  });

  it("the body is a stream where a parser of Express 4 has set an empty one without reading", async () => {
    const app = express().use((request, _response, next) => {
      request.body ??= {};
      next();
    });
    expect(await post(app.use("/errors", echo), "/errors", "text/plain", "envelope")).toMatchObject({
      body: "envelope",
    });
  });

  it.each([
    ["express.json()", express.json(), "application/json", '{ "a": [1, "é"] }', '{"a":[1,"é"]}'],
    ["express.json() that takes any value", express.json({ strict: false }), "application/json", "null", "null"],
    ["express.text()", express.text(), "text/plain", "{}\n{}", "{}\n{}"],
    ["express.raw()", express.raw({ type: "*/*" }), "application/x-sentry-envelope", "{}\n{}", "{}\n{}"],
    [
      "express.urlencoded()",
      express.urlencoded(),
      "application/x-www-form-urlencoded",
      "a=1&b=%26&a=2",
      "a=1&a=2&b=%26",
    ],
    [
      "express.urlencoded() with nested fields",
      express.urlencoded({ extended: true }),
      "application/x-www-form-urlencoded; charset=utf-8",
      "a[b][c]=1&a[d]=2",
      "a%5Bb%5D%5Bc%5D=1&a%5Bd%5D=2",
    ],
  ])(
    "the body that %s has read is the request's, without the headers of its encoding",
    async (_name, parser, type, sent, body) => {
      const app = express().use(parser).use("/errors", echo);
      const expected = { url: "http://127.0.0.1/errors/a", body, encoding: [] };
      expect(await post(app, "/errors/a", type, sent)).toMatchObject(expected);
      expect(await post(app, "/errors/a", type, new Uint8Array(gzipSync(sent)), "gzip")).toMatchObject(expected);
    },
  );

  it("bytes that express.raw() has read stay as they are", async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_each, index) => index);
    const same = toNodeHandler(async (request) => new Response(await request.arrayBuffer()));
    const port = await serveNode(express().use(express.raw(), same));
    const headers = { "content-type": "application/octet-stream" };
    const answer = await fetch(origin(port), { method: "POST", headers, body: bytes });
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(bytes);
  });

  it("an empty body that a parser has seen is empty", async () => {
    const app = express().use(express.json(), express.text(), echo);
    expect(await post(app, "/", "application/json", "")).toMatchObject({ body: "" });
  });

  it("a body that something has read and kept is an error", async () => {
    const app = express()
      .use((request, _response, next) => void request.resume().on("end", next))
      .use(echo)
      .use(showError);
    expect(await post(app, "/", "text/plain", "lost")).toEqual({
      error: expect.stringContaining("Mount the handler before"),
    });
  });

  it("an error of the handler goes to next, and not to onError", async () => {
    const reported: unknown[] = [];
    const fail = (handler: WebHandler) => toNodeHandler(handler, { onError: (error) => reported.push(error) });
    const app = express()
      .use(
        "/error",
        fail(async () => Promise.reject(new Error("no luck"))),
      )
      .use(
        "/nothing",
        fail(() => raise(undefined)),
      )
      .use(
        "/route",
        fail(() => raise("route")),
      )
      .use(showError);
    const port = await serveNode(app);
    const errorOf = async (path: string) => (await fetch(origin(port) + path)).json();
    expect(await errorOf("/error")).toEqual({ error: "no luck" });
    expect(await errorOf("/nothing")).toEqual({ error: "The handler threw something that is not an error." });
    expect(await errorOf("/route")).toEqual({ error: "The handler threw something that is not an error." });
    expect(reported).toEqual([]);
  });

  it("a path that the routes before the handler saw in another way is refused", async () => {
    const app = express()
      .use("/errors/board", (_request, response) => void response.sendStatus(401))
      .use("/errors", echo);
    const answer = await fetch(`${origin(await serveNode(app))}/errors/board`);
    expect(answer.status).toBe(401);
  });
});

function showError(error: unknown, _request: ExpressRequest, response: ExpressResponse, _next: NextFunction): void {
  response.json({ error: error instanceof Error ? error.message : "?" });
}

/** Throws what is no error, as code in JavaScript may. */
function raise(thrown: unknown): never {
  throw thrown;
}
