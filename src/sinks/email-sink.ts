import type { Alert } from "../core/alert.ts";
import { invalidInput, orElse, refuseOtherMembers, requireObject } from "../core/input.ts";
import type { AlertSink } from "../ports/alert-sink.ts";
import { requireAddresses, requireMessageIdDomain, requireSender } from "./email-address.ts";
import { deliverEmail, type EmailTransport } from "./email-delivery.ts";

/** Who gets the e-mails about an alert: plain addresses, at most 100. */
export type EmailRecipients =
  string | readonly string[] | ((alert: Alert) => readonly string[] | Promise<readonly string[]>);

/** How alerts become e-mails. */
export interface EmailSinkOptions {
  /** Sends them. */
  readonly transport: EmailTransport;
  /** Who sends them, such as `Alerts <alerts@example.com>`. */
  readonly from: string;
  /**
   * Who gets them. All addresses of one alert stand in one e-mail. A function may give none: then nobody is to hear of the alert, and
   * it counts as delivered.
   */
  readonly to: EmailRecipients;
  /** What stands behind the `@` of message ids. Default `issue-lifecycle`. */
  readonly messageIdDomain?: string;
}

const OPTION_NAMES = ["transport", "from", "to", "messageIdDomain"] satisfies (keyof EmailSinkOptions)[];

/**
 * Makes a sink that sends an alert as an e-mail, as text and as HTML, by a transport of the host's. The e-mails about one issue are
 * one conversation. An alert that is delivered twice has the same `Message-ID` twice, by which mail servers may recognise it.
 *
 * A recipient whom the server refuses with 550 to 559 is given up; whom it refuses otherwise is written to again, and only they.
 * When nobody is left to be written to, the alert is delivered, or has failed for good if anybody was given up. Once the attempt's
 * signal is aborted nobody waits for the transport any more, but it may still send.
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
  const { transport, from, messageIdDomain, recipientsOf } = checkOptions(options);
  return async (alert, attempt) => {
    await deliverEmail(transport, alert, { from, to: await recipientsOf(alert), messageIdDomain }, attempt);
  };
}

const DEFAULT_MESSAGE_ID_DOMAIN = "issue-lifecycle";

function checkOptions(options: EmailSinkOptions) {
  const given = requireObject("options", options);
  refuseOtherMembers("options", given, OPTION_NAMES);
  const { transport, to } = options;
  if (typeof requireObject("options.transport", transport)["sendMail"] !== "function") {
    throw invalidInput("options.transport", transport, "an object with a method sendMail()");
  }
  const domain = orElse(given["messageIdDomain"], DEFAULT_MESSAGE_ID_DOMAIN);
  return {
    transport,
    from: requireSender("options.from", given["from"]),
    messageIdDomain: requireMessageIdDomain("options.messageIdDomain", domain),
    recipientsOf: recipientsBy(to),
  };
}

function recipientsBy(to: EmailRecipients): (alert: Alert) => Promise<readonly string[]> {
  if (typeof to === "function") return async (alert) => requireAddresses("options.to()", await to(alert));
  const addresses = requireAddresses("options.to", typeof to === "string" ? [to] : to);
  if (addresses.length === 0) throw invalidInput("options.to", to, "at least one address");
  return async () => addresses;
}
