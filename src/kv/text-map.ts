import type { IssueLifecycleError } from "../core/errors.ts";
import { arrayOf, type Shape } from "../core/shape.ts";
import { corruptData, isCorruptData } from "../core/unreadable.ts";
import { concat, endOf } from "./bytes.ts";
import { isWholePart, textAt } from "./key-parts.ts";
import type { Session } from "./session.ts";
import { jsonBytes, readJson, textAndValue, unlessDamaged } from "./values.ts";

/** What a map stores. */
export interface TextMapOptions<Value> {
  /** What each value is, for messages: "a release". */
  readonly name: string;
  readonly prefix: Uint8Array;
  /** The part of a key that stands for a text. */
  readonly partOf: (text: string) => Uint8Array;
  readonly shape: Shape<Value>;
}

/** A text and its value. */
export interface TextEntry<Value> {
  readonly text: string;
  readonly value: Value;
}

/** A value that cannot be read. */
export interface DamagedTextEntry {
  /** Its text, or the beginning of it. */
  readonly text: string;
  readonly error: IssueLifecycleError;
}

/** A list of texts with values, as it is stored: the values are as JSON has them. */
type TextList = readonly (readonly [text: string, value: unknown])[];

const textList: Shape<TextList> = arrayOf(textAndValue);

/**
 * Values by texts of any length. A key holds the list of all texts that have the same part, each with its value: one text, unless
 * it is too long for a key. The list is in the order of the texts.
 */
export class TextMap<Value> {
  readonly #session: Session;
  readonly #options: TextMapOptions<Value>;

  constructor(session: Session, options: TextMapOptions<Value>) {
    this.#session = session;
    this.#options = options;
  }

  /** The key in whose list a text is. */
  keyOf(text: string): Uint8Array {
    return concat(this.#options.prefix, this.#options.partOf(text));
  }

  /**
   * The value of a text.
   *
   * @throws `IssueLifecycleError` `corrupt-data`
   */
  async get(text: string): Promise<Value | undefined> {
    const list = await this.#listAt(this.keyOf(text));
    const found = list.find(([each]) => each === text);
    return found === undefined ? undefined : this.#read(found[1]);
  }

  /** Saves a value. A list that cannot be read is replaced. */
  async put(text: string, value: Value): Promise<void> {
    const key = this.keyOf(text);
    const others = this.#isAlone(text) ? [] : await this.#othersAt(key, ([each]) => each === text);
    const list = [...others, [text, value] as const].sort(([one], [other]) => (one < other ? -1 : 1));
    await this.#session.put(key, jsonBytes(list));
  }

  /** Removes a text. */
  async remove(text: string): Promise<void> {
    const key = this.keyOf(text);
    if (this.#isAlone(text)) await this.#session.remove(key);
    else await this.removeAt(key, ([each]) => each === text);
  }

  /** Removes texts of a list; all of them, if the list cannot be read. */
  async removeAt(key: Uint8Array, isRemoved: (each: TextList[number]) => boolean): Promise<void> {
    const others = await this.#othersAt(key, isRemoved);
    if (others.length === 0) await this.#session.remove(key);
    else await this.#session.put(key, jsonBytes(others));
  }

  /**
   * The texts after one in order, for a part that keeps it.
   *
   * @param after - the text before the first; `null` for all
   * @param expected - how many texts the caller expects to need. Default: all
   */
  async *ascending(
    after: string | null = null,
    expected = Infinity,
  ): AsyncGenerator<TextEntry<Value> | DamagedTextEntry> {
    const { prefix } = this.#options;
    const from = after === null ? prefix : this.keyOf(after);
    for await (const [key, bytes] of this.#session.scan({ from, to: endOf(prefix) }, { expected })) {
      for (const entry of this.entriesOf(key, bytes)) if (after === null || entry.text > after) yield entry;
    }
  }

  /**
   * The texts up to one, the greatest first, for a part that keeps their order.
   *
   * @param upTo - the greatest text; `null` for all
   * @param expected - how many texts the caller expects to need
   */
  async *descending(upTo: string | null, expected: number): AsyncGenerator<TextEntry<Value> | DamagedTextEntry> {
    const { prefix } = this.#options;
    const to = endOf(upTo === null ? prefix : this.keyOf(upTo));
    for await (const [key, bytes] of this.#session.scan({ from: prefix, to }, { reverse: true, expected })) {
      for (const entry of this.entriesOf(key, bytes).reverse()) if (upTo === null || entry.text <= upTo) yield entry;
    }
  }

  /** The texts of a list with their values. */
  entriesOf(key: Uint8Array, bytes: Uint8Array): (TextEntry<Value> | DamagedTextEntry)[] {
    const { name, prefix } = this.#options;
    const damaged = (text: string, cause: unknown): DamagedTextEntry => ({
      text,
      error: isCorruptData(cause) ? cause : corruptData(name, "", cause),
    });
    try {
      return readJson(name, bytes, textList).map(([text, value]) => {
        try {
          return { text, value: this.#read(value) };
        } catch (error) {
          return damaged(text, error);
        }
      });
    } catch (error) {
      return [damaged(textAt(key, prefix.length), error)];
    }
  }

  /**
   * The texts of a list with their values.
   *
   * @throws `IssueLifecycleError` `corrupt-data` if one of them cannot be read
   */
  wholeEntriesOf(key: Uint8Array, bytes: Uint8Array): TextEntry<Value>[] {
    return this.entriesOf(key, bytes).map((entry) => {
      if (isWhole(entry)) return entry;
      throw entry.error;
    });
  }

  /** Whether no other text can be in the list of a text, so that the list need not be read before it is written. */
  #isAlone(text: string): boolean {
    return isWholePart(this.#options.partOf(text));
  }

  #read(value: unknown): Value {
    const { name, shape } = this.#options;
    try {
      return shape(name, value);
    } catch (cause) {
      throw corruptData(`The entry of ${name}`, "", cause);
    }
  }

  async #listAt(key: Uint8Array): Promise<TextList> {
    const bytes = await this.#session.get(key);
    return bytes === undefined ? [] : readJson(this.#options.name, bytes, textList);
  }

  async #othersAt(key: Uint8Array, isExcluded: (each: TextList[number]) => boolean): Promise<TextList> {
    const list = await unlessDamaged(() => this.#listAt(key), []);
    return list.filter((each) => !isExcluded(each));
  }
}

/** How many texts are in the list of a key that ends in the part of a text. One that cannot be read counts as one. */
export async function countTexts(part: Uint8Array, bytes: Uint8Array): Promise<number> {
  if (isWholePart(part)) return 1;
  return unlessDamaged(() => readJson("a list of texts", bytes, textList).length, 1);
}

/** Whether an entry can be read. */
export function isWhole<Value>(entry: TextEntry<Value> | DamagedTextEntry): entry is TextEntry<Value> {
  return !("error" in entry);
}
