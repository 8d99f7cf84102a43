import { describe, expect, test } from "vitest";
import { createIssueTracker, type TrackedIssue } from "../../src/index.ts";
import { openSqliteStore } from "../../src/sqlite/index.ts";
import { bundle } from "../support/bundle.ts";
import { temporaryDatabase } from "../support/files.ts";
import { Worker } from "../support/worker.ts";

const PROGRAM = await bundle("worker.ts", "capture");

/** What a process did. */
interface Outcome {
  readonly code: number | string;
  readonly lines: readonly string[];
  readonly errors: string;
}

async function run(nodeOptions: readonly string[], ...command: string[]): Promise<Outcome> {
  const worker = new Worker(...nodeOptions, PROGRAM, ...command);
  const lines: string[] = [];
  for await (const line of worker.lines()) lines.push(line);
  return { code: await worker.ended, lines, errors: worker.errors };
}

/**
 * What Node prints of an error: all but the excerpt of the source, which shows where it was thrown or made, and its own calls, whose
 * positions depend on how many listeners there are.
 */
function printed(errors: string): string[] {
  return errors
    .replaceAll(/\(node:\d+\)/gu, "(node)")
    .split("\n")
    .filter((line) => /^ +at (?!.*node:)|^(?!file:|node:)\S/u.test(line));
}

/** Runs a process with capture and without, and expects both to do the same. */
async function compare(what: string, ...nodeOptions: string[]) {
  const filename = temporaryDatabase();
  const tracker = createIssueTracker({ store: await openSqliteStore({ filename }) });
  await tracker.projects.save({ id: "shop" });
  const [without, captured] = await Promise.all([
    run(nodeOptions, "without", what, filename),
    run(nodeOptions, "with", what, filename),
  ]);
  const { items } = await tracker.issues.list({ projectId: "shop" });
  const [first] = items;
  const events = first === undefined ? [] : (await tracker.events.list(first.id)).items;
  await tracker.close();
  return { without, captured, issues: titles(items), level: events[0]?.level };
}

function titles(items: readonly TrackedIssue[]): string[] {
  return items.map(({ title }) => title);
}

function expectSame({ without, captured }: { readonly without: Outcome; readonly captured: Outcome }): void {
  expect({ ...captured, errors: printed(captured.errors) }).toEqual({ ...without, errors: printed(without.errors) });
}

describe("an uncaught exception that nobody handles", () => {
  test.each(["throw", "throw-at-once", "throw-frozen", "reject"])(
    "ends the process as without capture, and is an issue (%s)",
    async (what) => {
      const result = await compare(what);
      expectSame(result);
      expect(result.without.code).toBe(1);
      expect(result.without.lines).toContain("exit 1 1");
      expect(result.issues).toEqual([expect.stringContaining("boom")]);
      expect(result.level).toBe("fatal");
    },
  );

  test.each(["throw-null", "throw-text", "throw-proxy", "reject-text", "reject-undefined"])(
    "does so too if it is no error (%s)",
    async (what) => {
      const result = await compare(what);
      expectSame(result);
      expect(result.without.code).toBe(1);
      expect(result.issues).toHaveLength(1);
      expect(result.level).toBe("fatal");
    },
  );

  test("is not printed as if the capture had thrown it", async () => {
    const { captured } = await compare("throw");
    expect(captured.errors).toContain("node:internal");
    expect(captured.errors).not.toContain("throw error");
  });

  test("leaves the exit code to listeners of exit", async () => {
    const result = await compare("exit-code");
    expectSame(result);
    expect(result.captured.code).toBe(7);
  });

  test("ends the process also after the host has stopped to listen", async () => {
    const result = await compare("host-stops-listening");
    expectSame(result);
    expect(result.captured.code).toBe(1);
    expect(result.issues).toHaveLength(1);
  });

  test("ends the process without capture once the handlers are removed", async () => {
    const result = await compare("stopped");
    expectSame(result);
    expect(result.issues).toEqual([]);
  });

  test("waits for all captures of the process", async () => {
    const result = await compare("two-captures");
    expect(result.captured.lines.filter((line) => !line.startsWith("slow"))).toEqual(result.without.lines);
    expect(result.captured.lines).toContain("slow 1");
    expect(result.captured.code).toBe(1);
    expect(result.issues).toHaveLength(1);
  });

  test("of a thread ends the thread, and is an issue", async () => {
    const result = await compare("in-a-thread");
    expectSame(result);
    expect(result.captured.lines).toContain("error of the thread boom");
    expect(result.issues).toEqual(["TypeError: boom"]);
  });
});

describe("while the end of the process waits", () => {
  test("it waits no longer than the timeout, and says what is lost", async () => {
    const { without, captured } = await compare("hang");
    expect([captured.code, captured.lines]).toEqual([without.code, without.lines]);
    expect(captured.errors).toContain("1 event could not be digested. The process ended after 50 ms.");
  });

  test("a second error is captured and changes nothing", async () => {
    const { without, captured } = await compare("hang-and-throw-again");
    expect(captured.code).toBe(1);
    expect(captured.lines).toEqual(["monitor boom uncaughtException", "monitor second uncaughtException", "exit 1 1"]);
    expect(printed(captured.errors)).toEqual(expect.arrayContaining(printed(without.errors)));
    expect(captured.errors).not.toContain("Error: second");
    expect(captured.errors).toContain("2 events could not be digested");
  });

  test("a call of process.exit() does not hide the error", async () => {
    const { captured } = await compare("hang-and-exit");
    expect(captured.code).toBe(1);
    expect(captured.errors).toContain("TypeError: boom");
  });

  test.each(["hang-and-listen", "hang-and-close"])(
    "neither listeners of the host nor close() keep it alive (%s)",
    async (what) => {
      const { captured, without } = await compare(what);
      expect(captured.code).toBe(1);
      expect(captured.lines).toEqual(without.lines);
      expect(captured.errors).toContain("TypeError: boom");
    },
  );
});

describe("where the host handles uncaught exceptions", () => {
  test.each(["host-listens", "host-listens-once", "host-counts", "host-has-a-callback"])(
    "what happens is the same with capture (%s)",
    async (what) => {
      const result = await compare(what);
      expectSame(result);
      expect(result.issues.length).toBeGreaterThan(0);
    },
  );

  test("the process lives on, and the issue is an error", async () => {
    const { captured, issues, level } = await compare("host-listens");
    expect(captured).toMatchObject({ code: 0, errors: "" });
    expect(captured.lines).toContain("host boom uncaughtException");
    expect(issues).toEqual(["TypeError: boom"]);
    expect(level).toBe("error");
  });
});

describe("unhandled rejections", () => {
  test("are captured where the host handles them, and the process lives on", async () => {
    const result = await compare("host-listens-to-rejections");
    expectSame(result);
    expect(result.captured).toMatchObject({ code: 0, lines: ["rejection boom", "exit 0 "] });
    expect(result.issues).toEqual(["TypeError: boom"]);
    expect(result.level).toBe("error");
  });

  test("end the process after the one that the host handles", async () => {
    const result = await compare("host-listens-to-one-rejection");
    expectSame(result);
    expect(result.captured.code).toBe(1);
    expect([...result.issues].sort()).toEqual(["Error: second", "TypeError: boom"]);
  });

  test("leave exceptions as they are, whatever the mode", async () => {
    for (const mode of ["warn", "none", "strict", "warn-with-error-code"]) {
      const result = await compare("throw", `--unhandled-rejections=${mode}`);
      expectSame(result);
      expect(result.captured.code).toBe(1);
      expect(result.issues).toHaveLength(1);
    }
  });

  test("end the process after the host has stopped to handle them", async () => {
    const result = await compare("host-stops-listening-to-rejections");
    expectSame(result);
    expect(result.captured.code).toBe(1);
    expect(result.issues).toHaveLength(1);
  });

  test.each([
    ["warn", 0, 1],
    ["none", 0, 1],
    ["strict", 1, 1],
    // Without a listener of the host, Node tells nobody in this mode.
    ["warn-with-error-code", 1, 0],
  ])("are handled as Node is told to, in the mode %s", async (mode, code, issues) => {
    for (const what of ["reject", "reject-text"]) {
      const result = await compare(what, `--unhandled-rejections=${mode}`, "--warnings");
      expectSame(result);
      expect(result.captured.code).toBe(code);
      expect(result.issues).toHaveLength(issues);
    }
  });

  test.each(["warn", "none", "warn-with-error-code"])(
    "are captured where the host handles them, in the mode %s",
    async (mode) => {
      const result = await compare("host-listens-to-rejections", `--unhandled-rejections=${mode}`);
      expectSame(result);
      expect(result.captured.lines).toContain("rejection boom");
      expect(result.issues).toHaveLength(1);
    },
  );
});

test("a process in which nothing goes wrong ends as without capture", async () => {
  const result = await compare("nothing");
  expectSame(result);
  expect(result.captured).toMatchObject({ code: 0, errors: "" });
});
