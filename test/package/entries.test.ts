import { expect, test } from "vitest";
import { read } from "../support/examples.ts";

test("the main entry exports at most 60 names, types included", () => {
  const lists = [...read("src/index.ts").matchAll(/^export (?:type )?\{([^}]*)\} from/gmu)].map(
    ([, list = ""]) => list,
  );
  const names = lists.flatMap((list) => list.split(",")).flatMap((name) => name.trim() || []);
  expect(read("src/index.ts")).not.toMatch(/^export (?:type )?\*/mu);
  expect(names).toContain("createIssueTracker");
  expect(names.length).toBeLessThanOrEqual(60);
});
