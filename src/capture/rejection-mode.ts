/** What Node does about a rejection that nobody handles: its option `--unhandled-rejections`. */
export type RejectionMode = "throw" | "strict" | "warn" | "none" | "warn-with-error-code";

const MODES: readonly RejectionMode[] = ["throw", "strict", "warn", "none", "warn-with-error-code"];
const OPTION = /^--unhandled[-_]rejections(?:=(?<mode>.*))?$/su;

/**
 * The mode of this process.
 *
 * @param environment - the variable `NODE_OPTIONS`
 * @param commandLine - the options of the command line, which take precedence
 */
export function rejectionMode(environment: string | undefined, commandLine: readonly string[]): RejectionMode {
  const words = [...(environment ?? "").replaceAll('"', "").split(/\s+/u), ...commandLine];
  let mode: RejectionMode = "throw";
  for (const [index, word] of words.entries()) {
    const option = OPTION.exec(word);
    if (option === null) continue;
    const given = option.groups?.["mode"] ?? words[index + 1];
    mode = MODES.find((each) => each === given) ?? mode;
  }
  return mode;
}
