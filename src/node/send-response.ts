import type { Writable } from "node:stream";
import type { Exchange, NodeResponse } from "./exchange.ts";
import { discardUpload, isUploading } from "./unread-upload.ts";

/**
 * Sends the answer to an exchange. If the client goes away, or something else has answered already, the body is cancelled.
 *
 * @throws what the body throws, and an error for an answer that Node cannot send
 */
export async function sendResponse(exchange: Exchange, answer: Response): Promise<void> {
  const reader = answer.body?.getReader();
  try {
    if (isOver(exchange)) return;
    const hasBody = reader !== undefined && exchange.request.method !== "HEAD";
    const start = hasBody ? await readStart(reader) : {};
    if (isUploading(exchange)) await arrivalOfRest();
    if (isOver(exchange)) return;
    writeHead(exchange, answer, start);
    if (reader === undefined || start.rest === undefined) await finish(exchange, start.bytes);
    else await stream(exchange, reader, start, start.rest);
  } finally {
    // Of a body that is at its end, nothing is left to cancel.
    if (reader !== undefined) cancel(reader, exchange);
  }
}

/** Node hands a request on before its body, even if both have come in one packet. In the next turn such a body has arrived. */
function arrivalOfRest(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function cancel(reader: BodyReader, { client }: Exchange): void {
  // That a body which nobody wants any more cannot be cancelled is of no interest.
  reader.cancel(client.signal.reason).catch(() => undefined);
}

/** Whether there is nobody to answer, or an answer already, such as one of a middleware for timeouts. */
function isOver({ response, client }: Exchange): boolean {
  return client.signal.aborted || response.headersSent;
}

/** Writes a body as it comes, and only as fast as the client takes it. */
async function stream(
  exchange: Exchange,
  reader: BodyReader,
  start: BodyStart,
  rest: NonNullable<BodyStart["rest"]>,
): Promise<void> {
  const { client, response } = exchange;
  const output: Writable = response;
  client.signal.addEventListener("abort", () => {
    cancel(reader, exchange);
  });
  if (start.bytes === undefined) flushHead(response);
  else output.write(start.bytes);
  let next = await rest;
  while (!next.done && !client.signal.aborted) {
    if (!output.write(next.value)) await drained(output);
    next = await reader.read();
  }
  if (!client.signal.aborted) await finish(exchange);
}

/** Sends the head now. Otherwise Node waits for the first part of the body. */
function flushHead(response: NodeResponse): void {
  if ("stream" in response) response.writeHead(response.statusCode);
  else response.flushHeaders();
}

/** Waits until more can be written, or the connection is closed. */
function drained(output: Writable): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      output.off("drain", settle).off("close", settle);
      resolve();
    };
    output.on("drain", settle).on("close", settle);
  });
}

/** Writes the last bytes and ends the answer, and the upload too, if nobody has read it. */
async function finish(exchange: Exchange, bytes?: Uint8Array): Promise<void> {
  const { response } = exchange;
  const output: Writable = response;
  if (!isUploading(exchange)) {
    output.end(bytes);
  } else if ("stream" in response) {
    const { stream } = response;
    output.end(bytes);
    await discardUpload(exchange);
    stream.close();
  } else {
    // Node closes the connection as soon as the answer has ended.
    if (bytes === undefined) flushHead(response);
    else output.write(bytes);
    await discardUpload(exchange);
    output.end();
  }
}

/** Headers about one connection, which are for Node to send. The answer may come from another server, through `fetch`. */
const CONNECTION_HEADERS: ReadonlySet<string> = new Set([
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "upgrade",
]);

/** Headers that a middleware may have set for itself, so that those of the answer are added to them. */
const ADDED_HEADERS: ReadonlySet<string> = new Set(["set-cookie", "vary"]);

/** Sets the status and the headers of an answer. Node sends them with the first part of its body. */
function writeHead(exchange: Exchange, answer: Response, start: BodyStart): void {
  const { request, response } = exchange;
  const isHttp2 = "stream" in response;
  response.statusCode = answer.status;
  for (const [name, value] of answer.headers) {
    if (CONNECTION_HEADERS.has(name) || (isHttp2 && name === "connection")) continue;
    if (ADDED_HEADERS.has(name)) response.appendHeader(name, value);
    else response.setHeader(name, value);
  }
  const hasLength = start.rest === undefined && request.method !== "HEAD" && !isBodiless(answer.status);
  if (hasLength && !answer.headers.has("content-length")) {
    response.setHeader("content-length", start.bytes?.byteLength ?? 0);
  }
  if (isHttp2) return;
  if (answer.statusText !== "") response.statusMessage = answer.statusText;
  // A body of another length than the answer says would shift all that follows on the connection. It fails instead.
  response.strictContentLength = true;
  if (isUploading(exchange)) response.setHeader("connection", "close");
}

/** Whether answers with this status have no body, and no length. */
function isBodiless(status: number): boolean {
  return status === 204 || status === 304;
}

/** Reads the body of an answer. */
type BodyReader = ReadableStreamDefaultReader<Uint8Array>;

/** The result of one read. */
type BodyChunk = Awaited<ReturnType<BodyReader["read"]>>;

/** The part of an answer's body that is there at once. */
interface BodyStart {
  readonly bytes?: Uint8Array;
  /** What follows; `undefined` if the bytes are the whole body, so that its length is known before its head is sent. */
  readonly rest?: Promise<BodyChunk>;
}

/** Reads the start of a body, without waiting for anything outside. Most answers are whole then. */
async function readStart(reader: BodyReader): Promise<BodyStart> {
  // Comes after all that needs no waiting, because Node finishes the microtasks first.
  const tick = new Promise<undefined>((resolve) => {
    process.nextTick(resolve);
  });
  const read = reader.read();
  const first = await Promise.race([read, tick]);
  if (first === undefined) return { rest: read };
  if (first.done) return {};
  const rest = reader.read();
  const second = await Promise.race([rest, tick]);
  return second?.done === true ? { bytes: first.value } : { bytes: first.value, rest };
}
