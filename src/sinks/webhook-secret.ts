import { randomBytes } from "node:crypto";
import { invalidInput } from "../core/input.ts";
import { invalidSecret } from "./sink-options.ts";

const PREFIX = "whsec_";
const MIN_BYTES = 24;
const MAX_BYTES = 64;
/** The most secrets at a time. Two are what a rotation needs. */
const MAX_SECRETS = 10;

/**
 * Makes a new secret for a webhook: `whsec_` and 32 bytes left to chance, in base64.
 *
 * @example
 * ```ts
 * import { createWebhookSecret } from "issue-lifecycle/sinks";
 *
 * const secret = createWebhookSecret(); // to be kept by both sides
 * ```
 */
export function createWebhookSecret(): string {
  return `${PREFIX}${randomBytes(32).toString("base64")}`;
}

/**
 * The keys that one or several secrets stand for.
 *
 * @throws `IssueLifecycleError` `invalid-input`, which tells nothing of a secret
 */
export function requireSecrets(field: string, value: unknown): readonly Uint8Array[] {
  if (typeof value === "string") return [requireSecret(field, value)];
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_SECRETS) {
    throw invalidInput(
      field,
      Array.isArray(value) ? value : undefined,
      `a secret, or 1 to ${String(MAX_SECRETS)} of them`,
    );
  }
  return value.map((secret, index) => requireSecret(`${field}[${String(index)}]`, secret));
}

function requireSecret(field: string, value: unknown): Uint8Array {
  const key = typeof value === "string" && value.startsWith(PREFIX) ? decode(value.slice(PREFIX.length)) : undefined;
  if (key !== undefined && key.length >= MIN_BYTES && key.length <= MAX_BYTES) return key;
  throw invalidSecret(field, `"${PREFIX}" and ${String(MIN_BYTES)} to ${String(MAX_BYTES)} bytes in base64`);
}

/** Node would pass over what is no base64, and so make a key that another library does not. */
function decode(base64: string): Uint8Array | undefined {
  const bytes = Buffer.from(base64, "base64");
  return bytes.toString("base64") === base64 ? bytes : undefined;
}
