import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ALL_ISSUES } from "../../src/core/issue-list.ts";
import { allReadable } from "../../src/core/unreadable.ts";
import { environmentNames, environmentPart } from "../../src/kysely/schema/environments.ts";
import { newIssue, sampleIssue, SHOP } from "../../src/testing/conformance/samples.ts";
import { hostileText } from "../support/arbitraries.ts";
import { rounds } from "../support/effort.ts";
import { storesForStories } from "../support/stores.ts";

/** Names that are made of what lists are written with, so that many are parts of others. */
const name = fc.oneof(
  hostileText,
  fc.string({ unit: fc.constantFrom('"', ",", "\\", "[", "]", "u", "0", "2", "c", "€"), maxLength: 5 }),
);
const names = fc.uniqueArray(name, { maxLength: 5 });

test("the text of a list of environments contains the part of those in the list, and of no others", () => {
  const property = fc.property(names, name, (list, other) => {
    const text = environmentNames.encode(list);
    expect(text).toMatch(/^[ -~]*$/u);
    expect(environmentNames.decode(text)).toEqual(list);
    for (const each of [...list, other]) expect(text.includes(environmentPart(each))).toBe(list.includes(each));
  });
  fc.assert(property, { numRuns: rounds({ quick: 500, full: 10_000 }) });
});

describe.each(storesForStories())("issues on $name", ({ open }) => {
  test("are listed by exactly the environments that they have", async () => {
    const store = await open();
    await store.transaction((work) => work.write({ projects: [SHOP] }));
    let number = 0;
    const story = fc.asyncProperty(fc.array(names, { minLength: 1, maxLength: 6 }), name, async (lists, other) => {
      const issues = lists.map((environments, index) =>
        sampleIssue(index + 1, { number: number + index + 1, environments }),
      );
      number += issues.length;
      await store.transaction((work) => work.write({ newIssues: issues.map(newIssue) }));
      const request = { projectId: SHOP.id, ...ALL_ISSUES, statuses: ["open"], order: "first-seen" } as const;
      for (const environment of new Set([...lists.flat(), other])) {
        const page = await store.read((reader) =>
          reader.pageIssues({ ...request, environment, after: null, descending: false, limit: 10 }),
        );
        const expected = issues.filter(({ environments }) => environments.includes(environment));
        expect([environment, allReadable(page.entries)]).toEqual([environment, expected]);
      }
      await store.transaction((work) => work.write({ deletedIssues: issues.map(({ id }) => id) }));
    });
    await fc.assert(story, { numRuns: rounds({ quick: 15, full: 100 }) });
    await store.close();
  });
});
