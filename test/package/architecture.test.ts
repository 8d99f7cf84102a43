import { ESLint } from "eslint";
import tseslint from "typescript-eslint";
import { describe, expect, test } from "vitest";
import { ROOT } from "../support/examples.ts";

// These rules go by the text alone. Without those that ask for types, no program has to be compiled.
const eslint = new ESLint({ cwd: ROOT, overrideConfig: [tseslint.configs.disableTypeChecked] });

/** The rules that a text breaks if it stands in a file. */
async function broken(file: string, text: string): Promise<string[]> {
  const [result] = await eslint.lintText(text, { filePath: `${ROOT}/${file}` });
  return result?.messages.map(({ ruleId, message }) => `${String(ruleId)}: ${message}`) ?? [];
}

describe("the lint rules that hold the architecture", () => {
  test.each([
    [
      "src/core/mute.ts",
      'import { readFileSync } from "node:fs";\nexport const x = readFileSync;\n',
      "no-restricted-imports",
    ],
    ["src/core/mute.ts", 'import { v7 } from "uuid";\nexport const x = v7;\n', "no-restricted-imports"],
    ["src/core/mute.ts", 'import dayjs from "dayjs";\nexport const x = dayjs;\n', "no-restricted-imports"],
    ["src/core/add-periods.ts", 'import { v7 } from "uuid";\nexport const x = v7;\n', "no-restricted-imports"],
    [
      "src/core/release-order.ts",
      'import { parse } from "semver";\nexport const x = parse;\n',
      "no-restricted-imports",
    ],
    [
      "src/core/mute.ts",
      'import { systemClock } from "../ports/clock.ts";\nexport const x = systemClock;\n',
      "no-restricted-imports",
    ],
    ["src/core/mute.ts", "export const x = Date.now();\n", "no-restricted-syntax"],
    ["src/core/mute.ts", "export const x = new Date();\n", "no-restricted-syntax"],
    ["src/core/mute.ts", "export const x = Math.random();\n", "no-restricted-syntax"],
    ["src/core/mute.ts", "setTimeout(() => undefined, 1);\n", "no-restricted-globals"],
    ["src/core/mute.ts", "export const x = process.env;\n", "no-restricted-globals"],
    ["src/core/mute.ts", "export const x = crypto.randomUUID();\n", "no-restricted-globals"],
    [
      "src/ports/clock.ts",
      'import type { IssueTracker } from "../tracker/tracker.ts";\nexport type X = IssueTracker;\n',
      "no-restricted-imports",
    ],
    [
      "src/tracker/digest.ts",
      'import { createMemoryStore } from "../memory/memory-store.ts";\nexport const x = createMemoryStore;\n',
      "no-restricted-imports",
    ],
    [
      "src/kysely/connections/session.ts",
      'import { openSqliteStore } from "../sqlite/open-sqlite-store.ts";\nexport const x = openSqliteStore;\n',
      "no-restricted-imports",
    ],
    [
      "src/backtest/backtest.ts",
      'import { systemClock } from "../ports/clock.ts";\nexport const x = systemClock;\n',
      "no-restricted-imports",
    ],
    [
      "src/tracker/digest.ts",
      "export const x = JSON.parse('1') as number;\n",
      "@typescript-eslint/consistent-type-assertions",
    ],
  ])("refuse in %s: %j", async (file, text, rule) => {
    expect((await broken(file, text)).filter((each) => each.startsWith(`${rule}:`))).not.toEqual([]);
  });

  test.each([
    ["src/core/add-periods.ts", 'import dayjs from "dayjs";\nexport const x = dayjs(0);\n'],
    ["src/core/mute.ts", "export const x = new Date(0).getUTCFullYear();\n"],
    ["src/tracker/digest.ts", 'import { systemClock } from "../ports/clock.ts";\nexport const x = systemClock;\n'],
  ])("allow in %s: %j", async (file, text) => {
    expect((await broken(file, text)).filter((each) => each.startsWith("no-restricted"))).toEqual([]);
  });
});
