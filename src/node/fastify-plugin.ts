import { Readable } from "node:stream";
import { beginExchange, type NodeRequest, type NodeResponse } from "./exchange.ts";
import { handlerOptions, serve, webHandler, type NodeHandlerOptions, type WebHandler } from "./web-handler.ts";

/**
 * Answers a request of Fastify, of which it needs the messages of Node, the body's stream and the headers that hooks have set.
 *
 * @example
 * ```ts
 * import type { FastifyRoute } from "issue-lifecycle/node";
 *
 * export const teapot: FastifyRoute = (_request, reply) => {
 *   reply.hijack();
 *   reply.raw.statusCode = 418;
 *   reply.raw.end();
 * };
 * ```
 */
export type FastifyRoute = (
  request: { readonly raw: NodeRequest; readonly body: unknown },
  reply: {
    readonly raw: NodeResponse;
    hijack(): unknown;
    getHeaders(): Readonly<Record<string, number | string | string[] | undefined>>;
  },
) => void;

/**
 * The part of an instance of Fastify that the plugin needs. Fastify's own type fits.
 *
 * @example
 * ```ts
 * import fastify from "fastify";
 * import type { FastifyContext } from "issue-lifecycle/node";
 *
 * export const context: FastifyContext = fastify();
 * ```
 */
export interface FastifyContext {
  /** Where the plugin is mounted. */
  readonly prefix: string;
  /** Takes the parsers of bodies away, in this context. */
  removeAllContentTypeParsers(): void;
  /** Adds a parser of bodies, in this context. */
  addContentTypeParser(
    contentType: string,
    parser: (request: unknown, payload: Readable, done: (error: null, body: unknown) => void) => void,
  ): void;
  /** Adds a route for all methods. */
  all(path: string, route: FastifyRoute): unknown;
}

/**
 * Mounts a handler of web-standard requests in Fastify, for all methods and all paths under the prefix. It does what `toNodeHandler`
 * does; your hooks and the headers that they set stay in force. An error of the handler goes to `onError`, and not to Fastify's error
 * handler, because that one shows its message to the client.
 *
 * @throws `IssueLifecycleError` `invalid-input`
 * @example
 * ```ts
 * import fastify from "fastify";
 * import { toFastifyPlugin } from "issue-lifecycle/node";
 *
 * const app = fastify();
 * app.register(toFastifyPlugin(async () => new Response("ok")), { prefix: "/errors" });
 * await app.listen({ port: 3000 });
 * ```
 */
export function toFastifyPlugin(
  handler: WebHandler,
  options: NodeHandlerOptions = {},
): (context: FastifyContext, options: unknown, done: () => void) => void {
  const route = routeOf(webHandler("handler", handler), handlerOptions("options", options).onError);
  return (context, _options, done) => {
    // Of this context alone: the host's other routes keep their parsers.
    context.removeAllContentTypeParsers();
    context.addContentTypeParser("*", (_request, payload, leave) => {
      leave(null, payload);
    });
    context.all("/*", route);
    if (context.prefix !== "") context.all("", route);
    done();
  };
}

function routeOf(handler: WebHandler, report: (error: unknown) => void): FastifyRoute {
  return (request, reply) => {
    reply.hijack();
    const { raw } = reply;
    for (const [name, value] of Object.entries(reply.getHeaders())) {
      if (value !== undefined) raw.setHeader(name, value);
    }
    // A hook may have replaced the stream, such as by one that decompresses.
    const body = request.body instanceof Readable ? request.body : undefined;
    void serve(beginExchange(request.raw, raw, body), handler, report);
  };
}
