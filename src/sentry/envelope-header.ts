import { invalidInput } from "../core/input.ts";
import { findLineEnd } from "./envelope-items.ts";
import { readSafely } from "./input.ts";
import { parseJsonObject } from "./json-limits.ts";
import type { JsonObject } from "./json-values.ts";
import { requireBody } from "./request-body.ts";

/** The longest header of an envelope, in bytes; SDKs send some hundreds. */
export const MAX_ENVELOPE_HEADER_BYTES = 1_048_576;

/**
 * Reads the header of an envelope alone, which is its first line: for its `dsn`, before you decide whether to read the rest.
 *
 * Looks at no more than {@link MAX_ENVELOPE_HEADER_BYTES} bytes of the body, so you can pass a part of it. The members are not
 * checked.
 *
 * @example
 * ```ts
 * import { readSentryEnvelopeHeader } from "issue-lifecycle/sentry";
 *
 * const { dsn } = readSentryEnvelopeHeader('{"dsn":"https://key@shop.example/1"}\n{"type":"event"}\n{"message":"m"}');
 * console.log(dsn); // "https://key@shop.example/1"
 * ```
 *
 * @param body - the body of the request, decompressed, or its beginning
 * @throws `IssueLifecycleError` `invalid-input`, and nothing else, whatever it is given: for a first line that is not a JSON
 *   object or too long
 */
export function readSentryEnvelopeHeader(body: Uint8Array | string): Readonly<Record<string, unknown>> {
  return readSafely("envelope", () => {
    // A string has at most as many characters as bytes: the rest of it need not be encoded.
    const start: unknown = typeof body === "string" ? body.slice(0, MAX_ENVELOPE_HEADER_BYTES + 1) : body;
    return readHeader(requireBody("envelope", start)).header;
  });
}

/** The header of an envelope, and the index of the line end after it. */
export function readHeader(bytes: Uint8Array): { readonly header: JsonObject; readonly end: number } {
  const start = bytes.subarray(0, MAX_ENVELOPE_HEADER_BYTES + 1);
  const end = findLineEnd(start, 0);
  if (end > MAX_ENVELOPE_HEADER_BYTES) {
    const allowed = `at most ${String(MAX_ENVELOPE_HEADER_BYTES)} bytes; for a single event use readSentryEvent()`;
    throw invalidInput("envelope.header", end, allowed);
  }
  return { header: parseJsonObject("envelope.header", bytes.subarray(0, end)), end };
}

/** Members of events that no envelope's header has. */
const EVENT_MEMBERS = [
  ...["exception", "logentry", "message", "threads", "stacktrace", "fingerprint", "csp", "csp-report"],
  ...["level", "platform", "timestamp", "contexts", "breadcrumbs", "extra", "tags", "modules", "server_name"],
];

/** Whether a first line is a single event, as SDKs post it to `/store/`, and not the header of an envelope. */
export function isSingleEvent(header: JsonObject): boolean {
  return EVENT_MEMBERS.some((member) => Object.hasOwn(header, member));
}
