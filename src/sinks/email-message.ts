import type { Alert } from "../core/alert.ts";
import { documentOf } from "./alert-document.ts";
import { htmlOf } from "./html.ts";
import { plainTextOf } from "./plain-text.ts";

/** An e-mail, in the words of nodemailer. */
export interface EmailMessage {
  /** Who sends it. */
  from: string;
  /** The addresses of those who get it; each can see the others. */
  to: string[];
  /** In one line, at most 200 characters. */
  subject: string;
  /** For those who read plain text. */
  text: string;
  /** For those who read HTML. */
  html: string;
  /** Names it: the same for every delivery of one alert. */
  messageId: string;
  /** Names the conversation it belongs to, which is the issue's; absent for an alert about none. */
  inReplyTo?: string;
  /** The same. */
  references?: string;
  /** More headers. */
  headers: Record<string, string>;
}

/** Who writes to whom. */
export interface EmailEnvelope {
  /** Who sends it. */
  readonly from: string;
  /** Who gets it. */
  readonly to: readonly string[];
  /** What stands behind the `@` of message ids. */
  readonly messageIdDomain: string;
}

/** Writes the e-mail about an alert. */
export function emailMessage(alert: Alert, { from, to, messageIdDomain }: EmailEnvelope): EmailMessage {
  const document = documentOf(alert);
  const message: EmailMessage = {
    from,
    to: [...to],
    subject: document.subject,
    text: plainTextOf(document),
    html: htmlOf(document),
    messageId: `<${alert.id}@${messageIdDomain}>`,
    // Nobody's "I am on holiday" is of use.
    headers: { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All" },
  };
  if (alert.issue === null) return message;
  const conversation = `<issue.${alert.issue.id}@${messageIdDomain}>`;
  return { ...message, inReplyTo: conversation, references: conversation };
}
