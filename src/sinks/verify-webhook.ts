import { invalidInput, requireInstant, requireObject } from "../core/input.ts";
import type { Instant, InstantInput } from "../core/instant.ts";
import { integer, object, optional, withDefault, type Shape } from "../core/shape.ts";
import { systemClock } from "../ports/clock.ts";
import { equalSignatures, requireKeys, sign } from "./webhook-signature.ts";

/** The headers of a request: Node's `request.headers`, or a `Headers` object. Upper and lower case are equal. */
export type WebhookHeaders = Readonly<Record<string, string | readonly string[] | undefined>> | HeaderReader;

/** The part of a `Headers` object that is used. */
export interface HeaderReader {
  /** The value of a header; `null` if it is missing. */
  get(name: string): string | null;
}

/** A request that may come from a {@link webhookSink}. */
export interface ReceivedWebhook {
  readonly headers: WebhookHeaders;
  /** The body as it was received, before it is parsed. */
  readonly body: string | Uint8Array;
  /** The shared secret, or an array of up to 10 of them, for secret rotation. */
  readonly secrets: string | readonly string[];
  /** The current time, as epoch milliseconds or a `Date`. Default: the system's clock. */
  readonly now?: InstantInput;
  /** The largest difference between `webhook-timestamp` and `now`, in milliseconds. Default 5 minutes; at most a day. */
  readonly toleranceMs?: number;
}

/** Why a request is not valid. */
export type WebhookRefusal =
  /** One of the three headers is missing, is repeated or has another form. */
  | "malformed-headers"
  /** The request was sent too long ago: a replay of a recorded request, or a wrong clock. */
  | "too-old"
  /** The request was sent in the future: a wrong clock. */
  | "too-new"
  /** None of the first 20 signatures was made with one of the secrets for this id, time and body. */
  | "wrong-signature";

/** The result of {@link verifyWebhook}. */
export type WebhookVerification =
  | {
      readonly valid: true;
      /** The alert's id, the same at every delivery of it: use it to recognise a repeated delivery. */
      readonly id: string;
      /** When the request was sent, to the second. */
      readonly sentAt: Instant;
    }
  | {
      readonly valid: false;
      readonly reason: WebhookRefusal;
    };

const DEFAULT_TOLERANCE_MS = 5 * 60_000;
const DAY_MS = 24 * 3_600_000;

/** The most signatures of a request that are compared. A {@link webhookSink} sends one per secret, at most 10. */
const MAX_SIGNATURES = 20;

/**
 * Checks that a request was sent recently by someone who knows the secret. Returns a result for any headers and body, however
 * malformed.
 *
 * @throws `IssueLifecycleError` `invalid-input` for secrets, a body or options of a wrong type
 * @example
 * ```ts
 * import { verifyWebhook, type ReceivedWebhook } from "issue-lifecycle/sinks";
 *
 * function receive(headers: ReceivedWebhook["headers"], body: Uint8Array, secret: string): number {
 *   const verification = verifyWebhook({ headers, body, secrets: secret });
 *   return verification.valid ? 204 : 401;
 * }
 * ```
 */
export function verifyWebhook(request: ReceivedWebhook): WebhookVerification {
  const { secrets: keys, now = systemClock.now(), toleranceMs, body, headers } = requestShape("request", request);
  const signed = readHeaders(headers);
  if (signed === undefined) return refused("malformed-headers");
  const { id, timestamp, signatures } = signed;
  const sentAt = Number(timestamp) * 1_000;
  if (sentAt < now - toleranceMs) return refused("too-old");
  if (sentAt > now + toleranceMs) return refused("too-new");
  const expected = keys.map((key) => sign(key, { id, timestamp, body }));
  const isSigned = expected.some((one) => signatures.some((other) => equalSignatures(one, other)));
  return isSigned ? { valid: true, id, sentAt } : refused("wrong-signature");
}

function refused(reason: WebhookRefusal): WebhookVerification {
  return { valid: false, reason };
}

const requestShape = object(
  {
    headers: requireObject,
    body: requireBody,
    secrets: requireKeys,
    now: optional(requireInstant),
    toleranceMs: withDefault(integer(0, DAY_MS), DEFAULT_TOLERANCE_MS),
  } satisfies Record<keyof ReceivedWebhook, Shape<unknown>>,
  "{ headers: request.headers, body, secrets }",
);

function requireBody(field: string, value: unknown): string | Uint8Array {
  if (typeof value === "string" || isBytes(value)) return value;
  throw invalidInput(field, value, "the string or the bytes that were received, before they are parsed");
}

/** Any view of bytes, also one of another realm, as test runners create. */
function isBytes(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value);
}

interface SignatureHeaders {
  readonly id: string;
  readonly timestamp: string;
  readonly signatures: readonly string[];
}

/** An id without dots: a dot could be mistaken for the one before the timestamp, so that one signature fits two contents. */
const ID = /^[^.\s]{1,256}$/u;
/** Without leading zeros, so that each time has one form. */
const TIMESTAMP = /^(?:0|[1-9]\d{0,11})$/u;

function readHeaders(headers: Readonly<Record<string, unknown>>): SignatureHeaders | undefined {
  const id = headerOf(headers, "webhook-id");
  const timestamp = headerOf(headers, "webhook-timestamp");
  const signature = headerOf(headers, "webhook-signature");
  if (id === undefined || timestamp === undefined || signature === undefined) return undefined;
  if (!ID.test(id) || !TIMESTAMP.test(timestamp)) return undefined;
  return { id, timestamp, signatures: signature.split(" ", MAX_SIGNATURES) };
}

/** The only value of a header; `undefined` if it is missing, repeated, not a string or cannot be read. */
function headerOf(headers: Readonly<Record<string, unknown>>, name: string): string | undefined {
  try {
    const values = valuesOf(headers, name);
    const [value] = values;
    return values.length === 1 && typeof value === "string" ? value : undefined;
  } catch {
    // A getter, or a get() of its own, failed.
    return undefined;
  }
}

function valuesOf(headers: Readonly<Record<string, unknown>>, name: string): readonly unknown[] {
  if (typeof headers["get"] === "function") return [Reflect.apply(headers["get"], headers, [name])];
  return Object.keys(headers)
    .filter((each) => each.toLowerCase() === name)
    .flatMap((each): unknown => headers[each] ?? []);
}
