import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { groupByIssue } from "../../src/alerts/notification.ts";
import { throttledAlert, type Alert } from "../../src/core/alert.ts";
import { alertOf } from "../support/sample-alerts.ts";
import { START } from "../support/scenario.ts";

const part = (alert: Alert, memo: string | null = null) => ({ alert, memo });

describe("alerts of one issue that are due at the same time", () => {
  test("are one notification: the latest alert, with the earlier ones in it, oldest first", () => {
    const [notification, ...others] = groupByIssue([
      part(alertOf(2, { kind: "unmute" })),
      part(alertOf(3, { kind: "regression" })),
      part(alertOf(1)),
    ]);
    expect(others).toEqual([]);
    expect(notification?.alert).toMatchObject({
      ...alertOf(3, { kind: "regression" }),
      earlier: [{ kind: "new-issue" }, { kind: "unmute" }],
    });
    expect(notification?.parts.map(({ alert }) => alert.turningPoint)).toEqual([1, 2, 3]);
    expect(notification?.latest.alert.turningPoint).toBe(3);
  });

  test("are separate from those of other issues, in the order of the first alert of each", () => {
    const notifications = groupByIssue([
      part(alertOf(1, { issue: 2 })),
      part(alertOf(1, { issue: 1 })),
      part(alertOf(2, { issue: 2 })),
    ]);
    expect(notifications.map(({ parts }) => parts.map(({ alert }) => alert.issue?.friendlyId))).toEqual([
      ["SHOP-2", "SHOP-2"],
      ["SHOP-1"],
    ]);
  });

  test("are delivered alone when they were delivered in part, or are about no issue", () => {
    const reason = {
      kind: "throttled",
      from: START,
      until: START,
      counts: { "new-issue": 1, regression: 0, unmute: 0, loud: 0 },
      examples: [],
    } as const;
    const project = { id: "shop", slug: "shop" };
    const throttled = throttledAlert({ id: alertOf(9).id, project, level: "error", reason });
    const notifications = groupByIssue([part(alertOf(1)), part(alertOf(2), "half"), part(alertOf(3)), part(throttled)]);
    expect(notifications.map(({ parts }) => parts.length)).toEqual([2, 1, 1]);
    expect(groupByIssue([part(throttled)])).toMatchObject([{ alert: throttled }]);
  });

  test("lose none: each is in exactly one notification, and each notification's alert is its latest one", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat({ max: 50 })), (numbers) => {
        const parts = numbers.map((number) =>
          part(alertOf(number, { issue: number % 5 }), number % 7 === 0 ? "memo" : null),
        );
        const notifications = groupByIssue(parts);
        const grouped = notifications.flatMap((notification) => notification.parts);
        expect(new Set(grouped)).toEqual(new Set(parts));
        expect(grouped).toHaveLength(parts.length);
        for (const { alert, parts: each } of notifications) {
          const latest = Math.max(...each.map(({ alert: { turningPoint } }) => turningPoint ?? 0));
          expect(alert.turningPoint).toBe(latest);
          expect(alert.issue === null ? 0 : alert.earlier.length).toBe(each.length - 1);
        }
      }),
    );
  });
});
