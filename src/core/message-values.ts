const raw = String.raw;

const QUOTED = [
  // A document or a list in quotes may have quotes of its own.
  raw`(?<!\\)"[{[(].*?[}\])]"(?!\w)|(?<![\w'\\])'[{[(].*?[}\])]'(?!\w)`,
  raw`(?<![\w'\\])'(?:[^'\\]|\\.|(?<=\w)'(?=\w))*'(?!\w)`,
  raw`(?<!\\)"(?:[^"\\]|\\.)*"`,
  raw`“[^“”]*”|‘[^‘’]*’|«[^«»]*»`,
].join("|");

const TIME = raw`\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?[AaPp]\.?[Mm]\b\.?)?`;
const ZONE = raw`(?: ?(?:Z|UTC|GMT|[A-Z]{3,4}T)?(?:[+-]\d{2}:?\d{2})?(?![A-Za-z0-9]))?(?: \([A-Z][A-Za-z ]+\))?`;
const MONTH = raw`(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?`;
const DAY = raw`(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? )?`;
const DATES = [
  raw`\d{4}[-/]\d{2}[-/]\d{2}(?:[T _]${TIME}${ZONE})?`,
  raw`\d{8}T\d{6}Z?`,
  raw`\d{1,2}/${MONTH}/\d{4}(?::${TIME}${ZONE})?`,
  raw`\d{1,2}[/.]\d{1,2}[/.]\d{4}(?:,? ${TIME}${ZONE})?`,
  raw`${DAY}\d{1,2}[ -]${MONTH}[ -]\d{2,4}(?: ${TIME}${ZONE})?`,
  raw`${DAY}${MONTH} {1,2}\d{1,2}(?:,? \d{4})?(?: ${TIME}(?: [A-Z]{3,4}(?= \d))?(?: \d{4})?${ZONE})?`,
  raw`\d{1,2}:\d{2}:\d{2}(?!:)(?:[.,]\d+)?(?: ?[AaPp][Mm]\b)?${ZONE}`,
  raw`\d{1,2}:\d{2} ?[AaPp][Mm]\b`,
].join("|");
/** The day and the time that logs of Kubernetes begin with, after the letter of the level: `E1126 10:00:00.123456`. */
const TIME_AFTER_LEVEL = raw`(?<=(?<![A-Za-z0-9])[DIWEF])\d{4} \d{2}:\d{2}:\d{2}\.\d+`;
const DATE = raw`(?<![\w.])(?:${DATES})(?!\w)|${TIME_AFTER_LEVEL}`;

const IN_URL = raw`[^\s"'<>()[\]{}|\\^${"`"}]`;
const URL = raw`(?<![A-Za-z])[A-Za-z][A-Za-z0-9+.-]{1,20}://(?:${IN_URL}|\[[\w.]*\])*(?<![.,;:!?])|data:[\w/+.-]+[;,][\w+/=;,-]+`;
const EMAIL = raw`(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+`;
const IP_V4_NUMBERS = raw`\d{1,3}(?:\.\d{1,3}){3}`;
const IP_V4 = raw`(?<![\w.])${IP_V4_NUMBERS}(?!\.?\d)(?:[:/]\d{1,5}(?!\d))?`;
const IP_V6 = raw`(?<![\w:])\[?(?:[0-9a-fA-F]{0,4}:){2,7}(?:${IP_V4_NUMBERS}|[0-9a-fA-F]{0,4})(?![\w:])(?:%\w+)?\]?(?:(?<=\]):\d+)?`;
/** The bytes of a MAC address or a fingerprint of a key. */
const BYTES = raw`(?<![\w:-])[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){5,}(?![\w:])|(?<![\w-])[0-9a-fA-F]{2}(?:-[0-9a-fA-F]{2}){5}(?![\w-])`;
/** Other last parts of a host name are also names of properties: `data.id`. */
const TOP_LEVEL = "com|net|org|edu|gov|mil|local|internal|localdomain|lan|svc";
const HOST = raw`(?<![\w.@-])(?:localhost|(?:\*\.)?(?:[a-z0-9_][a-z0-9_-]*\.)+(?:${TOP_LEVEL})(?:\.[a-z]{2})?(?![\w-]|\.\w|\())(?::\d{1,5}(?!\d))?(?!\w)`;

const LINE_AND_COLUMN = raw`(?::\d+){0,2}`;
const SEGMENT = raw`[\w.@%+~=$#&!-]+`;
const PATH = [
  raw`(?<![\w/<>)\].~-])(?:~|\.{1,2})?(?:/${SEGMENT})+/?(?:\?[\w.@%+~=$#&!:;,/-]*)?${LINE_AND_COLUMN}`,
  raw`(?<![A-Za-z])[A-Za-z]:[\\/](?:[^\s\\/:"'<>|?*,;()]+[\\/]?)*${LINE_AND_COLUMN}`,
  raw`\\\\[\w.$-]+(?:\\[\w.$ -]+)+`,
  raw`(?<![\w/.@-])(?:[\w.@-]+/)+[\w.@-]*\.[A-Za-z]{1,5}(?![\w+./-])${LINE_AND_COLUMN}`,
].join("|");

const UUID = raw`\{?(?<![0-9A-Za-z])[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?![0-9A-Za-z])\}?`;
/** Ids of several numbers, such as `task_1445144423722_0020_m_000001`: the part after the first word. */
const NUMBERED_ID = raw`(?<=[A-Za-z]_)-?(?:[a-z]\d+_)?\d+(?:_(?:[a-z]*\d+|[a-z](?=_)))*(?![a-z0-9])`;
/** The values of a row of a table, such as in `Key (name)=(ann) already exists`. */
const ROW = raw`\((?<=(?:\)=|key value is |row contains )\()(?:[^()]|\([^()]*\))*\)`;
/** A log sequence number of PostgreSQL, such as `1A/3B4C5D68`. */
const LOG_POSITION = raw`(?<![\w/])[0-9A-F]{1,8}/[0-9A-F]{5,8}(?![\w/])`;
const LONG_NUMBER_IN_WORD = raw`(?<=[a-z])\d{6,}(?![A-Za-z0-9])|(?<=[A-Z])\d{8,}(?![A-Za-z0-9])`;
const TOKEN = [
  raw`(?<![A-Za-z0-9])eyJ[\w-]+\.[\w.-]+`,
  raw`(?<![A-Za-z0-9+/])(?=[A-Za-z+/]*\d)(?=[A-Za-z0-9]*[+/])[A-Za-z0-9+/]{24,}={0,2}(?![A-Za-z0-9+/=])`,
  raw`(?<![A-Za-z0-9])(?:\d+(?:\.\d+)?(?:h|m|s|ms|d|us|µs|ns)){2,6}(?![A-Za-z0-9])`,
  // Letters and digits that alternate, unlike in a word such as `utf8` or `base64url`.
  raw`(?<![A-Za-z0-9])(?!0[xX])[A-Za-z]*(?:(?:\d+[A-Za-z]+){2,}\d*|\d+[A-Za-z]+\d{4,})(?![A-Za-z0-9])`,
  // The place of a part of a machine, such as `R24-M0-L1-U22`.
  raw`(?<![\w-])[A-Z]\d+(?:-[A-Z]{1,2}\d*){2,}(?![\w-])`,
  // The hash of an object in Java, after the name of its class.
  raw`(?<=[A-Za-z;}\]]@)[0-9a-f]{4,8}(?![\w.@-])`,
].join("|");

const UNIT = raw`(?:ms|[µu]s|ns|s|secs?|m|mins?|h|hrs?|d|px|%|x|st|nd|rd|th| ?[kKMGTP]i?[Bb]| B|[kKMGB]|[kmgtp]?b|[kMG]?(?:bps|Hz)|rpm|°?[CF])`;
const NOT_IN_WORD = "(?<![A-Za-z0-9])";
const WORD_ENDS = "(?![A-Za-z0-9])";
/** What begins in a version that belongs to a name, such as `TLSv1.2` or `python3.11`, is part of the name. */
const NOT_IN_VERSION = raw`(?<![A-Za-z](?:\d{1,3}\.){1,3})`;
const NUMBER = [
  raw`${NOT_IN_WORD}0[xX][0-9a-fA-F]+`,
  raw`${NOT_IN_WORD}v?\d+\.\d+\.\d+[-+][0-9A-Za-z][0-9A-Za-z.-]*`,
  raw`${NOT_IN_WORD}${NOT_IN_VERSION}(?:(?<![A-Za-z0-9)\]])[-+]|v(?=\d+\.\d))?\d+(?:[.,_]\d+)*(?:\.(?= [KMGT]iB))?(?:[eE][-+]?\d+)?${UNIT}?${WORD_ENDS}`,
  raw`${NOT_IN_WORD}(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,}${WORD_ENDS}`,
  raw`${NOT_IN_WORD}(?=[A-F]*\d)(?=\d*[A-F])[0-9A-F]{7,}${WORD_ENDS}`,
].join("|");

/**
 * What may change from one occurrence of an error to the next, in a line of its text; of several at one place the first one counts.
 * The group says what kind it is, where that matters.
 *
 * No part can take much more than linear time: one of unlimited length begins only where the text before it could not belong to it.
 */
export const VALUES = new RegExp(
  [
    "(?<code>`[^`]*`)",
    `(?<quoted>${QUOTED})`,
    ROW,
    DATE,
    [URL, EMAIL, IP_V4, BYTES].join("|"),
    `(?<ipv6>${IP_V6})`,
    HOST,
    UUID,
    LOG_POSITION,
    PATH,
    TOKEN,
    NUMBERED_ID,
    LONG_NUMBER_IN_WORD,
    `(?<number>${NUMBER})`,
  ].join("|"),
  "gu",
);

/** What every value has. */
export const SIGN_OF_VALUE =
  /[\d"'`“‘«@/\\]|::|\)=\(|(?:key value is|row contains) \(|[A-F]{2}:[A-F]{2}|\.[a-z]|localhost|\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*,? /gu;
