import { shorten, toOneLine } from "./text.ts";

/** The longest name of a release, an environment, a person or an issue in a sentence, in UTF-16 code units. */
const MAX_NAME_LENGTH = 80;

/** The most names that a sentence lists. */
const MAX_NAMES = 10;

/** A name within a sentence: one line, not too long. */
function nameInSentence(name: string): string {
  return shorten(toOneLine(name), MAX_NAME_LENGTH);
}

/** A release in a sentence: "release 2.1.0". */
export function nameRelease(release: string): string {
  return release === "" ? "an event without a release" : `release ${nameInSentence(release)}`;
}

/** Releases in a sentence: "release 2.1.0", "releases 2.1.0 and 2.0.4". */
export function nameReleases(releases: readonly string[]): string {
  const names = releases.map((release) => (release === "" ? '""' : nameInSentence(release)));
  return `${names.length === 1 ? "release" : "releases"} ${listNames(names)}`;
}

/** "a", "a and b", "a, b and c"; of many the first ones: "a, b, c and 5 others". */
function listNames(names: readonly string[]): string {
  const [shown, others] = [names.slice(0, MAX_NAMES), names.length - MAX_NAMES];
  const last = others > 0 ? `${String(others)} ${others === 1 ? "other" : "others"}` : shown.pop();
  return shown.length === 0 ? (last ?? "") : `${shown.join(", ")} and ${last ?? ""}`;
}

/** Names of people and issues for sentences, by their ids. Where a function returns `undefined` or `""`, or is not given, the id stands. */
export interface SentenceNames {
  /** The name of a person, by the id that the host gave as the `by` of a command. */
  readonly user?: ((id: string) => string | undefined) | undefined;
  /** The name of an issue by its id, such as its friendly id. */
  readonly issue?: ((id: string) => string | undefined) | undefined;
}

/** An issue in a sentence: "issue SHOP-12". */
export function nameIssue(id: string, names: SentenceNames): string {
  return `issue ${nameOrId(id, names.issue)}`;
}

/** A person in a sentence. */
export function nameUser(id: string, names: SentenceNames): string {
  return nameOrId(id, names.user);
}

function nameOrId(id: string, nameOf: SentenceNames["user"]): string {
  const name = nameOf?.(id);
  return nameInSentence(name === undefined || name === "" ? id : name);
}

/** An environment in a sentence: "the environment staging". */
export function nameEnvironment(environment: string): string {
  return environment === "" ? "no environment" : `the environment ${nameInSentence(environment)}`;
}

/** A sentence of this library as a clause of another one: "There were 5 events." is "there were 5 events". */
export function asClause(sentence: string): string {
  return sentence.slice(0, 1).toLowerCase() + sentence.slice(1, -1);
}
