/** What Slack gives a meaning in any text, and how it is written so that it has none. */
const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/**
 * Words that call everybody, where links are made of names; also as the beginning of longer words, which may be shortened to them. A
 * space without width behind the `@` makes them words like others.
 */
const CALLS = /@(?=channel|everyone|here|group)/giu;

/** A text that means nothing to Slack, shortened to a length it has when it is written so: a longer one ends in "…". */
export function escapeForSlack(text: string, maxLength: number): string {
  const units = Array.from(text.replaceAll(CALLS, "@\u200b"), (character) => ENTITIES[character] ?? character);
  const lengths = units.map((unit) => unit.length);
  if (lengths.reduce((sum, length) => sum + length, 0) <= maxLength) return units.join("");
  let room = maxLength - 1;
  const end = lengths.findIndex((length) => (room -= length) < 0);
  return `${units.slice(0, end).join("")}…`;
}
