import {
  orElse,
  invalidInput,
  refuseOtherMembers,
  requireInstant,
  requireInteger,
  requireObject,
} from "../core/input.ts";
import type { Instant } from "../core/instant.ts";
import { systemClock } from "../ports/clock.ts";
import { equalSignatures, sign } from "./webhook-signature.ts";
import { requireSecrets } from "./webhook-secret.ts";

/** The headers of a request: as Node's `request.headers`, or as a `Headers` object. Upper and lower case are alike. */
export type WebhookHeaders = Readonly<Record<string, string | readonly string[] | undefined>> | HeaderReader;

/** Headers that are asked for one by one, as those of a `Headers` object are. */
export interface HeaderReader {
  /** A header's value; `null` where it is not there. */
  get(name: string): string | null;
}

/** A request that may have come from a {@link webhookSink}. */
export interface ReceivedWebhook {
  /** Its headers. */
  readonly headers: WebhookHeaders;
  /** Its body, as it was received: not parsed and written again. */
  readonly body: string | Uint8Array;
  /** The secret that both sides know, or several while one takes the place of another. */
  readonly secrets: string | readonly string[];
  /** The time now. Default: the system's clock. */
  readonly now?: Instant;
  /** How far `webhook-timestamp` may be from now, either way, in milliseconds. Default 5 minutes; at most a day. */
  readonly toleranceMs?: number;
}

/** Why a request does not count as coming from who knows the secret. */
export type WebhookRefusal =
  /** One of the three headers is missing, is there twice, or cannot be one. */
  | "malformed-headers"
  /** The request is older than the tolerance, perhaps sent again by somebody who saw it; or a clock is wrong. */
  | "too-old"
  /** The request is from the future; a clock is wrong. */
  | "too-new"
  /** No signature was made with one of the secrets for this id, time and body. */
  | "wrong-signature";

/** What is known of a request. */
export type WebhookVerdict =
  | {
      /** Who knows the secret has sent it. */
      readonly valid: true;
      /** The alert's id, the same at every delivery of it: the key to recognise a repeated one by. */
      readonly id: string;
      /** When it was sent, to the second. */
      readonly sentAt: Instant;
    }
  | {
      /** It is not to be trusted. */
      readonly valid: false;
      /** Why. */
      readonly reason: WebhookRefusal;
    };

const DEFAULT_TOLERANCE_MS = 5 * 60_000;
const DAY_MS = 24 * 3_600_000;

/**
 * Decides whether a request comes from who knows the secret, and is a recent one. Never fails on what a request holds.
 *
 * @throws `IssueLifecycleError` `invalid-input` for secrets, a body or options that are none
 * @example
 * ```ts
 * import { verifyWebhook, type ReceivedWebhook } from "issue-lifecycle/sinks";
 *
 * function receive(headers: ReceivedWebhook["headers"], body: Uint8Array, secret: string): number {
 *   const verdict = verifyWebhook({ headers, body, secrets: secret });
 *   return verdict.valid ? 204 : 401;
 * }
 * ```
 */
export function verifyWebhook(request: ReceivedWebhook): WebhookVerdict {
  const { keys, now, toleranceMs, body } = checkRequest(request);
  const headers = readHeaders(request.headers);
  if (headers === undefined) return refused("malformed-headers");
  const { id, timestamp, signatures } = headers;
  const sentAt = Number(timestamp) * 1_000;
  if (sentAt < now - toleranceMs) return refused("too-old");
  if (sentAt > now + toleranceMs) return refused("too-new");
  const expected = keys.map((key) => sign(key, { id, timestamp, body }));
  const isSigned = expected.some((one) => signatures.some((other) => equalSignatures(one, other)));
  return isSigned ? { valid: true, id, sentAt } : refused("wrong-signature");
}

function refused(reason: WebhookRefusal): WebhookVerdict {
  return { valid: false, reason };
}

const MEMBERS = ["headers", "body", "secrets", "now", "toleranceMs"] satisfies (keyof ReceivedWebhook)[];

function checkRequest(request: ReceivedWebhook) {
  const given = requireObject("request", request);
  refuseOtherMembers("request", given, MEMBERS);
  requireObject("request.headers", request.headers);
  const { body } = request;
  if (typeof body !== "string" && !ArrayBuffer.isView(body)) {
    throw invalidInput("request.body", body, "the text or the bytes that were received, not parsed");
  }
  return {
    keys: requireSecrets("request.secrets", request.secrets),
    now: requireInstant("request.now", orElse(request.now, systemClock.now())),
    toleranceMs: requireInteger("request.toleranceMs", orElse(request.toleranceMs, DEFAULT_TOLERANCE_MS), 0, DAY_MS),
    body,
  };
}

interface SignatureHeaders {
  readonly id: string;
  readonly timestamp: string;
  readonly signatures: readonly string[];
}

/** An id without dots: with one, it could not be told from the timestamp behind it, and one signature would do for two contents. */
const ID = /^[^.\s]{1,256}$/u;
/** Written as a number is, so that one time has one timestamp. */
const TIMESTAMP = /^(?:0|[1-9]\d{0,11})$/u;

function readHeaders(headers: WebhookHeaders): SignatureHeaders | undefined {
  const id = headerOf(headers, "webhook-id");
  const timestamp = headerOf(headers, "webhook-timestamp");
  const signature = headerOf(headers, "webhook-signature");
  if (id === undefined || timestamp === undefined || signature === undefined) return undefined;
  if (!ID.test(id) || !TIMESTAMP.test(timestamp)) return undefined;
  return { id, timestamp, signatures: signature.split(" ") };
}

function headerOf(headers: WebhookHeaders, name: string): string | undefined {
  if (hasGetter(headers)) return headers.get(name) ?? undefined;
  const values = Object.entries(headers).flatMap(([each, value]) => (each.toLowerCase() === name ? (value ?? []) : []));
  const [value] = values;
  return values.length === 1 ? value : undefined;
}

function hasGetter(headers: WebhookHeaders): headers is HeaderReader {
  return "get" in headers && typeof headers.get === "function";
}
