import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { COMMAND_TRANSITIONS } from "../src/core/command-transition.ts";
import { LISTED_STATUSES } from "../src/core/issue.ts";
import { EVENT_TRANSITIONS } from "../src/core/event-transition.ts";

/*
 * Writes the state diagram of the README from the transition tables of the core: node scripts/state-diagram.ts. A test
 * compares the two.
 */
const README = new URL("../README.md", import.meta.url);
const BLOCK = /(?<=<!-- states: .* -->\n)[^]*(?=<!-- \/states -->)/u;

/** What a reader of the diagram calls the changes by events and the clock. */
const CAUSES: Readonly<Record<string, string>> = {
  regressed: "regression",
  unmuted: "condition met or deadline passed",
  undiscarded: "condition met",
  "auto-resolved": "quiet for so long",
};

/** The diagram in Mermaid's language: an arrow for each change of state, with all that causes it. A merge is a change of two issues. */
export function stateDiagram(): string {
  const causes = new Map<string, string[]>();
  const add = (from: string, to: string, cause: string): void => {
    const arrow = `${from} --> ${to}`;
    causes.set(arrow, [...(causes.get(arrow) ?? []), cause]);
  };
  add("[*]", "open", "first event");
  for (const [from, commands] of Object.entries(COMMAND_TRANSITIONS)) {
    for (const [command, to] of Object.entries(commands)) if (to !== from) add(from, to ?? "[*]", command);
  }
  for (const [from, changes] of Object.entries(EVENT_TRANSITIONS)) {
    for (const [cause, to] of Object.entries(changes)) if (to !== from) add(from, to, CAUSES[cause] ?? cause);
  }
  for (const status of LISTED_STATUSES) add(status, "merged", "merge");
  for (const status of LISTED_STATUSES) add("merged", status, "unmerge");
  const arrows = Array.from(causes, ([arrow, names]) => `  ${arrow}: ${names.join(", ")}`);
  return ["```mermaid", "stateDiagram-v2", ...arrows, "```", ""].join("\n");
}

/** The README with the diagram as it is now. */
export function withDiagram(readme: string): string {
  if (!BLOCK.test(readme)) throw new Error("README.md has no place for the state diagram.");
  return readme.replace(BLOCK, `\n${stateDiagram()}\n`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  writeFileSync(README, withDiagram(readFileSync(README, "utf8")));
}
