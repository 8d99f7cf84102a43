import { describe, expect, it } from "vitest";
import { origin, sendRaw, serve, serveNode } from "./servers.ts";
import { toNodeHandler } from "../../src/node/index.ts";

describe("headers of a request", () => {
  it("come as they were sent, repeated ones joined", async () => {
    const port = await serve((request) => Response.json([...request.headers]));
    const lines = [
      "GET / HTTP/1.1",
      "Host: a",
      "X-One: 1",
      "X-Many: 1",
      "x-many: 2",
      "Cookie: a=1",
      "Cookie: b=2",
      "X-Latin: \xe9",
    ];
    const answer = await sendRaw(port, lines);
    expect(JSON.parse(answer.slice(answer.indexOf("\r\n\r\n")))).toEqual([
      ["connection", "close"],
      ["cookie", "a=1; b=2"],
      ["host", "a"],
      ["x-latin", "\xe9"],
      ["x-many", "1, 2"],
      ["x-one", "1"],
    ]);
  });
});

describe("the head of an answer", () => {
  it("has the status, its text and the headers, each cookie on a line of its own", async () => {
    const port = await serve(() => {
      const headers = new Headers({ "x-a": "1", "content-type": "text/plain" });
      headers.append("set-cookie", "a=1; Expires=Wed, 21 Oct 2015 07:28:00 GMT");
      headers.append("set-cookie", "b=2");
      return new Response("made", { status: 201, statusText: "Made It", headers });
    });
    const answer = await sendRaw(port, ["GET / HTTP/1.1", "Host: a"]);
    expect(answer).toMatch(/^HTTP\/1\.1 201 Made It\r\n/u);
    expect(answer).toContain("\r\nset-cookie: a=1; Expires=Wed, 21 Oct 2015 07:28:00 GMT\r\nset-cookie: b=2\r\n");
    expect(answer).toContain("\r\nx-a: 1\r\n");
    expect(answer).toMatch(/\r\ncontent-length: 4\r\n[^]*\r\n\r\nmade$/u);
  });

  it("keeps the cookies and the Vary that a middleware has set", async () => {
    const handler = toNodeHandler(() => new Response("", { headers: { "set-cookie": "b=2", vary: "Accept" } }));
    const port = await serveNode((request, response) => {
      response.setHeader("set-cookie", "a=1").setHeader("vary", "Origin").setHeader("x-powered-by", "tests");
      handler(request, response);
    });
    const { headers } = await fetch(origin(port));
    expect(headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    expect(headers.get("vary")).toBe("Origin, Accept");
    expect(headers.get("x-powered-by")).toBe("tests");
  });

  it("leaves the framing to Node, where the answer comes from another server", async () => {
    const port = await serve(() => {
      return new Response("ok", {
        headers: { "transfer-encoding": "chunked", "keep-alive": "timeout=1", upgrade: "h2c" },
      });
    });
    const answer = await sendRaw(port, ["GET / HTTP/1.1", "Host: a"]);
    expect(answer).toMatch(/\r\ncontent-length: 2\r\n/u);
    expect(answer).not.toMatch(/transfer-encoding|keep-alive|upgrade/iu);
  });
});
