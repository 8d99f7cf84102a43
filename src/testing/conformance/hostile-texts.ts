/**
 * Texts that databases, languages and their collations are known to change, or to take for each other. Those that are alike
 * are next to each other. All are different and at most 40 characters.
 */
export const HOSTILE_TEXTS: readonly string[] = [
  // Blanks at the ends, and nothing but blanks.
  ...["a", "a ", " a", "a\t", "\ta", "a\n", "a\r\n", "\na", "a\u00a0", "\u00a0a", "a\u3000", "a\u2028", "a\u0085"],
  ...["", " ", "  ", "\t", "\n", "\u00a0"],
  // Upper and lower case, also where they have no simple counterpart.
  ...["A", "AA", "aa", "\u00df", "ss", "SS", "\u1e9e", "i", "I", "\u0130", "\u0131", "i\u0307", "k", "K", "\u212a"],
  ...["\u03c3", "\u03c2", "\u03a3"],
  // Accents, and other forms of the same character.
  ...["\u00e1", "a\u0301", "\u00c1", "\u00e5", "\u212b", "a\u030a", "\ufb01", "fi", "1", "\uff11", "\u00b9", "\u0661"],
  ...["\uac00", "\u1100\u1161", "\u00e6", "ae"],
  // Characters that collations ignore, or that end a text.
  ...["a\u00ad", "a\u200b", "a\u200d", "\ufeffa", "a\ufeff", "a\0", "\0a", "a\0b", "a\u0001", "\0", "\0\0", "\u0001"],
  ...["\u007f", "\u0080", "\ufffe", "\uffff"],
  // Surrogates without their counterpart, what often stands for them, and pairs that begin alike.
  ...["\ud800", "\ud801", "\udfff", "\udfff\ud800", "a\ud83d", "\ufffd", "?", "\u{1f600}", "\u{1f601}", "\u{10ffff}"],
  // Escapes, and what is escaped.
  ...["\u001a", "\u001a\u001a", "\u001a\ue0d8\ue000", "\ue000\ue0ff", "\\", "\\\\", "\\0", "\\u0000", "\\ud800", "%00"],
  ...["'", "''", '"', '\\"', "`", "&amp;", "&", "=?utf-8?q?a?=", "'; drop table issues; --", "{}", "[]", "$a", "a.b"],
  // Patterns, paths, separators.
  ...["%", "_", "a%", "a_", "*", "a*", "^a$", "a:b", "a|b", "a/b", "a,b", "a-b", "../a", "a#", "a?", "a+b", "a%20b"],
  // Names and values of languages.
  ...[
    "__proto__",
    "constructor",
    "toString",
    "null",
    "NULL",
    "undefined",
    "true",
    "NaN",
    "0",
    "00",
    "-0",
    "1.0",
    "1e0",
  ],
];
