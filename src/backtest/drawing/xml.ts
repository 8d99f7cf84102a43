import { toOneLine } from "../../core/text.ts";

/** Escapes text for XML, as one line: without the characters that XML cannot hold (control characters, noncharacters, lone surrogates). */
export function escapeXml(text: string): string {
  return toOneLine(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&apos;");
}
