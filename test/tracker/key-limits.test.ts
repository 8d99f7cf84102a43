import { describe, expect, test } from "vitest";
import {
  groupEvent,
  MAX_EVENT_ID_LENGTH,
  MAX_EVENT_TEXT_LENGTH,
  MAX_FINGERPRINT_LENGTH,
  MAX_GROUPING_KEY_LENGTH,
  MAX_PROJECT_ID_LENGTH,
  MAX_RELEASE_LENGTH,
  MAX_USER_ID_LENGTH,
  type NewEvent,
  type ReleasePlace,
} from "../../src/core/index.ts";
import { MAX_ENVIRONMENT_LENGTH } from "../../src/core/project.ts";
import { createIssueTracker, createMemoryStore, type GroupingStrategy } from "../../src/index.ts";
import { failureOf } from "../support/scenario.ts";

const text = (length: number): string => "k".repeat(length);

/** A tracker with a project whose id is as long as one may be. */
async function openTracker(options: { grouping?: GroupingStrategy } = {}) {
  const tracker = createIssueTracker({ store: createMemoryStore(), ...options });
  await tracker.projects.save({ id: text(MAX_PROJECT_ID_LENGTH), slug: "shop" });
  return tracker;
}

/** Members of events by the length of the text that forms a key, with the longest. */
const MEMBERS: readonly (readonly [field: string, longest: number, more: (length: number) => Partial<NewEvent>])[] = [
  ["projectId", MAX_PROJECT_ID_LENGTH, (length) => ({ projectId: text(length) })],
  ["id", MAX_EVENT_ID_LENGTH, (length) => ({ id: text(length) })],
  ["type", MAX_EVENT_TEXT_LENGTH, (length) => ({ type: text(length) })],
  ["value", MAX_EVENT_TEXT_LENGTH, (length) => ({ value: text(length) })],
  ["transaction", MAX_EVENT_TEXT_LENGTH, (length) => ({ transaction: text(length) })],
  ["fingerprint[0]", MAX_EVENT_TEXT_LENGTH, (length) => ({ fingerprint: [text(length)] })],
  ["fingerprint", 100, (count) => ({ fingerprint: Array.from({ length: count }, () => "part") })],
  [
    "fingerprint",
    MAX_FINGERPRINT_LENGTH,
    (length) => ({ fingerprint: [...new Array<string>(4).fill(text(length >> 2)), text(length % 4)] }),
  ],
  ["release", MAX_RELEASE_LENGTH, (length) => ({ release: text(length) })],
  ["environment", MAX_ENVIRONMENT_LENGTH, (length) => ({ environment: text(length) })],
  ["userId", MAX_USER_ID_LENGTH, (length) => ({ userId: text(length) })],
];

describe("a text that forms a key", () => {
  test.each(MEMBERS)("as %s of an event may have the length %d, and no more", async (field, longest, more) => {
    const tracker = await openTracker();
    const digest = (length: number) =>
      tracker.digest({ projectId: text(MAX_PROJECT_ID_LENGTH), type: "E", ...more(length) });
    expect(await digest(longest)).toMatchObject({ kind: "digested" });
    expect(await failureOf(digest(longest + 1))).toMatchObject({ code: "invalid-input", field: `event.${field}` });
  });

  test("as the id of a project may have 200 characters, and no more", async () => {
    const tracker = await openTracker();
    const saved = tracker.projects.save({ id: text(MAX_PROJECT_ID_LENGTH + 1), slug: "long" });
    expect(await failureOf(saved)).toMatchObject({ code: "invalid-input", field: "project.id" });
  });

  test("as the version of a grouping strategy may have 40 characters, and no more", async () => {
    const grouping = (length: number): GroupingStrategy => ({
      version: text(length),
      group: ({ type }) => ({ key: type, title: type }),
    });
    const tracker = await openTracker({ grouping: grouping(40) });
    const digested = tracker.digest({ projectId: text(MAX_PROJECT_ID_LENGTH), type: "E" });
    expect(await digested).toMatchObject({ created: true });
    expect(await failureOf(openTracker({ grouping: grouping(41) }))).toMatchObject({
      code: "invalid-input",
      field: "grouping.version",
    });
  });

  test("as a grouping key may have 67,108,864 characters, and no more", () => {
    const keyOf = (length: number): string =>
      groupEvent({ type: "E" }, { version: "long/1", group: () => ({ key: text(length), title: "E" }) }).key;
    expect(keyOf(MAX_GROUPING_KEY_LENGTH)).toHaveLength(MAX_GROUPING_KEY_LENGTH);
    expect(() => keyOf(MAX_GROUPING_KEY_LENGTH + 1)).toThrow(
      expect.objectContaining({ code: "invalid-input", field: "strategy.group().key" }),
    );
  });

  test.each([
    ["name", 260],
    ["line", 260],
    ["place", 900],
  ] as const)(
    "as the %s of a release by an order of yours may have %d characters, and no more",
    async (member, longest) => {
      let length = longest;
      const read = (): ReleasePlace => ({ name: "n", line: "l", place: "p", byDate: false, [member]: text(length) });
      const tracker = createIssueTracker({ store: createMemoryStore(), releaseOrder: { version: "long/1", read } });
      await tracker.projects.save({ id: "shop" });
      const digest = (release: string) => tracker.digest({ projectId: "shop", type: "E", release });
      expect(await digest("1")).toMatchObject({ kind: "digested" });
      length = longest + 1;
      expect(await failureOf(digest("2"))).toMatchObject({
        code: "invalid-input",
        field: `releaseOrder.read().${member}`,
      });
    },
  );
});

test.each([
  [
    "whose texts consist of separators",
    { type: "⋄".repeat(4_194_304), value: "⋄".repeat(4_194_304), transaction: "⋄".repeat(4_194_304) },
  ],
  [
    "whose fingerprint repeats them",
    { value: "⋄".repeat(4_194_304), fingerprint: new Array<string>(4).fill("{{ default }}") },
  ],
  [
    "of short values, which a pattern makes longer",
    { value: "1x".repeat(5_000), fingerprint: new Array<string>(100).fill("{{ default }}") },
  ],
])("an event %s, as long as they may be, can be grouped", (_what, event) => {
  const { key, formerKeys } = groupEvent(event);
  for (const each of [key, ...Object.values(formerKeys)]) expect(each.length).toBeLessThan(MAX_GROUPING_KEY_LENGTH);
});
