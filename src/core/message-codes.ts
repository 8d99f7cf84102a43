/** Words that a number says the kind of: `status code`, `errno`. */
const CODE_WORD =
  "http(?:/\\d(?:\\.\\d)?)?|status(?:[ _-]?code)?|(?:(?:result|response|sub)[ _-]?)?code|errno|err(?:or)?(?:[ _-]?(?:code|no|number))?" +
  "|exit(?:ed)?(?:[ _-]?(?:code|status|value))?|return(?:ed)?[ _-]?(?:code|status|value)|returncode|retcode|ret|rc" +
  "|signal|alert number|curl|sqlstate|sqlcode|hresult|ntstatus|ora|tns|pls|rman|njs|dpi|dpy|cve(?:-\\d{4})?|utf|iso(?:-\\d+)?" +
  "|sha|aes|latin|cp|rfc";

/** Such a word at the end of a text, the letter before it, and what may stand between it and its number. */
const AFTER_CODE_WORD = new RegExp(
  `([A-Za-z]?)(${CODE_WORD})["']?(?: (?:is|was|of|with|code|status|no\\.?|number|value))*(?: ?[:=#([/-] ?[#(["']?| #?|)$|sqlstate\\[\\w+\\] \\[$`,
  "iu",
);

/** Words that an HTTP status follows, at the end of a text. */
const AFTER_RESPONSE_WORD =
  /(?:respon(?:se|ded|ds)|returned|answered|replied|got|received|failed|failure|unexpected|fetch)(?: (?:with|status|code|an?|response|error|of|http))*:? ?\(?$/iu;

/** A request that an HTTP status follows, at the end of a text. */
const AFTER_REQUEST = /(?:^|[^A-Za-z])(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) [^ ]+(?: HTTP\/[\d.]+)?["']? $/u;

/** What some clients write between a request and its status. */
const AFTER_ARROW = /(?:->|=>|→) $/u;

/** What the code of a WebSocket that was closed follows. */
const AFTER_CLOSED = /\bclosed?(?: with)?(?: code)?:? \(?$/iu;
const CLOSE_CODE = /^1\d{3}$/u;

/** Words after which a status is said to be wrong. */
const AFTER_WRONG_STATUS = /status(?: code)?(?: [a-z]+){1,4}: $/iu;

const NUMBER = /^-?(?:0x[\da-f]+|\d{1,10}|\d(?:\.\d)?)$/iu;
const STATUS = /^[1-5]\d\d$/u;
const FAILED_STATUS = /^[45]\d\d$/u;
/** A code of Windows: an HRESULT or an NTSTATUS. */
const WINDOWS_STATUS = /^0x(?:80[01][\da-f]|c000)[\da-f]{4}$/iu;
/** The longest part of the text before a number that is looked at. */
const MAX_CONTEXT = 60;
/** The same of a request, which may be long. */
const MAX_REQUEST = 300;

/**
 * Whether a number says which error it is: one after a word for a code, such as `errno 13`, or an HTTP status.
 *
 * @param before - the text before the number
 * @param after - the text after it
 */
export function isCode(number: string, before: string, after: string): boolean {
  if (!NUMBER.test(number)) return false;
  if (WINDOWS_STATUS.test(number) || isCodeOfException(before, after)) return true;
  const context = before.slice(-MAX_CONTEXT);
  if (isAfterCodeWord(context)) return !(/(?:^|[^A-Za-z])error: $/iu.test(context) && /^ [a-z]/u.test(after));
  if (FAILED_STATUS.test(number)) {
    if (/^\(?$/u.test(before) && /^\)?(?:$| ?[:,] )/u.test(after)) return true;
    if (before === "[" && /^\](?: |$)/u.test(after)) return true;
    if (AFTER_RESPONSE_WORD.test(context)) return !/^ [a-z]+s\b/u.test(after);
    if (AFTER_ARROW.test(context) || AFTER_WRONG_STATUS.test(context) || AFTER_REQUEST.test(before.slice(-MAX_REQUEST)))
      return true;
  }
  if (CLOSE_CODE.test(number) && AFTER_CLOSED.test(context)) return !/^ [a-z]+s\b/u.test(after);
  return STATUS.test(number) && /^ [A-Z][a-z]/u.test(after) && /(?:^|[:([",;] ?)$/u.test(context);
}

/** Whether a number is the code of an exception: `(1205, 'Lock wait')`, as Python prints two arguments, or `ApiException: 10: `. */
function isCodeOfException(before: string, after: string): boolean {
  if (/^, ["']/u.test(after)) return /^(?:\([\w.]+\) )?\($/u.test(before);
  return before.endsWith("Exception: ") && /^:(?: |$)/u.test(after);
}

/** The letters before it may not make it another word, such as `barcode`; in `statusCode` they do not. */
function isAfterCodeWord(context: string): boolean {
  const [found, letter = "", word = ""] = AFTER_CODE_WORD.exec(context) ?? [];
  if (found === undefined) return false;
  return letter === "" || /^(?:[a-z][A-Z]|[A-Z][A-Z][a-z])/u.test(letter + word);
}
