import { once } from "node:events";
import { request as httpsRequest, createServer as createHttpsServer } from "node:https";
import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { describe, expect, it, onTestFinished } from "vitest";
import { toNodeHandler, type WebHandler } from "../../src/node/index.ts";
import { CA, listen } from "../sinks/servers.ts";
import { sendRaw, serve } from "./servers.ts";

const tellUrl: WebHandler = (request) => new Response(request.url);

async function urlOf(target: string, ...headers: readonly string[]): Promise<string> {
  const port = await serve(tellUrl);
  const answer = await sendRaw(port, [`GET ${target} HTTP/1.1`, ...headers]);
  return answer.startsWith("HTTP/1.1 200 ") ? answer.slice(answer.indexOf("\r\n\r\n") + 4) : answer.slice(9, 12);
}

describe("the URL of a request", () => {
  it("is absolute, by the header Host", async () => {
    expect(await urlOf("/a/b?c=d&e", "Host: shop.example:8080")).toBe("http://shop.example:8080/a/b?c=d&e");
    expect(await urlOf("/", "Host: [::1]:80")).toBe("http://[::1]/");
  });

  it("names localhost where there is no Host", async () => {
    expect(await urlOf("/a", "Host:")).toBe("http://localhost/a");
    const port = await serve(tellUrl);
    expect(await sendRaw(port, ["GET /a HTTP/1.0"])).toMatch(/^HTTP\/1\.1 200 [^]*http:\/\/localhost\/a$/u);
  });

  it("is that of a target in absolute form", async () => {
    expect(await urlOf("http://shop.example/a?b", "Host: other.example")).toBe("http://shop.example/a?b");
    expect(await urlOf("http://shop.example?b", "Host: other.example")).toBe("http://shop.example/?b");
    expect(await urlOf("HTTPS://shop.example", "Host: other.example")).toBe("http://shop.example/");
  });

  it("does not trust X-Forwarded headers", async () => {
    const forwarded = ["X-Forwarded-Host: evil.example", "X-Forwarded-Proto: https", "Forwarded: host=evil.example"];
    expect(await urlOf("/", "Host: shop.example", ...forwarded)).toBe("http://shop.example/");
  });

  it("keeps what is encoded as it is", async () => {
    expect(await urlOf("/a%2Fb/%C3%A9/..c/.d/e..?../x", "Host: a")).toBe("http://a/a%2Fb/%C3%A9/..c/.d/e..?../x");
  });

  it("has the scheme https on an encrypted connection", async () => {
    const key = readFileSync(new URL("../sinks/fixtures/key.pem", import.meta.url), "utf8");
    const server = createHttpsServer({ cert: CA, key }, toNodeHandler(tellUrl));
    onTestFinished(() => void server.close());
    const port = await listen(server);
    const asked = httpsRequest({
      port,
      host: "127.0.0.1",
      path: "/a",
      headers: { host: "shop.example" },
      rejectUnauthorized: false,
    });
    asked.end();
    const [answer]: IncomingMessage[] = await once(asked, "response");
    if (answer === undefined) throw new Error("There is no answer.");
    expect(await text(answer)).toBe("https://shop.example/a");
  });
});

describe("a malformed request is answered with status 400, and the handler does not see it", () => {
  it.each([
    "//",
    "//evil.example/a",
    "http://[",
    "http://",
    "http:///a",
    "http://user:password@host/",
    "http://host//a",
    "http://host:99999/",
    "ftp://host/",
    "*",
    "a",
    "/errors/../admin",
    "/errors/%2e%2E/admin",
    "/errors/.",
    "/..",
    "/a\\b",
  ])("for the target %s", async (target) => {
    expect(await urlOf(target, "Host: shop.example")).toBe("400");
  });

  it.each([
    "[",
    "a b",
    "user@host",
    "host/path",
    "host:port",
    "host:99999",
    "a?b",
    "a#b",
    "a,b",
    "a%",
    "[::1",
    "a\\b",
    "é",
  ])("for the host %s", async (host) => {
    expect(await urlOf("/", `Host: ${host}`)).toBe(host === "é" ? "http://xn--9ca/" : "400");
  });

  it("for two hosts", async () => {
    expect(await urlOf("/", "Host: a", "Host: b")).toBe("400");
  });

  it("for a method that web-standard requests cannot have", async () => {
    const port = await serve(tellUrl);
    expect(await sendRaw(port, ["TRACE / HTTP/1.1", "Host: a"])).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/u);
  });
});
