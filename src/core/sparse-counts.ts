import type { VarintReader, VarintWriter } from "./varint.ts";

/** Writes a list of counts, many of which are 0: a run of those is a 0 and the length of the run. */
export class SparseWriter {
  readonly #writer: VarintWriter;
  #zeros = 0;

  constructor(writer: VarintWriter) {
    this.#writer = writer;
  }

  /** Appends a count. */
  write(count: number): void {
    if (count === 0) {
      this.#zeros++;
      return;
    }
    this.finish();
    this.#writer.write(count);
  }

  /** Ends the list. */
  finish(): void {
    if (this.#zeros === 0) return;
    this.#writer.write(0);
    this.#writer.write(this.#zeros);
    this.#zeros = 0;
  }
}

/** Reads a list of a {@link SparseWriter}. */
export class SparseReader {
  readonly #reader: VarintReader;
  #zeros = 0;

  constructor(reader: VarintReader) {
    this.#reader = reader;
  }

  /** Whether no run of zeros is left. */
  get atEnd(): boolean {
    return this.#zeros === 0;
  }

  /** The next count. */
  read(): number {
    if (this.#zeros === 0) {
      const count = this.#reader.read();
      if (count > 0) return count;
      this.#zeros = this.#reader.read();
    }
    if (this.#zeros > 0) this.#zeros--;
    return 0;
  }
}
