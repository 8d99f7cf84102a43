import { formatInstant } from "../core/instant.ts";
import { escapeXml } from "./xml.ts";
import type { BacktestReport } from "./backtest.ts";

const WIDTH = 720;
const LEFT = 160;
const RIGHT = 20;
const BARS_HEIGHT = 90;
const ROW_HEIGHT = 28;

/** The events over time, and below them one row per rule with a dot for each unmute. */
export function backtestSvg({ from, to, histogram, rules }: Omit<BacktestReport, "toText" | "toSvg">): string {
  const height = BARS_HEIGHT + ROW_HEIGHT * (rules.length + 1);
  const inner = WIDTH - LEFT - RIGHT;
  const x = (at: number): string => round(LEFT + ((at - (from ?? 0)) / Math.max(1, (to ?? 0) - (from ?? 0))) * inner);
  const highest = Math.max(1, ...histogram);
  const bars = histogram.map((count, index) => {
    const size = (count / highest) * (BARS_HEIGHT - 20);
    const place = LEFT + (index / histogram.length) * inner;
    return `<rect x="${round(place)}" y="${round(BARS_HEIGHT - size)}" width="${round(inner / histogram.length)}" height="${round(size)}"/>`;
  });
  const rows = rules.flatMap(({ name, unmutes }, index) => {
    const y = BARS_HEIGHT + ROW_HEIGHT * index + ROW_HEIGHT / 2 + 6;
    return [
      `<text x="8" y="${round(y + 4)}">${escapeXml(name)}</text>`,
      `<path d="M${String(LEFT)} ${round(y)}H${String(WIDTH - RIGHT)}" stroke="#cccccc"/>`,
      ...unmutes.map(({ at }) => `<circle cx="${x(at)}" cy="${round(y)}" r="4" fill="#c0392b"/>`),
    ];
  });
  const [start, end] = [from, to].map((at) => (at === null ? "" : formatInstant(at)));
  const bottom = String(height - 8);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${String(WIDTH)}" height="${String(height)}" font-family="sans-serif" font-size="12">`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    `<text x="8" y="${String(BARS_HEIGHT)}">events</text>`,
    `<g fill="#2c6fbb">${bars.join("")}</g>`,
    ...rows,
    `<text x="${String(LEFT)}" y="${bottom}">${start ?? ""}</text>`,
    `<text x="${String(WIDTH - RIGHT)}" y="${bottom}" text-anchor="end">${end ?? ""}</text>`,
    "</svg>",
  ].join("\n");
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}
