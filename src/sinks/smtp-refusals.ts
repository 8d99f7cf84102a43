import { DeliveryError } from "../core/delivery-error.ts";
import { readFailure, memberOf } from "./failure.ts";

/** A recipient whom a mail server refused. */
export interface RefusedRecipient {
  /** The address. */
  readonly address: string;
  /** What the server said. */
  readonly message: string;
  /** Whether it said so for good. */
  readonly isPermanent: boolean;
}

/**
 * The recipients whom a server refused one by one: nodemailer names them in what it gives when some got the message, and in what
 * it throws when nobody did.
 *
 * @param to - whom the message was for
 * @throws {@link DeliveryError} where it is not clear who was refused
 */
export function readRefusals(outcome: unknown, to: readonly string[]): readonly RefusedRecipient[] {
  const reasons = listIn(outcome, "rejectedErrors");
  return listIn(outcome, "rejected").map((rejected) => {
    const address = to.find((each) => each === rejected);
    if (address === undefined) throw new DeliveryError("The mail server refused a recipient under another address.");
    const reason = reasons.find((each) => memberOf(each, "recipient") === address);
    const message = reason === undefined ? "The mail server refused it." : readFailure(reason).message;
    return { address, message, isPermanent: isRefusedForGood(reason) };
  });
}

function listIn(value: unknown, name: string): readonly unknown[] {
  const list = memberOf(value, name);
  return Array.isArray(list) ? list : [];
}

/** Whether a server's answer says that this message, from this sender and to these recipients, will never be taken. */
export function isRefusedForGood(error: unknown): boolean {
  const code = memberOf(error, "responseCode");
  return typeof code === "number" && code >= 550 && code <= 559;
}
