import { DEFAULT_GROUP } from "./grouping.ts";

const SEPARATOR = " ⋄ ";
/** How much of a text is split at a time: a large one may have millions of separators. */
const BLOCK = 10_000;
const BLOCK_OF_SEPARATORS = "⋄".repeat(BLOCK);

/**
 * Joins the parts of a grouping key. A "⋄" inside a part is doubled, so that one part cannot equal two.
 */
export function joinParts(parts: readonly string[]): string {
  return parts.map(asPart).join(SEPARATOR);
}

/**
 * The grouping key of an event with a fingerprint, in which {@link DEFAULT_GROUP} stands for the default key. A single "⋄" at the
 * start and brackets around the default key keep it apart from the default key of any other event.
 */
export function fingerprintKey(defaultKey: string, fingerprint: readonly string[]): string {
  const parts = fingerprint.map((part) => (part === DEFAULT_GROUP ? `⋄{${defaultKey}⋄}` : asPart(part)));
  return `⋄ ${parts.join(SEPARATOR)}`;
}

/** The same as `title/1` makes it: the default key stands there like a part. Stored keys have this form, so it must not change. */
export function formerFingerprintKey(defaultKey: string, fingerprint: readonly string[]): string {
  return fingerprint.map((part) => (part === DEFAULT_GROUP ? defaultKey : asPart(part))).join(SEPARATOR);
}

function asPart(text: string): string {
  // Most texts have none, and to look is faster.
  if (!text.includes("⋄")) return text;
  let part = "";
  for (let start = 0; start < text.length; start += BLOCK) {
    const block = text.slice(start, start + BLOCK);
    part += block === BLOCK_OF_SEPARATORS ? block + block : block.split("⋄").join("⋄⋄");
  }
  return part;
}
