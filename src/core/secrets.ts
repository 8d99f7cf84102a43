/** What is stored instead of a secret. The same for all, so that events which differ only in secrets are alike. */
export const FILTERED = "[filtered]";

/** The names of members whose values are secrets, wherever they are in a name: without case, `-`, `_`, `.` and blanks. */
const IN_NAMES = [
  "password",
  "passwd",
  "passphrase",
  "secret",
  "authorization",
  "cookie",
  "apikey",
  "accesskey",
  "privatekey",
  "credential",
  "creditcard",
  "cardnumber",
];

/** The ends of such names: `accessToken`, but not `tokensUsed`. */
const ENDS_OF_NAMES = ["token", "pwd", "csrf", "xsrf", "sessionid", "sid", "cvv", "cvc", "jwt"];

/** Whether the name of a member says that its value is a secret. */
export function isSecretName(name: string, others: ReadonlySet<string> = NO_NAMES): boolean {
  if (name.length > MAX_NAME_LENGTH) return false;
  const plain = plainName(name);
  return (
    others.has(plain) ||
    IN_NAMES.some((part) => plain.includes(part)) ||
    ENDS_OF_NAMES.some((end) => plain.endsWith(end))
  );
}

const NO_NAMES: ReadonlySet<string> = new Set();

/** The longest name that is looked at, in UTF-16 code units. */
const MAX_NAME_LENGTH = 200;

/** A name without case and separators, by which names are compared. */
export function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[-_. ]/gu, "");
}

/** Finds a name in a text, with separators anywhere in it. */
export function namePattern(plain: string): string {
  return Array.from(plain, (character) => character.replace(/[\\^$*+?()[\]{}|/]/u, String.raw`\$&`)).join("[-_. ]*");
}

/**
 * What a text has to contain to hold a secret. One pass tells that most texts hold none. It has no flag "u", with which it would
 * take several times as long.
 */
const HINT =
  /passw|passphrase|pwd|secret|token|authorization|cookie|api[-_. ]?key|access[-_. ]?key|private[-_. ]?key|credential|session[-_. ]?id|[cx]srf|bearer|basic |:\/\/[^\s/@"'<>]{1,400}@|eyJ|[srp]k_|gh[oprsu]_|github_pat|xox[abprs]-|AKIA|glpat-|AIza|\d{4}[ -]?\d{4}[ -]?\d{4}[ -]?\d{3}|\d{4}[ -]?\d{6}[ -]?\d{5}/i;

/**
 * A secret in a text, and what to leave of it. The time is linear in the text: nothing that can be repeated without limit is followed
 * by something that may be missing.
 */
interface Pattern {
  readonly find: RegExp;
  readonly replace: string | ((found: string) => string);
}

const KEY_WORDS =
  "passwords?|passwd|passphrase|pwd|secret|api[-_. ]?key|access[-_. ]?key|private[-_. ]?key|credentials?|session[-_. ]?id|csrf|xsrf";

/** What JSON has to contain besides, for a member to be a secret by its name. It has no flag "u", as above. */
const NAME_HINT = new RegExp(
  [...IN_NAMES.map(namePattern), ...ENDS_OF_NAMES.map((end) => `${namePattern(end)}[-_. ]*"`)].join("|"),
  "i",
);

/** What is between a name and its value, also where both are quoted in a quoted text. */
const SEPARATOR = String.raw`(?:[-_](?:hash|value|id|token))?\\?["']?\s{0,3}[:=]\s{0,3}`;

/**
 * A value: quoted in a quoted text, quoted, or up to what ends it. None are what was filtered already, and what only says whether there
 * is a value, as in "using password: YES".
 */
const VALUE = String.raw`(?!\[filtered\]|(?:yes|no|true|false|null|none|undefined|on|off)(?!\w))(?:\\"[^"\\]*(?:\\")?|"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|[^\s"'&;,)}\]<>|\\]+)`;

const PATTERNS: readonly Pattern[] = [
  // A private key.
  {
    find: /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^]*?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|$)/g,
    replace: FILTERED,
  },
  // A header: to the end of the line, or of the quoted text that it is in.
  {
    find: /\b((?:proxy-)?authorization|(?:set-)?cookie|x-(?:api-key|auth-token|csrf-token))(\\?["']?\s{0,3}[:=]\s{0,3}\\?["']?)[^"'\r\n\\]+/gi,
    replace: `$1$2${FILTERED}`,
  },
  // `Bearer` and `Basic` with what is no word.
  { find: /\b(bearer|basic)\s{1,3}(?=[\w+/.~-]{0,80}[\d=])[\w+/.~=-]{8,}/gi, replace: `$1 ${FILTERED}` },
  // `password=hunter2`, `"api_key": "..."`.
  { find: new RegExp(`(${KEY_WORDS})(${SEPARATOR})${VALUE}`, "gi"), replace: `$1$2${FILTERED}` },
  // The same of tokens, but not "unexpected token: name", nor one that is public by its name.
  {
    find: new RegExp(
      String.raw`(?<!public[-_. ]?key[-_. ]?)(token)(${SEPARATOR}\\?["']?)(?=[\w+/.~%-]{0,60}\d)[\w+/.~%=-]{6,}`,
      "gi",
    ),
    replace: `$1$2${FILTERED}`,
  },
  // The user and the password of a URL.
  { find: /([a-z][a-z\d+.-]{1,20}:\/\/)[^\s/@:"'<>]{0,200}:[^\s/@"'<>]{1,200}@/gi, replace: `$1${FILTERED}@` },
  // JSON Web Tokens, and tokens that say by their beginning what they are.
  { find: /(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g, replace: FILTERED },
  {
    find: /\b(?:[srp]k_(?:live|test)_[A-Za-z\d]{10,}|gh[oprsu]_[A-Za-z\d]{20,}|github_pat_\w{20,}|xox[abprs]-[\w-]{10,}|AKIA[\dA-Z]{16}|glpat-[\w-]{20,}|AIza[\w-]{35})/g,
    replace: FILTERED,
  },
  // The number of a card, which is not part of a list of numbers.
  {
    find: /(?<![\w.-]|\d[ -])(?:\d{4}[ -]?\d{6}[ -]?\d{4,5}|(?:\d{4}[ -]?){3}\d{4}(?:[ -]?\d{3})?)(?![\w-]| ?\d)/g,
    replace: (found) => (isCardNumber(found) ? FILTERED : found),
  },
];

/** Whether a text, or JSON, may hold a secret: quick, and `true` for some that hold none. */
export function mayHoldSecrets(json: string): boolean {
  return HINT.test(json) || NAME_HINT.test(json);
}

/** A text without what looks like a secret in it; the same text if there is none. */
export function withoutSecrets(text: string): string {
  if (!HINT.test(text)) return text;
  let result = text;
  for (const { find, replace } of PATTERNS) {
    result = typeof replace === "string" ? result.replace(find, replace) : result.replace(find, replace);
  }
  return result;
}

/** Whether a whole number is that of a card. */
export function isCard(value: number): boolean {
  return Number.isSafeInteger(value) && isCardNumber(String(value));
}

/** Whether digits, with blanks or dashes between, are the number of a card: by its length, its issuer and its last digit. */
function isCardNumber(text: string): boolean {
  const digits = text.replaceAll(/[ -]/gu, "");
  return ISSUERS.test(digits) && luhnSum(digits) % 10 === 0;
}

/** The lengths and first digits of Visa, Mastercard, American Express, Discover, Diners, JCB and UnionPay. */
const ISSUERS =
  /^(?:4\d{15}(?:\d{3})?|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|6(?:011|5\d\d)\d{12}|3(?:0[0-5]|[68]\d)\d{13}|35(?:2[89]|[3-8]\d)\d{12}|62\d{14})$/u;

/** The sum of digits that the last one makes a multiple of ten: every second digit from the right counts twice. */
function luhnSum(digits: string): number {
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits[digits.length - 1 - index]);
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum;
}
