import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import {
  addPeriods,
  alertSubject,
  CALENDAR_PERIODS,
  parseCommand,
  parseVolumeCondition,
  readRelease,
  DEFAULT_RELEASE_ORDER,
  toSnakeCase,
  type CalendarPeriod,
  type Period,
} from "../../src/core/index.ts";
import type { IssueStore } from "../../src/index.ts";
import { readJson } from "../support/json.ts";
import { isRegressionAfter } from "../support/past-marks.ts";
import { ReleaseBook } from "../support/release-book.ts";
import { lineOf } from "../support/release-line.ts";
import { Scenario } from "../support/scenario.ts";
import { storesForStories } from "../support/stores.ts";
import {
  VectorPlayer,
  type GivenIssue,
  type VectorResult,
  type VectorState,
  type VectorStep,
} from "../support/vector-player.ts";

interface Expected {
  readonly error?: string;
  readonly valid?: boolean;
  readonly result?: boolean;
  readonly unapplied?: string[];
  readonly ordered?: [string, boolean, string, number][];
  readonly history?: unknown[];
  readonly never_evict?: string[];
  readonly issues?: [number, number, number, boolean][];
  readonly state?: Record<string, (VectorState & { next_unmute_check?: number }) | null>;
  readonly turning_points?: {
    issue: string;
    kind: number;
    timestamp: string;
    by: string;
    triggering_event?: string;
    metadata?: Record<string, unknown>;
  }[];
  readonly alerts?: string[][];
}

interface Vector {
  readonly id: string;
  readonly title: string;
  readonly group: string;
  readonly agree: boolean | null;
  readonly given?: { project?: { alert_on_new_issue: boolean }; issues?: GivenIssue[] };
  readonly steps?: VectorStep[];
  readonly expected?: Expected[];
  readonly expected_seed?: Expected[];
  readonly expected_head?: Expected[];
}

const { vectors } = readJson<{ vectors: Vector[] }>(new URL("lifecycle.json", import.meta.url));

/** Vectors whose whole answer is ours too, played step by step: by the answer we agree with where the two versions differ. */
const PLAYED: Record<string, "agreed" | "head" | "seed"> = {
  "RI-01": "head",
  "RI-03": "head",
  "RI-05": "head",
  "RI-07": "head",
  "RI-09": "head",
  "RI-11": "seed",
  "RI-13": "agreed",
  "RI-15": "agreed",
  "RI-19": "agreed",
  "RI-21": "agreed",
  "RI-25": "head",
  "RI-27": "seed",
  "NR-01": "agreed",
  "NR-03": "agreed",
  "NR-05": "head",
  "NR-07": "seed",
  "NR-09": "seed",
  "MU-01": "agreed",
  "MU-03": "agreed",
  "MU-05": "agreed",
  "MU-09": "head",
  "MU-11": "agreed",
  "MU-13": "agreed",
  "MU-15": "agreed",
  "MU-17": "agreed",
  "MU-19": "agreed",
  "MU-21": "agreed",
  "MU-23": "agreed",
  "MU-25": "agreed",
  "MU-27": "agreed",
  "MU-29": "agreed",
  "MU-31": "agreed",
  "UT-01": "agreed",
  "UT-05": "head",
  "UT-07": "head",
  "UT-09": "agreed",
  "UT-11": "head",
  "UT-13": "agreed",
  "RR-01": "head",
  "RR-03": "agreed",
  "RR-05": "agreed",
  "RR-07": "agreed",
  "RR-09": "head",
  "RR-11": "agreed",
  "AV-03": "agreed",
  "AV-07": "agreed",
  "HI-01": "head",
  "BU-01": "head",
  "BU-05": "agreed",
  "BU-07": "head",
  "BU-11": "seed",
  "BU-13": "agreed",
  "RT-01": "head",
  "DL-01": "head",
};

/** Steps of played vectors in which ours deliberately differs, each with the rule that decides. */
const DIFFERS_IN: Record<string, { readonly steps: readonly number[]; readonly rule: string }> = {
  "RI-07": {
    steps: [6, 7, 8, 9, 10, 11],
    rule: "11: a release is next at once in a line that the issue has a mark in",
  },
  "RI-15": { steps: [3], rule: "11: an event without a release leaves its mark in the latest of its issue's line" },
  "NR-05": { steps: [4], rule: "11: a release is next at once in a line that the issue has a mark in" },
  "NR-09": { steps: [1, 2, 3], rule: "11: by-next is refused in a project that knows no release" },
  "RR-09": { steps: [1, 2], rule: "11: by-next is refused in a project that knows no release" },
  "AV-07": { steps: [1], rule: '11: `""` is no release, so that no fix can be claimed in it' },
  "HI-01": { steps: [3], rule: "11: by-next is refused in a project that knows no release" },
};

/** Vectors that ours deliberately differs from, each with the rule it follows instead. */
const DIFFERS: Record<string, string> = {
  "RI-17": "rule 8: an issue that is resolved and muted cannot be written down",
  "RI-23": "defect of both versions; rule 9: every release the issue was seen in is remembered (tested below)",
  "MU-07": "rule 8: muting a muted issue replaces its deadline too, where Bugsink keeps the older one",
  "UT-03": "rule 3: muting with a condition that is already met is refused",
  "UT-15": "rule 4: counts go by when the event was received, after a restart too; there is nothing to rebuild",
  "RR-13": "rule 9: fix claims are marks per release, not newline-terminated lists",
  "AV-01":
    "rule 8: a resolved issue can be resolved in further releases, a muted one muted anew (the matrix is tested in core)",
  "AV-05": "rule 8: a command that is not known is refused, and writes no history",
  "AV-09": "rule 8: resolving a resolved issue by a release adds that release",
  "HI-03": "design 2: metadata is typed, with instants as epoch milliseconds",
  "HI-05": "comments are annotations, which are not edited (what both know is tested below)",
  "BU-03": "defect of both versions; a bulk mute keeps its deadline (tested below)",
  "BU-09": "defect of the seed; marks are looked up by their whole release (tested below)",
  "BU-15": "issues of another project are refused as unknown (tested below)",
  "RT-03": "eviction goes by age, not by chance",
  "RT-05": "eviction goes by age, not by chance",
  "DL-03": "issues do not go with their events",
  "UR-01": 'rule 15: `>= 5` reads "5 events or more" (tested in core)',
  "UR-03": "rule 15: a reason has one kind, so that nothing can be both or neither",
  "VB-03": "rule 2: conditions are validated",
  "VB-05": "no conditions are an empty list (part of MU-01)",
  "PA-03": "periods that are not known are refused as invalid input (tested in core)",
  "RO-11": "design 7: a release is stored whole, or refused; never altered",
  "AL-01": "who is told is the host's business: one sink takes all alerts",
  "RG-07": "whether a fix claim was consumed is not a question of ours",
  "RG-09": "rule 11: a release that nobody registered is registered when seen",
};

/** Those with steps that ours does not have. */
const NOT_PLAYABLE = ["UT-15", "HI-05", "BU-15", "DL-03"];

/** The newer version no longer says which event materialized the next release; ours says it, as the older one did. */
const MATERIALIZED_BY: Record<string, string> = { "RI-09": "e2" };
const NEXT_MATERIALIZED = 10;

/** Groups of which nothing is ours. */
const GROUPS_NOT_OURS: Record<string, string> = {
  rolling_thresholds: "rule 1: windows are calendar buckets; one that rolls is said in finer periods",
  quota: "quotas are the host's business",
};

/** Vectors that are tested apart from the player. */
const APART = ["PA-01", "VB-01", "AL-03"];
const APART_GROUPS = ["period_counter", "prev_tuple", "regression", "release_ordering"];

test("every vector is played, tested apart, or differs for a reason that is given", () => {
  const unaccounted = vectors.filter(
    ({ id, group }) =>
      !(id in PLAYED) &&
      !(id in DIFFERS) &&
      !(group in GROUPS_NOT_OURS) &&
      !APART.includes(id) &&
      !APART_GROUPS.includes(group),
  );
  expect(unaccounted.map(({ id }) => id)).toEqual([]);
});

describe.each(storesForStories())("lifecycle vectors on $name", ({ open }) => {
  test.each(vectors.filter(({ id }) => id in PLAYED))("$id: $title", async (vector) => {
    const { player, close } = await begin(vector, await open());
    const expected = { agreed: vector.expected, head: vector.expected_head, seed: vector.expected_seed }[
      PLAYED[vector.id] ?? "agreed"
    ];
    const { steps: differing = [] } = DIFFERS_IN[vector.id] ?? {};
    for (const [index, step] of (vector.steps ?? []).entries()) {
      const actual = await player.play(step);
      const wanted = expected?.[index] ?? {};
      const ours = [index, step.op, normalised(actual, wanted, step, knowsPlain(vector))];
      const theirs = [index, step.op, wantedOf(wanted, step, vector)];
      if (differing.includes(index)) expect(ours).not.toEqual(theirs);
      else expect(ours).toEqual(theirs);
    }
    await close();
  });

  test.each(vectors.filter(({ id, steps }) => id in DIFFERS && steps !== undefined && !NOT_PLAYABLE.includes(id)))(
    "$id differs from both of Bugsink's versions: $title",
    async (vector) => {
      const { player, close } = await begin(vector, await open());
      const answers = [vector.expected, vector.expected_head, vector.expected_seed].filter(
        (each) => each !== undefined,
      );
      const agreeing = new Set(answers);
      for (const [index, step] of (vector.steps ?? []).entries()) {
        const actual = await player.play(step);
        for (const answer of answers) {
          const wanted = answer[index] ?? {};
          const ours = normalised(actual, wanted, step, false);
          const theirs = wantedOf(wanted, step, vector);
          if (!isDeepStrictEqual(ours, { ...theirs, state: withoutFlags(theirs.state) })) agreeing.delete(answer);
        }
      }
      expect([answers.length > 0, agreeing.size]).toEqual([true, 0]);
      await close();
    },
  );

  test("RI-23: every release that the issue was seen in is remembered, by its whole name", async () => {
    const final = await finalState("RI-23", await open());
    expect(final?.events_at).toEqual(["0", "1.0", "2.1.0"]);
  });

  test("BU-03: a bulk mute for a period keeps its deadline, and ends", async () => {
    const vector = vectorOf("BU-03");
    const { player, close } = await begin(vector, await open());
    const results: VectorResult[] = [];
    for (const step of vector.steps ?? []) results.push(await player.play(step));
    expect(results[2]?.state["A"]).toMatchObject({ is_muted: true, unmute_after: "2024-07-02T10:00:00Z" });
    expect(results[3]).toMatchObject({ alerts: [["unmute", "A"]] });
    expect(results[3]?.state["A"]).not.toHaveProperty("is_muted");
    await close();
  });

  test("BU-09: a fix claim in 1.0.0 is not mistaken for one in 11.0.0", async () => {
    const final = await finalState("BU-09", await open());
    expect(final).toMatchObject({ is_resolved: true, fixed_at: ["1.0.0", "11.0.0"] });
  });

  test("HI-05: a blank comment is refused, another is written", async () => {
    const vector = vectorOf("HI-05");
    const { player, close } = await begin(vector, await open());
    const news = (vector.steps ?? []).filter(({ op, what }) => op === "digest" || what === "new");
    const results: VectorResult[] = [];
    for (const step of news) results.push(await player.play(step));
    expect(results.map(({ error }) => error)).toEqual([undefined, undefined, true, true]);
    expect(results.map((each) => each.turning_points.map(({ kind }) => kind))).toEqual([[1], [100], [], []]);
    await close();
  });

  test("BU-15: a bulk command does not reach another project's issues", async () => {
    const story = await Scenario.begin(await open());
    await story.tracker.projects.save({ id: "foreign" });
    const { issue } = await story.event({ projectId: "foreign" });
    const outcome = await story.tracker.issues.bulk({ projectId: "shop", ids: [issue.id] }, { kind: "resolve" });
    expect(outcome).toMatchObject({ applied: 0, refusals: [{ code: "unknown-issue" }] });
    expect(await story.status(issue.id)).toBe("open");
    await story.tracker.close();
  });
});

describe("vectors on values", () => {
  const casesOf = <Case>(id: string) =>
    valuesOf<{ inputs: { cases: Case[] }; expected: string[]; expected_head: string[] }>(id);

  test("PA-01: adding months and years clips to the last day of the month", () => {
    const { inputs, expected } = casesOf<{ at: string; nr_of_periods: number; period: CalendarPeriod }>("PA-01");
    const actual = inputs.cases.map(({ at, nr_of_periods, period }) =>
      new Date(addPeriods(Date.parse(at), nr_of_periods, period)).toISOString(),
    );
    expect(actual).toEqual(expected.map((each) => new Date(each).toISOString()));
  });

  test("PA-03: other periods are refused", () => {
    const { inputs } = casesOf<{ period: string }>("PA-03");
    for (const { period } of inputs.cases) {
      expect(CALENDAR_PERIODS).not.toContain(period);
      expect(() => parseCommand({ kind: "mute", for: { period, nrOfPeriods: 1 } }, 0)).toThrow("mute.for.period");
    }
  });

  test("VB-01: a condition survives its JSON", () => {
    const condition = { period: "day" satisfies Period, nr_of_periods: 1, volume: 100 };
    expect(toSnakeCase(parseVolumeCondition(condition))).toEqual(condition);
  });

  test("AL-03: the subject of an alert is that of Bugsink's head", () => {
    const { inputs, expected_head } = casesOf<{
      kind: string;
      title_type: string;
      title_value: string;
      project: string;
    }>("AL-03");
    const reasons = {
      new_issue: { kind: "new-issue" },
      regression: { kind: "regression", reason: { kind: "resolved-plainly", resolvedAt: 0 } },
      unmute: { kind: "unmute", reason: { kind: "by-person" } },
    } as const;
    const issue = { id: "", friendlyId: "", status: "open", eventCount: 1, firstSeenAt: 0, lastSeenAt: 0 } as const;
    const actual = inputs.cases.map(({ kind, title_type, title_value, project }) => {
      const reason =
        kind === "unmute" ? reasons.unmute : kind === "regression" ? reasons.regression : reasons.new_issue;
      return alertSubject({
        reason,
        issue: { ...issue, title: `${title_type}: ${title_value}` },
        project: { id: "", slug: project },
      });
    });
    expect(actual).toEqual(expected_head);
  });

  interface Created {
    readonly inputs: { readonly created_in_this_order: readonly { version: string; date_released: string }[] };
    readonly expected: readonly { version: string; is_semver: boolean }[];
  }
  const created = (id: string): Created => valuesOf<Created>(id);

  test.each(["RO-01", "RO-03"])("%s: releases sort as Bugsink sorts them, and as many have versions", (id) => {
    const { ours, theirs } = orders(created(id));
    expect(ours).toEqual(theirs);
  });

  test.each<{ readonly id: string; readonly rule: string; readonly order: readonly (readonly [string, boolean])[] }>([
    {
      id: "RO-05",
      rule: "11: what has 2 to 6 numbers is a version, also with a v, and missing ones are 0; `latest` is none",
      order: [
        ["1.0", true],
        ["2024.01.02", true],
        ["1.0.0-", false],
      ],
    },
    {
      id: "RO-07",
      rule: "11: a version comes before its builds, and those that are no numbers go by date",
      order: [
        ["0.9.9+zzz", true],
        ["1.0.0", true],
        ["1.0.0+a", true],
        ["1.0.0+b", true],
      ],
    },
  ])("$id: releases sort otherwise than Bugsink sorts them (rule $rule)", ({ id, order }) => {
    const { ours, theirs } = orders(created(id));
    expect(ours).not.toEqual(theirs);
    expect(ours).toEqual(order);
  });

  /** Releases in order, each with whether it has a version. */
  function orders({ inputs, expected }: Created) {
    const book = new ReleaseBook();
    for (const { version, date_released } of inputs.created_in_this_order) {
      if (readRelease(DEFAULT_RELEASE_ORDER, version) !== null) book.register(version, Date.parse(date_released));
    }
    const ours = book.order().map(({ version, line }) => [version, line.endsWith("version")]);
    return { ours, theirs: expected.map(({ version, is_semver }) => [version, is_semver]) };
  }

  test("RO-09: a release is taken apart at its last @, and without a version it is none", () => {
    const { inputs, expected } = valuesOf<{
      readonly inputs: { readonly cases: readonly string[] };
      readonly expected: readonly { readonly package: string | null; readonly version: string }[];
    }>("RO-09");
    inputs.cases.forEach((each, index) => {
      const wanted = expected[index];
      const place = readRelease(DEFAULT_RELEASE_ORDER, each);
      if (wanted?.version === "") expect([each, place]).toEqual([each, null]);
      else {
        const name = wanted?.package ? `${wanted.package}@${wanted.version}` : wanted?.version;
        expect([each, place?.name]).toEqual([each, name]);
      }
    });
  });

  test.each([
    { id: "RG-01", answer: "expected" },
    { id: "RG-03", answer: "expected" },
    { id: "RG-05", answer: "expected" },
    { id: "RG-11", answer: "expected_head" },
  ] as const)("$id: regressions are Bugsink's, where fix claims came after occurrences", ({ id, answer }) => {
    const found = valuesOf<{
      readonly inputs: {
        readonly cases: readonly {
          sorted_releases: string[];
          fixed_at: string[];
          events_at: string[];
          current_event_at: string;
        }[];
      };
      readonly expected?: readonly boolean[];
      readonly expected_head?: readonly boolean[];
    }>(id);
    const actual = found.inputs.cases.map(({ sorted_releases, fixed_at, events_at, current_event_at }) =>
      isRegressionAfter(
        lineOf(sorted_releases),
        { fixedIn: fixed_at, seenIn: events_at },
        "seen, then fixed",
        current_event_at,
      ),
    );
    expect(actual).toEqual(found[answer]);
  });

  test("RO-11: what Bugsink alters in a release is left as it is, for it identifies; only blanks at the ends are dropped", () => {
    for (const version of ["a/b", "a\nb", ".", "...", "a\\b"]) {
      expect(readRelease(DEFAULT_RELEASE_ORDER, version)).toMatchObject({ name: version, line: "dated" });
    }
    expect(readRelease(DEFAULT_RELEASE_ORDER, " ")).toBeNull();
    expect(() => parseCommand({ kind: "resolve", in: { release: "x".repeat(251) } }, 0)).toThrow("0 to 250");
  });
});

function valuesOf<Values>(id: string): Values {
  const all = readJson<{ vectors: (Values & { id: string })[] }>(new URL("lifecycle.json", import.meta.url));
  const found = all.vectors.find((each) => each.id === id);
  if (found === undefined) throw new Error(`no vector ${id}`);
  return found;
}

function vectorOf(id: string): Vector {
  const found = vectors.find((each) => each.id === id);
  if (found === undefined) throw new Error(`no vector ${id}`);
  return found;
}

async function begin(vector: Vector, store: IssueStore) {
  const story = await Scenario.begin(store, {}, 0);
  if (vector.given?.project !== undefined) {
    await story.tracker.projects.save({ id: "shop", alerts: { "new-issue": false, regression: false, unmute: false } });
  }
  const player = new VectorPlayer(story);
  for (const issue of vector.given?.issues ?? []) await player.give(issue);
  return { player, close: () => story.tracker.close() };
}

async function finalState(id: string, store: IssueStore): Promise<VectorState | null | undefined> {
  const vector = vectorOf(id);
  const { player, close } = await begin(vector, store);
  let last: VectorResult | undefined;
  for (const step of vector.steps ?? []) last = await player.play(step);
  await close();
  return last?.state["A"];
}

/** Our result, cut to what the vector speaks of, and without the event that a given issue needed. */
function normalised(actual: VectorResult, wanted: Expected, step: VectorStep, knowsPlain: boolean) {
  const state = Object.fromEntries(
    Object.keys(wanted.state ?? {}).map((key) => [
      key,
      knowsPlain ? (actual.state[key] ?? null) : withoutFlag(actual.state[key]),
    ]),
  );
  return {
    error: actual.error ?? false,
    ...(wanted.valid !== undefined && { valid: actual.valid }),
    ...(wanted.result !== undefined && { result: actual.result }),
    ...(wanted.unapplied !== undefined && { unapplied: actual.unapplied }),
    ...(wanted.ordered !== undefined && { ordered: actual.ordered }),
    ...(wanted.history !== undefined && { history: actual.history }),
    ...(wanted.never_evict !== undefined && { never_evict: actual.never_evict }),
    ...(wanted.issues !== undefined && { issues: actual.issues }),
    state,
    ...(writesHistory(step) && { turning_points: actual.turning_points, alerts: actual.alerts }),
  };
}

/** Whether the vector's states say that an issue was resolved plainly: the seed's do not, nor those that are forced. */
function knowsPlain({ id, given, steps }: Vector): boolean {
  const isForced =
    given?.issues?.some((each) => each.is_resolved === true) === true || steps?.some(({ op }) => op === "set") === true;
  return PLAYED[id] !== "seed" && !isForced;
}

function withoutFlags(states: Record<string, VectorState | null>): Record<string, VectorState | null> {
  return Object.fromEntries(Object.entries(states).map(([key, state]) => [key, withoutFlag(state)]));
}

function withoutFlag(state: VectorState | null | undefined): VectorState | null {
  if (state === null || state === undefined) return null;
  return Object.fromEntries(Object.entries(state).filter(([name]) => name !== "is_resolved_unconditionally"));
}

/** The vector's result in the same words. */
function wantedOf(wanted: Expected, step: VectorStep, { id }: Vector) {
  const state = Object.fromEntries(
    Object.entries(wanted.state ?? {}).map(([key, each]) => [key, each === null ? null : stateWanted(each)]),
  );
  return {
    error: wanted.error !== undefined,
    ...(wanted.valid !== undefined && { valid: wanted.valid }),
    ...(wanted.result !== undefined && { result: wanted.result }),
    ...(wanted.unapplied !== undefined && { unapplied: wanted.unapplied }),
    ...(wanted.ordered !== undefined && {
      ordered: wanted.ordered.flatMap(([version, isSemver]) => (version === "" ? [] : [[version, isSemver]])),
    }),
    ...(wanted.history !== undefined && { history: wanted.history }),
    ...(wanted.never_evict !== undefined && { never_evict: wanted.never_evict }),
    ...(wanted.issues !== undefined && { issues: wanted.issues.map(([number, digested]) => [number, digested]) }),
    state,
    ...(writesHistory(step) && {
      turning_points: pointsWanted(wanted, id),
      alerts: (wanted.alerts ?? []).map(([kind = "", key = ""]) => [kind, key]),
    }),
  };
}

/** The vectors' managers change states without writing history; ours always write it. */
function writesHistory({ op }: VectorStep): boolean {
  return ["digest", "action", "bulk", "apply_unchecked", "release"].includes(op);
}

/** The state of a vector, without the release `""`, which is none. */
function stateWanted(state: NonNullable<NonNullable<Expected["state"]>[string]>): VectorState {
  const { next_unmute_check: _unknownToUs, events_at = [], fixed_at, ...rest } = state;
  const seen = events_at.filter((release) => release !== "");
  return {
    ...rest,
    ...(fixed_at !== undefined && { fixed_at: [...fixed_at].sort() }),
    ...(seen.length > 0 && { events_at: seen.sort() }),
  };
}

function pointsWanted({ turning_points = [] }: Expected, vectorId: string): VectorResult["turning_points"] {
  return turning_points
    .map(({ issue, kind, timestamp, by, triggering_event, metadata = {} }, index) => ({
      index,
      point: {
        issue,
        kind,
        at: timestamp,
        by,
        event: triggering_event ?? (kind === NEXT_MATERIALIZED ? (MATERIALIZED_BY[vectorId] ?? null) : null),
        metadata: metadataWanted(kind, metadata),
      },
    }))
    .sort((one, other) => one.point.issue.localeCompare(other.point.issue) || one.index - other.index)
    .map(({ point }) => point);
}

/** Bugsink names the members of a mute differently when it begins and when it ends. */
function metadataWanted(kind: number, metadata: Record<string, unknown>): unknown {
  const { mute_for, mute_until } = readMute(metadata);
  if (mute_for?.unmute_after !== undefined)
    return { mute_for: { unmute_after: mute_for.unmute_after.replace("+00:00", "Z") } };
  if (kind === 3 && mute_until !== undefined) {
    return {
      mute_until: {
        period: mute_until.period_name,
        nr_of_periods: mute_until.nr_of_periods,
        volume: Number(mute_until.gte_threshold),
      },
    };
  }
  return metadata;
}

function readMute(metadata: {
  mute_for?: { unmute_after?: string };
  mute_until?: { period_name?: string; nr_of_periods?: number; gte_threshold?: string };
}) {
  return metadata;
}
