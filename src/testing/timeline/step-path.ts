import { fixed } from "../../backtest/drawing/svg.ts";

/** The changes within one unit of the picture's width. */
interface Column {
  readonly x: number;
  highest: number;
  lowest: number;
  last: number;
}

/**
 * The path of a line that keeps its height until it changes, and of the area below it. Changes within one unit of the picture's width
 * are drawn as one stroke over all of their heights, so that the path has a bounded length.
 */
export class StepPath {
  readonly #bottom: number;
  #line = "";
  #area = "";
  /** The commands after the beginning of the present part; `undefined` where there is no line. */
  #commands: string[] | undefined;
  #column: Column = { x: 0, highest: 0, lowest: 0, last: 0 };
  #begin = "";
  #tip = { x: 0, y: 0 };

  /** @param bottom - the lower edge of the area */
  constructor(bottom: number) {
    this.#bottom = bottom;
  }

  get line(): string {
    return this.#line;
  }

  get area(): string {
    return this.#area;
  }

  /** Where the line ended last. */
  get tip(): { readonly x: number; readonly y: number } {
    return this.#tip;
  }

  /** From `x` on the line is at this height; `null`: it ends there. */
  add(x: number, y: number | null): void {
    if (y === null) {
      this.end(x);
    } else if (this.#commands === undefined) {
      this.#commands = [];
      this.#begin = `${fixed(x)} ${fixed(y)}`;
      this.#area += `M${fixed(x)} ${fixed(this.#bottom)}L${this.#begin}`;
      this.#column = { x, highest: y, lowest: y, last: y };
    } else if (Math.round(x) === Math.round(this.#column.x)) {
      this.#column.highest = Math.min(this.#column.highest, y);
      this.#column.lowest = Math.max(this.#column.lowest, y);
      this.#column.last = y;
    } else if (y !== this.#column.last) {
      this.#commands.push(...strokes(this.#column), `H${fixed(x)}`);
      this.#column = { x, highest: y, lowest: y, last: y };
    }
  }

  /** The line ends at `x`. */
  end(x: number): void {
    if (this.#commands === undefined) return;
    const commands = [...this.#commands, ...strokes(this.#column), `H${fixed(x)}`].join("");
    this.#line += `M${this.#begin}${commands}`;
    this.#area += `${commands}V${fixed(this.#bottom)}Z`;
    this.#commands = undefined;
    this.#tip = { x, y: this.#column.last };
  }
}

/** The strokes of a column, whose last one ends where the line goes on. */
function strokes({ highest, lowest, last }: Column): string[] {
  const heights = highest === lowest ? [last] : [highest, lowest, last];
  return heights.map((height) => `V${fixed(height)}`);
}
