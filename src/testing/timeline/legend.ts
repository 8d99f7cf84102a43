import { CHART, fixed, LARGEST, LINE, PADDING, svgDiamond, svgMarker, svgText } from "../../backtest/drawing/svg.ts";
import { widthOf } from "../../backtest/drawing/wrap.ts";
import type { Curve, Mark } from "./curve.ts";

/** The sign of what a condition led to; its upper end is at `top`. */
export function markSign({ sign, words }: Pick<Mark, "sign" | "words">, x: number, top: number): string {
  switch (sign) {
    case "unmuted":
      return svgMarker(x, top, "loud", words);
    case "unmuted-by-person":
      return svgMarker(x, top, "quiet", words);
    case "loud":
      return svgDiamond(x, top, "alert", words);
  }
}

/** A sign and what it means. */
interface Item {
  readonly text: string;
  /** Draws the sign in the 22 units from `x` on, beside a text whose base line is `y`. */
  readonly draw: (x: number, y: number) => string;
}

const SIGN_WIDTH = 28;
const GAP = 18;
/** The room that "UTC" takes at the end of the first line. */
const UTC_WIDTH = 50;

/** What the signs of a picture mean, in as many lines as that takes. */
export function legend(curves: readonly Curve[], top: number) {
  const parts: string[] = [];
  let [x, y, right] = [PADDING, top + 14, CHART.right - UTC_WIDTH];
  for (const { text, draw } of itemsOf(curves)) {
    const width = SIGN_WIDTH + widthOf(text) * LARGEST.text;
    if (x + width > right) [x, y, right] = [PADDING, y + LINE.text, CHART.right];
    parts.push(draw(x, y), svgText(x + SIGN_WIDTH, y, text));
    x += width + GAP;
  }
  const utc = svgText(CHART.right, top + 14, "UTC", { anchor: "end" });
  return { parts: [...parts, utc], bottom: y + 16 };
}

/** What the signs of the curves mean; those that none of them has are left out, but for the end of a mute. */
function itemsOf(curves: readonly Curve[]): Item[] {
  const signs = new Set(curves.flatMap(({ marks }) => marks.map(({ sign }) => sign)));
  const isAny = (test: (curve: Curve) => boolean): boolean => curves.some(test);
  return [
    ...(isAny(({ of }) => of.condition.kind === "volume")
      ? [lineItem("events", "line"), lineItem("threshold", "limit")]
      : []),
    ...(isAny(({ mutes }) => mutes.length > 0) ? [MUTED] : []),
    ...(isAny(({ of }) => of.use === "mute") ? [markItem("unmuted", "unmuted")] : []),
    ...(signs.has("unmuted-by-person") ? [markItem("unmuted by a person", "unmuted-by-person")] : []),
    ...(isAny(({ of }) => of.use === "watch") ? [markItem("loud", "loud")] : []),
  ];
}

const MUTED: Item = {
  text: "muted",
  draw: (x, y) => `<rect class="muted" x="${fixed(x)}" y="${fixed(y - 12)}" width="22" height="16"/>`,
};

function lineItem(text: string, look: "line" | "limit"): Item {
  return { text, draw: (x, y) => `<path class="${look}" d="M${fixed(x)} ${fixed(y - 4)}h22"/>` };
}

function markItem(text: string, sign: Mark["sign"]): Item {
  return { text, draw: (x, y) => markSign({ sign, words: text }, x + 11, y - 9) };
}
