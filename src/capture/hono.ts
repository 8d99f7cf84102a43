import { PropertyReader } from "../core/property-reader.ts";
import { isClientError } from "./client-error.ts";
import type { Recorder } from "./recorder.ts";
import { readObject, transactionOf } from "./transaction.ts";

/** What is used of a context of Hono. */
export interface HonoContext {
  /** The request. */
  readonly req: object;
  /** Makes an answer with the headers that were set before. */
  newResponse(body: Response["body"], init: Response): Response;
  /** Makes an answer of text. */
  text(text: string, status: 500): Response;
}

/** An error handler of Hono. */
export type HonoErrorHandler<Context> = (error: Error, context: Context) => Response | Promise<Response>;

/** Creates the error handler for Hono, which answers by the host's own, or else as Hono does without one. */
export function honoHandler<Context extends HonoContext>(
  recorder: Recorder,
  handler: HonoErrorHandler<Context> = answerAsHono,
): HonoErrorHandler<Context> {
  return (error, context) => {
    recorder.recordCaught(error, {
      mechanism: "hono",
      transaction: honoTransaction(context),
      isOfClient: () => isClientError(error),
    });
    return handler(error, context);
  };
}

/** What Hono does by default: an error may say the answer itself, as an `HTTPException` does. */
function answerAsHono(error: Error, context: HonoContext): Response {
  if (hasAnswer(error)) {
    const answer = error.getResponse();
    return context.newResponse(answer.body, answer);
  }
  console.error(error);
  return context.text("Internal Server Error", 500);
}

function hasAnswer(error: Error): error is Error & { getResponse(): Response } {
  return "getResponse" in error;
}

/** More routes match no request. */
const MAX_ROUTES = 1_000;

/** The route that matched last is the one of the handler; those before it are of middleware. */
function honoTransaction(context: HonoContext): string | undefined {
  const reader = new PropertyReader();
  const request = readObject(reader, context, "req");
  if (request === undefined) return undefined;
  const last = reader.elementsOf(reader.read(request, "matchedRoutes"), MAX_ROUTES).at(-1);
  const pattern = typeof last === "object" && last !== null ? reader.readText(last, "path") : undefined;
  // A pattern of middleware says nothing.
  const isRoute = pattern !== undefined && !pattern.endsWith("*");
  return transactionOf(reader.readText(request, "method"), isRoute ? pattern : reader.readText(request, "path"));
}
