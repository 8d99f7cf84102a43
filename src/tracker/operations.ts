import { reporterTo, reporterToAll } from "../ports/reporter.ts";
import type { AlertSink } from "../ports/alert-sink.ts";
import type { EndedOperation, EventTally, Operation, OperationName, TrackerHooks } from "../ports/tracker-hooks.ts";
import type { DigestOutcome } from "./digest.ts";
import type { CheckedHooks } from "./hooks.ts";

/** What the first argument of a method names. */
type Subject = "issue" | "project" | "other";

const SUBJECTS: Readonly<Record<OperationName, Subject>> = {
  digest: "other",
  tick: "other",
  "issues.resolve": "issue",
  "issues.reopen": "issue",
  "issues.mute": "issue",
  "issues.unmute": "issue",
  "issues.discard": "issue",
  "issues.undiscard": "issue",
  "issues.watch": "issue",
  "issues.annotate": "issue",
  "issues.merge": "issue",
  "issues.unmerge": "issue",
  "issues.delete": "issue",
  "issues.bulk": "other",
  "releases.register": "other",
  "releases.retire": "other",
  "releases.restore": "other",
  "projects.save": "other",
  "projects.erase": "project",
  "events.evict": "other",
  "events.erase": "project",
  "users.erase": "project",
  // A person who is erased should not stay in a trace.
  "actors.erase": "other",
  "alerts.redrive": "other",
  "alerts.discard": "other",
  "alerts.evict": "other",
  "alerts.deliver": "other",
};

function isOperation(name: string): name is OperationName {
  return Object.hasOwn(SUBJECTS, name);
}

/** Calls work as an operation, between the hooks. */
type RunOperation = <Result>(
  operation: Operation,
  work: () => Promise<Result>,
  eventsOf: (result: Result) => readonly EventTally[],
) => Promise<Result>;

/** Wraps methods of a tracker so that hooks are called around them and at their end. Without hooks it returns the methods themselves. */
export class Operations {
  readonly #run: RunOperation | undefined;
  readonly #inHostTransaction: boolean;

  constructor(hooks: CheckedHooks, onError: (error: unknown) => void, inHostTransaction: boolean) {
    this.#run = runnerOf(hooks, onError);
    this.#inHostTransaction = inHostTransaction;
  }

  /** An object with methods, of which those that are operations of this group are called as such. */
  group<Methods extends object>(group: string, methods: Methods): Methods {
    const run = this.#run;
    if (run === undefined) return methods;
    const observed = { ...methods };
    for (const member of Object.keys(methods)) {
      const method: unknown = Reflect.get(methods, member);
      const name = `${group}.${member}`;
      if (typeof method !== "function" || !isOperation(name)) continue;
      Reflect.set(observed, member, (...given: unknown[]) =>
        run(
          this.#operation(name, given[0]),
          async (): Promise<unknown> => Reflect.apply(method, methods, given),
          noEvents,
        ),
      );
    }
    return observed;
  }

  /** Runs work as an operation that names no issue and no project. */
  run<Result>(name: "tick" | "events.evict", work: () => Promise<Result>): Promise<Result> {
    return this.#run === undefined ? work() : this.#run(this.#operation(name), work, noEvents);
  }

  /** @param work - is given a list to which it adds the project of each event, in their order */
  digest<Result extends DigestOutcome | readonly DigestOutcome[]>(
    work: (projectIds?: string[]) => Promise<Result>,
  ): Promise<Result> {
    if (this.#run === undefined) return work();
    const projectIds: string[] = [];
    return this.#run(
      this.#operation("digest"),
      () => work(projectIds),
      (outcomes) => tally(projectIds, outcomes),
    );
  }

  sink(sink: AlertSink): AlertSink {
    const run = this.#run;
    if (run === undefined) return sink;
    return (alert, attempt) => {
      const of = { issueId: alert.issue?.id ?? null, projectId: alert.project.id };
      return run({ ...this.#operation("alerts.deliver"), ...of }, async () => sink(alert, attempt), noEvents);
    };
  }

  #operation(name: OperationName, first?: unknown): Operation {
    const subject = SUBJECTS[name];
    const id = typeof first === "string" ? first : null;
    return {
      name,
      issueId: subject === "issue" ? id : null,
      projectId: subject === "project" ? id : null,
      inHostTransaction: this.#inHostTransaction,
    };
  }
}

function noEvents(): readonly EventTally[] {
  return [];
}

function runnerOf({ around, ended }: CheckedHooks, onError: (error: unknown) => void): RunOperation | undefined {
  const reportEnded = reporterToAll(ended, onError);
  if (around.length === 0 && reportEnded === undefined) return undefined;
  return async (operation, work, eventsOf) => {
    const startedAt = performance.now();
    const { result, ends } = begin(operation, work, around, onError);
    const report = (ended: EndedOperation): void => {
      for (const end of ends.toReversed()) end?.(ended);
      reportEnded?.(ended);
    };
    const timed = (): Operation & { durationMs: number } => {
      return { ...operation, durationMs: performance.now() - startedAt };
    };
    let value;
    try {
      value = await result;
    } catch (error) {
      report({ ...timed(), outcome: "failed", error });
      throw error;
    }
    report({ ...timed(), outcome: "succeeded", events: eventsOf(value) });
    return value;
  };
}

/** An operation that has begun. */
interface BegunOperation<Result> {
  readonly result: Promise<Result>;
  /** What the hooks around it want to be called at its end, the outermost one's first. */
  readonly ends: readonly (((ended: EndedOperation) => void) | undefined)[];
}

/** Begins work within all hooks around it, whatever they do. */
function begin<Result>(
  operation: Operation,
  work: () => Promise<Result>,
  around: CheckedHooks["around"],
  onError: (error: unknown) => void,
): BegunOperation<Result> {
  const ends: (((ended: EndedOperation) => void) | undefined)[] = [];
  const beginWithin = (index: number): Promise<Result> => {
    const hook = around[index];
    if (hook === undefined) return work();
    let inner: Promise<Result> | undefined;
    const beginInner = (): Promise<Result> => (inner ??= beginWithin(index + 1));
    ends[index] = endOf(hook, operation, () => void beginInner(), onError);
    return beginInner();
  };
  const result = beginWithin(0);
  return { result, ends };
}

/** Calls a hook around an operation, and returns what it wants to be called at the end. */
function endOf(
  hook: NonNullable<TrackerHooks["around"]>,
  operation: Operation,
  run: () => void,
  onError: (error: unknown) => void,
): ((ended: EndedOperation) => void) | undefined {
  try {
    const end = hook(operation, run);
    if (typeof end === "function") return reporterTo(end, onError);
    // Of a hook that is asynchronous, against its type.
    Promise.resolve(end).catch(onError);
  } catch (error) {
    onError(error);
  }
  return undefined;
}

/** Adds up what became of the events of each project. */
function tally(projectIds: readonly string[], given: DigestOutcome | readonly DigestOutcome[]): readonly EventTally[] {
  const tallies = new Map<string, { -readonly [Name in keyof EventTally]: EventTally[Name] }>();
  const outcomes: readonly DigestOutcome[] = "kind" in given ? [given] : given;
  for (const [index, outcome] of outcomes.entries()) {
    const projectId = projectIds[index] ?? "";
    let of = tallies.get(projectId);
    if (of === undefined)
      tallies.set(projectId, (of = { projectId, digested: 0, duplicate: 0, refused: 0, discarded: 0 }));
    of[outcome.kind === "digested" && outcome.discarded ? "discarded" : outcome.kind]++;
  }
  return [...tallies.values()];
}
