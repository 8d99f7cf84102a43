import { createHash } from "node:crypto";
import type { Alert } from "../core/alert.ts";
import { DeliveryError, PermanentDeliveryError } from "../core/delivery-error.ts";
import type { DeliveryAttempt } from "../ports/alert-sink.ts";
import { systemClock } from "../ports/clock.ts";
import { emailMessage, type EmailEnvelope, type EmailMessage } from "./email-message.ts";
import { readFailure } from "./failure.ts";
import { readProgress, writeProgress } from "./progress.ts";
import { isRefusedForGood, readRefusals, type RefusedRecipient } from "./smtp-refusals.ts";
import { withinTime } from "./within-time.ts";

/** What sends e-mails: a transport of nodemailer's is one. */
export interface EmailTransport {
  /**
   * Sends an e-mail. Fails where nobody got it; where only some did, its outcome may name the others in `rejected` and
   * `rejectedErrors`, as nodemailer's does.
   */
  sendMail(message: EmailMessage): Promise<unknown>;
}

/**
 * Sends an alert to those recipients who have not got it at an attempt before.
 *
 * @throws {@link DeliveryError}, {@link PermanentDeliveryError}, or what the transport fails with
 */
export async function deliverEmail(
  transport: EmailTransport,
  alert: Alert,
  envelope: EmailEnvelope,
  attempt: DeliveryAttempt,
): Promise<void> {
  const { done, gaveUp } = readProgress(attempt, envelope.to.map(keyOf));
  const to = envelope.to.filter((address) => !done.has(keyOf(address)) && !gaveUp.has(keyOf(address)));
  const message = emailMessage(alert, { ...envelope, to });
  const refusals = to.length === 0 ? [] : await send(transport, message, attempt);
  const refused = refusals.map(({ address }) => address);
  const refusedForGood = refusals.filter(({ isPermanent }) => isPermanent).map(({ address }) => address);
  const reached = to.filter((address) => !refused.includes(address));
  const next = {
    done: new Set([...done, ...reached.map(keyOf)]),
    gaveUp: new Set([...gaveUp, ...refusedForGood.map(keyOf)]),
    memos: new Map<string, string>(),
  };
  const lost = envelope.to.filter((address) => next.gaveUp.has(keyOf(address)));
  const memo = writeProgress(next);
  if (refusals.some(({ isPermanent }) => !isPermanent)) throw new DeliveryError(sentence(refusals), { memo });
  if (lost.length > 0)
    throw new PermanentDeliveryError(`Refused for good: ${lost.join(", ")}. ${sentence(refusals)}`.trim(), { memo });
}

/** Names an address in a memo: short, so that there is room for all, and without telling it. */
function keyOf(address: string): string {
  return createHash("sha256").update(address).digest("base64url").slice(0, 10);
}

function sentence(refusals: readonly RefusedRecipient[]): string {
  return refusals.map(({ address, message }) => `${address}: ${message}`).join("; ");
}

/** @returns those whom the server did not take the message for */
async function send(
  transport: EmailTransport,
  message: EmailMessage,
  { signal }: DeliveryAttempt,
): Promise<readonly RefusedRecipient[]> {
  const limit = { signal, timeoutMs: undefined, clock: systemClock };
  try {
    return readRefusals(await withinTime("The mail server", limit, () => transport.sendMail(message)), message.to);
  } catch (error) {
    const refusals = readRefusals(error, message.to);
    if (refusals.length > 0) return refusals;
    if (isRefusedForGood(error)) throw new PermanentDeliveryError(readFailure(error).message, { cause: error });
    throw error;
  }
}
