import { volumeCondition } from "issue-lifecycle";
import {
  DEFAULT_RELEASE_ORDER,
  EMPTY_TIMELINE,
  NO_EVIDENCE,
  PeriodCounter,
  applyEvent,
  decideRegression,
  evaluateThresholds,
  markSeen,
  nearestMark,
  readRelease,
  registerRelease,
  type Issue,
  type KnownRelease,
  type ReceivedEvent,
  type ResolvedState,
} from "issue-lifecycle/core";
import { compare, figure, type Figure, type Form, type Section } from "./figure.ts";

const START = Date.UTC(2026, 10, 23);
const LOOP = 10_000;

/** How often each task is run before it is measured: until it is compiled. */
const WARM_UP = 50;

/** Nanoseconds per turn of a loop of {@link LOOP}, for each task, all measured in turns. */
async function nanoseconds({ rounds }: Form, tasks: Record<string, () => void>): Promise<(name: string) => number> {
  for (let run = 0; run < WARM_UP; run++) for (const task of Object.values(tasks)) task();
  const measured = await compare(
    5 * rounds,
    Object.values(tasks).map((work) => ({ work, operations: LOOP })),
  );
  const names = Object.keys(tasks);
  return (name) => (measured[names.indexOf(name)]?.value ?? Number.NaN) * 1_000;
}

async function benchCounter(form: Form): Promise<readonly Figure[]> {
  const buckets = new Float64Array(60);
  const conditions = [
    volumeCondition(1e12, "minute"),
    volumeCondition(1e12, "day", 30),
    volumeCondition(1e12, "month"),
  ];
  const short = conditions.map((condition) => ({ condition: { ...condition, nrOfPeriods: 1 } }));
  const long = [
    volumeCondition(1e12, "minute", 60),
    volumeCondition(1e12, "hour", 24),
    volumeCondition(1e12, "day", 30),
  ];
  const counting = (stepMs: number, judge: (counter: PeriodCounter) => void) => () => {
    const counter = new PeriodCounter();
    for (let turn = 0; turn < LOOP; turn++) {
      counter.inc(START + turn * stepMs);
      judge(counter);
    }
  };
  const watched = (stepMs: number) => () => {
    const counter = new PeriodCounter();
    let checkAt = 0;
    for (let turn = 0; turn < LOOP; turn++) {
      counter.inc(START + turn * stepMs);
      if (counter.total < checkAt) continue;
      checkAt = counter.total + Math.min(...evaluateThresholds(counter, short).map(({ missing }) => missing));
    }
  };
  const of = await nanoseconds(form, {
    floor: () => {
      for (let turn = 0; turn < LOOP; turn++) {
        const slot = Math.floor((START + turn * 5) / 60_000) % 60;
        buckets[slot] = (buckets[slot] ?? 0) + 1;
      }
    },
    "inc, many events a minute": counting(5, () => undefined),
    "inc + 3 conditions of a mute, many events a minute": watched(5),
    "inc, one event a minute": counting(60_000, () => undefined),
    "inc + 3 conditions of a mute, one event a minute": watched(60_000),
    "inc + 3 full judgements, windows of 1": counting(5, (counter) => evaluateThresholds(counter, short)),
    "inc + 3 full judgements, windows of 60, 24 and 30": counting(5, (counter) =>
      evaluateThresholds(
        counter,
        long.map((condition) => ({ condition })),
      ),
    ),
  });
  const floor = of("floor");
  const beside = (id: string, what: string, goal?: number): Figure =>
    figure({ id: `counter/${id}`, what, value: of(what), unit: "ns", floor, ...(goal !== undefined && { goal }) });
  return [
    beside("many", "inc, many events a minute"),
    beside("many-muted", "inc + 3 conditions of a mute, many events a minute", 2),
    beside("few", "inc, one event a minute"),
    beside("few-muted", "inc + 3 conditions of a mute, one event a minute"),
    figure({
      id: "counter/long-windows",
      what: "inc + 3 full judgements, windows of 60, 24 and 30, to windows of 1",
      value: of("inc + 3 full judgements, windows of 60, 24 and 30"),
      unit: "ns",
      floor: of("inc + 3 full judgements, windows of 1"),
      goal: 1.2,
    }),
  ];
}

function benchCounterSize(): readonly Figure[] {
  const one = heapPer(100_000, () => {
    const counter = new PeriodCounter();
    counter.inc(START);
    return counter;
  });
  const full = new PeriodCounter();
  for (let at = Date.UTC(2020, 0); at < START; at += 86_400_000) full.inc(at);
  for (let at = START; at < START + 86_400_000; at += 60_000) full.inc(at);
  const fullHeap = heapPer(10_000, () => full.clone());
  return [
    { id: "counter/bytes/one", what: "live, one event", value: one, unit: "bytes", goal: 100 },
    { id: "counter/bytes/full", what: "live, every bucket in use", value: fullHeap, unit: "bytes" },
    {
      id: "counter/bytes/stored",
      what: "stored, every bucket in use",
      value: full.encode().length,
      unit: "bytes",
      goal: 230,
    },
  ];
}

function heapPer(count: number, make: () => PeriodCounter): number {
  const keep: PeriodCounter[] = [];
  globalThis.gc?.();
  const before = process.memoryUsage();
  for (let index = 0; index < count; index++) keep.push(make());
  globalThis.gc?.();
  const after = process.memoryUsage();
  const bytes = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers;
  return bytes / keep.length;
}

/** What events and people call releases. */
const TEXTS = ["2.1.0", "v2.1.0-rc.1", "web@2.1.0+456", "2026.7.30-2", "0123456789abcdef0123456789abcdef01234567"];

/** So many releases of one line, each the latest when it becomes known. */
function releasesOf(count: number, packageName = ""): readonly KnownRelease[] {
  let timeline = EMPTY_TIMELINE;
  return Array.from({ length: count }, (_, index) => {
    const version = `${packageName}1.${String(index)}.0`;
    const place = readRelease(DEFAULT_RELEASE_ORDER, version);
    if (place === null) throw new Error(`no release ${version}`);
    const read = { version, place, placedBy: DEFAULT_RELEASE_ORDER.version };
    const added = registerRelease(timeline, read, START + index);
    timeline = added.timeline;
    return added.release;
  });
}

async function benchDecisions(form: Form): Promise<readonly Figure[]> {
  const resolved: ResolvedState = {
    status: "resolved",
    resolvedAt: 0,
    afterRelease: 0,
    resolution: { kind: "by-release", releases: ["1.0.0"] },
  };
  const judging = (releaseCount: number, markCount: number, otherLine?: KnownRelease) => {
    const releases = releasesOf(releaseCount);
    const marks = releases
      .filter(({ number }) => number % (releaseCount / markCount) === 0)
      .map((release) => markSeen(release, undefined));
    const events = releases.map((release) => ({ kind: "release", release, assumed: false }) as const);
    const claims = otherLine === undefined ? [] : [{ release: otherLine, claimedAt: START }];
    return () => {
      for (let turn = 0; turn < LOOP; turn++) {
        const release = events[(turn * 7) % releaseCount];
        if (release === undefined) continue;
        const evidence = { nearest: nearestMark(marks, release.release), claims };
        decideRegression(resolved, { release, occurredAt: START }, evidence);
      }
    };
  };
  const [first, inOtherLine] = [...releasesOf(1), ...releasesOf(1, "web@")];
  if (first === undefined) throw new Error("no release");
  const counter = PeriodCounter.ofOneMinute({ newestMinute: START / 60_000, total: 1 });
  const issue: Issue = {
    id: "i",
    projectId: "p",
    number: 1,
    title: "E",
    transaction: "",
    level: "error",
    firstSeenAt: START,
    lastSeenAt: START,
    eventCount: 1,
    lastEventNumber: 1,
    userCount: 0,
    environments: [],
    watch: null,
    latestEventId: "e",
    lastSeenIn: first.version,
    seenNumber: 1,
    turningPointCount: 1,
    parts: null,
    state: { status: "open" },
  };
  const event: ReceivedEvent = {
    id: "e",
    title: "E",
    transaction: "",
    release: { kind: "release", release: first, assumed: false },
    receivedAt: START,
    occurredAt: START,
    alerting: () => "now",
  };
  const of = await nanoseconds(form, {
    "plain function": () => {
      let plain = { ...issue };
      for (let turn = 0; turn < LOOP; turn++)
        plain = { ...plain, eventCount: plain.eventCount + 1, lastSeenAt: START + turn };
    },
    "one event into an open issue": () => {
      let next = issue;
      for (let turn = 0; turn < LOOP; turn++) next = applyEvent(next, event, counter, NO_EVIDENCE).issue;
    },
    "one release text": () => {
      for (let turn = 0; turn < LOOP; turn++) readRelease(DEFAULT_RELEASE_ORDER, TEXTS[turn % TEXTS.length] ?? "");
    },
    "10 releases": judging(10, 10),
    "10,000 releases": judging(10_000, 10),
    "10,000 marks": judging(10_000, 10_000),
    "10,000 marks, a claim elsewhere": judging(10_000, 10_000, inOtherLine),
  });
  const plain = of("plain function");
  const ten = of("10 releases");
  const toTen = (id: string, what: string, name: string): Figure =>
    figure({ id: `decisions/${id}`, what: `regression, ${what}, to 10`, value: of(name), unit: "ns", floor: ten });
  return [
    figure({
      id: "decisions/transition",
      what: "transition: one event into an open issue",
      value: of("one event into an open issue"),
      unit: "ns",
      floor: plain,
      goal: 5,
    }),
    { id: "decisions/regression", what: "regression, 10 releases, all marked", value: ten, unit: "ns", goal: 100 },
    toTen("few-marks", "10,000 releases, 10 marked", "10,000 releases"),
    toTen("many-marks", "10,000 releases, all marked", "10,000 marks"),
    toTen("claims", "the same, and a fix claimed in another line", "10,000 marks, a claim elsewhere"),
    {
      id: "decisions/release-text",
      what: "release order: one text, once per distinct text of a batch",
      value: of("one release text"),
      unit: "ns",
    },
  ];
}

/** Counting, and judging what is counted. */
export const COUNTER: Section = {
  title: "Counter",
  floor: "a bare array increment plus a division",
  says:
    "The first increment of a minute looks at all conditions. Until as many events have come as could meet one of them, the others only count: their cost does not depend " +
    "on the conditions. It is a check of the instant, a division and a comparison, where the floor has the division alone.",
  run: benchCounter,
};

/** What a counter weighs. */
export const COUNTER_SIZE: Section = {
  title: "Counter, its size",
  floor: "none",
  run: async () => benchCounterSize(),
};

/** Regressions and transitions. */
export const DECISIONS: Section = {
  title: "Decisions",
  floor: "a plain function that copies an issue; for regressions those with 10 releases",
  run: benchDecisions,
};
