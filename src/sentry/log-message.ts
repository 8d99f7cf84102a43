import { asObject, type JsonObject } from "./json-object.ts";
import { textOf } from "./written-out.ts";

/** What separates words, by Unicode's word and by Python's, whose SDKs strip by it. */
const SPACE = /[\s\u001c-\u001f\u0085]/u;

/**
 * What a log message says, without the space around it; `""` if the payload has none.
 *
 * Looks at `logentry`, then at `message`. Each may be a text or an object; in an object the template (`message`) comes
 * before the text that was made of it (`formatted`), so that messages that differ in their numbers only are alike.
 */
export function logMessageOf(payload: JsonObject, field: string): string {
  return messageIn(`${field}.logentry`, payload["logentry"]) || messageIn(`${field}.message`, payload["message"]);
}

function messageIn(field: string, entry: unknown): string {
  const parts = asObject(entry);
  if (parts === undefined) return stripped(textOf(field, entry));
  const template = stripped(textOf(`${field}.message`, parts["message"]));
  return template || stripped(textOf(`${field}.formatted`, parts["formatted"]));
}

/** Character by character from both ends: a pattern would try again at every space within a megabyte of them. */
export function stripped(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && SPACE.test(text.charAt(start))) start += 1;
  while (end > start && SPACE.test(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}
