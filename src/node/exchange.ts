import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import type { Readable } from "node:stream";

/**
 * A request as Node's servers give it: HTTP/1 or HTTP/2, with or without TLS.
 *
 * @example
 * ```ts
 * import type { NodeRequest } from "issue-lifecycle/node";
 *
 * export const describe = (request: NodeRequest) => `${request.method ?? ""} ${request.url ?? ""}`;
 * ```
 */
export type NodeRequest = IncomingMessage | Http2ServerRequest;

/**
 * The response that belongs to a {@link NodeRequest}.
 *
 * @example
 * ```ts
 * import type { NodeResponse } from "issue-lifecycle/node";
 *
 * export const hide = (response: NodeResponse) => response.setHeader("x-robots-tag", "noindex");
 * ```
 */
export type NodeResponse = ServerResponse | Http2ServerResponse;

/** One request and its answer. */
export interface Exchange {
  readonly request: NodeRequest;
  readonly response: NodeResponse;
  /** The stream of the request's body: the request itself, or what a framework made of it, such as a decompressed one. */
  readonly body: Readable;
  /** Aborts when the client goes away before the answer is complete. */
  readonly client: AbortController;
}

/** Begins to watch whether the client stays for the answer. */
export function beginExchange(request: NodeRequest, response: NodeResponse, body: Readable = request): Exchange {
  const client = new AbortController();
  const stream = "stream" in response ? response.stream : undefined;
  response.once("close", () => {
    // In HTTP/2 an answer counts as finished however its stream was closed.
    const isComplete = response.writableEnded && response.writableFinished && (stream?.rstCode ?? 0) === 0;
    if (!isComplete) client.abort();
  });
  // A write to a connection that has just closed fails. The process would end if nothing listened.
  response.on("error", () => undefined);
  return { request, response, body, client };
}

/** Closes the connection, or in HTTP/2 the stream, in a way by which the client sees that the answer is not complete. */
export function breakOff({ response }: Exchange): void {
  if ("stream" in response) response.stream.close(HTTP2_INTERNAL_ERROR);
  else response.destroy();
}

/** As RFC 9113 numbers it. The constants of `node:http2` would load that module in every host. */
const HTTP2_INTERNAL_ERROR = 2;
