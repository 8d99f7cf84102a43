import { invalidInput } from "../core/input.ts";

/**
 * The bytes of a request's body. Takes any view of bytes, also one of another realm, as test runners create.
 *
 * @throws `IssueLifecycleError` `invalid-input` for anything but bytes and strings
 */
export function requireBody(field: string, body: unknown): Uint8Array {
  if (typeof body === "string") return new TextEncoder().encode(body);
  if (ArrayBuffer.isView(body)) return new Uint8Array(body.buffer, body.byteOffset, body.byteLength);
  throw invalidInput(field, body, "the bytes of the request's body (a Uint8Array), or a string");
}
