import { expectEqual } from "../../assertion/assertion.ts";
import { read, write, type CaseContext, type ConformanceCase } from "../case.ts";
import { expectKeysApart } from "../keys/keys-apart.ts";
import { abbreviated, LONG_ASCII_TEXTS, LONG_TEXTS, longKeys, WIDE_TEXTS } from "../long-text.ts";
import { newIssue, sampleEvent, sampleIssue, SHOP } from "../samples.ts";
import { expectKept } from "../stored-world.ts";
import { textWorld } from "../text-world.ts";

/** The longest type, value, transaction and data of an event. */
const MAX_EVENT_TEXT_LENGTH = 4_194_304;

/** Stores the longest texts that an event can have: each in an event, and a transaction, of its own. */
async function expectLongestKept(context: CaseContext): Promise<void> {
  const issue = sampleIssue(1);
  const content = { level: "error", type: "", value: "", transaction: "" } as const;
  const events = [
    sampleEvent(issue, "value", { content: { ...content, value: "\u20ac".repeat(MAX_EVENT_TEXT_LENGTH) } }),
    sampleEvent(issue, "type", { content: { ...content, type: "a".repeat(MAX_EVENT_TEXT_LENGTH) } }),
    sampleEvent(issue, "transaction", { content: { ...content, transaction: "t".repeat(MAX_EVENT_TEXT_LENGTH) } }),
    sampleEvent(issue, "data", { content, data: JSON.stringify("d".repeat(MAX_EVENT_TEXT_LENGTH - 2)) }),
  ];
  await write(context, { projects: [SHOP], newIssues: [newIssue(issue)] });
  for (const event of events) {
    await write(context, { events: [event] });
    const stored = await read(context, (reader) => reader.findEvent(event));
    expectEqual(`the event with the longest ${event.id}`, abbreviated(stored), abbreviated(event));
  }
}

/** Above the lengths of the columns and index entries that databases have. */
const GROUP_KEYS = [
  ...[256, 1_024, 3_074].flatMap((length) => longKeys(length)),
  ...[66_000, 300_000].flatMap((length) => longKeys(length, WIDE_TEXTS)),
];

/** Texts of the greatest lengths. */
export const longTextCases: readonly ConformanceCase[] = [
  {
    id: "long-texts-kept",
    title: "texts of the greatest lengths are returned unchanged, by every method",
    requires: "A store returns texts unchanged, up to the limits documented where they enter the library.",
    async run(context) {
      const worlds = LONG_TEXTS.map((text, index) => {
        const number = String(index);
        return textWorld({ number: index + 1, slug: `${"S".repeat(50 - number.length)}${number}`, text });
      });
      await expectKept(context, worlds, ({ text }) => `long texts like ${JSON.stringify(text(10))}`);
    },
  },
  {
    id: "longest-texts-kept",
    title: "an event's texts of four million characters are returned unchanged",
    requires: "A store returns texts unchanged, up to the limits documented where they enter the library.",
    run: expectLongestKept,
  },
  {
    id: "long-texts-kept-apart",
    title: "texts of the greatest lengths that differ in their last character are different keys, of every kind",
    requires: "A store compares texts by code unit, so that different texts are different keys, up to their limits.",
    run: (context) =>
      expectKeysApart(context, {
        projectIds: longKeys(200),
        slugs: longKeys(50, LONG_ASCII_TEXTS),
        eventIds: longKeys(200),
        groupKeys: GROUP_KEYS,
        strategies: longKeys(40),
        releaseNames: longKeys(260),
        lines: longKeys(260),
        orderKeys: longKeys(1_000, LONG_ASCII_TEXTS),
        environments: longKeys(200),
        users: ["a", "b", "c"].map((end) => `${"f".repeat(31)}${end}`),
        tokens: longKeys(100),
      }),
  },
];
