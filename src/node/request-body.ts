import { readMember } from "../core/input.ts";
import { ownNames } from "../core/shape.ts";
import type { Exchange, NodeRequest } from "./exchange.ts";

/** The body of a request for the handler. */
export interface RequestBody {
  readonly content: ReadableStream<Uint8Array> | Uint8Array | null;
  /** Whether something has decoded it before, so that the headers about its encoding and length no longer hold. */
  readonly isDecoded: boolean;
}

const NO_BODY: RequestBody = { content: null, isDecoded: false };

/**
 * The body of a request: its stream, or what a body parser has read from it before.
 *
 * @throws an `Error` for a body that something has read before and kept for itself
 */
export function requestBody(exchange: Exchange): RequestBody {
  const { request, body } = exchange;
  if (request.method === "GET" || request.method === "HEAD" || !mayHaveBody(request)) return NO_BODY;
  if (body !== request) return { content: bodyStream(exchange), isDecoded: true };
  // Body parsers of Express 4 also set a body where they have read nothing.
  const parsed = request.readableDidRead && "body" in request ? request.body : undefined;
  if (parsed !== undefined) return { content: parsedBody(parsed, request.headers["content-type"]), isDecoded: true };
  if (!request.readableEnded) return { content: bodyStream(exchange), isDecoded: false };
  if (!request.readableDidRead) return NO_BODY;
  throw new Error(
    "The body of the request was read before it came to this handler, and is not in request.body. " +
      "Mount the handler before whatever reads the body.",
  );
}

/** Whether a body follows the headers. */
export function mayHaveBody(request: NodeRequest): boolean {
  if ("stream" in request) return !request.stream.endAfterHeaders;
  const length = request.headers["content-length"];
  return request.headers["transfer-encoding"] !== undefined || (length !== undefined && Number(length) !== 0);
}

/** The media type of forms, which body parsers turn into objects too. */
const FORM = /^\s*application\/x-www-form-urlencoded\b/iu;

/**
 * The bytes of a body that a body parser has read, as of `express.json()`, `express.raw()`, `express.text()` or
 * `express.urlencoded()`: bytes and strings as they are, a form's object as a form, and any other value as JSON.
 */
function parsedBody(parsed: unknown, contentType: string | undefined): Uint8Array {
  if (ArrayBuffer.isView(parsed)) return new Uint8Array(parsed.buffer, parsed.byteOffset, parsed.byteLength);
  return new TextEncoder().encode(textOf(parsed, contentType));
}

function textOf(parsed: unknown, contentType = ""): string {
  if (typeof parsed === "string") return parsed;
  if (!FORM.test(contentType)) return JSON.stringify(parsed);
  const form = new URLSearchParams();
  addFields(form, "", parsed);
  return form.toString();
}

/** Adds the fields of a form: a field that was sent repeatedly is an array, one with brackets in its name an object. */
function addFields(form: URLSearchParams, name: string, value: unknown): void {
  if (Array.isArray(value)) for (const each of value) addFields(form, name, each);
  else if (typeof value === "object" && value !== null) {
    for (const member of ownNames("body", value)) {
      addFields(form, name === "" ? member : `${name}[${member}]`, readMember("body", value, member));
    }
  } else form.append(name, String(value));
}

/**
 * The body of a request as a web stream. It reads only when the handler does, and no more than that, so that an upload never fills the
 * memory. If the handler cancels it, the rest stays unread, and the connection stays open for the answer.
 */
function bodyStream(exchange: Exchange): ReadableStream<Uint8Array> {
  const { body } = exchange;
  let stop: (() => void) | undefined;
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (body.readableEnded) controller.close();
        else if (isOver(exchange)) controller.error(reasonOf(exchange));
        else if (stop === undefined) stop = beginReading(exchange, controller);
        else body.resume();
      },
      cancel() {
        stop?.();
      },
    },
    { highWaterMark: 0 },
  );
}

/** Reads one chunk, and another one whenever the body is resumed. Returns a function that stops it. */
function beginReading(exchange: Exchange, controller: ReadableStreamDefaultController<Uint8Array>): () => void {
  const { body, request, response } = exchange;
  const stop = () => {
    body.off("data", onData).off("end", onEnd).pause();
    response.off("close", onClose);
  };
  const fail = (error: unknown) => {
    stop();
    controller.error(error);
  };
  const onData = (chunk: Uint8Array) => {
    body.pause();
    controller.enqueue(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength));
  };
  const onEnd = () => {
    stop();
    controller.close();
  };
  const onClose = () => {
    fail(reasonOf(exchange));
  };
  body.on("data", onData).on("end", onEnd);
  // It may still fail after the end of the reading, when its connection closes. Of a request itself, that is all that can fail.
  body.on("error", (error) => {
    if (body !== request) fail(error);
  });
  response.on("close", onClose);
  return stop;
}

function isOver({ client, response }: Exchange): boolean {
  return client.signal.aborted || response.writableFinished;
}

/** Why a body ends before its end. */
function reasonOf({ client }: Exchange): unknown {
  if (client.signal.aborted) return client.signal.reason;
  return new Error("The answer is complete, and the rest of the request's body is discarded.");
}
