/**
 * Captures thrown errors without an SDK: error handlers for Express, Fastify and Hono, handlers for the process, and a queue that digests
 * events while no request waits for them.
 *
 * @module capture
 */
export { createErrorCapture, type ErrorCapture } from "./error-capture.ts";
export type { CaptureDetails } from "./capture-details.ts";
export type { ErrorCaptureOptions } from "./capture-options.ts";
export type { ExpressErrorHandler } from "./express.ts";
export type { FastifyErrorHook } from "./fastify.ts";
export type { HonoContext, HonoErrorHandler } from "./hono.ts";
