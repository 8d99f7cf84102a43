import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import { toNodeHandler, type NodeHandlerOptions, type WebHandler } from "../../src/node/index.ts";
import { listen } from "../sinks/servers.ts";

/** Mounts a handler in a server of `node:http`, until the test has finished. Returns its port. */
export function serve(handler: WebHandler, options?: NodeHandlerOptions): Promise<number> {
  return serveNode(toNodeHandler(handler, options));
}

/** Starts a server of `node:http`, until the test has finished. Returns its port. */
export async function serveNode(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  onTestFinished(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  });
  return listen(server);
}

export function origin(port: number): string {
  return `http://127.0.0.1:${String(port)}`;
}

/** Opens a connection, until the test has finished. */
export function open(port: number): Socket {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  onTestFinished(() => void socket.destroy());
  return socket;
}

/** Sends a request line and headers, and returns all that comes back until the server closes the connection. */
export async function sendRaw(port: number, lines: readonly string[], body = ""): Promise<string> {
  const socket = open(port);
  socket.write([...lines, "Connection: close", "", body].join("\r\n"), "latin1");
  return text(socket);
}

/** Waits until what has come contains a text. */
export async function receive(socket: Socket, wanted: string): Promise<string> {
  let received = "";
  const note = (chunk: Buffer) => void (received += chunk.toString("latin1"));
  socket.on("data", note);
  while (!received.includes(wanted)) await once(socket, "data");
  socket.off("data", note);
  return received;
}

/** A promise for a test to settle. */
export function event<Value = void>(): { readonly happened: Promise<Value>; readonly happen: (value: Value) => void } {
  const { promise, resolve } = Promise.withResolvers<Value>();
  return { happened: promise, happen: resolve };
}
