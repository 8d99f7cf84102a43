/*
 * The columns of a store, by the paths of the values that are written to them or looked up in them.
 */

/** Texts that are stored and returned. */
export const TEXT_COLUMNS = {
  "titles of issues": /^write\.(?:newIssues\.issue|updates\.after)\.title$/u,
  "transactions of issues": /^write\.(?:newIssues\.issue|updates\.after)\.transaction$/u,
  "environments of issues": /^write\.(?:newIssues\.issue|updates\.after)\.environments$/u,
  "latest events of issues": /^write\.(?:newIssues\.issue|updates\.after)\.latestEventId$/u,
  "releases in which issues were last seen": /^write\.(?:newIssues\.issue|updates\.after)\.lastSeenIn$/u,
  "releases in which a fix is claimed": /^write\.(?:newIssues\.issue|updates\.after)\.state\.resolution\.releases$/u,
  "environments of projects": /^write\.projects\.stateEnvironments$/u,
  "types of events": /^write\.events\.content\.type$/u,
  "values of events": /^write\.events\.content\.value$/u,
  "transactions of events": /^write\.events\.content\.transaction$/u,
  "environments of events": /^write\.events\.environment$/u,
  "releases of events": /^write\.events\.release$/u,
  "data of events": /^write\.events\.data$/u,
  comments: /^write\.turningPoints\.comment$/u,
  "actors of turning points": /^write\.turningPoints\.by\.id$/u,
  "events of turning points": /^write\.turningPoints\.eventId$/u,
  "releases of turning points":
    /^write\.turningPoints\.turn\.(?:release|releases|withdrawn|claim\.releases|reason\.(?:release|fixedIn))$/u,
  "versions of releases": /^write\.releases\.release\.version$/u,
  "placing orders of releases": /^write\.releases\.release\.placedBy$/u,
  "subjects of alerts": /^write\.alerts\.subject$/u,
  "texts of alerts": /^write\.alerts\.text$/u,
  "issue titles of alerts": /^write\.alerts\.issue\.title$/u,
  "events of alerts": /^write\.alerts\.event\.id$/u,
  "releases of alerts": /^write\.alerts\.(?:event\.release|reason\.reason\.(?:release|fixedIn))$/u,
  "project ids of alerts": /^write\.alerts\.project\.id$/u,
  "example titles of alerts": /^write\.alerts\.reason\.examples\.title$/u,
  "errors of alerts": /^settle\.error$/u,
  "memos of alerts": /^settle\.memo$/u,
  "reasons of discarded alerts": /^move\.reason$/u,
  "actors of discarded alerts": /^move\.by\.id$/u,
  "example titles of tallies": /^writeTallies\.save\.throttled\.examples\.title$/u,
} as const;

export type TextColumn = keyof typeof TEXT_COLUMNS;

/** Texts that rows are found by. */
export const KEY_COLUMNS = {
  "project ids":
    /^(?:write\.projects\.id|findProjects\.ids|load\.projectIds|load\.issues\.awaitingNextIn|pageReleases|.*\.projectId)$/u,
  "grouping strategies": /\.strategy$/u,
  "group keys": /(?:\.group|^load\.groups|^load\.formerGroups)\.key$/u,
  "event ids": /^(?:(?:write|load)\.events|findEvent)\.id$/u,
  "names of releases": /^(?:write\.releases\.release|write\.deletedReleases|load\.releases|findReleases)\.name$/u,
  "lines of releases":
    /^(?:(?:write\.releases\.release|write\.deletedReleases|load\.releases|findReleases)\.line|(?:load\.timelines|findTimelines)\.lines)$/u,
  "order keys":
    /(?:\.orderKey|^write\.movedMarks\.(?:from|to)|^load\.details\.marks\.upTo|^findMarks\.upTo|^pageReleases#1|^(?:pageIssues|countIssues)\.seenIn)$/u,
  "lease tokens": /^(?:claim|settle)\.lease\.token$/u,
  "hashes of users": /\.user$/u,
} as const;

export type KeyColumn = keyof typeof KEY_COLUMNS;

/** What databases do to texts. */
const ENCODER = new TextEncoder();

/** The first bytes of a text, in whole characters. */
export function firstBytes(text: string, count: number): string {
  let bytes = 0;
  let kept = "";
  for (const character of text) {
    bytes += ENCODER.encode(character).length;
    if (bytes > count) return kept;
    kept += character;
  }
  return kept;
}

const withoutAccents = (text: string): string => text.normalize("NFD").replaceAll(/\p{M}/gu, "");

/** Ways to change a text, or to take different ones for the same. */
export const TEXT_CHANGES = {
  "composes characters": (text: string) => text.normalize("NFC"),
  "decomposes characters": (text: string) => text.normalize("NFD"),
  "takes ligatures and full-width letters for plain ones": (text: string) => text.normalize("NFKC"),
  "drops blanks at the end": (text: string) => text.replace(/ +$/u, ""),
  "drops blanks at the beginning": (text: string) => text.replace(/^ +/u, ""),
  "drops white space at both ends": (text: string) => text.trim(),
  "writes in lower case": (text: string) => text.toLowerCase(),
  "writes in upper case, ß as SS": (text: string) => text.toUpperCase(),
  "writes in Turkish lower case": (text: string) => text.toLocaleLowerCase("tr"),
  "drops accents": withoutAccents,
  "ends at a NUL": (text: string) => text.split("\0")[0] ?? "",
  "drops NULs": (text: string) => text.replaceAll("\0", ""),
  "drops control characters": (text: string) => text.replaceAll(/\p{Cc}/gu, ""),
  "drops invisible characters": (text: string) => text.replaceAll(/[\p{Cf}\p{Cc}]/gu, ""),
  "replaces lone surrogates": (text: string) => text.toWellFormed(),
  "drops lone surrogates": (text: string) => text.replaceAll(/\p{Surrogate}/gu, ""),
  "replaces four-byte characters": (text: string) => text.replaceAll(/[\u{10000}-\u{10ffff}]/gu, "\ufffd"),
  "replaces what is not Latin 1": (text: string) => text.replaceAll(/[^\0-\xff]/gu, "?"),
  "has line feeds for line ends": (text: string) => text.replaceAll("\r\n", "\n"),
  "removes backslashes": (text: string) => text.replaceAll(/\\(.)/gu, "$1"),
  "reads digits as a number": (text: string) =>
    /^\d/u.test(text) && !Number.isNaN(Number(text)) ? String(Number(text)) : text,
  "takes private characters for its own": (text: string) => text.replaceAll(/[\ue000-\uf8ff]/gu, "\0"),
} as const;

export type TextChange = keyof typeof TEXT_CHANGES;
