import { beginExchange, type NodeRequest, type NodeResponse } from "./exchange.ts";
import { handlerOptions, serve, webHandler, type NodeHandlerOptions, type WebHandler } from "./web-handler.ts";

/**
 * Answers the requests of a server of `node:http`, `node:https` or `node:http2`, and those of Express and its like, which pass a function
 * `next` that takes errors.
 *
 * @example
 * ```ts
 * import { createServer } from "node:http";
 * import { type NodeHandler, toNodeHandler } from "issue-lifecycle/node";
 *
 * const handler: NodeHandler = toNodeHandler(async () => new Response("ok"));
 *
 * createServer(handler).listen(3000);
 * ```
 */
export type NodeHandler = (request: NodeRequest, response: NodeResponse, next?: (error?: unknown) => void) => void;

/**
 * Mounts a handler of web-standard requests in a server of `node:http`, or in Express.
 *
 * - The URL of the request is made of `Host` and the connection. `X-Forwarded-*` is not trusted. A malformed target or host is answered
 *   with status 400, as is a path with segments of dots, which your routes would read in another way.
 * - Mount it before body parsers. After them it works as well, with the body that they have read: bytes and strings as they are, objects
 *   as JSON again.
 * - An error of the handler goes to `next` where there is one. Otherwise it goes to `onError`, and the client gets status 500.
 * - If the answer is sent before an upload has ended, the rest is not kept: it is thrown away for at most 5 s and 64 MiB, and the
 *   connection closes.
 *
 * @throws `IssueLifecycleError` `invalid-input`
 * @example
 * ```ts
 * import express from "express";
 * import { toNodeHandler } from "issue-lifecycle/node";
 *
 * const app = express();
 * app.use("/errors", toNodeHandler(async (request) => new Response(`You asked for ${request.url}`)));
 * app.listen(3000);
 * ```
 */
export function toNodeHandler(handler: WebHandler, options: NodeHandlerOptions = {}): NodeHandler {
  const checked = webHandler("handler", handler);
  const { onError } = handlerOptions("options", options);
  return (request, response, next) => {
    void serve(beginExchange(request, response), checked, onError, next);
  };
}
