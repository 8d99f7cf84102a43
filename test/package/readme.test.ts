import { expect, test } from "vitest";
import { README_PICTURE, readmePicture } from "../../scripts/readme-picture.ts";
import { withDiagram } from "../../scripts/state-diagram.ts";
import { read } from "../support/examples.ts";

test("the state diagram of the README is that of the transition tables", () => {
  const readme = read("README.md");
  expect(withDiagram(readme)).toBe(readme);
  expect(readme).toContain("resolved --> open: reopen, regression");
});

test("the picture of the README is what the library draws", async () => {
  expect(read("README.md")).toContain(`](${README_PICTURE})`);
  expect(await readmePicture()).toBe(read(README_PICTURE));
});
