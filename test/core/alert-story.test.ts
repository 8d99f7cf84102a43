import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { heldBackAlert, tellStories, type Alert } from "../../src/index.ts";
import { rounds } from "../support/effort.ts";
import { alertOf } from "../support/sample-alerts.ts";
import { START } from "../support/scenario.ts";

const part = (alert: Alert, memo: string | null = null) => ({ alert, memo });

describe("alerts of one issue that are due at once", () => {
  test("are one story: the latest alert, with the earlier ones in it, oldest first", () => {
    const [story, ...others] = tellStories([
      part(alertOf(2, { kind: "unmute" })),
      part(alertOf(3, { kind: "regression" })),
      part(alertOf(1)),
    ]);
    expect(others).toEqual([]);
    expect(story?.alert).toMatchObject({
      ...alertOf(3, { kind: "regression" }),
      earlier: [{ kind: "new-issue" }, { kind: "unmute" }],
    });
    expect(story?.parts.map(({ alert }) => alert.turningPoint)).toEqual([1, 2, 3]);
    expect(story?.last.alert.turningPoint).toBe(3);
  });

  test("are told apart from those of others, in the order of the first of each", () => {
    const stories = tellStories([
      part(alertOf(1, { issue: 2 })),
      part(alertOf(1, { issue: 1 })),
      part(alertOf(2, { issue: 2 })),
    ]);
    expect(stories.map(({ parts }) => parts.map(({ alert }) => alert.issue?.friendlyId))).toEqual([
      ["SHOP-2", "SHOP-2"],
      ["SHOP-1"],
    ]);
  });

  test("are told alone when they were delivered in part, or are about no issue", () => {
    const reason = {
      kind: "held-back",
      from: START,
      until: START,
      counts: { "new-issue": 1, regression: 0, unmute: 0 },
      examples: [],
    } as const;
    const heldBack = heldBackAlert({ id: alertOf(9).id, project: { id: "shop", slug: "shop" }, reason });
    const stories = tellStories([part(alertOf(1)), part(alertOf(2), "half"), part(alertOf(3)), part(heldBack)]);
    expect(stories.map(({ parts }) => parts.length)).toEqual([2, 1, 1]);
    expect(tellStories([part(heldBack)])).toMatchObject([{ alert: heldBack }]);
  });

  test("lose none: each is in exactly one story, and each message's id is that of its latest alert", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat({ max: 50 })), (numbers) => {
        const parts = numbers.map((number) =>
          part(alertOf(number, { issue: number % 5 }), number % 7 === 0 ? "memo" : null),
        );
        const stories = tellStories(parts);
        const told = stories.flatMap((story) => story.parts);
        expect(new Set(told)).toEqual(new Set(parts));
        expect(told).toHaveLength(parts.length);
        for (const { alert, parts: each } of stories) {
          const latest = Math.max(...each.map(({ alert: { turningPoint } }) => turningPoint ?? 0));
          expect(alert.turningPoint).toBe(latest);
          expect(alert.issue === null ? 0 : alert.earlier.length).toBe(each.length - 1);
        }
      }),
      { numRuns: rounds({ quick: 100, full: 1_000 }) },
    );
  });
});
