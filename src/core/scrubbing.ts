import type { NewEvent } from "./event.ts";
import { FILTERED, isCard, isSecretName, mayHoldSecrets, namePattern, plainName, withoutSecrets } from "./secrets.ts";
import { arrayOf, callback, object, optional, text, withDefault, type Shape } from "./shape.ts";

/** How events are cleaned of secrets before anything of them is stored or grouped. */
export interface ScrubOptions {
  /**
   * More names of members in an event's `data` whose values are secrets, 1 to 100 of 1 to 100 characters. They are compared without
   * case, `-`, `_`, `.` and blanks. Default: none but those that are always secrets.
   */
  readonly names?: readonly string[];
  /**
   * Cleans an event further. It gets the event as it was given to `digest`, without what was filtered, and returns the event to digest,
   * with the same `projectId` and `id`. It must not change the event that it gets, but return another. What it throws refuses the
   * event. Default: none.
   */
  readonly hook?: (event: NewEvent) => NewEvent;
}

/** What an event says, of which secrets are filtered. */
interface Scrubbable {
  readonly type: string;
  readonly value: string;
  readonly transaction: string;
  readonly fingerprint: readonly string[];
  /** As JSON. */
  readonly data: string | undefined;
}

/** {@link ScrubOptions} that were checked. */
export interface Scrubber {
  readonly hook: ((event: NewEvent) => NewEvent) | undefined;
  /** What an event says without secrets; the same value if it says none. */
  scrub<Event extends Scrubbable>(event: Event): Event;
}

const MAX_NAMES = 100;
const MAX_LENGTH_OF_NAME = 100;

const scrubOptions = object(
  {
    names: withDefault(arrayOf(text(1, MAX_LENGTH_OF_NAME), 1, MAX_NAMES, `{ names: ["iban"] }`), []),
    hook: optional(callback<(event: NewEvent) => NewEvent>()),
  } satisfies Record<keyof ScrubOptions, Shape<unknown>>,
  `{ names: ["iban"] }`,
);

/**
 * Checks {@link ScrubOptions}, or `true` for the defaults, or `false` for none at all.
 *
 * @returns `undefined` for none
 */
export function requireScrubber(field: string, value: unknown): Scrubber | undefined {
  if (value === false) return undefined;
  const { names, hook } = scrubOptions(field, value === true ? {} : value);
  return scrubberOf(names, hook);
}

function scrubberOf(names: readonly string[], hook?: Scrubber["hook"]): Scrubber {
  const secretNames = new Set(names.map(plainName));
  const hints = [...secretNames].filter((name) => name !== "").map(namePattern);
  const hint = hints.length === 0 ? undefined : new RegExp(hints.join("|"), "iu");
  const clean = new CleanTexts();
  return { hook, scrub: (event) => scrub(event, clean, secretNames, hint) };
}

/**
 * Cleans texts, and remembers those that held no secret: the same types, messages and transactions come again and again, and to look
 * at one takes longer than all else that is done with it.
 */
class CleanTexts {
  #known = new Set<string>();

  /** A text without secrets. */
  clean(text: string): string {
    if (text === "" || this.#known.has(text)) return text;
    const cleaned = withoutSecrets(text);
    if (cleaned === text && text.length <= MAX_REMEMBERED_LENGTH) this.#remember(text);
    return cleaned;
  }

  #remember(text: string): void {
    if (this.#known.size >= MAX_REMEMBERED) this.#known = new Set();
    this.#known.add(text);
  }
}

/** The most texts that are remembered, and the longest of them. */
const [MAX_REMEMBERED, MAX_REMEMBERED_LENGTH] = [2_000, 500];

/** Filters what is always a secret. */
export const DEFAULT_SCRUBBER: Scrubber = /* @__PURE__ */ scrubberOf([]);

function scrub<Event extends Scrubbable>(
  event: Event,
  texts: CleanTexts,
  names: ReadonlySet<string>,
  hint: RegExp | undefined,
): Event {
  const type = texts.clean(event.type);
  const value = texts.clean(event.value);
  const transaction = texts.clean(event.transaction);
  const fingerprint =
    event.fingerprint.length === 0 ? event.fingerprint : event.fingerprint.map((part) => texts.clean(part));
  const data = event.data === undefined ? undefined : scrubJson(event.data, names, hint);
  const isSame =
    type === event.type &&
    value === event.value &&
    transaction === event.transaction &&
    data === event.data &&
    fingerprint.every((part, index) => part === event.fingerprint[index]);
  return isSame ? event : { ...event, type, value, transaction, fingerprint, data };
}

/** JSON without the secrets in its texts, and without the values of members whose names say that they are secrets. */
function scrubJson(json: string, names: ReadonlySet<string>, hint: RegExp | undefined): string {
  if (!mayHoldSecrets(json) && hint?.test(json) !== true) return json;
  const parsed: unknown = JSON.parse(json);
  const whole = [parsed];
  let isChanged = false;
  // Not by recursion: data may be as deep as JSON can be.
  const open: object[] = [whole];
  for (let container = open.pop(); container !== undefined; container = open.pop()) {
    const isSecret = secretMembers(container, names);
    const members: [string, unknown][] = Object.entries(container);
    for (const [name, member] of members) {
      const clean = isSecret(name) ? withoutValue(member) : withoutSecretIn(member);
      if (clean !== member) {
        isChanged = true;
        // An assignment would not change a member named `__proto__`.
        Object.defineProperty(container, name, { value: clean, enumerable: true });
      } else if (typeof member === "object" && member !== null) {
        open.push(member);
      }
    }
  }
  return isChanged ? JSON.stringify(whole[0]) : json;
}

/** Which members of an object or array are secrets, by their names, or by what stands beside them: `["Cookie", "a=b"]`. */
function secretMembers(container: object, names: ReadonlySet<string>): (name: string) => boolean {
  if (Array.isArray(container)) {
    const pair: readonly unknown[] = container;
    const [name] = pair;
    const isPair = pair.length === 2 && typeof name === "string" && isSecretName(name, names);
    return (place) => isPair && place === "1";
  }
  const { name, key }: { readonly name?: unknown; readonly key?: unknown } = container;
  const isNamed = [name, key].some((each) => typeof each === "string" && isSecretName(each, names));
  return (each) => isSecretName(each, names) || (isNamed && each === "value");
}

/** What is left of a secret. Whether there is one, and whether it is on, is none. */
function withoutValue(value: unknown): unknown {
  return value === null || value === "" || typeof value === "boolean" ? value : FILTERED;
}

/** A text without secrets in it, a number that is none, or any other value. */
function withoutSecretIn(value: unknown): unknown {
  if (typeof value === "string") return withoutSecrets(value);
  return typeof value === "number" && isCard(value) ? FILTERED : value;
}
