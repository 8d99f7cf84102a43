import type { Turn, TurningPoint } from "../../../core/turning-point.ts";
import { expectEqual } from "../../assertion/assertion.ts";
import { read, write, type ConformanceCase } from "../case.ts";
import { newIssue, NOON, sampleIssue, sampleTurningPoint, SHOP, uuid } from "../samples.ts";

/** Every kind of turning point, with every kind of metadata. */
const TURNS: readonly Turn[] = [
  { kind: "first-seen" },
  { kind: "resolved", claim: { kind: "plain" } },
  { kind: "resolved", claim: { kind: "by-next" } },
  { kind: "resolved", claim: { kind: "by-release", releases: ["1.0.0"], claimedAt: [NOON] } },
  { kind: "auto-resolved", quietForMs: Number.MAX_SAFE_INTEGER },
  { kind: "merged", into: uuid(70) },
  { kind: "unmerged", from: uuid(70) },
  { kind: "member-merged", member: uuid(71) },
  { kind: "member-unmerged", member: uuid(71) },
  { kind: "discarded", conditions: [] },
  { kind: "discarded", conditions: [{ kind: "louder", floor: 50, factor: 1.5, usual: 0.5 }] },
  { kind: "undiscarded", reason: { kind: "by-person" } },
  {
    kind: "undiscarded",
    reason: { kind: "spiked", condition: { kind: "spike", floor: 10, factor: 3 }, count: 31, usual: 10 },
  },
  { kind: "reopened", withdrawn: [] },
  { kind: "reopened", withdrawn: ["1.0.0", "x\0"] },
  { kind: "claims-withdrawn", releases: ["999.9.9"] },
  { kind: "muted", terms: { deadline: null, conditions: [], sinceMute: false } },
  {
    kind: "muted",
    terms: {
      deadline: { at: NOON, wakeOn: "deadline", isDuration: true },
      conditions: [
        { kind: "volume", period: "day", nrOfPeriods: 2, volume: 9 },
        { kind: "louder", floor: 50, factor: 1.5, usual: 10.5 },
      ],
      sinceMute: true,
      again: { quietFor: { period: "week", nrOfPeriods: 2 }, for: { period: "day", nrOfPeriods: 1 } },
    },
  },
  { kind: "unmuted", reason: { kind: "by-person" } },
  { kind: "unmuted", reason: { kind: "deadline-passed", deadline: NOON, noticedBy: "event" } },
  {
    kind: "unmuted",
    reason: {
      kind: "volume-reached",
      condition: { kind: "volume", period: "week", nrOfPeriods: 1, volume: 5 },
      count: 6,
      sinceMute: true,
    },
  },
  { kind: "regressed", reason: { kind: "resolved-plainly", resolvedAt: NOON } },
  { kind: "regressed", reason: { kind: "fixed-in-release", release: "2.0.0", assumed: true, fixedIn: "1.0.0" } },
  { kind: "next-materialized", release: "3.0.0" },
  { kind: "annotated" },
  { kind: "watched", conditions: null },
  { kind: "watched", conditions: [{ kind: "spike", floor: 10, factor: 3 }] },
  {
    kind: "loud",
    reason: { kind: "users-reached", condition: { kind: "users", users: 9, days: 7 }, count: 9, sinceMute: false },
  },
];

/** Histories and counters. */
export const historyCases: readonly ConformanceCase[] = [
  {
    id: "history-kept",
    title: "turning points are returned unchanged, newest first, in pages",
    requires:
      "pageHistory() returns an issue's turning points with numbers below `before`, highest first, at most `limit`.",
    async run(context) {
      const [issue, other] = [sampleIssue(1), sampleIssue(2)];
      const points = TURNS.map((turn, index): TurningPoint => ({ ...sampleTurningPoint(issue.id, index + 1), turn }));
      await write(context, {
        projects: [SHOP],
        newIssues: [issue, other].map(newIssue),
        turningPoints: points.slice(0, 5),
      });
      await write(context, { turningPoints: [...points.slice(5), sampleTurningPoint(other.id, 1)] });
      await read(context, async (reader) => {
        const newestFirst = points.toReversed();
        expectEqual("all of it", await reader.pageHistory(issue.id, null, 99), newestFirst);
        expectEqual("the first page", await reader.pageHistory(issue.id, null, 3), newestFirst.slice(0, 3));
        expectEqual("the page before 4", await reader.pageHistory(issue.id, 4, 2), newestFirst.slice(-3, -1));
        expectEqual("before the first", await reader.pageHistory(issue.id, 1, 9), []);
        expectEqual("of an issue that does not exist", await reader.pageHistory(uuid(77), null, 9), []);
      });
    },
  },
  {
    id: "counters-kept",
    title: "a counter's bytes are returned as they were last saved, up to 2,000 of any value",
    requires: "findCounters() returns the bytes last saved for each issue that has some: opaque, at most 2,000 bytes.",
    async run(context) {
      const issues = [1, 2, 3].map((number) => sampleIssue(number));
      const [first, second, third] = [uuid(1), uuid(2), uuid(3)];
      const long = Uint8Array.from({ length: 2_000 }, (_, index) => index % 256);
      await write(context, {
        projects: [SHOP],
        newIssues: issues.map(newIssue),
        counters: new Map([
          [first, Uint8Array.of(1)],
          [second, Uint8Array.of(0, 255)],
        ]),
      });
      for (const bytes of [[0], [0, 0], [1, 0], [255]]) {
        await write(context, { counters: new Map([[first, Uint8Array.from(bytes)]]) });
        const counters = await read(context, (reader) => reader.findCounters([first]));
        expectEqual("a counter that was saved over another", [...(counters.get(first) ?? [])], bytes);
      }
      await write(context, { counters: new Map([[first, long]]) });
      const found = await read(context, (reader) => reader.findCounters([first, second, third, uuid(77)]));
      const plain = new Map(Array.from(found, ([id, bytes]) => [id, [...bytes]]));
      expectEqual(
        "the counters",
        plain,
        new Map([
          [first, [...long]],
          [second, [0, 255]],
        ]),
      );
    },
  },
];
