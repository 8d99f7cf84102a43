import { mkdirSync, writeFileSync } from "node:fs";
import * as echarts from "echarts";
import { MODE_NAMES, MODES } from "./databases.ts";
import type { Figure, Section } from "./figure.ts";
import { CONNECTION_COUNTS } from "./servers.ts";

type Measured = readonly { readonly section: Section; readonly figures: readonly Figure[] }[];

const PAGE = new URL("../docs/performance.md", import.meta.url);
const RESULTS = new URL("results.json", import.meta.url);
const IMAGES = new URL("../docs/images/", import.meta.url);

/** Writes docs/performance.md with its pictures, and the results as JSON. */
export function writePage(machine: string, measured: Measured): void {
  const on = new Date().toISOString().slice(0, 10);
  mkdirSync(IMAGES, { recursive: true });
  const plots = plotsOf(measured);
  for (const { name, svg } of plots) writeFileSync(new URL(`performance-${name}.svg`, IMAGES), svg);
  const results = measured.map(({ section: { title, floor }, figures }) => ({ title, floor, figures }));
  writeFileSync(RESULTS, `${JSON.stringify({ on, machine, results }, null, 2)}\n`);
  writeFileSync(PAGE, pageOf(on, machine, measured, plots));
}

function pageOf(on: string, machine: string, measured: Measured, plots: readonly Plot[]): string {
  return [
    "# Performance",
    "",
    "What the library costs, beside a floor: the least that a program written by hand does. Floor and library are measured in turns, in one " +
      "run, so that the **ratios** can be compared from machine to machine; the times cannot. `npm run bench` measures all of it and writes this page.",
    "",
    `Measured on ${on}: ${machine}.`,
    "",
    ...plots.flatMap(({ name, title, says }) => [
      `## ${title}`,
      "",
      says,
      "",
      `![${title}](images/performance-${name}.svg)`,
      "",
    ]),
    ...measured.flatMap(({ section, figures }) => [
      `## ${section.title}`,
      "",
      ...(figures.some(({ floor }) => floor !== undefined) ? [`The floor: ${section.floor}.`, ""] : []),
      ...(section.says === undefined ? [] : [section.says, ""]),
      ...tableOf(figures),
      "",
    ]),
  ].join("\n");
}

function tableOf(figures: readonly Figure[]): string[] {
  const rows = figures.map(({ what, value, unit, floor, ratio, goal }) => [
    what,
    `${shown(value)} ${unit}`,
    floor === undefined ? "" : shown(floor),
    ratio === undefined ? "" : `${shown(ratio)}x`,
    goal === undefined ? "" : `${String(goal)}${ratio === undefined ? "" : "x"}`,
    goal === undefined ? "" : (ratio ?? value) <= goal ? "met" : "not met",
  ]);
  const header = ["", "cost", "floor", "ratio", "goal, at most", ""];
  const widths = header.map((name, column) => Math.max(3, name.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(" | ")} |`;
  const rule = `| ${widths.map((width, column) => (column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)).join(" | ")} |`;
  return [line(header), rule, ...rows.map(line)];
}

function shown(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** A picture of the page. */
interface Plot {
  readonly name: string;
  readonly title: string;
  /** What it shows. */
  readonly says: string;
  readonly svg: string;
}

interface Line {
  readonly name: string;
  readonly points: readonly (readonly [x: string, y: number])[];
}

function plotsOf(measured: Measured): Plot[] {
  const all = new Map(measured.flatMap(({ figures }) => figures.map((each) => [each.id, each] as const)));
  const ratio = (id: string): number => all.get(id)?.ratio ?? Number.NaN;
  const history = (name: string, mode: string): Line => ({
    name: `${name === "one" ? "one by one" : "batches of 1,000"}, ${mode}`,
    points: [
      ["10,000", 1],
      ["100,000", ratio(`sqlite/history/${name}/${mode}/100000`)],
      ["1,000,000", ratio(`sqlite/history/${name}/${mode}/1000000`)],
    ],
  });
  const atOnce = (database: string, name: string): Line[] =>
    all.has(`${database}/concurrent/hot`)
      ? [
          {
            name,
            points: MODES.map((mode) => {
              const alone = ratio(`${database}/concurrent/alone/${mode}`);
              return [MODE_NAMES[mode], alone / ratio(`${database}/concurrent/${mode}`)] as const;
            }),
          },
        ]
      : [];
  const byConnections = (database: string, name: string): Plot[] => {
    if (!all.has(`${database}/connections/one/hot/2`)) return [];
    const lines = ["one", "gathered"].flatMap((how) =>
      (["hot", "zipf"] as const).map((mode): Line => {
        const costs = CONNECTION_COUNTS.slice(1).map(
          (count) => [String(count), ratio(`${database}/connections/${how}/${mode}/${String(count)}`)] as const,
        );
        const title = `${how === "one" ? "one event a transaction" : "gathered"}, ${mode}`;
        return { name: title, points: [["1", 1], ...costs] };
      }),
    );
    const says = `What an event costs on ${name}, to what it costs with one connection. Each connection has a tracker of its own, as in so many processes.`;
    return [plot(`connections-${database}`, `Cost against connections: ${name}`, says, "connections", lines)];
  };
  return [
    plot(
      "history",
      "Cost against history",
      "What an event costs on SQLite, to what it costs with 10,000 issues and events there.",
      "issues and events there",
      ["one", "batch"].flatMap((name) => ["hot", "zipf"].map((mode) => history(name, mode))),
    ),
    plot(
      "batches",
      "Cost against the size of batches",
      "What an event of one hot issue costs on SQLite, to an event alone.",
      "events in a batch",
      [
        {
          name: "an event",
          points: [
            ["1", 1],
            ...[10, 100, 1_000, 10_000].map(
              (size) => [size.toLocaleString("en"), ratio(`sqlite/size/${String(size)}`)] as const,
            ),
          ],
        },
      ],
    ),
    plot(
      "gathered",
      "Calls at a time",
      "How many times faster 64 calls of `digest` at a time are, because they share transactions, on servers.",
      "what the events belong to",
      [...atOnce("postgres", "PostgreSQL"), ...atOnce("mysql", "MySQL or MariaDB")],
      "bar",
    ),
    ...byConnections("postgres", "PostgreSQL"),
    ...byConnections("mysql", "MySQL or MariaDB"),
  ];
}

/** A picture that can be read on white and on black. */
function plot(
  name: string,
  title: string,
  says: string,
  xName: string,
  lines: readonly Line[],
  type: "line" | "bar" = "line",
): Plot {
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width: 720, height: 360 });
  const ink = "#808080";
  const text = { color: ink, fontSize: 13 };
  chart.setOption({
    animation: false,
    color: ["#3b82f6", "#f59e0b", "#10b981", "#ec4899"],
    grid: { left: 60, right: 24, top: 56, bottom: 52 },
    legend: { top: 4, textStyle: text },
    xAxis: {
      type: "category",
      name: xName,
      nameLocation: "middle",
      nameGap: 32,
      nameTextStyle: text,
      axisLabel: text,
      axisLine: { lineStyle: { color: ink } },
      data: lines[0]?.points.map(([x]) => x) ?? [],
    },
    yAxis: {
      type: "value",
      min: 0,
      axisLabel: { ...text, formatter: "{value}x" },
      splitLine: { lineStyle: { color: ink, opacity: 0.3 } },
    },
    series: lines.map((line) => ({
      type,
      name: line.name,
      symbolSize: 8,
      data: line.points.map(([, y]) => Number(y.toFixed(3))),
    })),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return { name, title, says, svg: `${svg}\n` };
}
