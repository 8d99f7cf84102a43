import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DigestedEvent } from "../../src/index.ts";
import type { Command } from "../../src/core/index.ts";
import { Duel } from "../support/duel.ts";
import { rounds } from "../support/effort.ts";
import type { NaiveIssue } from "../support/naive-issue.ts";
import { appeared, isAtOrBefore, isLine, type NaiveRelease, type NaiveReleases } from "../support/naive-releases.ts";
import { readNaively } from "../support/naive-versions.ts";
import { HOUR, MINUTE, Scenario } from "../support/scenario.ts";
import { storesForStories, type StoreKind } from "../support/stores.ts";
import { SHORT_STEPS, storyStep } from "../support/stories.ts";

const GROUPS = ["A", "B"];
const RELEASES = [
  ...["1.0.0", "1.1.0", "2.0.0", "2.1.0-rc.1", "2.1.0", "3.0.0", "3.0.0+x", "3.0.0+y"],
  ...["web@1.0.0", "web@2.0.0", "7", "8", "sha-a", "sha-b", "sha-c"],
];
const stories = fc.array(storyStep({ groups: GROUPS, releases: ["", ...RELEASES], step: SHORT_STEPS, mutes: 1 }), {
  maxLength: 20,
});

/** A tracker and the model after a random story. */
interface Played {
  readonly story: Scenario;
  readonly duel: Duel;
}

/** Tries a promise after random stories on a store. */
async function promise(
  { name, open }: StoreKind,
  more: fc.Arbitrary<{ readonly how: Command; readonly release: string }>,
  check: (
    played: Played,
    issue: NaiveIssue,
    given: { readonly how: Command; readonly release: string },
  ) => Promise<void>,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(stories, more, async (steps, given) => {
      const store = await open();
      const story = await Scenario.begin(store);
      const duel = new Duel(story);
      for (const step of steps) await duel.play(step);
      const issue = duel.model.issues.get("A");
      if (issue !== undefined) await check({ story, duel }, issue, given);
      await story.tracker.close();
    }),
    { numRuns: rounds(name === "memory" ? { quick: 100, full: 3_000 } : { quick: 10, full: 50 }) },
  );
}

const ways = fc.oneof(
  fc.constantFrom<Command[]>(
    { kind: "resolve" },
    { kind: "resolve", in: "next-release" },
    { kind: "resolve", in: "latest-release" },
  ),
  fc.constantFrom(...RELEASES).map((release): Command => ({ kind: "resolve", in: { release, announce: true } })),
);
const resolvedAndSeen = fc.record({
  how: ways,
  release: fc.constantFrom(...RELEASES, "4.0.0", "web@3.0.0", "9", "sha-d"),
});

/** An event of issue A that occurs now in a release. */
async function seenIn({ story, duel }: Played, release: string): Promise<DigestedEvent> {
  const event = { id: `last ${release}`, type: "A", release, receivedAt: story.clock.now(), occurredAt: undefined };
  duel.model.digest(event, story.clock.now());
  return story.event({ id: event.id, type: "A", release });
}

/** Whether a release is above all releases in which an issue was seen or claimed to be fixed. */
function isAboveAll(releases: NaiveReleases, issue: NaiveIssue, text: string): boolean {
  const version = readNaively(text);
  const found = releases.find(text);
  if (version === undefined || found?.standing === "retired") return false;
  const release: NaiveRelease =
    found?.standing === "known"
      ? found
      : { text, version, standing: "known", number: Number.MAX_SAFE_INTEGER, date: Number.MAX_SAFE_INTEGER };
  const own = found?.standing === "announced" ? [found] : [];
  const touched = new Set([...issue.happenings.map((each) => each.release), ...own]);
  return [...touched].every((each) => {
    if (each === found) return false;
    return isLine(each, release)
      ? isAtOrBefore(each, release)
      : each.standing === "announced" || appeared(each, release);
  });
}

/**
 * What is left silent on purpose. Each is told from what the issue's history says, not from how the tracker decides:
 *
 * - a claim for a release that is not reached yet: it is not known;
 * - a back-port older than where the issue was seen: the claim's release is before one in which the issue was seen, of the
 *   same line or of the event's;
 * - by-next on a support branch: the event's release is not above all known ones of its line.
 */
function isSilentOnPurpose(
  { model }: Duel,
  { state, happenings }: Pick<NaiveIssue, "state" | "happenings">,
  release: NaiveRelease,
): boolean {
  if (state.kind !== "resolved" || state.by === "plain") return false;
  if (state.by === "next") return !model.releases.becameLatest().includes(release);
  const seen = happenings.filter(({ what, release: of }) => what === "seen" && of !== release);
  return state.claims.every(({ release: fix }) => {
    if (fix.standing === "announced") return true;
    return seen.some(({ release: of }) => {
      if (isLine(of, fix)) return of !== fix && isAtOrBefore(fix, of);
      return isLine(of, release) && appeared(fix, of);
    });
  });
}

describe.each(storesForStories())("on $name", (kind) => {
  test("never silent for ever: resolved any way, then seen in a release above all of its own, an issue regresses, but for three exceptions", async () => {
    await promise(kind, resolvedAndSeen, async (played, issue, { how, release }) => {
      const { story, duel } = played;
      story.clock.advanceBy(MINUTE);
      if (issue.state.kind === "resolved")
        await duel.play({ kind: "command", group: "A", command: { kind: "reopen" } });
      await duel.play({ kind: "command", group: "A", command: how });
      const { state } = issue;
      if (state.kind !== "resolved" || !isAboveAll(duel.model.releases, issue, release)) return;
      // What is known when an issue is resolved by the next release is not the next one.
      if (state.by === "next" && duel.model.releases.find(release)?.standing === "known") return;
      story.clock.advanceBy(HOUR);
      const before = { state, happenings: [...issue.happenings] };
      const { regressed, notRegressed } = await seenIn(played, release);
      const seen = duel.model.releases.find(release);
      if (regressed !== null || seen === undefined) return;
      expect({ notRegressed, onPurpose: isSilentOnPurpose(duel, before, seen) }).toEqual({
        notRegressed,
        onPurpose: true,
      });
    });
  });

  test("never noisy: in a release known to be broken an issue that is not resolved plainly never regresses", async () => {
    await promise(kind, resolvedAndSeen, async (played, issue, { how }) => {
      const { story, duel } = played;
      story.clock.advanceBy(MINUTE);
      await duel.play({ kind: "command", group: "A", command: how });
      const { state } = issue;
      if (state.kind !== "resolved" || state.by === "plain") return;
      const releases = new Set(issue.happenings.map(({ release }) => release));
      for (const release of releases) {
        if (release.standing !== "known" || issue.lastIn(release)?.what !== "seen") continue;
        const { regressed } = await seenIn(played, release.text);
        expect(regressed).toBeNull();
      }
    });
  });
});
