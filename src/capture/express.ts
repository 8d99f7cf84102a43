import { PropertyReader } from "../core/property-reader.ts";
import { isClientError } from "./client-error.ts";
import type { Recorder } from "./recorder.ts";
import { readObject, transactionOf, withoutQuery } from "./transaction.ts";

/** An error handler of Express 4 and 5. */
export type ExpressErrorHandler = (
  error: unknown,
  request: object,
  response: object,
  next: (error?: unknown) => void,
) => void;

/** Creates the error handler for Express, which passes each error on. */
export function expressHandler(recorder: Recorder): ExpressErrorHandler {
  // Express takes a function of four parameters as an error handler.
  return (error, request, _response, next) => {
    recorder.recordCaught(error, {
      mechanism: "express",
      transaction: expressTransaction(request),
      isOfClient: () => isClientError(error),
    });
    next(error);
  };
}

function expressTransaction(request: object): string | undefined {
  const reader = new PropertyReader();
  const path = withoutQuery(reader.readText(request, "originalUrl") ?? reader.readText(request, "url") ?? "");
  const route = readObject(reader, request, "route");
  const pattern = route === undefined ? undefined : reader.readText(route, "path");
  const routed = pattern === undefined ? path : mountedAt(path, pattern, reader.readText(request, "baseUrl") ?? "");
  return transactionOf(reader.readText(request, "method"), routed);
}

/**
 * The pattern of a route with the path of its router. Express has restored `baseUrl` when the error reaches a handler of the app: what the
 * path has in front of the part that the pattern matches says it too.
 */
function mountedAt(path: string, pattern: string, baseUrl: string): string {
  const segments = segmentsOf(path);
  const expected = segmentsOf(pattern);
  const start = segments.length - expected.length;
  const fits = start >= 0 && expected.every((part, index) => isMatch(part, segments[start + index] ?? ""));
  const mount = fits ? segments.slice(0, start).map((segment) => `/${segment}`) : [baseUrl];
  return `${mount.join("")}${pattern === "/" && mount.length > 0 ? "" : pattern}` || "/";
}

function segmentsOf(path: string): string[] {
  return path.split("/").filter((segment) => segment !== "");
}

/** Whether a segment may be matched by a part of a pattern. What is neither text nor one parameter is not understood. */
function isMatch(part: string, segment: string): boolean {
  return /^:\w+$/u.test(part) || (/^[\w.~-]+$/u.test(part) && part.toLowerCase() === segment.toLowerCase());
}
