import fastify, { type FastifyInstance } from "fastify";
import { once } from "node:events";
import { connect } from "node:http2";
import { text } from "node:stream/consumers";
import { createGunzip, gzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import { toFastifyPlugin, type WebHandler } from "../../src/node/index.ts";

const tell: WebHandler = async (request) =>
  Response.json({
    url: request.url.replace(/:\d+/u, ""),
    method: request.method,
    body: await request.text(),
    encoding: request.headers.get("content-encoding"),
  });

async function start(app: Pick<FastifyInstance, "listen" | "close">): Promise<string> {
  onTestFinished(async () => app.close());
  return app.listen({ port: 0, host: "127.0.0.1" });
}

describe("in Fastify", () => {
  it("the handler has all methods and paths under its prefix, and sees them whole", async () => {
    const app = fastify();
    app.register(toFastifyPlugin(tell), { prefix: "/errors" });
    const url = await start(app);
    for (const [method, path] of [
      ["GET", "/errors"],
      ["DELETE", "/errors/"],
      ["PUT", "/errors/issues/1"],
      ["OPTIONS", "/errors/issues/1"],
      ["POST", "/errors/api/1/envelope/?sentry_key=a"],
    ] as const) {
      const answer = await fetch(url + path, { method });
      expect(await answer.json()).toMatchObject({ method, url: `http://127.0.0.1${path}` });
    }
    expect((await fetch(`${url}/errors/a`, { method: "HEAD" })).status).toBe(200);
    expect((await fetch(`${url}/other`)).status).toBe(404);
  });

  it("the handler has all paths where there is no prefix, beside the host's own", async () => {
    const app = fastify();
    app.get("/", () => "home");
    app.register(toFastifyPlugin(tell));
    const url = await start(app);
    expect(await (await fetch(url)).text()).toBe("home");
    expect(await (await fetch(`${url}/a`)).json()).toMatchObject({ url: "http://127.0.0.1/a" });
  });

  it.each(["application/json", "text/plain", "application/x-sentry-envelope", "multipart/form-data; boundary=a"])(
    "a body of the type %s comes as it was sent",
    async (type) => {
      const app = fastify();
      app.register(toFastifyPlugin(tell), { prefix: "/errors" });
      const answer = await fetch(`${await start(app)}/errors`, {
        method: "POST",
        headers: { "content-type": type },
        body: "{ not JSON",
      });
      expect(await answer.json()).toMatchObject({ body: "{ not JSON" });
    },
  );

  it("a body of several megabytes comes whole, without a type too", async () => {
    const app = fastify({ bodyLimit: 1000 });
    app.register(
      toFastifyPlugin(async (request) => Response.json((await request.arrayBuffer()).byteLength)),
      { prefix: "/errors" },
    );
    const answer = await fetch(`${await start(app)}/errors`, { method: "POST", body: new Uint8Array(5_000_000) });
    expect(await answer.json()).toBe(5_000_000);
  });

  it("the host's other routes keep their parsers", async () => {
    const app = fastify();
    app.register(toFastifyPlugin(tell), { prefix: "/errors" });
    app.post("/mine", ({ body }) => ({ mine: body }));
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${await start(app)}/mine`, { method: "POST", headers, body: '{"a":1}' });
    expect(await answer.json()).toEqual({ mine: { a: 1 } });
  });

  it("the host's hooks are in force, with the headers that they set and the body that they have decompressed", async () => {
    const app = fastify();
    app.addHook(
      "onRequest",
      async (_request, reply) => void reply.header("access-control-allow-origin", "*").header("x-count", 1),
    );
    app.addHook("preParsing", async (request, _reply, payload) =>
      request.headers["content-encoding"] === "gzip" ? payload.pipe(createGunzip()) : payload,
    );
    app.addHook("preHandler", async (request, reply) => {
      if (request.headers.authorization === undefined) return reply.code(401).send("Who are you?");
      return undefined;
    });
    app.register(toFastifyPlugin(tell), { prefix: "/errors" });
    const url = `${await start(app)}/errors`;
    const ask = (body: Uint8Array<ArrayBuffer>, authorization?: Record<string, string>) =>
      fetch(url, { method: "POST", headers: { "content-encoding": "gzip", ...authorization }, body });
    expect((await ask(new Uint8Array(gzipSync("{}")))).status).toBe(401);
    const answer = await ask(new Uint8Array(gzipSync("{}")), { authorization: "Bearer a" });
    expect(await answer.json()).toMatchObject({ body: "{}", encoding: null });
    expect(answer.headers.get("access-control-allow-origin")).toBe("*");
    expect(answer.headers.get("x-count")).toBe("1");
  });

  it("an error of the handler goes to onError, and the client does not see its message", async () => {
    const reported: unknown[] = [];
    const error = new Error("the password is hunter2");
    const app = fastify();
    const onError = (each: unknown) => reported.push(each);
    app.register(
      toFastifyPlugin(async () => Promise.reject(error), { onError }),
      { prefix: "/errors" },
    );
    const answer = await fetch(`${await start(app)}/errors`);
    expect([answer.status, await answer.text()]).toEqual([500, "Internal Server Error"]);
    expect(reported).toEqual([error]);
  });

  it("an upload that is refused shows its answer", async () => {
    const app = fastify();
    app.register(
      toFastifyPlugin(() => new Response("too large", { status: 413 })),
      { prefix: "/errors" },
    );
    const answer = await fetch(`${await start(app)}/errors`, { method: "POST", body: new Uint8Array(20_000_000) });
    expect([answer.status, await answer.text()]).toEqual([413, "too large"]);
  });

  it("inject, by which hosts test their routes, works", async () => {
    const app = fastify();
    app.register(toFastifyPlugin(tell), { prefix: "/errors" });
    const answer = await app.inject({ method: "POST", url: "/errors/a", payload: { a: 1 } });
    expect(answer.json()).toMatchObject({ url: "http://localhost/errors/a", body: '{"a":1}' });
  });

  it("HTTP/2 works", async () => {
    const app = fastify({ http2: true });
    app.register(toFastifyPlugin(tell), { prefix: "/errors" });
    const session = connect(await start(app));
    const stream = session.request({ ":method": "POST", ":path": "/errors/a" });
    stream.end("{}");
    await once(stream, "response");
    expect(JSON.parse(await text(stream))).toMatchObject({ url: "http://127.0.0.1/errors/a", body: "{}" });
    session.close();
  });
});
