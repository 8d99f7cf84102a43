import type { AlertDocument, AlertFact, AlertList } from "./alert-document.ts";

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A text as HTML that shows it, in an element or in a quoted attribute. */
function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/gu, (character) => ENTITIES[character] ?? character);
}

/** An alert as a page that needs nothing from elsewhere: no styles, images or scripts. */
export function htmlOf({ subject, text, facts, lists, link }: AlertDocument): string {
  const parts = [
    `<h2 dir="auto">${escapeHtml(subject)}</h2>`,
    `<p dir="auto">${escapeHtml(text).replaceAll("\n", "<br>")}</p>`,
    ...(link === null ? [] : [`<p><a href="${escapeHtml(link)}">Look at it</a></p>`]),
    `<table>${facts.map(rowOf).join("")}</table>`,
    ...lists.map(listOf),
  ];
  return `<!doctype html>\n<html><head><meta charset="utf-8"></head><body>\n${parts.join("\n")}\n</body></html>\n`;
}

function rowOf({ label, value }: AlertFact): string {
  return `<tr><th align="left">${escapeHtml(label)}</th><td dir="auto">${escapeHtml(value)}</td></tr>`;
}

function listOf({ title, entries }: AlertList): string {
  const items = entries.map((entry) => `<li dir="auto">${escapeHtml(entry)}</li>`);
  return `<h3>${escapeHtml(title)}</h3>\n<ul>${items.join("")}</ul>`;
}
