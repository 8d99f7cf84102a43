import type { AddressInfo } from "node:net";
import express, { type ErrorRequestHandler } from "express";
import fastify, { type FastifyInstance } from "fastify";
import { Hono, type Context, type ErrorHandler } from "hono";
import { HTTPException } from "hono/http-exception";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { createErrorCapture, type ErrorCapture } from "../../src/capture/index.ts";
import { createIssueTracker, createMemoryStore } from "../../src/index.ts";

/** A capture, and the titles and transactions of what it has captured. */
async function begin() {
  const tracker = createIssueTracker({ store: createMemoryStore() });
  await tracker.projects.save({ id: "shop" });
  const capture = createErrorCapture({ tracker, projectId: "shop" });
  onTestFinished(() => capture.close());
  const captured = async (): Promise<string[]> => {
    await capture.flush();
    const { items } = await tracker.issues.list({ projectId: "shop" });
    const pages = await Promise.all(items.map(({ id }) => tracker.events.list(id)));
    const events = pages.flatMap((page) => page.items);
    return events.map(({ value, transaction }) => `${String(value)} in ${String(transaction)}`).sort();
  };
  return { capture, captured };
}

const failure = (message: string, status?: number) => Object.assign(new Error(message), { status });

describe("Express", () => {
  /** An app with routes that fail; its answers with capture and without. */
  async function answers(capture: ErrorCapture | undefined, paths: readonly string[], own?: ErrorRequestHandler) {
    const app = express();
    app.set("env", "test");
    app.get("/plain/:id", () => {
      throw failure("plain");
    });
    app.get("/async", async () => {
      throw failure("async");
    });
    app.get("/missing", () => {
      throw failure("missing", 404);
    });
    app.get(/^\/pattern/u, () => {
      throw failure("pattern");
    });
    app.get("/text", (_request, _response, next) => {
      next("text");
    });
    app.get("/sent", (_request, response) => {
      response.write("begun");
      throw failure("sent");
    });
    const items = express.Router();
    items.get("/", () => {
      throw failure("index");
    });
    items.get("/items/:id", () => {
      throw failure("item");
    });
    app.use("/api", items);
    app.use("/broken", () => {
      throw failure("middleware");
    });
    if (capture !== undefined) app.use(capture.express);
    if (own !== undefined) app.use(own);
    const server = app.listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    onTestFinished(() => void server.close());
    const address: AddressInfo | string | null = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    const results: unknown[] = [];
    for (const path of paths) {
      try {
        const answer = await fetch(`http://127.0.0.1:${String(address.port)}${path}`);
        results.push([answer.status, (await answer.text()).replaceAll(/<br>.*/gu, "")]);
      } catch {
        // As soon as the client has read the headers or the first bytes.
        results.push("broken off");
      }
    }
    return results;
  }

  const PATHS = [
    "/plain/7?token=x",
    "/async",
    "/missing",
    "/pattern/1?a",
    "/text",
    "/sent",
    "/api?a",
    "/api/items/7",
    "/broken/x?a",
  ];

  test("captures errors by route and without the query, and answers as before", async () => {
    vi.spyOn(console, "error").mockReturnValue(undefined);
    onTestFinished(() => void vi.restoreAllMocks());
    const { capture, captured } = await begin();
    expect(await answers(capture, PATHS)).toEqual(await answers(undefined, PATHS));
    expect(await captured()).toEqual([
      "async in GET /async",
      "index in GET /api",
      "item in GET /api/items/:id",
      "middleware in GET /broken/x",
      "pattern in GET /pattern/1",
      "plain in GET /plain/:id",
      "sent in GET /sent",
      "text in GET /text",
    ]);
  });

  test("leaves the answer to the host's own error handler", async () => {
    const { capture, captured } = await begin();
    const own: ErrorRequestHandler = (error: Error, _request, response, _next) => {
      response.status(503).send(`own ${error.message}`);
    };
    expect(await answers(capture, ["/plain/7"], own)).toEqual([[503, "own plain"]]);
    expect(await captured()).toEqual(["plain in GET /plain/:id"]);
  });

  test("takes the handler by its types", async () => {
    const { capture } = await begin();
    const handler: ErrorRequestHandler = capture.express;
    expect(handler).toHaveLength(4);
  });
});

describe("Fastify", () => {
  async function answers(
    capture: ErrorCapture | undefined,
    paths: readonly string[],
    prepare?: (app: FastifyInstance) => void,
  ) {
    const app = fastify();
    onTestFinished(() => app.close());
    if (capture !== undefined) app.addHook("onError", capture.fastify);
    prepare?.(app);
    app.get("/plain/:id", () => {
      throw failure("plain");
    });
    app.get("/async", async () => {
      throw failure("async");
    });
    app.get("/missing", async () => {
      throw failure("missing", 404);
    });
    app.get("/bad", async (_request, reply) => reply.code(400).send(new Error("bad")));
    app.get("/invalid", { schema: { querystring: { type: "object", required: ["a"] } } }, async () => "ok");
    app.register(
      async (scope) => {
        scope.get("/items/:id", async () => {
          throw failure("item");
        });
      },
      { prefix: "/api" },
    );
    const results: unknown[] = [];
    for (const url of paths) {
      const answer = await app.inject({ url });
      results.push([answer.statusCode, answer.body]);
    }
    return results;
  }

  const PATHS = ["/plain/7?token=x", "/async", "/missing", "/bad", "/invalid", "/api/items/7", "/unknown?a"];

  test("captures errors by route, and answers as before", async () => {
    const { capture, captured } = await begin();
    expect(await answers(capture, PATHS)).toEqual(await answers(undefined, PATHS));
    expect(await captured()).toEqual(["async in GET /async", "item in GET /api/items/:id", "plain in GET /plain/:id"]);
  });

  test("leaves the answer to the host's own error handler, also where none knows the route", async () => {
    const { capture, captured } = await begin();
    const results = await answers(capture, ["/plain/7", "/unknown?token=x"], (app) => {
      app.setErrorHandler((_error, _request, reply) => reply.code(503).send("own"));
      app.setNotFoundHandler(() => {
        throw failure("not found");
      });
    });
    expect(results).toEqual([
      [503, "own"],
      [503, "own"],
    ]);
    expect(await captured()).toEqual(["not found in GET /unknown", "plain in GET /plain/:id"]);
  });
});

describe("Hono", () => {
  interface Env {
    Variables: { user: string };
  }

  async function answers(prepare: (app: Hono<Env>) => void, paths: readonly string[]) {
    const app = new Hono<Env>();
    app.use("*", async (context, next) => {
      context.header("x-request", "1");
      await next();
    });
    prepare(app);
    app.get("/plain/:id", () => {
      throw failure("plain");
    });
    app.get("/async", async () => {
      throw failure("async");
    });
    app.get("/denied", () => {
      throw new HTTPException(403, { message: "denied" });
    });
    app.get("/teapot", () => {
      throw new HTTPException(418, { res: new Response("tea", { status: 418, headers: { "x-pot": "1" } }) });
    });
    app.get("/unavailable", () => {
      throw new HTTPException(503, { message: "unavailable" });
    });
    app.use("/broken/*", () => {
      throw failure("middleware");
    });
    const api = new Hono();
    api.get("/items/:id", () => {
      throw failure("item");
    });
    app.route("/api", api);
    const results: unknown[] = [];
    for (const path of paths) {
      const answer = await app.request(path);
      results.push([answer.status, await answer.text(), [...answer.headers]]);
    }
    return results;
  }

  const PATHS = [
    "/plain/7?token=x",
    "/async",
    "/denied",
    "/teapot",
    "/unavailable",
    "/broken/x?a",
    "/api/items/7",
    "/unknown",
  ];

  test("captures errors by route, and answers and logs as before", async () => {
    const log = vi.spyOn(console, "error").mockReturnValue(undefined);
    onTestFinished(() => log.mockRestore());
    const { capture, captured } = await begin();
    const withCapture = await answers((app) => app.onError(capture.hono()), PATHS);
    const logged = log.mock.calls.map(String);
    log.mockClear();
    expect(withCapture).toEqual(await answers(() => undefined, PATHS));
    expect(logged).toEqual(log.mock.calls.map(String));
    expect(await captured()).toEqual([
      "async in GET /async",
      "item in GET /api/items/:id",
      "middleware in GET /broken/x",
      "plain in GET /plain/:id",
      "unavailable in GET /unavailable",
    ]);
  });

  test("answers by the host's own error handler", async () => {
    const { capture, captured } = await begin();
    const results = await answers(
      (app) => {
        app.onError(
          capture.hono((error, context) => context.json({ message: error.message, url: context.req.path }, 502)),
        );
      },
      ["/plain/7"],
    );
    expect(results).toMatchObject([[502, `{"message":"plain","url":"/plain/7"}`, expect.any(Array)]]);
    expect(await captured()).toEqual(["plain in GET /plain/:id"]);
  });

  test("takes handlers by its types", async () => {
    const { capture } = await begin();
    const own: ErrorHandler<Env> = (_error, context) => context.text(context.var.user);
    const wrapped: ErrorHandler<Env> = capture.hono(own);
    const explicit: ErrorHandler<Env> = capture.hono((_error, context: Context<Env>) => context.text(context.var.user));
    const plain: ErrorHandler<Env> = capture.hono();
    expect([wrapped, explicit, plain].map((handler) => typeof handler)).toEqual(["function", "function", "function"]);
  });
});
