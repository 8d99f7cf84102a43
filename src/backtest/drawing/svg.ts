import { escapeXml } from "./xml.ts";

/** The width of all pictures. Where there is less room, such as on a phone, they are scaled, with larger letters. */
export const WIDTH = 640;
/** The room around what is drawn. */
export const PADDING = 20;
/** The edges of a chart; its numbers stand to the left of it. */
export const CHART = { left: 72, right: WIDTH - PADDING } as const;

/** The size of letters on a phone, in units of the picture. Lines are broken so that they fit there. */
export const LARGEST = { text: 18, title: 20 } as const;
/** How much wider bold letters are. */
const BOLD = 1.12;
/** The most that a line may be wide, in font sizes on a phone. */
export const ROOM = {
  text: (WIDTH - 2 * PADDING) / LARGEST.text,
  title: (WIDTH - 2 * PADDING) / (LARGEST.title * BOLD),
} as const;
/** The height of a line of a title, and of other texts. */
export const LINE = { text: 22, title: 24 } as const;

/**
 * Light unless the reader prefers dark, also where a renderer does not know such a preference. All rules are about this
 * picture alone, because a page may contain it as an element.
 */
const STYLE = [
  `.ilp text{font:12.5px ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;fill:#5f6168;font-variant-numeric:tabular-nums}`,
  ".ilp .title{font-size:15px;font-weight:600;fill:#1c1d1f}",
  ".ilp .ink{fill:#1c1d1f}",
  ".ilp .strong{font-weight:600;fill:#3b54c4}",
  ".ilp .page{fill:#fff;stroke:#e4e3df}",
  ".ilp .grid{stroke:#e4e3df;fill:none}",
  ".ilp .muted{fill:#eceef2}",
  ".ilp .bars{fill:#a9b3dd}",
  ".ilp .area{fill:#3b54c4;fill-opacity:.12}",
  ".ilp .above{fill:#d8623d;fill-opacity:.55}",
  ".ilp .line{stroke:#3b54c4;stroke-width:2;stroke-linejoin:round;fill:none}",
  ".ilp .dot{fill:#3b54c4}",
  ".ilp .limit{stroke:#3b54c4;stroke-width:1.5;stroke-dasharray:5 4;fill:none}",
  ".ilp .loud{fill:#d8623d;stroke:#fff;stroke-width:1}",
  ".ilp .alert{fill:#96329c;stroke:#fff;stroke-width:1}",
  ".ilp .quiet{fill:#fff;stroke:#5f6168;stroke-width:1.5}",
  "@media(prefers-color-scheme:dark){",
  ".ilp text{fill:#a3a6ad}.ilp .title,.ilp .ink{fill:#ecebe8}.ilp .strong{fill:#93a5ff}",
  ".ilp .page{fill:#1d1f23;stroke:#32353b}.ilp .grid{stroke:#32353b}.ilp .muted{fill:#2a2e36}.ilp .bars{fill:#56629e}",
  ".ilp .area,.ilp .dot{fill:#93a5ff}.ilp .line,.ilp .limit{stroke:#93a5ff}",
  ".ilp .above,.ilp .loud{fill:#ff9a76}.ilp .alert{fill:#e59bea}.ilp .loud,.ilp .alert{stroke:#1d1f23}.ilp .quiet{fill:#1d1f23;stroke:#a3a6ad}",
  "}",
  `@media(max-width:480px){.ilp text{font-size:${String(LARGEST.text)}px}.ilp .title{font-size:${String(LARGEST.title)}px}}`,
].join("");

/**
 * A standalone SVG image.
 *
 * @param title - its name for those who do not see it
 * @param description - what it shows, in sentences
 */
export function svgDocument(title: string, description: string, height: number, parts: readonly string[]): string {
  const size = `width="${String(WIDTH)}" height="${fixed(height)}" viewBox="0 0 ${String(WIDTH)} ${fixed(height)}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="ilp" role="img" ${size}>`,
    `<title>${escapeXml(title)}</title>`,
    `<desc>${escapeXml(description)}</desc>`,
    `<style>${STYLE}</style>`,
    `<rect class="page" x=".5" y=".5" width="${String(WIDTH - 1)}" height="${fixed(height - 1)}" rx="8"/>`,
    ...parts,
    "</svg>",
    "",
  ].join("\n");
}

/** How a text is drawn. */
export interface TextStyle {
  readonly look?: "title" | "ink" | "strong";
  readonly anchor?: "middle" | "end";
}

/** A text; `y` is its base line. */
export function svgText(x: number, y: number, text: string, { look, anchor }: TextStyle = {}): string {
  const attributes = [
    ...(look === undefined ? [] : [`class="${look}"`]),
    ...(anchor === undefined ? [] : [`text-anchor="${anchor}"`]),
  ];
  return `<text ${[`x="${fixed(x)}" y="${fixed(y)}"`, ...attributes].join(" ")}>${escapeXml(text)}</text>`;
}

/** Lines of text below each other, the first within `top` and the height of a line below it. */
export function svgLines(x: number, top: number, lines: readonly string[], look?: "title" | "ink"): string[] {
  const height = look === "title" ? LINE.title : LINE.text;
  const style = look === undefined ? {} : { look };
  return lines.map((line, index) => svgText(x, top + height * (index + 0.75), line, style));
}

/** A triangle whose tip points up at a place, for an unmute; with words for those who point at it. */
export function svgMarker(x: number, tip: number, look: "loud" | "quiet", words: string): string {
  const path = `M${fixed(x)} ${fixed(tip)}l5.5 10h-11z`;
  return `<path class="${look}" d="${path}"><title>${escapeXml(words)}</title></path>`;
}

/** A diamond below a place, for an alert of a watch; with words for those who point at it. */
export function svgDiamond(x: number, top: number, look: "alert", words: string): string {
  return `<path class="${look}" d="M${fixed(x)} ${fixed(top)}l6 6-6 6-6-6z"><title>${escapeXml(words)}</title></path>`;
}

/** A number with one digit behind the point at most. */
export function fixed(value: number): string {
  return String(Math.round(value * 10) / 10);
}
