import type { Transform } from "node:stream";
import type * as zlibModule from "node:zlib";
import { Chunks, type BodyLimits } from "./body.ts";
import { RefusedRequest } from "./refusal.ts";

/** The part of Node's module that is used. Not each version of Node, Bun and Deno has all of it. */
type Zlib = Partial<
  Pick<
    typeof zlibModule,
    "createGunzip" | "createInflate" | "createInflateRaw" | "createBrotliDecompress" | "createZstdDecompress"
  >
>;

/** A runtime that may have `node:zlib`. It is not imported, so that the readers of this entry also load in a browser. */
interface Runtime {
  readonly process?: { getBuiltinModule?(name: "node:zlib"): Zlib | undefined };
}

function zlib(): Zlib {
  const runtime: Runtime = globalThis;
  return runtime.process?.getBuiltinModule?.("node:zlib") ?? {};
}

/** How the decoders of the values of `Content-Encoding` are made, from the encoded bytes; `undefined` where there is none. */
const DECODERS: Readonly<Record<string, (body: Uint8Array) => Transform | undefined>> = {
  gzip: () => zlib().createGunzip?.(),
  "x-gzip": () => zlib().createGunzip?.(),
  deflate: (body) => (hasZlibHeader(body) ? zlib().createInflate?.() : zlib().createInflateRaw?.()),
  br: () => zlib().createBrotliDecompress?.(),
  zstd: () => zlib().createZstdDecompress?.(),
};

/**
 * Decodes a body by its `Content-Encoding`.
 *
 * @param encoding - the header; absent or empty, and `identity`, for none
 * @throws a refusal with status 413 beyond the limit, 415 for an encoding that this runtime cannot decode, 400 for a damaged body
 */
export async function decodeBody(body: Uint8Array, encoding: string | null, limits: BodyLimits): Promise<Uint8Array> {
  const name = (encoding ?? "").trim().toLowerCase();
  if (name === "" || name === "identity") return body;
  const decoder = Object.hasOwn(DECODERS, name) ? DECODERS[name]?.(body) : undefined;
  if (decoder === undefined) {
    const known = Object.keys(DECODERS).filter((each) => DECODERS[each]?.(NO_BYTES) !== undefined);
    const allowed = ["identity", ...known].join(", ");
    throw new RefusedRequest(415, `The Content-Encoding is unknown; allowed is one of ${allowed}.`, {
      headers: { "accept-encoding": allowed },
    });
  }
  return decodeBy(decoder, body, limits);
}

const NO_BYTES = new Uint8Array();

async function decodeBy(decoder: Transform, body: Uint8Array, limits: BodyLimits): Promise<Uint8Array> {
  const chunks = new Chunks(limits, "once it is decompressed");
  const decoded: AsyncIterable<Uint8Array> = decoder;
  decoder.end(body);
  try {
    // Leaving the loop destroys the decoder.
    for await (const chunk of decoded) await chunks.add(chunk);
  } catch (error) {
    if (error instanceof RefusedRequest) throw error;
    throw damaged(error);
  }
  return chunks.joined();
}

function damaged(cause: unknown): RefusedRequest {
  return new RefusedRequest(400, "The body cannot be decompressed: it is damaged or truncated.", { cause });
}

/**
 * Decodes the body of a client that compresses without saying so: JSON that is compressed by zlib, mostly as base64. A body that is JSON stays
 * as it is.
 *
 * @param limits - with the most bytes of the JSON
 */
export async function decodeOldBody(body: Uint8Array, limits: BodyLimits): Promise<Uint8Array> {
  const bytes = isBase64(body) ? fromBase64(body) : body;
  if (bytes !== body) await new Chunks(limits, "once it is decoded").add(bytes);
  const decoder = hasZlibHeader(bytes) ? zlib().createInflate?.() : undefined;
  return decoder === undefined ? bytes : decodeBy(decoder, bytes, limits);
}

const EQUALS_SIGN = 0x3d;

/** Whether a body is base64 alone, with white space. The text of a JSON object has braces, which base64 does not have. */
function isBase64(body: Uint8Array): boolean {
  return body.length > 0 && body.every((byte) => BASE64_BYTES.has(byte) || byte === EQUALS_SIGN);
}

const BASE64_BYTES: ReadonlySet<number> = new Set(
  new TextEncoder().encode("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/ \t\r\n"),
);

function fromBase64(body: Uint8Array): Uint8Array {
  try {
    const text = atob(new TextDecoder().decode(body));
    const bytes = new Uint8Array(text.length);
    for (let index = 0; index < text.length; index++) bytes[index] = text.charCodeAt(index);
    return bytes;
  } catch (error) {
    throw damaged(error);
  }
}

function hasZlibHeader([first = 0, second = 0]: Uint8Array): boolean {
  return (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0;
}
