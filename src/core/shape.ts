import {
  invalidInput,
  readMember,
  requireArray,
  requireInteger,
  requireObject,
  requireOneOf,
  requireText,
  unreadableMember,
} from "./input.ts";

/**
 * Validates an untrusted value: returns it with its type, or throws `invalid-input` with the field, what was given and
 * what is allowed. Everything that a caller passes or that is read from a store is validated by shapes.
 *
 * The functions that make shapes have no side effects, so that bundlers can drop shapes that nothing uses.
 */
export type Shape<Value> = (field: string, value: unknown) => Value;

/** The value that a shape returns. */
export type ValueOf<Checked> = Checked extends Shape<infer Value> ? Value : never;

/** The shapes of some object's members. */
type Members = Readonly<Record<string, Shape<unknown>>>;

/** The shapes of the members of an object of a given type: one for each, optional ones included. */
export type MembersOf<Value> = { readonly [Name in keyof Value]-?: Shape<Value[Name]> };

/**
 * An object with these members and no others, because a misspelt member would silently stand for its default. A member
 * that may be absent is `undefined` in the result.
 *
 * @param members - the members' shapes; for a type's exact members: `object<Type>({ ... })`
 * @param example - an object that is allowed, for the messages
 * @param replacements - for members that callers may expect, what to give instead
 */
/* @__NO_SIDE_EFFECTS__ */
export function object<Value extends object>(
  members: MembersOf<Value>,
  example?: string,
  replacements: ReadonlyMap<string, string> = NO_REPLACEMENTS,
): Shape<Value> {
  const readMembers = memberReader(members);
  const names = Object.keys(members);
  const known = new Set(names);
  const asInExample = example === undefined ? "" : `, as in ${example}`;
  const allowed = `an object${asInExample}`;
  return (field, value) => {
    const given = requireObject(field, value, allowed);
    for (const name of ownNames(field, given)) {
      if (known.has(name) || readMember(`${field}.${name}`, given, name) === undefined) continue;
      const replacement = replacements.get(name);
      const instead = replacement === undefined ? "" : `; instead of "${name}" give ${replacement}`;
      throw invalidInput(field, name, `${onlyMembers(names)}${asInExample}${instead}`);
    }
    return readMembers(field, given);
  };
}

const NO_REPLACEMENTS: ReadonlyMap<string, string> = new Map();

function onlyMembers(names: readonly string[]): string {
  if (names.length === 0) return "no member";
  return `only the ${names.length === 1 ? "member" : "members"} ${names.join(", ")}`;
}

/** The names of an object's own members; an object whose names cannot be read is refused. */
export function ownNames(field: string, given: object): string[] {
  try {
    return Object.keys(given);
  } catch {
    throw invalidInput(field, given, "an object whose members can be read");
  }
}

/** A copy of an object without some of its members; an object whose members cannot be read is refused. */
export function withoutMembers(
  field: string,
  given: object,
  names: readonly string[],
): Readonly<Record<string, unknown>> {
  const others = ownNames(field, given).filter((name) => !names.includes(name));
  return Object.fromEntries(others.map((name) => [name, readMember(`${field}.${name}`, given, name)]));
}

/**
 * An object with these members, of which others are ignored: one read back from a store, to which a newer version of
 * this library may have added members, or one of a host's class.
 */
/* @__NO_SIDE_EFFECTS__ */
export function looseObject<Value extends object>(members: MembersOf<Value>): Shape<Value> {
  const readMembers = memberReader(members);
  return (field, value) => readMembers(field, requireObject(field, value));
}

/** For each value of a union's tag the shapes of the other members. */
export type CasesOf<Value, Tag extends keyof Value> = {
  readonly [Word in Value[Tag] & string]: MembersOf<Omit<Extract<Value, Readonly<Record<Tag, Word>>>, Tag>>;
};

/**
 * One of the objects of a union, as {@link looseObject} reads them:
 * `const shape: Shape<Actor> = looseUnion("kind", { user: { id: text(0, 200) }, system: {} })`.
 *
 * @param tag - the member that says which of the objects it is
 * @param cases - for each value of that member the shapes of the others
 */
/* @__NO_SIDE_EFFECTS__ */
export function looseUnion<Value extends object, Tag extends keyof Value & string>(
  tag: Tag,
  cases: CasesOf<Value, Tag>,
): Shape<Value> {
  const words = Object.keys(cases);
  const readers = new Map(
    Object.entries<Members>(cases).map(([word, members]) => [word, memberReader({ [tag]: oneOf([word]), ...members })]),
  );
  const isCase = (result: object | undefined): result is Value => result !== undefined;
  return (field, value) => {
    const given = requireObject(field, value);
    const path = `${field}.${tag}`;
    const word = requireOneOf(path, readMember(path, given, tag), words);
    const result = readers.get(word)?.(field, given);
    if (!isCase(result)) throw invalidInput(path, word, `one of ${words.join(", ")}`);
    return result;
  };
}

/** Reads an object's members, each by its shape. */
/* @__NO_SIDE_EFFECTS__ */
function memberReader<Value extends object>(members: MembersOf<Value>): (field: string, given: object) => Value {
  const entries = Object.entries<Shape<unknown>>(members);
  // Narrows the type of an object all of whose members have been read.
  const isComplete = (result: object): result is Value => typeof result === "object";
  let absentMembers: readonly (Absent | undefined)[] | undefined;
  return (field, given) => {
    absentMembers ??= entries.map(([name, shape]) => absent(name, shape));
    const result: Record<string, unknown> = {};
    for (let index = 0; index < entries.length; index++) {
      const [name = "", shape = anything] = entries[index] ?? [];
      const value = memberOf(field, given, name);
      const known = value === undefined ? absentMembers[index] : undefined;
      result[name] = known === undefined ? shape(`${field}.${name}`, value) : known.value;
    }
    if (!isComplete(result)) throw invalidInput(field, given, "an object");
    return result;
  };
}

/** What a shape makes of a member that is absent. */
interface Absent {
  readonly value: unknown;
}

/**
 * What a shape makes of a member that is absent, which is always the same; `undefined` if it refuses it. Most members of most
 * events are absent: to know the value spares the path of the member.
 */
function absent(name: string, shape: Shape<unknown>): Absent | undefined {
  try {
    return { value: shape(name, undefined) };
  } catch {
    return undefined;
  }
}

const anything: Shape<unknown> = (_field, value) => value;

/** Reads a member. Its path is only made where it is needed. */
function memberOf(field: string, given: object, name: string): unknown {
  try {
    return Reflect.get(given, name);
  } catch (cause) {
    throw unreadableMember(`${field}.${name}`, cause);
  }
}

/** A value that may be absent (`undefined`). `null` is not absent. */
/* @__NO_SIDE_EFFECTS__ */
export function optional<Value>(shape: Shape<Value>): Shape<Value | undefined> {
  return (field, value) => (value === undefined ? undefined : shape(field, value));
}

/** A value with a default if it is absent (`undefined`). `null` is not absent. */
/* @__NO_SIDE_EFFECTS__ */
export function withDefault<Value>(shape: Shape<Value>, fallback: NoInfer<Value>): Shape<Value> {
  return (field, value) => (value === undefined ? fallback : shape(field, value));
}

/** A value, or `null`. */
/* @__NO_SIDE_EFFECTS__ */
export function nullable<Value>(shape: Shape<Value>): Shape<Value | null> {
  return (field, value) => (value === null ? null : shape(field, value));
}

/**
 * An array of `min` to `max` elements of one shape. A hole is refused like `undefined`.
 *
 * @param example - an array that is allowed, for the messages
 */
/* @__NO_SIDE_EFFECTS__ */
export function arrayOf<Value>(
  shape: Shape<Value>,
  min = 0,
  max = Number.MAX_SAFE_INTEGER,
  example?: string,
): Shape<readonly Value[]> {
  return (field, value) => {
    const given = requireArray(field, value, min, max, example);
    const result: Value[] = [];
    for (let index = 0; index < given.length; index++) {
      const path = `${field}[${String(index)}]`;
      result.push(shape(path, readMember(path, given, index)));
    }
    return result;
  };
}

/** A string of `min` to `max` UTF-16 code units. */
/* @__NO_SIDE_EFFECTS__ */
export function text(min: number, max: number): Shape<string> {
  return (field, value) => requireText(field, value, min, max);
}

/** A whole number from `min` to `max`. */
/* @__NO_SIDE_EFFECTS__ */
export function integer(min: number, max: number): Shape<number> {
  return (field, value) => requireInteger(field, value, min, max);
}

/** A string of any length. */
export const anyText: Shape<string> = text(0, Number.MAX_SAFE_INTEGER);

/** A count: a whole number from 0. */
export const count: Shape<number> = integer(0, Number.MAX_SAFE_INTEGER);

/** One of some words. */
/* @__NO_SIDE_EFFECTS__ */
export function oneOf<const Word extends string>(words: readonly Word[]): Shape<Word> {
  return (field, value) => requireOneOf(field, value, words);
}

/** A function of any signature. */
/* @__NO_SIDE_EFFECTS__ */
export function callback<Callback extends (...given: never[]) => unknown>(): Shape<Callback> {
  const isFunction = (value: unknown): value is Callback => typeof value === "function";
  return (field, value) => {
    if (!isFunction(value)) throw invalidInput(field, value, "a function");
    return value;
  };
}
