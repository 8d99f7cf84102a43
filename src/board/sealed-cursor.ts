type Key = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

/**
 * Places in the feed as texts that say nothing. A place counts what happened in all projects: who may see only some could watch others by it.
 * The key is this process's own; a text of another one cannot be opened.
 */
export class CursorSeal {
  #key: Promise<Key> | undefined;

  /** The text that stands for a place. */
  async seal(cursor: string): Promise<string> {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    // As long as every other one, so that its length says nothing either.
    const text = new TextEncoder().encode(cursor.padEnd(200));
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await this.#ownKey(), text);
    return [...iv, ...new Uint8Array(sealed)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  /** The place that a text stands for; `undefined` for one that this process did not make. */
  async open(text: string): Promise<string | undefined> {
    if (!/^(?:[\da-f]{2}){13,2000}$/u.test(text)) return undefined;
    const bytes = Uint8Array.from(text.match(/../gu) ?? [], (pair) => Number.parseInt(pair, 16));
    const [iv, sealed] = [bytes.slice(0, 12), bytes.slice(12)];
    try {
      const opened = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, await this.#ownKey(), sealed);
      return new TextDecoder().decode(opened).trimEnd();
    } catch {
      // It was sealed by another process, or changed.
      return undefined;
    }
  }

  #ownKey(): Promise<Key> {
    return (this.#key ??= crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]));
  }
}
