import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's folder. */
export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** A program in the documentation. */
export interface Example {
  /** Its file, and which of the programs there it is. */
  readonly name: string;
  readonly code: string;
  /** The documented output; `undefined` if none is documented. */
  readonly output: string | undefined;
}

/** Pages whose blocks are one program. */
const ONE_PROGRAM = ["docs/from-digest-to-alert.md"];

/** Pages whose blocks are all run; a block without documented output must print nothing. */
const ALL_RUN = ["docs/test-a-mute-rule.md", "docs/test-a-release-policy.md"];

/** All programs in the guides and in the doc comments. */
export function findExamples(): Example[] {
  return [...guides().flatMap(examplesOfGuide), ...sources("src").flatMap(examplesOfSource)];
}

/** The pages of the documentation. */
export function guides(): string[] {
  const pages = readdirSync(join(ROOT, "docs")).filter((name) => name.endsWith(".md"));
  return ["README.md", ...pages.map((name) => `docs/${name}`)];
}

/** Reads a file of the project. */
export function read(file: string): string {
  return readFileSync(join(ROOT, file), "utf8");
}

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)));
}

function examplesOfGuide(file: string): Example[] {
  const blocks = [...read(file).matchAll(/^```(ts|text)\n(.*?)^```$/gmsu)].map(([, kind = "", text = ""]) => ({
    kind,
    text,
  }));
  if (ONE_PROGRAM.includes(file)) {
    const code = blocks.filter(({ kind }) => kind === "ts").map(({ text }) => text);
    return [{ name: file, code: code.join("\n"), output: blocks.find(({ kind }) => kind === "text")?.text }];
  }
  return blocks.flatMap(({ kind, text }, index) => {
    if (kind !== "ts") return [];
    const next = blocks[index + 1];
    return {
      name: `${file}, block ${String(index + 1)}`,
      code: text,
      output: next?.kind === "text" ? next.text : ALL_RUN.includes(file) ? "" : undefined,
    };
  });
}

function examplesOfSource(file: string): Example[] {
  const blocks = [...read(file).matchAll(/^ *\* ```ts\n(.*?)^ *\* ```$/gmsu)];
  return blocks.map(([, text = ""], index) => ({
    name: `${file}, example ${String(index + 1)}`,
    code: text.replaceAll(/^ *\* ?/gmu, ""),
    output: undefined,
  }));
}
