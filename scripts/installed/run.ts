import { spawn } from "node:child_process";
import { delimiter, dirname } from "node:path";

/** Where and how to run a command. */
export interface RunOptions {
  readonly folder: string;
  /** Variables besides those that every command gets. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** Far longer than any command takes: one that hangs is ended. */
const LIMIT_MS = 15 * 60_000;

/** What npm tells the scripts that it runs about the project they belong to. */
const OF_THIS_PROJECT = /^(npm_(package|lifecycle)_.*|npm_config_(local_|global_)?prefix|INIT_CWD)$/u;

/** Where commands are: this Node before all others, and none that the packages of this project have brought. */
export const COMMANDS = [
  dirname(process.execPath),
  ...(process.env["PATH"] ?? "").split(delimiter).filter((folder) => !folder.includes("node_modules")),
].join(delimiter);

/** The environment without anything of this project. */
const ENVIRONMENT = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !OF_THIS_PROJECT.test(name))),
  PATH: COMMANDS,
};

/**
 * Runs a command, and gives what it wrote.
 *
 * @throws an error that says how it ended, and what it wrote last
 */
export async function run(
  command: string,
  given: readonly string[],
  { folder, variables }: RunOptions,
): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<number | string>();
  const env = { ...ENVIRONMENT, ...variables };
  const child = spawn(command, given, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"], timeout: LIMIT_MS });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => (output += text));
  }
  child.on("error", reject);
  child.on("close", (code, signal) => {
    resolve(code ?? signal ?? "unknown");
  });
  const ending = await promise;
  if (ending === 0) return output;
  throw new Error(`${[command, ...given].join(" ")} ended with ${String(ending)}:\n${lastLines(output)}`);
}

function lastLines(text: string): string {
  return text.trimEnd().split("\n").slice(-40).join("\n");
}
