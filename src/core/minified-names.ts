const raw = String.raw;

/** What follows a name in a message of a JavaScript engine about a call, a constructor or a loop. */
const NOT_CALLABLE = raw` is not (?:a function|a constructor|iterable)\b`;

/**
 * Names that minifiers make, where JavaScript engines write them: `e.sum is not a function`, `Cannot access 'e' before
 * initialization`. They have one letter, or two where the member that follows says enough.
 */
const MINIFIED_NAME = new RegExp(
  [
    raw`(?<![\w$.])[A-Za-z_$][\w$]?(?=(?:\.[\w$]+|\(\.\.\.\))+${NOT_CALLABLE})`,
    raw`(?<![\w$.])[A-Za-z_$](?=${NOT_CALLABLE})`,
    raw`(?<=\(evaluating '(?:new )?)[A-Za-z_$][\w$]?(?=[.([])`,
    raw`(?<=Cannot access ')[A-Za-z_$][\w$]?(?=' before initialization)`,
    raw`(?<=can't access property "[\w$]+", )[A-Za-z_$][\w$]?(?= is (?:undefined|null)$)`,
  ].join("|"),
  "gu",
);

/** Words that every such message has. */
const SIGN = / is not |\(evaluating |Cannot access |can't access /u;

/** Replaces the names that a minifier made: they are others in the next build. */
export function withoutMinifiedNames(text: string): string {
  return SIGN.test(text) ? text.replace(MINIFIED_NAME, "<*>") : text;
}
