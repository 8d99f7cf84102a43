/** Text that is HTML already. Only the tag {@link html} makes it, so that no text of others gets into a page unescaped. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What stands in a template: HTML, texts and numbers, which are escaped, lists of them, and what leaves nothing behind. */
export type Content = Html | string | number | null | undefined | false | readonly Content[];

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** The parts of templates without the blanks by which their lines are indented: a page would be half as large again with them. */
const PARTS = new WeakMap<TemplateStringsArray, readonly string[]>();

/**
 * HTML of a template. Whatever is put into it is escaped, in texts and in attributes with quotes alike, unless it is HTML itself. Blanks at the
 * beginning of a line of the template are left out.
 */
export function html(strings: TemplateStringsArray, ...contents: readonly Content[]): Html {
  const parts = PARTS.get(strings) ?? strings.map((part) => part.replaceAll(/\n +/gu, "\n"));
  PARTS.set(strings, parts);
  let text = parts[0] ?? "";
  for (const [index, content] of contents.entries()) text += textOf(content) + (parts[index + 1] ?? "");
  return new Html(text);
}

function textOf(content: Content): string {
  if (content instanceof Html) return content.text;
  if (content === null || content === undefined || content === false) return "";
  if (typeof content === "string") return escape(content);
  if (typeof content === "number") return String(content);
  return content.map(textOf).join("");
}

/** What means something in HTML, and control characters that it does not allow. */
const UNWRITABLE = /[&<>"'\0-\x08\x0b\x0c\x0e-\x1f\x7f]/gu;

function escape(text: string): string {
  return text.toWellFormed().replace(UNWRITABLE, (character) => ESCAPES[character] ?? "\uFFFD");
}
