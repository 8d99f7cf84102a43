import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { IssueLifecycleError, type DigestOutcome, type MuteRequest } from "../../src/index.ts";
import type { Command } from "../../src/core/index.ts";
import { condition, stepMs } from "../support/arbitraries.ts";
import { rounds } from "../support/effort.ts";
import { NaiveTracker, type NaiveIssue, type NaiveOutcome } from "../support/naive-tracker.ts";
import { Scenario, START } from "../support/scenario.ts";
import { stores } from "../support/stores.ts";

const GROUPS = ["A", "B", "C"];
const RELEASES = ["", "1.0.0", "1.1.0", "1.2.0-rc.1", "2.0.0", "pkg@1.1.0", "sha-a", "sha-b"];

const release = fc.constantFrom(...RELEASES);
const event = fc.record({
  group: fc.constantFrom(...GROUPS),
  release,
  /** From the event before it. */
  step: stepMs,
  /** How long before it was received it occurred. */
  delay: fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, fc.integer({ min: -60_000, max: 7_200_000 })),
  /** Which earlier event it repeats, if any. */
  repeats: fc.oneof({ weight: 12, arbitrary: fc.constant(undefined) }, fc.nat({ max: 20 })),
});
const muteRequest = fc.record(
  {
    until: fc.integer({ min: -60_000, max: 30 * 86_400_000 }),
    conditions: fc.array(condition, { minLength: 1, maxLength: 3 }),
    sinceMute: fc.boolean(),
    wakes: fc.boolean(),
  },
  { requiredKeys: [] },
);
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("digest" as const),
      events: fc.array(event, { minLength: 1, maxLength: 6 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("resolve" as const),
      group: fc.constantFrom(...GROUPS),
      how: fc.oneof(
        fc.constantFrom("plain", "next", "latest"),
        release.map((name) => ({ release: name })),
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("mute" as const),
      group: fc.constantFrom(...GROUPS),
      request: muteRequest,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom("reopen" as const, "unmute" as const, "annotate" as const, "delete" as const),
      group: fc.constantFrom(...GROUPS),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("register" as const), version: release.filter((name) => name !== "") }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("tick" as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("wait" as const), ms: fc.integer({ min: 0, max: 3 * 86_400_000 }) }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer Each> ? Each : never;

/** Runs the same steps on a tracker and on the model, and compares them after every step. */
class Duel {
  readonly #story: Scenario;
  readonly #model = new NaiveTracker();
  readonly #eventIds: string[] = [];
  #receivedAt = START;

  constructor(story: Scenario) {
    this.#story = story;
  }

  async play(each: Step): Promise<void> {
    const now = this.#story.clock.now();
    switch (each.kind) {
      case "digest":
        return this.#digest(each.events);
      case "register":
        this.#model.register(each.version, now);
        await this.#story.tracker.releases.register({ projectId: "shop", version: each.version });
        return;
      case "tick":
        this.#model.tick(now);
        await this.#story.tracker.tick();
        return;
      case "wait":
        this.#story.clock.advanceBy(each.ms);
        return;
      default:
        return this.#command(each.group, commandOf(each, now));
    }
  }

  async compare(): Promise<void> {
    const { items } = await this.#story.tracker.issues.list({
      projectId: "shop",
      sort: "first-seen",
      direction: "ascending",
    });
    const actual = await Promise.all(
      items.map(async (issue) => ({
        group: issue.title,
        number: issue.number,
        state: issue.state.status,
        eventCount: issue.eventCount,
        firstSeenAt: issue.firstSeenAt,
        lastSeenAt: issue.lastSeenAt,
        history: await this.#story.history(issue.id),
        perHour: (await this.#story.tracker.issues.eventCounts(issue.id, { period: "hour" })).reduce(
          (sum, { count }) => sum + count,
          0,
        ),
      })),
    );
    expect(actual).toEqual(
      [...this.#model.issues].map(([group, issue]) => this.#summary(group, issue)).sort((a, b) => a.number - b.number),
    );
    const releases = await this.#story.tracker.releases.list("shop");
    expect(releases.items.map(({ version }) => version).reverse()).toEqual(this.#model.releases.order());
    expect((await this.#story.alertKinds()).sort()).toEqual(this.#model.alerts.splice(0).sort());
  }

  #summary(group: string, issue: NaiveIssue) {
    return {
      group,
      number: issue.number,
      state: issue.state.kind,
      eventCount: issue.counter.total,
      firstSeenAt: Math.min(...issue.receivedAt),
      lastSeenAt: Math.max(...issue.receivedAt),
      history: issue.history,
      perHour: issue.counter.count({ period: "hour", nrOfPeriods: 24 }, this.#story.clock.now()),
    };
  }

  async #digest(events: readonly (typeof event extends fc.Arbitrary<infer Each> ? Each : never)[]): Promise<void> {
    const batch = events.map(({ group, release: version, step: ms, delay, repeats }) => {
      this.#receivedAt = Math.max(0, this.#receivedAt + ms);
      const fresh = `event-${String(this.#eventIds.length)}`;
      const id = repeats === undefined ? fresh : (this.#eventIds[repeats] ?? fresh);
      if (id === fresh) this.#eventIds.push(id);
      const occurredAt = delay === undefined ? undefined : Math.max(0, this.#receivedAt - delay);
      return { id, type: group, release: version, receivedAt: this.#receivedAt, occurredAt };
    });
    const expected = batch.map((each) => this.#model.digest(each));
    const outcomes = await this.#story.tracker.digest(
      batch.map(({ occurredAt, ...each }) => ({
        ...each,
        projectId: "shop",
        ...(occurredAt !== undefined && { occurredAt }),
      })),
    );
    expect(outcomes.map(inShort)).toEqual(expected);
  }

  async #command(group: string, command: Command): Promise<void> {
    const { items } = await this.#story.tracker.issues.list({ projectId: "shop" });
    const id = items.find(({ title }) => title === group)?.id ?? "none";
    const selection = { projectId: "shop", ids: [id] };
    const expected = this.#model.command(group, command, this.#story.clock.now());
    let actual: string | undefined;
    try {
      actual = (await this.#story.tracker.issues.bulk(selection, command)).refusals[0]?.code;
    } catch (error) {
      if (!IssueLifecycleError.is(error)) throw error;
      actual = error.code;
    }
    expect(actual).toBe(id === "none" && actual === "deadline-passed" ? actual : expected);
  }
}

function commandOf(each: Extract<Step, { group: string }>, now: number): Command {
  switch (each.kind) {
    case "resolve":
      if (each.how === "plain") return { kind: "resolve" };
      if (each.how === "next") return { kind: "resolve", in: "next-release" };
      if (each.how === "latest") return { kind: "resolve", in: "latest-release" };
      return typeof each.how === "string" ? { kind: "resolve" } : { kind: "resolve", in: each.how };
    case "mute": {
      const { until, conditions, sinceMute, wakes } = each.request;
      const request: MuteRequest = {
        ...(until !== undefined && { until: now + until }),
        ...(until !== undefined && wakes === true && { wakeOn: "deadline" as const }),
        ...(conditions !== undefined && { conditions }),
        ...(conditions !== undefined && sinceMute !== undefined && { sinceMute }),
      };
      return { kind: "mute", ...request };
    }
    case "annotate":
      return { kind: "annotate", comment: "hm" };
    default:
      return { kind: each.kind };
  }
}

function inShort(outcome: DigestOutcome): NaiveOutcome {
  if (outcome.kind === "refused") throw outcome.error;
  if (outcome.kind === "duplicate") return "duplicate";
  if (outcome.created) return "created";
  if (outcome.regressed !== null) {
    return outcome.regressed.kind === "resolved-plainly"
      ? "regressed: plainly"
      : `regressed: fixed in ${outcome.regressed.fixedIn}`;
  }
  if (outcome.unmuted?.kind === "deadline-passed") return "unmuted: deadline";
  if (outcome.unmuted?.kind === "volume-reached") return `unmuted: ${JSON.stringify(outcome.unmuted.condition)}`;
  return "counted";
}

/** The number of random runs on each store: fewer where a step takes longer. */
const RUNS = new Map([
  ["memory", { quick: 100, full: 400 }],
  ["SQLite", { quick: 40, full: 150 }],
]);

describe.each(stores())("random lifecycles on $name", ({ name, open }) => {
  test("match a naive model that applies the rules event by event", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
        const store = await open();
        const story = await Scenario.begin(store);
        const duel = new Duel(story);
        for (const each of steps) {
          await duel.play(each);
          await duel.compare();
        }
        await store.close();
      }),
      { numRuns: rounds(RUNS.get(name) ?? { quick: 12, full: 60 }) },
    );
  });
});
