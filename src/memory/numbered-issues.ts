import { firstAfter, firstNotBefore } from "./journal.ts";

/** An issue in the list of its project's issues. */
interface NumberedIssue {
  readonly number: number;
  readonly id: string;
}

/** The most issues of a block. */
const MAX_BLOCK = 1_000;

/** The ids of issues by number, ascending. They are kept in blocks: to add or remove one moves the others of its block only. */
export class NumberedIssues {
  /** None is empty, and the numbers of each are below those of the next. */
  readonly #blocks: NumberedIssue[][] = [];

  get(number: number): string | undefined {
    const block = this.#blocks[this.#placeOf(number)];
    const found = block?.[firstNotBefore(block, number, numberOf)];
    return found?.number === number ? found.id : undefined;
  }

  /** Sets the id of a number; `undefined` removes it. */
  put(number: number, id: string | undefined): void {
    const at = Math.max(0, this.#placeOf(number));
    const block = this.#blocks[at];
    if (block === undefined) {
      if (id !== undefined) this.#blocks.push([{ number, id }]);
      return;
    }
    const place = firstNotBefore(block, number, numberOf);
    const isThere = block[place]?.number === number;
    if (id === undefined) {
      if (isThere) block.splice(place, 1);
      if (block.length === 0) this.#blocks.splice(at, 1);
      return;
    }
    const isAppended = place === MAX_BLOCK;
    if (isAppended) this.#blocks.splice(at + 1, 0, [{ number, id }]);
    else block.splice(place, isThere ? 1 : 0, { number, id });
    if (block.length > MAX_BLOCK) this.#blocks.splice(at + 1, 0, block.splice(MAX_BLOCK / 2));
  }

  /** The blocks of all. */
  get blocks(): readonly (readonly NumberedIssue[])[] {
    return this.#blocks;
  }

  /** The ids of all above a number. */
  *above(number: number): Iterable<string> {
    for (const { id } of this.entriesAbove(number)) yield id;
  }

  /** All above a number. */
  *entriesAbove(number: number): Iterable<NumberedIssue> {
    for (let at = Math.max(0, this.#placeOf(number)); at < this.#blocks.length; at++) {
      const block = this.#blocks[at] ?? [];
      for (let place = firstAfter(block, number, numberOf); place < block.length; place++) {
        const issue = block[place];
        if (issue !== undefined) yield issue;
      }
    }
  }

  /** The ids of all below a number, the highest first. */
  *below(number: number): Iterable<string> {
    for (let at = this.#placeOf(number); at >= 0; at--) {
      const block = this.#blocks[at] ?? [];
      for (let place = firstNotBefore(block, number, numberOf) - 1; place >= 0; place--) {
        const issue = block[place];
        if (issue !== undefined) yield issue.id;
      }
    }
  }

  /** The place of the last block that begins at a number or below; -1 if there is none. */
  #placeOf(number: number): number {
    return firstAfter(this.#blocks, number, ([first]) => first?.number ?? 0) - 1;
  }
}

function numberOf({ number }: NumberedIssue): number {
  return number;
}
