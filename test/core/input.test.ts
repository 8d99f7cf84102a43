import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { backtest } from "../../src/backtest/index.ts";
import { addPeriods } from "../../src/core/add-periods.ts";
import { parseCommand, parseReopenRequest, parseResolveRequest } from "../../src/core/command.ts";
import { parseEvent } from "../../src/core/parse-event.ts";
import { requireGrouper } from "../../src/core/grouping.ts";
import { parseMuteRequest } from "../../src/core/mute-request.ts";
import { parseProject } from "../../src/core/project.ts";
import { readRelease, releaseLines, requireReleaseOrder } from "../../src/core/release-order.ts";
import { DEFAULT_GROUPING } from "../../src/core/title-grouping.ts";
import { parseVolumeCondition, volumeCondition } from "../../src/core/conditions/volume-condition.ts";
import { EMPTY_INPUT } from "../support/grouping.ts";
import { errorOf, hostileValue, isCoded } from "./hostile.ts";

const NOW = Date.UTC(2026, 10, 23, 9, 30);
const defaults = { receivedAt: NOW, newId: () => "new", grouping: requireGrouper("grouping", DEFAULT_GROUPING) };

describe("input from outside", () => {
  const calls: Readonly<Record<string, (given: unknown, other: unknown) => unknown>> = {
    parseEvent: (given) => parseEvent(given, "event", defaults),
    "a member of an event": (given) =>
      parseEvent({ projectId: "p", fingerprint: given, data: given }, "event", defaults),
    parseCommand: (given) => parseCommand(given, NOW),
    "a command's request": (given) => parseCommand({ kind: "mute", for: given }, NOW),
    parseMuteRequest: (given) => parseMuteRequest(given, NOW),
    now: (given) => Reflect.apply(parseMuteRequest, undefined, [{}, given]),
    conditions: (given, other) => parseMuteRequest({ conditions: [given], until: other }, NOW),
    parseResolveRequest,
    "a named release": (given) => parseResolveRequest({ in: given }),
    parseReopenRequest,
    "releases to withdraw": (given) => parseReopenRequest({ withdraw: [given] }),
    releaseLines: (given) => Reflect.apply(releaseLines, undefined, [given]),
    "names without release": (given) => Reflect.apply(releaseLines, undefined, [{ namesWithoutRelease: given }]),
    requireReleaseOrder: (given) => {
      requireReleaseOrder("order", given);
    },
    readRelease: (given, other) => Reflect.apply(readRelease, undefined, [given, other]),
    "what a release order returns": (given) =>
      Reflect.apply(readRelease, undefined, [{ version: "1", read: () => given }, "1.0.0"]),
    parseVolumeCondition: (given) => parseVolumeCondition(given),
    volumeCondition: (given, other) => Reflect.apply(volumeCondition, undefined, [given, other, given]),
    parseProject: (given) => parseProject(given, undefined),
    "a project's switches": (given) => parseProject({ id: "shop", alerts: given }, undefined),
    addPeriods: (given, other) => Reflect.apply(addPeriods, undefined, [given, other, "day"]),
    requireGrouper: (given) => requireGrouper("grouping", given),
    "replaced strategies": (given) => requireGrouper("grouping", { ...DEFAULT_GROUPING, replaces: [given] }),
    "what a strategy returns": (given) =>
      requireGrouper("grouping", { version: "own/1", group: () => given }).group(EMPTY_INPUT),
    backtest: (given) => Reflect.apply(backtest, undefined, [given]),
    "a backtest's events": (given) =>
      Reflect.apply(backtest, undefined, [{ events: given, rules: [{ name: "r", mute: {} }] }]),
    "a backtest's event": (given) =>
      Reflect.apply(backtest, undefined, [{ events: [given], rules: [{ name: "r", mute: {} }] }]),
  };
  test.each(Object.entries(calls))("is taken or refused with a coded error by %s, whatever it is", (_, call) => {
    fc.assert(
      fc.property(hostileValue, hostileValue, (given, other) => {
        expect(errorOf(() => call(given(), other()))).toSatisfy(isCoded);
      }),
      { numRuns: 300 },
    );
  });
});

describe("an event", () => {
  const parse = (more: object) => parseEvent({ projectId: "shop", ...more }, "events[3]", defaults);

  test("has its defaults, and keeps what it says", () => {
    const instants = { occurredAt: new Date(NOW - 1), receivedAt: new Date(NOW - 2) };
    expect(parse({ type: "E", release: " 1.0.0 ", ...instants })).toEqual({
      field: "events[3]",
      projectId: "shop",
      id: "new",
      content: { level: "error", type: "E", value: "", transaction: "" },
      groupingKey: "E",
      formerKeys: [{ strategy: "title/1", key: "E ⋄ <no transaction>" }],
      title: "E",
      transaction: "",
      release: "1.0.0",
      count: 1,
      userId: undefined,
      environment: "",
      receivedAt: NOW - 2,
      clientOccurredAt: NOW - 1,
      occurredAt: NOW - 2,
      data: null,
    });
  });

  test("rule 4: was not received later than now", () => {
    expect(parse({ receivedAt: NOW + 1, type: "E" })).toMatchObject({ receivedAt: NOW, occurredAt: NOW });
    expect(parse({ receivedAt: NOW + 1, occurredAt: NOW + 1, type: "E" })).toMatchObject({
      receivedAt: NOW,
      clientOccurredAt: NOW + 1,
      occurredAt: NOW,
    });
    expect(parse({ type: "E" })).toMatchObject({
      receivedAt: NOW,
      occurredAt: NOW,
      clientOccurredAt: null,
      release: "",
    });
  });

  test.each([
    [{ relase: "1.0.0" }, "events[3]", 'got "relase"; allowed is only the members projectId, id, type'],
    [{ fingerprint: "checkout" }, "events[3].fingerprint", 'as in { fingerprint: ["checkout"] }'],
    [{ fingerprint: new Array(1) }, "events[3].fingerprint[0]", "got undefined"],
    [{ fingerprint: new Array(101).fill("") }, "events[3].fingerprint", "0 to 100 elements"],
    [
      { value: "v".repeat(4_194_304), fingerprint: new Array(5).fill("{{ default }}") },
      "events[3].fingerprint",
      "parts of at most 16777216 characters together",
    ],
    [{ data: () => 1 }, "events[3].data", "got a function; allowed is a JSON value"],
    [{ data: { big: 1n } }, "events[3].data", "a JSON value"],
    [{ level: "bad" }, "events[3].level", '"fatal", "error"'],
    [{ receivedAt: "2026-11-23" }, "events[3].receivedAt", "a Date or epoch milliseconds"],
    [{ id: null }, "events[3].id", "got null"],
    [{ projectId: "" }, "events[3].projectId", "1 to 200 characters"],
  ])("%# is refused: %s", (more, field, message) => {
    expect(() => parse(more)).toThrow(
      expect.objectContaining({ code: "invalid-input", field, message: expect.stringContaining(message) }),
    );
  });
});

describe("adding periods", () => {
  test("takes dates, and goes back too", () => {
    expect(addPeriods(new Date(Date.UTC(2024, 0, 31)), 1, "month")).toBe(Date.UTC(2024, 1, 29));
    expect(addPeriods(Date.UTC(2024, 2, 31), -1, "month")).toBe(Date.UTC(2024, 1, 29));
  });

  test.each([
    [0, -1, "minute"],
    [Date.UTC(2024, 0), -60, "year"],
    [Date.UTC(9999, 0), 1, "year"],
    [0, Number.MAX_SAFE_INTEGER, "week"],
    [0, 1.5, "day"],
  ] as const)("never gives an instant before 1970 or after 9999: %i %i %s", (at, count, period) => {
    expect(() => addPeriods(at, count, period)).toThrow(
      expect.objectContaining({ code: "invalid-input", field: "nrOfPeriods" }),
    );
  });
});
