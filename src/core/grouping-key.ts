import { DEFAULT_GROUP } from "./grouping.ts";

const SEPARATOR = " ⋄ ";
const SEPARATORS = /⋄+/gu;

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
  // Most texts have none, and looking is faster. A large text may have millions of them side by side.
  return text.includes("⋄") ? text.replace(SEPARATORS, (run) => run + run) : text;
}
