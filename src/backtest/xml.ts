/** Escapes text for XML, and drops the characters that XML cannot hold (control characters, noncharacters). */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replace(/[\p{Cc}\p{Noncharacter_Code_Point}]/gu, "");
}
