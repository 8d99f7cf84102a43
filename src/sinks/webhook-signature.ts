import { createHmac, timingSafeEqual } from "node:crypto";

/** What is signed, by the rules of Standard Webhooks. */
export interface SignedContent {
  /** The `webhook-id`. */
  readonly id: string;
  /** The `webhook-timestamp`: seconds since 1970, in digits. */
  readonly timestamp: string;
  /** The body, to the byte; a text stands for its UTF-8. */
  readonly body: string | Uint8Array;
}

/** A signature as it stands in the `webhook-signature`: `v1,` and an HMAC-SHA256 in base64. */
export function sign(key: Uint8Array, { id, timestamp, body }: SignedContent): string {
  const digest = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest("base64");
  return `v1,${digest}`;
}

/** Whether two signatures are the same. How long that takes does not tell where they differ. */
export function equalSignatures(one: string, other: string): boolean {
  const [bytes, otherBytes] = [Buffer.from(one), Buffer.from(other)];
  return bytes.length === otherBytes.length && timingSafeEqual(bytes, otherBytes);
}
