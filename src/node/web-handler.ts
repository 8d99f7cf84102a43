import { isResponse } from "../ports/web-response.ts";
import { callback, object, type Shape } from "../core/shape.ts";
import { requireErrorReporter } from "../ports/error-reporter.ts";
import { breakOff, type Exchange } from "./exchange.ts";
import { sendResponse } from "./send-response.ts";
import { webRequest } from "./web-request.ts";

/**
 * Answers a web-standard request. It is the form of handlers in Hono, Next, Bun and Deno.
 *
 * The request's `signal` aborts when the client goes away before the answer is complete. A handler that wants the body reads it before
 * its answer is complete: what is unread by then is discarded.
 *
 * @example
 * ```ts
 * import type { WebHandler } from "issue-lifecycle/node";
 *
 * export const echo: WebHandler = async (request) => new Response(await request.text());
 * ```
 */
export type WebHandler = (request: Request) => Response | Promise<Response>;

/**
 * The options of `toNodeHandler` and `toFastifyPlugin`.
 *
 * @example
 * ```ts
 * import { createServer } from "node:http";
 * import { type NodeHandlerOptions, toNodeHandler } from "issue-lifecycle/node";
 *
 * const options: NodeHandlerOptions = { onError: (error) => console.warn("The intake failed.", error) };
 *
 * createServer(toNodeHandler(async () => new Response("ok"), options)).listen(3000);
 * ```
 */
export interface NodeHandlerOptions {
  /**
   * Takes errors of the handler, which the client never sees: it gets status 500, or its connection closes if the answer has begun.
   * In Express, errors before the answer go to `next` instead. Default: the console.
   */
  readonly onError?: (error: unknown) => unknown;
}

/** The options, validated. */
export const handlerOptions = object(
  { onError: requireErrorReporter } satisfies Record<keyof NodeHandlerOptions, Shape<unknown>>,
  "{ onError: (error) => logger.error(error) }",
);

/** The shape of a handler. */
export const webHandler = callback<WebHandler>();

/**
 * Has the handler answer an exchange. Never rejects.
 *
 * @param report - takes the errors that nobody else takes
 * @param next - takes an error before the answer in place of `report`, and answers itself
 */
export async function serve(
  exchange: Exchange,
  handler: WebHandler,
  report: (error: unknown) => void,
  next?: (error: unknown) => void,
): Promise<void> {
  try {
    await answer(exchange, handler);
  } catch (error) {
    const { response, client } = exchange;
    // A handler that stops because the client has gone away has not failed.
    if (client.signal.aborted && error === client.signal.reason) return;
    if (next !== undefined && !response.headersSent && !client.signal.aborted) {
      next(asError(error));
      return;
    }
    report(error);
    await answerFailure(exchange, report);
  }
}

async function answer(exchange: Exchange, handler: WebHandler): Promise<void> {
  const request = webRequest(exchange);
  const response = request === undefined ? plainAnswer(400, "Bad Request") : await handler(request);
  await sendResponse(exchange, requireResponse(response));
}

/** Answers that the handler has failed. What has begun as an answer is broken off instead. */
async function answerFailure(exchange: Exchange, report: (error: unknown) => void): Promise<void> {
  if (exchange.response.headersSent) {
    breakOff(exchange);
    return;
  }
  try {
    await sendResponse(exchange, plainAnswer(500, "Internal Server Error"));
  } catch (error) {
    report(error);
    breakOff(exchange);
  }
}

function plainAnswer(status: number, text: string): Response {
  return new Response(text, { status });
}

/** What a handler returned, as an answer. */
function requireResponse(value: unknown): Response {
  if (isResponse(value)) return value;
  throw new TypeError("The handler must return a Response, or a promise of one, with a status from 200 to 599.");
}

/** An error as Express takes it, for which some other values say that there is none, or which routes to skip. */
function asError(thrown: unknown): unknown {
  if (typeof thrown === "object" && thrown !== null) return thrown;
  return new Error("The handler threw something that is not an error.", { cause: thrown });
}
