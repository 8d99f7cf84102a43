import { describe, expect, test } from "vitest";
import { readJson } from "../support/json.ts";
import { isRegressionAfter } from "../support/past-marks.ts";
import { ReleaseBook } from "../support/release-book.ts";
import { lineOf } from "../support/release-line.ts";

type Answer = 0 | 1 | "E";
/** Releases in order, fixed in, seen in, the event's release, and what Bugsink's seed and head say. */
type Case = [string[], string[], string[], string, Answer, Answer, unknown, unknown];

const { cases } = readJson<{ cases: Case[] }>(new URL("regression.json", import.meta.url));
// Where the event's release is not among the project's, Bugsink raises: with us an event registers its release first.
const answered = cases.filter(([, , , , seed]) => seed !== "E");

/** Our answers beside Bugsink's, by its two versions: they put the occurrences last, or the fix claims. */
function answers(book: ReleaseBook, [, fixedIn, seenIn, current, seed, head]: Case) {
  const past = { fixedIn, seenIn };
  return {
    ours: [
      isRegressionAfter(book, past, "fixed, then seen", current),
      isRegressionAfter(book, past, "seen, then fixed", current),
    ],
    theirs: [seed === 1, head === 1],
  };
}

describe("rule 9: random cases that were run through Bugsink", () => {
  test("are 600, of which 26 name a release that Bugsink does not know", () => {
    expect([cases.length, cases.length - answered.length]).toEqual([600, 26]);
  });

  test("match the seed where the occurrences came last, and the head where the fix claims did, in any line", () => {
    for (const each of answered) {
      const { ours, theirs } = answers(lineOf(each[0]), each);
      expect([each, ours]).toEqual([each, theirs]);
    }
  });

  test("match in the default order too, where that has the releases in the same order", () => {
    const sorted = answered.filter(([releases]) => {
      if (releases.includes("")) return false;
      const order = ReleaseBook.of(...releases).order();
      return order.every(({ version }, index) => version === releases[index]);
    });
    expect(sorted.length).toBeGreaterThan(150);
    for (const each of sorted) {
      const { ours, theirs } = answers(ReleaseBook.of(...each[0]), each);
      expect([each, ours]).toEqual([each, theirs]);
    }
  });
});
