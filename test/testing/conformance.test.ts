import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createMemoryStore } from "../../src/memory/index.ts";
import type { IssueStore, StoreReader } from "../../src/ports/issue-store.ts";
import {
  CONFORMANCE_CASES,
  AssertionFailure,
  describeConformance,
  registerConformance,
  runConformance,
  type ConformanceReport,
  type ConformanceSubject,
} from "../../src/testing/index.ts";
import { bundle } from "../support/bundle.ts";
import { isForEveryRun, LARGE, rounds } from "../support/effort.ts";
import { CONTROL, replacing, subjectOf } from "./mutants/harness.ts";
import { MUTANTS } from "./mutants/index.ts";
import { WITNESSES } from "./mutants/witnesses.ts";

/** Registers the cases with Node's own test runner. */
const PROGRAM = await bundle("fixtures/registered.ts", "testing");

const failedOf = ({ results }: ConformanceReport): string[] =>
  results.flatMap(({ id, outcome }) => (outcome.kind === "failed" ? [id] : []));

const withoutOutbox = (): IssueStore => {
  const store = createMemoryStore();
  const hide = <Reader extends StoreReader>(reader: Reader): Reader =>
    new Proxy(reader, {
      get: (target, name): unknown => {
        const member: unknown = name === "outbox" ? undefined : Reflect.get(target, name);
        return typeof member === "function" ? (...input: unknown[]) => Reflect.apply(member, target, input) : member;
      },
    });
  return {
    ...store,
    transaction: (work) =>
      store.transaction((transaction) =>
        work(
          replacing(hide(transaction), {
            write: async (changes) => {
              if ("alerts" in changes) throw new Error("A store without an outbox is given no alerts.");
              await transaction.write(changes);
            },
          }),
        ),
      ),
    read: (work) => store.read((reader) => work(hide(reader))),
  };
};

const NO_HOSTS = { "host-transactions": "it can join none" };

const ALONE: ConformanceSubject = {
  name: "a store alone",
  open: async () => ({ store: createMemoryStore() }),
  lacks: { "second-handle": "one process only", "raw-reader": "nothing to look at", ...NO_HOSTS },
};

const HOSTS = CONFORMANCE_CASES.filter(({ needs }) => needs?.includes("host-transactions"));
/** How many cases need what a store in memory lacks: a reader of the data, and transactions of the host. */
const SKIPPED = HOSTS.length + 1;
const ALL = CONFORMANCE_CASES.map(({ id }) => id);
/** All in the full run; in the quick run those that take no longer than others. */
const SMALL = ALL.filter(isForEveryRun);

/** The cases that fixtures/registered.ts registers, in every run. */
const REGISTERED = ALL.filter((id) => !LARGE.test(id));

describe("the conformance suite", () => {
  test("passes a store that is right, in the harness of the mutants", async () => {
    const report = await runConformance(subjectOf(CONTROL), { only: SMALL });
    expect(failedOf(report)).toEqual([]);
    expect(report.counts).toEqual({
      passed: SMALL.length - HOSTS.length,
      failed: 0,
      skipped: HOSTS.length,
    });
  });

  test.each(MUTANTS.filter(({ seenBy }) => isForEveryRun(seenBy)))(
    "sees, by its case $seenBy, that a store $name",
    async (mutant) => {
      const report = await runConformance(subjectOf(mutant), { only: [mutant.seenBy] });
      expect(failedOf(report)).toEqual([mutant.seenBy]);
    },
  );

  test("has no case that cannot fail: each is the one that sees some mutant", () => {
    const able = new Set(MUTANTS.map(({ seenBy }) => seenBy));
    expect(ALL.filter((id) => !able.has(id))).toEqual([]);
  });

  test("has for every case a store that no other case sees", () => {
    expect(WITNESSES.map(([id]) => id).sort()).toEqual(ALL.toSorted());
  });

  // To show it takes all cases for each of these stores.
  if (rounds({ quick: 0, full: 1 }) > 0) {
    test.each(WITNESSES)("has for %s a store that no other case sees: one that %s", async (id, name) => {
      const mutant = MUTANTS.find((each) => each.name === name);
      if (mutant === undefined) throw new Error(`There is no store that ${name}.`);
      const others = ALL.filter((other) => other !== id && (LARGE.test(id) || !LARGE.test(other)));
      const report = await runConformance(subjectOf(mutant), { only: [id, ...others] });
      expect(failedOf(report)).toEqual([id]);
    });
  }

  test("passes a store without an outbox, and skips the cases that need one", async () => {
    const lacks = { outbox: "it delivers after the commit", "raw-reader": "nothing to look at", ...NO_HOSTS };
    const report = await runConformance(
      {
        name: "no outbox",
        open: async () => {
          const store = withoutOutbox();
          return { store, openSecond: async () => store };
        },
        lacks,
      },
      { only: SMALL },
    );
    const skipped = report.results.flatMap(({ id, outcome }) => (outcome.kind === "skipped" ? [id] : []));
    expect(failedOf(report)).toEqual([]);
    const needing = CONFORMANCE_CASES.filter(
      ({ id, needs = [] }) => SMALL.includes(id) && needs.some((capability) => capability in lacks),
    );
    expect(skipped).toEqual(needing.map(({ id }) => id));
    expect(skipped).toContain("alerts-kept");
  });

  test("has a case for every requirement of the port, by its id", () => {
    const port = ["issue-store", "alert-outbox"]
      .map((file) => readFileSync(new URL(`../../src/ports/${file}.ts`, import.meta.url), "utf8"))
      .join("");
    const promised = Array.from(port.matchAll(/\[([a-z]+(?:-[a-z]+)+)\]/gu), ([, id]) => id);
    expect([...new Set(promised)].sort()).toEqual(ALL.toSorted());
    expect(new Set(ALL).size).toBe(CONFORMANCE_CASES.length);
  });
});

describe("a report", () => {
  test("says of each case what came of it, and of a failure what was required, expected and found", async () => {
    const mutant = MUTANTS.find(({ name }) => name === "slips by a time zone");
    if (mutant === undefined) throw new Error("no such mutant");
    const only = ["events-kept", "projects-paged", "writes-are-real"];
    const subject: ConformanceSubject = {
      ...subjectOf(mutant),
      lacks: { "raw-reader": "it is in memory", ...NO_HOSTS },
    };
    const report = await runConformance(subject, { only });
    expect(report).toMatchObject({ conforms: false, counts: { passed: 1, failed: 1, skipped: 1 } });
    const failure = report.results.find(({ outcome }) => outcome.kind === "failed")?.outcome;
    expect(failure).toMatchObject({ kind: "failed", expected: { id: "a" }, actual: { id: "a" } });
    expect(describeConformance(report)).toBe(
      [
        "Conformance of slips by a time zone",
        "skipped writes-are-real: writes can be read by other means than the store (it is in memory)",
        "ok      projects-paged: projects are listed in pages by slug key",
        "FAILED  events-kept: events are returned unchanged, each in its own project",
        "  requires: findEvent() returns the event, unless it was evicted or its issue deleted.",
        "  an event:",
        "    .receivedAt: expected 2026-11-23 12:00:30.123 UTC, got 2026-11-23 13:00:30.123 UTC",
        "1 passed, 1 failed, 1 skipped",
      ].join("\n"),
    );
  });

  test("names what open() should have given, where the subject does not say that it lacks it", async () => {
    const report = await runConformance({ name: "incomplete", open: ALONE.open }, { only: ["race-on-alerts"] });
    expect(report.results[0]?.outcome).toMatchObject({
      kind: "failed",
      message:
        'incomplete: open() returned no openSecond; return one, or give the reason why there is none in lacks["second-handle"].',
    });
  });

  test.each<[string, object, object, string]>([
    ["a case that does not exist", ALONE, { only: ["projects-paged", "typo"] }, "options.only[1]"],
    ["an option that does not exist", ALONE, { onyl: [] }, "options"],
    ["a capability that does not exist", { ...ALONE, lacks: { outobx: "none" } }, {}, "subject.lacks"],
    ["a capability without a reason", { ...ALONE, lacks: { outbox: "" } }, {}, "subject.lacks.outbox"],
    ["a subject without open()", { name: "nothing" }, {}, "subject.open"],
  ])("is refused of %s", async (_what, subject, options, field) => {
    await expect(Reflect.apply(runConformance, undefined, [subject, options])).rejects.toMatchObject({
      code: "invalid-input",
      field,
    });
  });

  test("says what a case failed with, and not what closing failed with after it", async () => {
    const log: string[] = [];
    const broken =
      (read: boolean): ConformanceSubject["open"] =>
      async () => ({
        store: {
          ...createMemoryStore(),
          ...(read && { read: () => Promise.reject(new Error("no reads")) }),
          close: () => Promise.reject(new Error("no closing")),
        },
        dispose: async () => void log.push("dispose"),
      });
    const only = ["projects-paged"];
    const both = await runConformance({ ...ALONE, open: broken(true) }, { only });
    expect(both.results[0]?.outcome).toMatchObject({ kind: "failed", message: "no reads" });
    const closing = await runConformance({ ...ALONE, open: broken(false) }, { only });
    expect(closing.results[0]?.outcome).toMatchObject({
      kind: "failed",
      message: expect.stringContaining("closing the handles"),
    });
    expect(log).toEqual(["dispose", "dispose"]);
  });

  test("closes every handle and cleans up after each case, also after a failure", async () => {
    const log: string[] = [];
    const open: ConformanceSubject["open"] = async () => {
      log.push("open");
      const store = createMemoryStore();
      return {
        store: { ...store, read: () => Promise.reject(new Error("no reads")) },
        dispose: async () => {
          log.push("dispose");
        },
      };
    };
    const report = await runConformance({ ...ALONE, open }, { only: ["projects-paged", "project-saved"] });
    expect(report.counts).toEqual({ passed: 0, failed: 2, skipped: 0 });
    expect(log).toEqual(["open", "dispose", "open", "dispose"]);
  });
});

describe("a store that never answers", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  test("fails its case after two minutes, also if it never closes, and the next case runs", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const never = new Promise<never>(() => undefined);
    let opened = 0;
    const hanging: IssueStore = { ...createMemoryStore(), transaction: () => never, close: () => never };
    const running = runConformance(
      {
        name: "a store that hangs once",
        open: async () => ({ store: ++opened === 1 ? hanging : createMemoryStore() }),
        lacks: { "second-handle": "one process only", "raw-reader": "nothing to look at", ...NO_HOSTS },
      },
      { only: ["projects-paged", "counters-kept"] },
    );
    await vi.advanceTimersByTimeAsync(120_000);
    await vi.advanceTimersByTimeAsync(10_000);
    const { results } = await running;
    expect(results).toMatchObject([
      { outcome: { kind: "failed", error: { message: "The store did not answer within 120 seconds." } } },
      { outcome: { kind: "passed" } },
    ]);
  });
});

describe("registering the cases with a test runner", () => {
  test("defines a test per case, and skips what the subject lacks, with the reason", async () => {
    const tests = new Map<string, () => Promise<void>>();
    const skipped: string[] = [];
    const groups: string[] = [];
    const it = Object.assign((name: string, run: () => Promise<void>) => void tests.set(name, run), {
      skip: (name: string) => void skipped.push(name),
    });
    const describeGroup = (name: string, define: () => void): void => {
      groups.push(name);
      define();
    };
    registerConformance({ describe: describeGroup, it }, ALONE, { only: SMALL });
    expect(groups).toEqual(["IssueStore conformance of a store alone"]);
    expect(tests.size + skipped.length).toBe(SMALL.length);
    expect(skipped).toContain("writes-are-real: writes can be read by other means than the store (nothing to look at)");
    for (const run of tests.values()) await run();
  });

  test("gives the runner a failure with what was expected and what was found", async () => {
    const mutant = MUTANTS.find(({ name }) => name === "slips by a time zone");
    if (mutant === undefined) throw new Error("no such mutant");
    const tests = new Map<string, () => Promise<void>>();
    const it = Object.assign((name: string, run: () => Promise<void>) => void tests.set(name, run), { skip: () => 0 });
    registerConformance(
      {
        describe: (_, define) => {
          define();
        },
        it,
      },
      subjectOf(mutant),
    );
    const run = Array.from(tests).find(([name]) => name.startsWith("events-kept"))?.[1];
    const failure = await run?.().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(AssertionFailure);
    expect(failure).toMatchObject({
      differences: [".receivedAt: expected 2026-11-23 12:00:30.123 UTC, got 2026-11-23 13:00:30.123 UTC"],
    });
  });

  test.each([
    ["with nothing wrong", 0, `pass ${String(REGISTERED.length - SKIPPED)}`],
    ["slips by a time zone", 1, ".receivedAt: expected 2026-11-23 12:00:30.123 UTC, got 2026-11-23 13:00:30.123 UTC"],
  ])("works with Node's own: a store %s", (store, status, said) => {
    // Vitest's own variables would make the child believe that it is run by something else.
    const env = { PATH: process.env["PATH"], CONFORMANCE_OF: store };
    const child = spawnSync(process.execPath, ["--test", PROGRAM], { encoding: "utf8", env });
    expect(child.stdout).toContain(said);
    expect(child.stdout).toContain(`skipped ${String(SKIPPED)}`);
    expect(child.status).toBe(status);
  });
});
