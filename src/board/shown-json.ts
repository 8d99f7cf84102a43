import type { JsonValue } from "../core/event.ts";
import { shorten } from "../core/text.ts";

/** Beyond these, JSON is shown without indentation, of which deep values would have more than content. */
const INDENTED = { characters: 200_000, depth: 30 };

/** JSON for people, at most so many characters of it. */
export function shownJson(value: JsonValue, maxLength: number): string {
  const text = JSON.stringify(value);
  const isSmall = text.length <= INDENTED.characters && depthOf(text) <= INDENTED.depth;
  return shorten(isSmall ? JSON.stringify(value, null, 2) : text, maxLength);
}

/** How deep values are nested at most; brackets in texts count, too. */
function depthOf(text: string): number {
  let [depth, deepest] = [0, 0];
  for (const [bracket] of text.matchAll(/[[\]{}]/gu)) {
    depth += bracket === "[" || bracket === "{" ? 1 : -1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}
