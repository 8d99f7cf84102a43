/**
 * Reads the properties of objects of unknown origin, each at most once: getters and the traps of proxies may be slow, have
 * effects or throw. What cannot be read counts as absent. Never throws.
 */
export class PropertyReader {
  readonly #properties = new Map<object, Map<string, unknown>>();
  readonly #keys = new Map<object, readonly string[] | undefined>();

  /** A property, its own or an inherited one; `undefined` if it is absent or cannot be read. */
  read(object: object, name: string): unknown {
    const properties = this.#properties.get(object) ?? new Map<string, unknown>();
    this.#properties.set(object, properties);
    // Not by its value: what was read may be undefined.
    if (properties.has(name)) return properties.get(name);
    const value = attempt((): unknown => Reflect.get(object, name));
    properties.set(name, value);
    return value;
  }

  /** A property that is a string; `undefined` if it is anything else. */
  readText(object: object, name: string): string | undefined {
    const value = this.read(object, name);
    return typeof value === "string" ? value : undefined;
  }

  /** The names of an object's own enumerable properties; `undefined` if they cannot be listed. */
  keysOf(object: object): readonly string[] | undefined {
    if (!this.#keys.has(object)) {
      // The keys of binary data are its positions.
      const keys = ArrayBuffer.isView(object) ? [] : attempt(() => Object.keys(object));
      this.#keys.set(object, keys);
    }
    return this.#keys.get(object);
  }

  /** The length of an array; `undefined` for anything else. */
  lengthOf(value: unknown): number | undefined {
    if (typeof value !== "object" || value === null) return undefined;
    // Fails on a revoked proxy.
    if (attempt(() => Array.isArray(value)) !== true) return undefined;
    const length = this.read(value, "length");
    return typeof length === "number" ? length : undefined;
  }

  /** The first elements of an array, at most `max`; none for anything else. */
  elementsOf(value: unknown, max: number): readonly unknown[] {
    if (typeof value !== "object" || value === null) return [];
    const length = Math.min(this.lengthOf(value) ?? 0, max);
    return Array.from({ length }, (_, index) => this.read(value, String(index)));
  }
}

function attempt<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
