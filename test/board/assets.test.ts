import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { boardAssets } from "../../scripts/board-assets.ts";

test("the board's style and script are what `npm run board-assets` makes of src/board/client", async () => {
  expect(readFileSync(new URL("../../src/board/assets.ts", import.meta.url), "utf8")).toBe(await boardAssets());
});
