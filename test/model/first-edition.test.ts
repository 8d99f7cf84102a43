import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { IssueLifecycleError, type ResolveRequest } from "../../src/index.ts";
import { rounds } from "../support/effort.ts";
import { FirstEdition, type FirstEditionResolve } from "../support/first-edition.ts";
import { DAY, MINUTE, Scenario } from "../support/scenario.ts";
import { storesForStories } from "../support/stores.ts";

const group = fc.constantFrom("A", "B");
const VERSIONS = Array.from(
  { length: 40 },
  (_, index) => `${String(1 + Math.floor(index / 4))}.${String(index % 4)}.0`,
);

/** Stories with rising versions: an event is of one that is known, or of one above all of those. */
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("event" as const),
      group,
      /** How far above the latest release: 0 for one that is known. */
      above: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 3 })),
      which: fc.nat({ max: 30 }),
      /** How long before it was received it occurred. */
      delay: fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 2 * DAY })),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("resolve" as const),
      group,
      how: fc.oneof(
        fc.constantFrom<FirstEditionResolve[]>("plain", "next", "latest"),
        fc.constantFrom(...VERSIONS.slice(0, 12)).map((release) => ({ release })),
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("reopen" as const), group }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("wait" as const), ms: fc.integer({ min: 0, max: DAY }) }) },
);
type Step = typeof step extends fc.Arbitrary<infer Each> ? Each : never;

/** Plays a story on the tracker and on the first edition. */
class Comparison {
  readonly #story: Scenario;
  readonly #first: FirstEdition;
  readonly #known = new Set<number>();

  constructor(story: Scenario, first: FirstEdition) {
    this.#story = story;
    this.#first = first;
  }

  async play(each: Step): Promise<void> {
    const { tracker, clock } = this.#story;
    if (each.kind === "wait") {
      clock.advanceBy(each.ms);
      return;
    }
    if (each.kind === "event") return this.#event(each);
    const { items } = await tracker.issues.list({ projectId: "shop" });
    const issue = items.find(({ title }) => title === each.group);
    if (issue === undefined) return;
    if (each.kind === "reopen") {
      expect(await wasApplied(tracker.issues.reopen(issue.id))).toBe(this.#first.reopen(each.group));
      return;
    }
    const { how } = each;
    // Rule 8: the new edition moves the time of a plain resolution to now, where the first one refused that.
    const isPlain = issue.state.status === "resolved" && issue.state.resolution.kind === "plain";
    if (how === "plain" && isPlain) return;
    const applied = await wasApplied(tracker.issues.resolve(issue.id, requestOf(how)));
    expect(applied).toBe(this.#first.resolve(each.group, how, clock.now()));
  }

  async #event({ group: type, above, which, delay }: Step & { kind: "event" }): Promise<void> {
    const known = [...this.#known];
    const latest = Math.max(-1, ...known);
    const index = above === 0 && known.length > 0 ? (known[which % known.length] ?? 0) : latest + Math.max(1, above);
    const release = VERSIONS[index];
    if (release === undefined) return;
    this.#known.add(index);
    const occurredAt = this.#story.clock.now() - delay;
    const { created, regressed, issue } = await this.#story.event({ type, release, occurredAt });
    const outcome =
      regressed?.kind === "fixed-in-release" ? `fixed in ${regressed.fixedIn}` : regressed === null ? null : "plainly";
    expect(created ? "created" : outcome === null ? "counted" : `regressed: ${outcome}`).toBe(
      this.#first.digest(type, release, occurredAt),
    );
    expect(issue.state.status).toBe(this.#first.issues.get(type)?.state.kind);
    // A minute later, so that a command comes after the event.
    this.#story.clock.advanceBy(MINUTE);
  }
}

function requestOf(how: FirstEditionResolve): ResolveRequest {
  switch (how) {
    case "plain":
      return {};
    case "next":
      return { in: "next-release" };
    case "latest":
      return { in: "latest-release" };
    default:
      return { in: how };
  }
}

async function wasApplied(command: Promise<unknown>): Promise<boolean> {
  try {
    await command;
    return true;
  } catch (error) {
    if (IssueLifecycleError.is(error)) return false;
    throw error;
  }
}

describe.each(storesForStories())(
  "on $name, with one package, rising versions and no event without release",
  ({ name, open }) => {
    const play = async (steps: readonly Step[], oldEventsLeaveMarks: boolean): Promise<void> => {
      const story = await Scenario.begin(await open());
      const comparison = new Comparison(story, new FirstEdition({ oldEventsLeaveMarks }));
      for (const each of steps) await comparison.play(each);
      await story.tracker.close();
    };
    const numRuns = rounds(name === "memory" ? { quick: 100, full: 2_000 } : { quick: 5, full: 50 });
    const steps = fc.array(step, { minLength: 1, maxLength: 40 });

    test("nothing differs from the first edition where no event is old", async () => {
      await fc.assert(
        fc.asyncProperty(steps, (story) => {
          const current = story.map((each) => (each.kind === "event" ? { ...each, delay: 0 } : each));
          return play(current, true);
        }),
        { numRuns },
      );
    });

    test("nothing differs from the first edition but rule 10's mark: old events leave none", async () => {
      await fc.assert(
        fc.asyncProperty(steps, (story) => play(story, false)),
        { numRuns },
      );
    });
  },
);
