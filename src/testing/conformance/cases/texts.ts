import type { ConformanceCase } from "../case.ts";
import { HOSTILE_TEXTS } from "../hostile-texts.ts";
import { expectKeysApart } from "../keys/keys-apart.ts";
import { expectKept } from "../stored-world.ts";
import { textWorld } from "../text-world.ts";

const NAMES = HOSTILE_TEXTS.filter((text) => text !== "");

/** Slugs that patterns and collations take for each other. */
const SLUGS = [
  "a-b",
  "a_b",
  "a--b",
  "ab",
  "a-b-",
  "a-B_",
  "aXb",
  "0",
  "00",
  "1",
  "01",
  "1e0",
  "null",
  "nul",
  "k",
  "kk",
];

/** Hashes of users that are equal as numbers, or as numbers of too little precision. */
const USERS = [
  "10",
  "1e1",
  "0a",
  "a0",
  "9007199254740992",
  "9007199254740993",
  `${"1".repeat(31)}2`,
  "1".repeat(32),
].map((digits) => digits.padStart(32, "0"));

/** Every printable ASCII character at the end and in the middle of an order key, and blanks at its ends. */
const ORDER_KEYS = ["016000.", "016000.1 ", "016000.1  ", " 016000.1", "016000.10"].concat(
  Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).flatMap((character) => [
    `016000.${character}`,
    `016000.1${character}1`,
  ]),
);

/** Texts. */
export const textCases: readonly ConformanceCase[] = [
  {
    id: "texts-kept",
    title: "every text of all that is stored is returned unchanged, by every method",
    requires: "A store returns texts unchanged: any JavaScript strings.",
    async run(context) {
      const worlds = HOSTILE_TEXTS.map((text, index) =>
        textWorld({ number: index + 1, slug: `slug-${String(index)}`, text: () => text }),
      );
      await expectKept(context, worlds, ({ text }) => JSON.stringify(text(40)));
    },
  },
  {
    id: "texts-kept-apart",
    title: "texts that differ only in case, accents, blanks or ignorable characters are different keys, of every kind",
    requires: "A store compares texts by code unit, so that different texts are different keys.",
    run: (context) =>
      expectKeysApart(context, {
        projectIds: NAMES,
        slugs: SLUGS,
        eventIds: NAMES,
        groupKeys: HOSTILE_TEXTS,
        strategies: NAMES,
        releaseNames: NAMES,
        lines: HOSTILE_TEXTS,
        orderKeys: ORDER_KEYS,
        environments: HOSTILE_TEXTS,
        users: USERS,
        tokens: NAMES,
      }),
  },
];
