import { IssueLifecycleError } from "./errors.ts";

/** Writes whole numbers from 0 to 2^53 - 1 as varints: seven bits per byte, the lowest first. */
export class VarintWriter {
  #bytes = new Uint8Array(64);
  #length = 0;

  /** Appends a number. */
  write(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.#push((rest % 0x80) + 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.#push(rest);
  }

  /** The bytes written. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #push(byte: number): void {
    if (this.#length === this.#bytes.length) {
      const grown = new Uint8Array(this.#bytes.length * 4);
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes[this.#length++] = byte;
  }
}

/** Reads the bytes of a {@link VarintWriter}. Refuses bytes that end inside a number, and numbers above 2^53 - 1. */
export class VarintReader {
  readonly #bytes: Uint8Array;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** Whether all bytes were read. */
  get atEnd(): boolean {
    return this.#position === this.#bytes.length;
  }

  /** The next number. */
  read(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.#bytes[this.#position++];
      if (byte === undefined) throw new IssueLifecycleError("corrupt-data", "stored counter: ends in the middle.");
      value += (byte % 0x80) * scale;
      if (value > Number.MAX_SAFE_INTEGER) {
        throw new IssueLifecycleError("corrupt-data", "stored counter: holds a number beyond 2^53 - 1.");
      }
      if (byte < 0x80) return value;
      scale *= 0x80;
    }
  }
}
