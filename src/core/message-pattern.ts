import { isCode } from "./message-codes.ts";
import { SIGN_OF_VALUE, VALUES } from "./message-values.ts";
import { withoutMinifiedNames } from "./minified-names.ts";
import { kindOfQuoted } from "./quoted-names.ts";

/** What stands for a value. */
const PLACEHOLDER = "<*>";
/** The longest part of a line in which values are replaced, in UTF-16 code units. */
const MAX_PATTERN_LENGTH = 10_000;
/** What is not one blank: a text that is replaced at every word takes long. */
const OTHER_BLANKS = /\s{2,}|[^\S ]/gu;
const BLANK = 0x20;
/** A file in a folder of the program, such as `orders/list.html`: where it is the whole line, it is a name. */
const FILE_NAME = /^[a-z_][\w-]*(?:\/[\w-]+)*(?:\.[a-z]+)+$/iu;
/** Values side by side: a list, or the parts of one value. */
const LIST = /<\*>(?:(?:[,;:.|/+-]| and | or | - )? ?<\*>)+/gu;

/**
 * The pattern of a line of an error's text: what changes from one occurrence to the next is replaced by `<*>`.
 *
 * - *Quoted values*: `'ann'`, `"abc"`, `“x”`, and those of a row: `Key (name)=(ann)`. A name of the program stays: `(reading 'foo')`,
 *   `column "email"`, `'str' object`, or a whole text such as `'user_id'`. Of a quoted message, and of code in backticks, the
 *   values are replaced.
 * - *Dates and times*, with a zone or without.
 * - *Addresses*: URLs, e-mail addresses, IP addresses with or without a port, MAC addresses, host names.
 * - *UUIDs*.
 * - *Paths*: `/var/log/app.log:12`, `C:\temp\a.txt`, `./a.js`, `src/a.ts`. A line that is only the name of a file stays:
 *   `orders/list.html`.
 * - *Numbers* with a sign or unit, hexadecimal ones, hashes, random ids. A *code* stays, which says what error it is: `HTTP 404`,
 *   `exit code 137`, `errno 13`, `ORA-00942`. So does a short number in a word: `utf8`, `sha256`, `TS2304`, `TLSv1.2`.
 * - *Minified names* in messages of JavaScript engines: `e.sum is not a function`.
 *
 * A list of values becomes one, and blanks become one blank. Only the first 10,000 characters of a line are looked at: the rest
 * stays as it is.
 */
export function messagePattern(line: string): string {
  const text = line.replace(OTHER_BLANKS, " ");
  if (text.includes("/") && FILE_NAME.test(text) && !/\d/u.test(text)) return text;
  const start = text.length > MAX_PATTERN_LENGTH ? text.slice(0, MAX_PATTERN_LENGTH) : text;
  return replaceValues(withoutMinifiedNames(start)) + text.slice(start.length);
}

function replaceValues(text: string): string {
  let pattern = "";
  let end = 0;
  let endOfName: number | undefined;
  for (let start = nextWord(text, 0); start < text.length; start = nextWord(text, end)) {
    VALUES.lastIndex = start;
    const match = VALUES.exec(text);
    if (match === null) break;
    const [found] = match;
    const before = text.slice(0, match.index);
    const after = text.slice(match.index + found.length);
    pattern += text.slice(end, match.index);
    end = match.index + found.length;
    if (match.groups?.["quoted"] === undefined) {
      pattern += patternOf(found, match.groups ?? {}, before, after);
      continue;
    }
    const content = found.slice(1, -1);
    const sinceName = endOfName === undefined ? undefined : before.slice(endOfName);
    const kind = kindOfQuoted(content, { before, after, sinceName });
    pattern += kind === "data" ? PLACEHOLDER : quotedPattern(content);
    if (kind === "name") endOfName = end;
  }
  return (pattern + text.slice(end)).replace(LIST, PLACEHOLDER);
}

/** The start of the word that has the next value, at or after `from`. */
function nextWord(text: string, from: number): number {
  SIGN_OF_VALUE.lastIndex = from;
  const match = SIGN_OF_VALUE.exec(text);
  if (match === null) return text.length;
  // Looked for only since the last value, because a text without blanks would be gone through again for each value.
  let start = match.index;
  while (start > from && text.charCodeAt(start - 1) !== BLANK) start--;
  return start;
}

type Groups = Readonly<Record<string, string | undefined>>;

function patternOf(found: string, groups: Groups, before: string, after: string): string {
  if (groups["code"] !== undefined) return `\`${replaceValues(found.slice(1, -1))}\``;
  if (groups["number"] !== undefined && isCode(found, before, after)) return found;
  // Colons in C++ or Ruby.
  if (groups["ipv6"] !== undefined && found !== "::" && !/\d/u.test(found)) return found;
  return PLACEHOLDER;
}

/** The pattern of what is in quotes. A module's path from the file that imports it is its name. */
function quotedPattern(content: string): string {
  const pattern = /^\.{1,2}\/[\w@/.-]*$/u.test(content) ? content : replaceValues(content);
  return pattern === PLACEHOLDER ? pattern : `"${pattern}"`;
}
