import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { format } from "node:util";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { findExamples, guides, read, ROOT } from "../support/examples.ts";

const FOLDER = join(ROOT, ".check", "examples");
const examples = findExamples().map((example, index) => ({
  ...example,
  file: join(FOLDER, `example-${String(index)}.ts`),
}));

describe("the examples in the documentation", () => {
  beforeAll(() => {
    mkdirSync(FOLDER, { recursive: true });
    for (const { file, code } of examples) writeFileSync(file, `${code}\nexport {};\n`);
  });
  afterAll(() => {
    rmSync(FOLDER, { recursive: true });
  });

  test("are there: in the README, in the guides and in doc comments", () => {
    const names = examples.map(({ name }) => name);
    for (const part of [
      "README.md",
      "docs/from-digest-to-alert.md",
      "docs/policies.md",
      "src/tracker/tracker.ts",
      "src/sentry/",
    ]) {
      expect(names.filter((name) => name.startsWith(part))).not.toEqual([]);
    }
  });

  test("compile, under the strictest options of this project", { timeout: 120_000 }, () => {
    const { config } = ts.readConfigFile(join(ROOT, "tsconfig.json"), (path) => ts.sys.readFile(path));
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
    const program = ts.createProgram(
      examples.map(({ file }) => file),
      { ...options, noUnusedLocals: false, noUnusedParameters: false },
    );
    // The sources that they import have a compilation of their own: `npm run typecheck`.
    const problems = examples.flatMap(({ name, file }) =>
      ts
        .getPreEmitDiagnostics(program, program.getSourceFile(file))
        .map(({ messageText }) => `${name}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`),
    );
    expect(problems).toEqual([]);
  });

  test.each(examples.filter(({ output }) => output !== undefined))(
    "print what the documentation says: $name",
    async ({ file, output }) => {
      const lines: string[] = [];
      const log = vi
        .spyOn(console, "log")
        .mockImplementation((...values: unknown[]) => void lines.push(format(...values)));
      try {
        await import(file);
      } finally {
        log.mockRestore();
      }
      expect(lines.map((line) => `${line}\n`).join("")).toBe(output);
    },
  );
});

describe("the links between the guides", () => {
  test.each(guides())("of %s lead somewhere", (page) => {
    const targets = [...read(page).matchAll(/\]\((?!https?:)([^)#]+)\)/gu)].map(([, target = ""]) => target);
    for (const target of targets)
      expect([target, existsSync(join(ROOT, dirname(page), target))]).toEqual([target, true]);
  });
});
