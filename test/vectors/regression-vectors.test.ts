import { describe, expect, test } from "vitest";
import type { ResolvedState } from "../../src/core/issue.ts";
import { decideRegression } from "../../src/core/regression.ts";
import { markFixed, markSeen, nearestMark, type ReleaseMark } from "../../src/core/release-mark.ts";
import { readJson } from "../support/json.ts";

type Answer = 0 | 1 | "E";
/** Releases in order, fixed in, seen in, the event's release, and what Bugsink's seed and head say. */
type Case = [string[], string[], string[], string, Answer, Answer, unknown, unknown];

const { cases } = readJson<{ cases: Case[] }>(new URL("regression.json", import.meta.url));
const resolved: ResolvedState = {
  status: "resolved",
  resolvedAt: 0,
  resolution: { kind: "by-release", releases: [""] },
};

/** Our answer, when all of one kind of mark were made before all of the other. */
function isRegression(
  [releases, fixedIn, seenIn, current]: Case,
  order: "fixed, then seen" | "seen, then fixed",
): boolean {
  const marks = new Map<string, ReleaseMark>();
  const releaseOf = (version: string) => ({
    version,
    number: releases.indexOf(version),
    orderKey: String(releases.indexOf(version)).padStart(4, "0"),
  });
  const claim = () => {
    for (const version of fixedIn) marks.set(version, markFixed(releaseOf(version), marks.get(version), 1));
  };
  const see = () => {
    for (const version of seenIn) marks.set(version, markSeen(releaseOf(version), marks.get(version), 1));
  };
  if (order === "fixed, then seen") claim();
  see();
  if (order === "seen, then fixed") claim();
  const known = [...marks.values()].filter(({ version }) => releases.includes(version));
  const sorted = known.sort((one, other) => (one.orderKey < other.orderKey ? -1 : 1));
  const nearest = nearestMark(sorted, releaseOf(current));
  return decideRegression(resolved, { release: current, occurredAt: 1 }, nearest).regression;
}

describe("rule 9: random cases that were run through Bugsink", () => {
  // Where the event's release is not among the project's, Bugsink raises: with us an event registers its release first.
  const answered = cases.filter(([, , , , seed]) => seed !== "E");

  test("are 600, of which 26 name a release that Bugsink does not know", () => {
    expect([cases.length, cases.length - answered.length]).toEqual([600, 26]);
  });

  test("match the seed where the occurrences came last", () => {
    for (const each of answered) expect([each, isRegression(each, "fixed, then seen")]).toEqual([each, each[4] === 1]);
  });

  test("match Bugsink's head where fix claims came last, where the seed differs", () => {
    for (const each of answered) expect([each, isRegression(each, "seen, then fixed")]).toEqual([each, each[5] === 1]);
  });
});
