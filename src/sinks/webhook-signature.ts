import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { invalidInput } from "../core/input.ts";
import { arrayOf } from "../core/shape.ts";
import { invalidSecret } from "./shapes.ts";

const PREFIX = "whsec_";
const MIN_BYTES = 24;
const MAX_BYTES = 64;
/** The most secrets at a time. A rotation needs two. */
const MAX_SECRETS = 10;

/**
 * Creates a random secret for a webhook: `whsec_` and 32 bytes in base64.
 *
 * @example
 * ```ts
 * import { createWebhookSecret } from "issue-lifecycle/sinks";
 *
 * const secret = createWebhookSecret(); // store it at both ends
 * ```
 */
export function createWebhookSecret(): string {
  return `${PREFIX}${randomBytes(32).toString("base64")}`;
}

const keyList = arrayOf(requireKey, 1, MAX_SECRETS);

/**
 * The keys in one secret or in a list of them.
 *
 * @throws `IssueLifecycleError` `invalid-input`, which shows nothing of a secret
 */
export function requireKeys(field: string, value: unknown): readonly Uint8Array[] {
  if (typeof value === "string") return [requireKey(field, value)];
  if (typeof value === "object" && value !== null) return keyList(field, value);
  throw invalidInput(field, value, "a secret, as createWebhookSecret() returns it, or an array of secrets");
}

function requireKey(field: string, value: unknown): Uint8Array {
  const key = typeof value === "string" && value.startsWith(PREFIX) ? decode(value.slice(PREFIX.length)) : undefined;
  if (key !== undefined && key.length >= MIN_BYTES && key.length <= MAX_BYTES) return key;
  const allowed = `"${PREFIX}" and ${String(MIN_BYTES)} to ${String(MAX_BYTES)} bytes in base64, as createWebhookSecret() returns it`;
  throw invalidSecret(field, allowed);
}

/** Refuses what is not base64: Node skips such characters, and the key would differ from that of other libraries. */
function decode(base64: string): Uint8Array | undefined {
  const bytes = Buffer.from(base64, "base64");
  return bytes.toString("base64") === base64 ? bytes : undefined;
}

/** The content that Standard Webhooks signs. */
export interface SignedContent {
  /** The `webhook-id`. */
  readonly id: string;
  /** The `webhook-timestamp`: seconds since 1970, in digits. */
  readonly timestamp: string;
  /** The body; a string is signed as UTF-8. */
  readonly body: string | Uint8Array;
}

/** A signature as in the `webhook-signature` header: `v1,` and an HMAC-SHA256 in base64. */
export function sign(key: Uint8Array, { id, timestamp, body }: SignedContent): string {
  const digest = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest("base64");
  return `v1,${digest}`;
}

/** Compares two signatures in constant time. */
export function equalSignatures(one: string, other: string): boolean {
  const [bytes, otherBytes] = [Buffer.from(one), Buffer.from(other)];
  return bytes.length === otherBytes.length && timingSafeEqual(bytes, otherBytes);
}
