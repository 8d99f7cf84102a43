import { domainToASCII } from "node:url";
import type { Alert } from "../core/alert.ts";
import { invalidInput, readMember, requireObject, requireText } from "../core/input.ts";
import { arrayOf, object, withDefault, type Shape } from "../core/shape.ts";
import type { AlertSink } from "../ports/alert-sink.ts";
import { deliverEmail, type EmailTransport } from "./email-delivery.ts";

/** The recipients of the e-mails: plain addresses, at most 100 per alert. */
export type EmailRecipients =
  string | readonly string[] | ((alert: Alert) => readonly string[] | Promise<readonly string[]>);

/** How alerts become e-mails. */
export interface EmailSinkOptions {
  readonly transport: EmailTransport;
  /** The sender, such as `Alerts <alerts@example.com>`. */
  readonly from: string;
  /**
   * The recipients. An alert is one e-mail to all of them. A function chooses them per alert; if it returns none, nothing is sent
   * and the alert counts as delivered.
   */
  readonly to: EmailRecipients;
  /** The part of message ids after the `@`. Default `issue-lifecycle`. */
  readonly messageIdDomain?: string;
}

/**
 * Makes a sink that sends an alert as an e-mail, with a plain-text and an HTML part, through your transport. The e-mails about one
 * issue form one thread. An alert that is delivered twice has the same `Message-ID` twice, so that mail servers can drop one.
 *
 * A recipient that the server refuses with 550 to 559 has failed permanently; one refused otherwise is tried again, without
 * those that have the e-mail. When no recipient is left to try, the alert is delivered, or has failed permanently if any
 * recipient has. When the attempt's signal is aborted the sink stops waiting, but the transport may still send.
 *
 * @throws `IssueLifecycleError` `invalid-input`
 * @example
 * ```ts
 * import { emailSink, type EmailTransport } from "issue-lifecycle/sinks";
 *
 * declare function createTransport(url: string): EmailTransport; // from "nodemailer"
 *
 * const sink = emailSink({
 *   transport: createTransport("smtp://localhost"),
 *   from: "Alerts <alerts@example.com>",
 *   to: ["ann@example.com"],
 * });
 * ```
 */
export function emailSink(options: EmailSinkOptions): AlertSink {
  const { transport, from, to: findRecipients, messageIdDomain } = optionsShape("options", options);
  return async (alert, attempt) => {
    await deliverEmail(transport, alert, { from, to: await findRecipients(alert), messageIdDomain }, attempt);
  };
}

const MAX_RECIPIENTS = 100;
const MAX_ADDRESS_LENGTH = 254;
const DEFAULT_MESSAGE_ID_DOMAIN = "issue-lifecycle";

const optionsShape = object(
  {
    transport: requireTransport,
    from: requireSender,
    to: requireRecipients,
    messageIdDomain: withDefault(requireMessageIdDomain, DEFAULT_MESSAGE_ID_DOMAIN),
  } satisfies Record<keyof EmailSinkOptions, Shape<unknown>>,
  `{ transport, from: "Alerts <alerts@example.com>", to: "ann@example.com" }`,
);

function requireTransport(field: string, value: unknown): EmailTransport {
  if (isTransport(field, value)) return value;
  throw invalidInput(
    field,
    value,
    "an object with a method sendMail(), such as createTransport() of nodemailer returns",
  );
}

function isTransport(field: string, value: unknown): value is EmailTransport {
  return typeof readMember(`${field}.sendMail`, requireObject(field, value), "sendMail") === "function";
}

/** The sender: an address, with or without a name, in one line. */
function requireSender(field: string, value: unknown): string {
  const sender = requireText(field, value, 1, 500);
  if (/[\p{Cc}\p{Cs}]/u.test(sender) || !sender.includes("@")) {
    throw invalidInput(field, sender, `an address in one line, such as "Alerts <alerts@example.com>"`);
  }
  return sender;
}

type RecipientsFunction = (alert: Alert) => readonly string[] | Promise<readonly string[]>;

function isRecipientsFunction(value: unknown): value is RecipientsFunction {
  return typeof value === "function";
}

function requireRecipients(field: string, value: unknown): (alert: Alert) => Promise<readonly string[]> {
  if (isRecipientsFunction(value)) return async (alert) => requireAddresses(`${field}()`, await value(alert));
  const addresses = requireAddresses(field, typeof value === "string" ? [value] : value);
  if (addresses.length === 0) throw invalidInput(field, value, `one address or more, such as "ann@example.com"`);
  return async () => addresses;
}

const addressList = arrayOf(requireAddress, 0, MAX_RECIPIENTS, `["ann@example.com"]`);

/** A list of addresses without repetitions. */
function requireAddresses(field: string, value: unknown): readonly string[] {
  return [...new Set(addressList(field, value))];
}

/** A plain address: no part of it can be read as a second address, a name or a header. */
const ADDRESS = /^[^\s\p{Cc}\p{Cs}"'(),:;<>@[\\\]]+@[^\s\p{Cc}\p{Cs}"'(),:;<>@[\\\]]+$/u;

/** An address, with its domain in ASCII: the form in which servers name a recipient that they refuse. */
function requireAddress(field: string, value: unknown): string {
  const address = requireText(field, value, 1, MAX_ADDRESS_LENGTH);
  const at = address.lastIndexOf("@");
  const domain = domainToASCII(address.slice(at + 1));
  if (ADDRESS.test(address) && domain !== "") return `${address.slice(0, at)}@${domain}`;
  throw invalidInput(field, address, `a plain e-mail address, such as "ann@example.com"`);
}

const DOMAIN = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/iu;

function requireMessageIdDomain(field: string, value: unknown): string {
  const domain = requireText(field, value, 1, 200);
  if (DOMAIN.test(domain)) return domain;
  throw invalidInput(field, domain, `a domain of letters, digits, dots and dashes, such as "example.com"`);
}
