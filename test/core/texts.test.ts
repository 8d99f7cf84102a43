import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { alertSubject, describeAlertReason } from "../../src/core/alert.ts";
import { IssueLifecycleError } from "../../src/core/errors.ts";
import type { GroupingInput } from "../../src/core/grouping.ts";
import { titleGrouping } from "../../src/core/title-grouping.ts";
import { titleOf } from "../../src/core/title.ts";
import { friendlyIdOf, parseFriendlyId, parseProject } from "../../src/core/project.ts";
import { messagePattern } from "../../src/core/message-pattern.ts";
import { describeNoRegressionReason } from "../../src/core/regression.ts";
import { firstLine, foldForSearch, shorten } from "../../src/core/text.ts";
import { hostileText } from "../support/arbitraries.ts";
import { rounds } from "../support/effort.ts";
import { EMPTY_INPUT } from "../support/grouping.ts";

const groupOf = (more: Partial<GroupingInput>) => titleGrouping.group({ ...EMPTY_INPUT, ...more });
const keyOf = (more: Partial<GroupingInput>) => groupOf(more).key;

describe("a title", () => {
  test.each([
    ["TypeError", "x is undefined", "TypeError: x is undefined"],
    ["TypeError", "", "TypeError"],
    ["TypeError", "first\nsecond", "TypeError: first"],
    ["TypeError", "\nsecond", "TypeError: "],
    ["TypeError", "a\u2028b", "TypeError: a"],
    ["", "could not reach upstream", "could not reach upstream"],
    ["", "", "<no log message>"],
  ])("of %j and %j is %j", (type, value, title) => {
    expect(titleOf(type, value)).toBe(title);
  });

  test.each(["⋄", "😀", "\ud800"])("is found in a line four times as long as may be, of %j", (character) => {
    // An expression that remembers each character runs out of room here; at the limit it does so at times.
    const value = character.repeat(4 * 4_194_304);
    expect(groupOf({ value }).title.startsWith(character.toWellFormed())).toBe(true);
  });

  test("is shortened, visibly, and never in the middle of a character", () => {
    expect(titleOf("T".repeat(200), "v".repeat(2_000))).toBe(`${"T".repeat(127)}…: ${"v".repeat(1_023)}…`);
    expect(shorten("ab😀", 4)).toBe("ab😀");
    expect(shorten("ab😀c", 4)).toBe("ab…");
    fc.assert(
      fc.property(hostileText, fc.integer({ min: 1, max: 10 }), (text, length) => {
        const short = shorten(text, length);
        expect(short.length).toBeLessThanOrEqual(length);
        expect(short.isWellFormed()).toBe(true);
      }),
      { numRuns: rounds({ quick: 100, full: 1_000 }) },
    );
  });

  test("ends at the first line end of any kind", () => {
    for (const end of ["\n", "\r", "\r\n", "\v", "\f", "\u001c", "\u001d", "\u001e", "\u0085", "\u2028", "\u2029"])
      expect(firstLine(`a${end}b`)).toBe("a");
    expect(firstLine("a\tb\u001fc")).toBe("a\tb\u001fc");
  });
});

describe("a grouping key", () => {
  test("is the title and the transaction, or the fingerprint with its default", () => {
    expect(keyOf({ type: "E", value: "v\nmore", transaction: "GET /" })).toBe("E: v ⋄ GET /");
    expect(keyOf({ value: "msg" })).toBe("Log Message: msg ⋄ <no transaction>");
    expect(keyOf({ fingerprint: ["a", "b"] })).toBe("a ⋄ b");
    expect(keyOf({ type: "E", fingerprint: ["{{ default }}", "tenant-5"] })).toBe("E ⋄ <no transaction> ⋄ tenant-5");
  });

  test("is made of the whole texts, so that what differs only at its end stays apart", () => {
    const long = "v".repeat(5_000);
    expect(keyOf({ type: "E", value: `${long}1` })).not.toBe(keyOf({ type: "E", value: `${long}2` }));
    expect(groupOf({ type: "E", value: long }).title.length).toBeLessThan(1_100);
  });

  test("is the same for two fingerprints only if they are the same", () => {
    fc.assert(
      fc.property(
        fc.array(hostileText, { minLength: 1, maxLength: 4 }),
        fc.array(hostileText, { minLength: 1, maxLength: 4 }),
        (one, other) => {
          fc.pre(![...one, ...other].includes("{{ default }}"));
          expect(keyOf({ fingerprint: one }) === keyOf({ fingerprint: other })).toBe(
            JSON.stringify(one) === JSON.stringify(other),
          );
        },
      ),
      { numRuns: rounds({ quick: 500, full: 5_000 }) },
    );
  });
});

describe("an alert, in words,", () => {
  const issue = {
    id: "i",
    friendlyId: "SHOP-1",
    title: "E",
    status: "open",
    eventCount: 1,
    firstSeenAt: 0,
    lastSeenAt: 0,
  } as const;
  const project = { id: "shop", slug: "shop" };

  test("has a subject with a title that is cut to 80 characters", () => {
    expect(alertSubject({ issue, project, reason: { kind: "new-issue" } })).toBe('"E" in "shop" (New issue)');
    const long = { ...issue, title: "t".repeat(100) };
    expect(alertSubject({ issue: long, project, reason: { kind: "unmute", reason: { kind: "by-person" } } })).toBe(
      `"${"t".repeat(79)}…" in "shop" (Unmuted issue)`,
    );
  });

  test("says which release decided a regression", () => {
    const reason = { kind: "fixed-in-release", release: "2.0.1", fixedIn: "2.0.0" } as const;
    expect(describeAlertReason({ kind: "regression", reason })).toBe(
      "The issue came back. It occurred in release 2.0.1, and a fix was claimed in release 2.0.0.",
    );
    expect(describeAlertReason({ kind: "regression", reason: { ...reason, assumed: true } })).toBe(
      "The issue came back. An event without a release occurred while release 2.0.1 was the latest, " +
        "and a fix was claimed in release 2.0.0.",
    );
    expect(describeAlertReason({ kind: "regression", reason: { kind: "resolved-plainly", resolvedAt: 0 } })).toBe(
      "The issue came back. It had been resolved.",
    );
    expect(describeAlertReason({ kind: "new-issue" })).toBe("This issue was not seen before.");
  });

  test.each([
    [{ kind: "occurred-before-resolution" }, "It occurred before the fix was claimed."],
    [
      { kind: "awaiting-next-release" },
      "The issue is resolved in its next release, and the event's release is not that.",
    ],
    [
      { kind: "known-to-be-broken", seenIn: "2.0.0" },
      "The issue is known to occur in release 2.0.0, and no fix is claimed in a later one up to the event's.",
    ],
    [{ kind: "before-every-fix" }, "No fix is claimed in the event's release or in one before it."],
    [{ kind: "release-retired", release: "999.9.9" }, "Its release, release 999.9.9, was retired."],
  ] as const)("says why an event is no regression: %j", (reason, text) => {
    expect(describeNoRegressionReason(reason)).toBe(text);
  });
});

describe("a friendly id", () => {
  test("is the slug in upper case and the number, and is read in either case", () => {
    expect(friendlyIdOf("web-shop", 12)).toBe("WEB-SHOP-12");
    expect(parseFriendlyId("web-SHOP-12")).toEqual({ slugKey: "WEB-SHOP", number: 12 });
  });

  test.each([
    "",
    "SHOP",
    "SHOP-",
    "-12",
    "SHOP-0",
    "SHOP-012",
    "SHOP-1.5",
    "SHOP-9999999999999999",
    "SH OP-1",
    "SHOP-12\n",
    `${"S".repeat(51)}-1`,
  ])("%j is none", (text) => {
    expect(parseFriendlyId(text)).toBeUndefined();
  });
});

describe("a project", () => {
  test("has the id as its slug unless it says another, and wants all alerts unless it says not", () => {
    expect(parseProject({ id: "shop", alerts: { unmute: false } }, undefined)).toEqual({
      id: "shop",
      slug: "shop",
      alerts: { "new-issue": true, regression: true, unmute: false, loud: true },
      watch: { conditions: [] },
      stateEnvironments: null,
      autoResolveAfterMs: null,
    });
  });

  test.each([
    [{ id: "" }, "project.id"],
    [{ id: "a b" }, "project.slug"],
    [{ id: "shop", slug: "-shop" }, "project.slug"],
    [{ id: "shop", alerts: { newIssue: true } }, "project.alerts"],
    [{ id: "shop", alerts: { regression: "no" } }, "project.alerts.regression"],
    [undefined, "project"],
  ])("%j is refused", (value, field) => {
    expect(() => parseProject(value, undefined)).toThrow(expect.objectContaining({ code: "invalid-input", field }));
  });
});

describe("a search", () => {
  test("goes without regard to upper and lower case, in any script", () => {
    expect(foldForSearch("ÄPFEL \ud800")).toBe("äpfel \ufffd");
  });
});

describe("an error", () => {
  test("is recognised from another copy of the package, and by nothing else", () => {
    expect(IssueLifecycleError.is(new IssueLifecycleError("closed", "x"))).toBe(true);
    expect(IssueLifecycleError.is({ [Symbol.for("issue-lifecycle.error")]: true })).toBe(true);
    expect(IssueLifecycleError.is(new Error("x"))).toBe(false);
    expect(IssueLifecycleError.is(null)).toBe(false);
  });

  test("carries its code, field, cause and whether to try again", () => {
    const cause = new Error("disk");
    expect(new IssueLifecycleError("store-busy", "held", { retryable: true, cause, field: "f" })).toMatchObject({
      name: "IssueLifecycleError",
      code: "store-busy",
      retryable: true,
      field: "f",
      cause,
    });
    expect(new IssueLifecycleError("closed", "x")).toMatchObject({ retryable: false, field: undefined });
  });
});

describe("the pattern of a message of a JavaScript engine", () => {
  test.each([
    ["e.sum is not a function", "_.sum is not a function", true],
    ["Xe.get(...).then is not a function", "t.get(...).then is not a function", true],
    ["e is not iterable", "n is not iterable", true],
    ["Cannot access 'Xe' before initialization", "Cannot access 't' before initialization", true],
    ["undefined is not an object (evaluating 'e.items')", "undefined is not an object (evaluating 'tn.items')", true],
    [`can't access property "items", e is undefined`, `can't access property "items", tn is undefined`, true],
    ["e.sum is not a function", "e.add is not a function", false],
    ["cart.sum is not a function", "order.sum is not a function", false],
    ["cb is not a function", "fn is not a function", false],
    ["$ is not defined", "_ is not defined", false],
    ["Cannot access 'store' before initialization", "Cannot access 'router' before initialization", false],
  ])("of %j and %j is the same or not", (one, other, isSame) => {
    expect(messagePattern(one) === messagePattern(other)).toBe(isSame);
  });
});
