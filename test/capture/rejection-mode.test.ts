import { expect, test } from "vitest";
import { rejectionMode } from "../../src/capture/rejection-mode.ts";

test.each([
  ["throw", undefined, []],
  ["throw", "--max-old-space-size=100", ["--no-warnings"]],
  ["warn", undefined, ["--unhandled-rejections=warn"]],
  ["strict", undefined, ["--unhandled-rejections", "strict"]],
  ["none", undefined, ["--unhandled_rejections=none"]],
  ["warn-with-error-code", "--inspect --unhandled-rejections=warn-with-error-code", []],
  ["none", `"--unhandled-rejections=none"`, []],
  ["throw", "--unhandled-rejections=warn", ["--unhandled-rejections=throw"]],
  ["strict", undefined, ["--unhandled-rejections=warn", "--unhandled-rejections=strict"]],
  ["throw", undefined, ["--unhandled-rejections=unknown"]],
])("the mode is %s with NODE_OPTIONS %s and the command line %j", (mode, environment, commandLine) => {
  expect(rejectionMode(environment, commandLine)).toBe(mode);
});
