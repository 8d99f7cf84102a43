import { createHash } from "node:crypto";
import { DeliveryError, PermanentDeliveryError } from "../alerts/delivery-error.ts";
import type { Alert } from "../core/alert.ts";
import type { DeliveryAttempt } from "../ports/alert-sink.ts";
import { systemClock } from "../ports/clock.ts";
import { readProgress, writeProgress } from "./delivery-progress.ts";
import { emailMessage, type EmailEnvelope, type EmailMessage } from "./email-message.ts";
import { describeFailures, memberOf, readFailure } from "./sink-failure.ts";
import { withTimeLimit } from "./time-limit.ts";

/** Sends e-mails. A transport of nodemailer, of any version, is one. */
export interface EmailTransport {
  /**
   * Sends an e-mail. Rejects if no recipient was accepted; if some were refused, the result may list them in `rejected` and
   * `rejectedErrors`, as nodemailer's does.
   */
  sendMail(message: EmailMessage): Promise<unknown>;
}

/**
 * Sends an alert to those recipients that no earlier attempt reached.
 *
 * @throws {@link DeliveryError}, {@link PermanentDeliveryError}, or the transport's own error
 */
export async function deliverEmail(
  transport: EmailTransport,
  alert: Alert,
  envelope: EmailEnvelope,
  attempt: DeliveryAttempt,
): Promise<void> {
  const before = readProgress(attempt, envelope.to.map(keyOf));
  const to = envelope.to.filter(
    (address) => !before.delivered.has(keyOf(address)) && !before.failed.has(keyOf(address)),
  );
  const message = emailMessage(alert, { ...envelope, to });
  const refusals = to.length === 0 ? [] : await send(transport, message, attempt);
  const refused = refusals.map(({ name }) => name);
  const refusedPermanently = refusals.filter(({ isPermanent }) => isPermanent).map(({ name }) => name);
  const reached = to.filter((address) => !refused.includes(address));
  const failed = new Set([...before.failed, ...refusedPermanently.map(keyOf)]);
  const delivered = new Set([...before.delivered, ...reached.map(keyOf)]);
  const memo = writeProgress({ delivered, failed, memos: new Map() });
  if (refusals.length > refusedPermanently.length) throw new DeliveryError(describeFailures(refusals), { memo });
  const unreachable = envelope.to.filter((address) => failed.has(keyOf(address)));
  if (unreachable.length === 0) return;
  const sentences = [`Permanently refused: ${unreachable.join(", ")}.`, describeFailures(refusals)];
  throw new PermanentDeliveryError(sentences.join(" ").trim(), { memo });
}

/** The key of an address in the memo: a hash, so that 100 of them fit and the memo contains no addresses. */
function keyOf(address: string): string {
  return createHash("sha256").update(address).digest("base64url").slice(0, 10);
}

/** A recipient that the mail server refused, and the server's answer. */
interface RefusedRecipient {
  /** The address. */
  readonly name: string;
  readonly message: string;
  readonly isPermanent: boolean;
}

async function send(
  transport: EmailTransport,
  message: EmailMessage,
  { signal }: DeliveryAttempt,
): Promise<readonly RefusedRecipient[]> {
  const limit = { signal, timeoutMs: undefined, clock: systemClock };
  try {
    return readRefusals(await withTimeLimit("The mail server", limit, () => transport.sendMail(message)), message.to);
  } catch (error) {
    const refusals = readRefusals(error, message.to);
    if (refusals.length > 0) return refusals;
    if (isPermanentAnswer(error)) throw new PermanentDeliveryError(readFailure(error).message, { cause: error });
    throw error;
  }
}

/**
 * Reads the refused recipients from the transport's result or error: nodemailer lists them in the result when the server accepted
 * others, and in the error when it accepted none.
 *
 * @throws {@link DeliveryError} if a refused address is not one of the message's
 */
function readRefusals(outcome: unknown, to: readonly string[]): readonly RefusedRecipient[] {
  const errors = listIn(outcome, "rejectedErrors");
  return listIn(outcome, "rejected").map((rejected) => {
    const name = to.find((each) => each === rejected);
    if (name === undefined) throw new DeliveryError("The mail server refused a recipient under another address.");
    const error = errors.find((each) => memberOf(each, "recipient") === name);
    const message = error === undefined ? "The mail server refused it." : readFailure(error).message;
    return { name, message, isPermanent: isPermanentAnswer(error) };
  });
}

function listIn(value: unknown, name: string): readonly unknown[] {
  const list = memberOf(value, name);
  return Array.isArray(list) ? list : [];
}

/** Whether the server's answer (550 to 559) says that it will never accept this message, sender or recipient. */
function isPermanentAnswer(error: unknown): boolean {
  const code = memberOf(error, "responseCode");
  return typeof code === "number" && code >= 550 && code <= 559;
}
