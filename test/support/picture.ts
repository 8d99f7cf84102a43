import { DOMParser, type Element } from "@xmldom/xmldom";

/** The width of pictures, and the edges of their charts. */
const WIDTH = 640;
const CHART = { left: 72, right: 620 };
/** The widths of letters on a phone, in a wide font. */
const PHONE = { title: 0.61 * 20 * 1.12, text: 0.61 * 18 };

/** A picture, read by a strict XML parser. */
export class Picture {
  readonly #root: Element;

  /** Throws for what is not well-formed. */
  constructor(svg: string) {
    const onError = (level: string, message: string): void => {
      // It stands for the characters that XML cannot hold.
      if (!message.startsWith("Unicode replacement character")) throw new Error(`${level}: ${message}`);
    };
    const root = new DOMParser({ onError }).parseFromString(svg, "image/svg+xml").documentElement;
    if (root === null) throw new Error("an empty document");
    this.#root = root;
  }

  attribute(name: string): string {
    return this.#root.getAttribute(name) ?? "";
  }

  /** The name and the description for those who do not see the picture. */
  get name(): string {
    return this.#textOf("title");
  }
  get description(): string {
    return this.#textOf("desc");
  }
  get style(): string {
    return this.#textOf("style");
  }

  /** The texts, of one look or all. */
  texts(look?: string): string[] {
    return this.#elements("text")
      .filter((text) => look === undefined || text.getAttribute("class") === look)
      .map(({ textContent }) => textContent ?? "");
  }

  /** The texts that would leave the picture on a phone. */
  textsCutOff(): string[] {
    return this.#elements("text").flatMap((text) => {
      const content = text.textContent ?? "";
      const width = content.length * (text.getAttribute("class") === "title" ? PHONE.title : PHONE.text);
      const x = Number(text.getAttribute("x"));
      const left = { middle: x - width / 2, end: x - width }[text.getAttribute("text-anchor") ?? ""] ?? x;
      return left < 0 || left + width > WIDTH ? [content] : [];
    });
  }

  /** The shapes of a look. */
  shapes(look: string): Element[] {
    return ["path", "rect", "circle", "g"].flatMap((name) =>
      this.#elements(name).filter((element) => element.getAttribute("class") === look),
    );
  }

  /** The heights of a chart's line, as shares of the width from the left: those of a function of `x`. */
  heightAt(share: number, chart = 0): number {
    const line = this.shapes("line").filter((shape) => shape.getAttribute("d")?.startsWith("M"))[chart];
    const x = CHART.left + share * (CHART.right - CHART.left);
    let [atX, y, found] = [0, Number.NaN, Number.NaN];
    for (const [, command, one, other] of (line?.getAttribute("d") ?? "").matchAll(/([MHV])([\d.]+)(?: ([\d.]+))?/gu)) {
      if (command === "V") y = Number(one);
      else atX = Number(one);
      if (command === "M") y = Number(other);
      if (atX > x + 0.06) break;
      found = y;
    }
    return found;
  }

  #elements(name: string): Element[] {
    return Array.from(this.#root.getElementsByTagName(name));
  }

  #textOf(name: string): string {
    return this.#elements(name)[0]?.textContent ?? "";
  }
}
