import { expect, test } from "vitest";
import { withDiagram } from "../../scripts/state-diagram.ts";
import { read } from "../support/examples.ts";

test("the state diagram of the README is that of the transition tables", () => {
  const readme = read("README.md");
  expect(withDiagram(readme)).toBe(readme);
  expect(readme).toContain("resolved --> open: reopen, regression");
});
