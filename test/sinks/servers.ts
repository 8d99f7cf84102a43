import { readFileSync } from "node:fs";
import { once } from "node:events";
import { createServer as createHttpServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { text } from "node:stream/consumers";

const fixture = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url), "utf8");

/** The self-signed certificate of the test servers. */
export const CA = fixture("cert.pem");
const TLS = { cert: CA, key: fixture("key.pem") };

/** A request that a server received. */
export interface SeenRequest {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A server that records its requests. */
export interface TestServer {
  readonly port: number;
  readonly requests: readonly SeenRequest[];
  /** The number of connections so far. */
  readonly connections: () => number;
  /** Waits until all connections are closed. */
  closed(): Promise<void>;
  close(): Promise<void>;
}

/** Answers a request. The request's body has been read. */
export type Answer = (response: ServerResponse, request: SeenRequest) => void;

export const startHttps = (answer: Answer) => start(createServer(TLS), answer);
export const startHttp = (answer: Answer) => start(createHttpServer(), answer);

async function start(server: ReturnType<typeof createHttpServer>, answer: Answer): Promise<TestServer> {
  const requests: SeenRequest[] = [];
  const open = new Set<object>();
  let count = 0;
  server.on("connection", (socket) => {
    count++;
    open.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => {
      open.delete(socket);
      server.emit("one closed");
    });
  });
  server.on("request", (request, response) => {
    void text(request).then((body) => {
      const seen = { method: request.method, path: request.url, headers: request.headers, body };
      requests.push(seen);
      answer(response, seen);
    });
  });
  const port = await listen(server);
  return {
    port,
    requests,
    connections: () => count,
    async closed() {
      while (open.size > 0) await once(server, "one closed");
    },
    close: () => stop(server),
  };
}

/** Listens on a free port of the loopback address. */
export async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return portOf(server.address());
}

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === "string") throw new Error("The server does not listen on a port.");
  return address.port;
}

async function stop(server: ReturnType<typeof createHttpServer>): Promise<void> {
  server.close();
  server.closeAllConnections();
  await once(server, "close");
}
