import { v5 as uuidv5 } from "uuid";
import { toJson } from "../core/json-text.ts";

/** The namespace of entries. */
const ENTRIES = "2c0d4a52-6d0c-5f5e-9d53-1f0a7a3e8b46";

/** The length of a digest in 32-bit words. */
const WORDS = 4;

/**
 * A digest of values that does not depend on their order: the sum of their hashes (of UUIDs of version 5). It finds what was lost or
 * changed, not what somebody forges.
 */
export class ContentDigest {
  readonly #sum = new Uint32Array(WORDS);
  #count = 0;

  /** How many values it is of. */
  get count(): number {
    return this.#count;
  }

  /** Adds a value. */
  add(value: unknown): void {
    const hash = uuidv5(new TextEncoder().encode(canonicalJson(value)), ENTRIES, new Uint8Array(4 * WORDS));
    const words = new DataView(hash.buffer, hash.byteOffset);
    for (let word = 0; word < WORDS; word++) this.#sum[word] = (this.#sum[word] ?? 0) + words.getUint32(4 * word);
    this.#count++;
  }

  /** The digest as 32 hexadecimal digits. */
  toString(): string {
    return Array.from(this.#sum, (word) => word.toString(16).padStart(8, "0")).join("");
  }
}

/** A value as JSON with its members in the order of their names; bytes as a list of numbers. */
function canonicalJson(value: unknown): string {
  if (typeof value !== "object" || value === null) return toJson(value ?? null);
  if (value instanceof Uint8Array) return `[${value.join(",")}]`;
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  members.sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([name, member]) => `${toJson(name)}:${canonicalJson(member)}`).join(",")}}`;
}
