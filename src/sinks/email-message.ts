import type { Alert } from "../core/alert.ts";
import { describeAlert, type AlertDocument, type AlertFact, type AlertList } from "./alert-document.ts";

/** An e-mail, as nodemailer's `sendMail` takes it. */
export interface EmailMessage {
  from: string;
  /** The addresses of the recipients; all recipients see them. */
  to: string[];
  /** In one line, at most 200 characters. */
  subject: string;
  /** The plain-text part. */
  text: string;
  /** The HTML part, with the same content. */
  html: string;
  /** The `Message-ID`: the same for every delivery of an alert. */
  messageId: string;
  /** The id of the issue's e-mail thread; absent for an alert that is about no issue. */
  inReplyTo?: string;
  /** The same id as `inReplyTo`. */
  references?: string;
  headers: Record<string, string>;
}

/** Sender and recipients of an e-mail. */
export interface EmailEnvelope {
  readonly from: string;
  readonly to: readonly string[];
  /** The part of message ids after the `@`. */
  readonly messageIdDomain: string;
}

/** Creates the e-mail about an alert. */
export function emailMessage(alert: Alert, { from, to, messageIdDomain }: EmailEnvelope): EmailMessage {
  const document = describeAlert(alert);
  const message: EmailMessage = {
    from,
    to: [...to],
    subject: document.subject,
    text: renderText(document),
    html: renderHtml(document),
    messageId: `<${alert.id}@${messageIdDomain}>`,
    // Suppresses out-of-office replies.
    headers: { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All" },
  };
  if (alert.issue === null) return message;
  const thread = `<issue.${alert.issue.id}@${messageIdDomain}>`;
  return { ...message, inReplyTo: thread, references: thread };
}

function renderText({ subject, text, facts, lists, link }: AlertDocument): string {
  const parts = [
    subject,
    text,
    ...(link === null ? [] : [link]),
    facts.map(({ label, value }) => `${label}: ${value}`).join("\n"),
    ...lists.map(({ title, entries }) => [`${title}:`, ...entries.map((entry) => `- ${entry}`)].join("\n")),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** Renders a page that loads nothing: no styles, images or scripts. */
function renderHtml({ subject, text, facts, lists, link }: AlertDocument): string {
  const parts = [
    `<h2 dir="auto">${escapeHtml(subject)}</h2>`,
    `<p dir="auto">${escapeHtml(text).replaceAll("\n", "<br>")}</p>`,
    ...(link === null ? [] : [`<p><a href="${escapeHtml(link)}">View details</a></p>`]),
    `<table>${facts.map(tableRow).join("")}</table>`,
    ...lists.map(htmlList),
  ];
  return `<!doctype html>\n<html><head><meta charset="utf-8"></head><body>\n${parts.join("\n")}\n</body></html>\n`;
}

function tableRow({ label, value }: AlertFact): string {
  return `<tr><th align="left">${escapeHtml(label)}</th><td dir="auto">${escapeHtml(value)}</td></tr>`;
}

function htmlList({ title, entries }: AlertList): string {
  const items = entries.map((entry) => `<li dir="auto">${escapeHtml(entry)}</li>`);
  return `<h3>${escapeHtml(title)}</h3>\n<ul>${items.join("")}</ul>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Escapes a text for an element or a quoted attribute. */
function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/gu, (character) => ENTITIES[character] ?? character);
}
