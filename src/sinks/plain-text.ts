import type { AlertDocument } from "./alert-document.ts";

/** An alert as plain text. */
export function plainTextOf({ subject, text, facts, lists, link }: AlertDocument): string {
  const parts = [
    subject,
    text,
    ...(link === null ? [] : [link]),
    facts.map(({ label, value }) => `${label}: ${value}`).join("\n"),
    ...lists.map(({ title, entries }) => [`${title}:`, ...entries.map((entry) => `- ${entry}`)].join("\n")),
  ];
  return `${parts.join("\n\n")}\n`;
}
