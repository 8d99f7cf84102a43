/**
 * Mounts a handler of web-standard requests in `node:http`, Express and Fastify. Hono, Next, Bun and Deno call such a handler
 * directly.
 *
 * @module node
 * @example
 * ```ts
 * import { createServer } from "node:http";
 * import { toNodeHandler } from "issue-lifecycle/node";
 *
 * createServer(toNodeHandler(async () => new Response("ok"))).listen(3000);
 * ```
 */
export { type FastifyContext, type FastifyRoute, toFastifyPlugin } from "./fastify-plugin.ts";
export { type NodeHandler, toNodeHandler } from "./node-handler.ts";
export type { NodeRequest, NodeResponse } from "./exchange.ts";
export type { NodeHandlerOptions, WebHandler } from "./web-handler.ts";
