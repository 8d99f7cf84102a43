import { describe, expect, test } from "vitest";
import { groupEvent } from "../../src/core/group-event.ts";
import type { GroupingStrategy } from "../../src/core/grouping.ts";
import { DEFAULT_GROUPING, titleGrouping } from "../../src/core/title-grouping.ts";
import { read } from "../support/examples.ts";
import { LOGS } from "./log-lines.ts";
import { APART, SAME } from "./same-and-apart.ts";
import { EVENTS } from "./sdk-events.ts";

const keyOf = (type: string, value: string): string => groupEvent({ type, value }).key;

describe("messages that differ only in data are one issue", () => {
  test.each(SAME)("$name", ({ type, values }) => {
    const [first = "", ...others] = values.map((value) => keyOf(type, value));
    expect(others).toEqual(others.map(() => first));
  });
});

describe("messages of different errors are different issues", () => {
  test.each(APART)("$name", ({ type, values }) => {
    const keys = values.map((value) => keyOf(type, value));
    expect(new Set(keys).size, keys.join("\n")).toBe(values.length);
  });
});

describe("the lines of a log are one issue for each of its templates", () => {
  test.each(LOGS)("$name", ({ type, lines }) => {
    const byTemplate = Map.groupBy(lines, ({ template }) => template);
    const keys = new Map<string, string>();
    for (const [template, ofTemplate] of byTemplate) {
      const [first = "", ...others] = ofTemplate.map(({ text }) => keyOf(type, text));
      expect(others, template).toEqual(others.map(() => first));
      expect(keys.get(first), template).toBe(undefined);
      keys.set(first, template);
    }
  });
});

test("the guide says how many issues the corpus makes, by both strategies", () => {
  const lines = LOGS.flatMap((log) => log.lines.map(({ text }) => ({ log: log.name, type: log.type, value: text })));
  const messages = LOGS.reduce((sum, log) => sum + new Set(log.lines.map(({ template }) => template)).size, 0);
  const events = EVENTS.map(({ event }) => ({ log: "", ...event }));
  const bugs = new Set(EVENTS.map(({ bug }) => bug)).size;
  const issuesOf = (all: readonly { readonly log: string }[], grouping: GroupingStrategy): number =>
    new Set(all.map(({ log, ...event }) => `${log} ${groupEvent(event, grouping).key}`)).size;
  const sentence =
    `${String(lines.length)} log lines in the shapes of ${String(LOGS.length)} programs, which are ${String(messages)} messages, make ` +
    `${String(issuesOf(lines, DEFAULT_GROUPING))} issues (${String(issuesOf(lines, titleGrouping))} with \`title/1\`), and ` +
    `${String(events.length)} events of ${String(bugs)} bugs make ${String(issuesOf(events, DEFAULT_GROUPING))} (${String(issuesOf(events, titleGrouping))}).`;
  expect(read("docs/grouping.md").replaceAll(/\s+/gu, " ")).toContain(sentence);
});

describe("the events of a bug are one issue, whatever the page and the data", () => {
  test.each([...Map.groupBy(EVENTS, ({ bug }) => bug)])("%s", (_, events) => {
    const keys = new Set(events.map(({ event }) => groupEvent(event).key));
    expect([...keys]).toHaveLength(1);
  });

  test("and those of different bugs are different issues", () => {
    const bugs = new Map<string, Set<string>>();
    for (const { bug, event } of EVENTS) {
      const { key } = groupEvent(event);
      bugs.set(key, (bugs.get(key) ?? new Set()).add(bug));
    }
    expect([...bugs.values()].filter(({ size }) => size > 1)).toEqual([]);
  });
});
