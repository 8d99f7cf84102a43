import { EventEmitter, once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { listen } from "../sinks/servers.ts";

/** A request that was posted. */
export interface Posted {
  /** Such as `/api/1/envelope/`. */
  readonly path: string;
  /** The body, decompressed. */
  readonly body: Uint8Array;
}

/** A local server to which clients post, from pages of other origins too. */
export interface LocalIntake {
  readonly origin: string;
  /** For an SDK. */
  readonly dsn: string;
  readonly posted: readonly Posted[];
  /** Waits until what was posted is enough. */
  until(isEnough: (posted: readonly Posted[]) => boolean): Promise<void>;
  close(): Promise<void>;
}

/** Starts a server on a free port of the loopback address. */
export async function startIntake(): Promise<LocalIntake> {
  const posted: Posted[] = [];
  const arrivals = new EventEmitter();
  const server = createServer((request, response) => {
    void receive(request, response).then((received) => {
      if (received === undefined) return;
      posted.push(received);
      arrivals.emit("arrival");
    });
  });
  const host = `127.0.0.1:${String(await listen(server))}`;
  return {
    origin: `http://${host}`,
    dsn: `http://public@${host}/1`,
    posted,
    async until(isEnough) {
      while (!isEnough(posted)) await once(arrivals, "arrival");
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

/** Answers a request, as browsers ask for it across origins; `undefined` for one that posts nothing. */
async function receive(request: IncomingMessage, response: ServerResponse): Promise<Posted | undefined> {
  const body = await buffer(request);
  const isCompressed = request.headers["content-encoding"] === "gzip";
  response.writeHead(200, {
    "access-control-allow-origin": "*",
    "access-control-allow-headers": "*",
    "content-type": "application/json",
  });
  response.end("{}");
  if (request.method !== "POST") return undefined;
  return {
    path: (request.url ?? "").replace(/\?.*/u, ""),
    body: new Uint8Array(isCompressed ? gunzipSync(body) : body),
  };
}
