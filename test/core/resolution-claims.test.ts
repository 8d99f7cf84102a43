import { describe, expect, test } from "vitest";
import type { Issue, IssueState, ResolvedState } from "../../src/core/issue.ts";
import { claimsResolution, presentClaims, withdrawRetired } from "../../src/core/resolution-claims.ts";
import { buildIssue } from "../../src/testing/index.ts";

const withdrawal = { at: 9, by: { kind: "user", id: "ann" }, knowsReleases: true } as const;
const isRetired = (release: string): boolean => release.startsWith("999");

function resolvedIn(...claims: readonly (readonly [string, number])[]): ResolvedState {
  const resolution = claimsResolution(
    claims.map(([release, claimedAt]) => ({ release, claimedAt })),
    1,
  );
  return { status: "resolved", resolvedAt: 1, afterRelease: 4, resolution };
}

const issueIn = (state: IssueState): Issue => buildIssue({ turningPointCount: 2, state });

describe("the fix claims of a resolution", () => {
  test("are in the order in which they were made, with their times", () => {
    expect(presentClaims(resolvedIn(["2.0.0", 1], ["1.0.0", 5]))).toEqual([
      { release: "2.0.0", claimedAt: 1 },
      { release: "1.0.0", claimedAt: 5 },
    ]);
  });

  test("have no times of their own while all were made when the issue was resolved", () => {
    const state = resolvedIn(["2.0.0", 1], ["1.0.0", 1]);
    expect(state.resolution).toEqual({ kind: "by-release", releases: ["2.0.0", "1.0.0"] });
    expect(presentClaims(state).map(({ claimedAt }) => claimedAt)).toEqual([1, 1]);
    const moved = { ...state, resolvedAt: 7 };
    expect(presentClaims(moved).map(({ claimedAt }) => claimedAt)).toEqual([7, 7]);
  });

  test("are none of an issue that is not resolved by a release", () => {
    const others: readonly IssueState[] = [
      { status: "open" },
      { ...resolvedIn(), resolution: { kind: "plain" } },
      { ...resolvedIn(), resolution: { kind: "by-next" } },
    ];
    expect(others.flatMap(presentClaims)).toEqual([]);
  });
});

describe("rule 11: fix claims in a release that is retired", () => {
  test("are withdrawn, and the others stay as they are", () => {
    const issue = issueIn(resolvedIn(["999.0.0", 1], ["1.0.0", 5], ["999.9.9", 6]));
    expect(withdrawRetired(issue, isRetired, withdrawal)).toEqual({
      issue: { ...issue, turningPointCount: 3, state: resolvedIn(["1.0.0", 5]) },
      turningPoint: {
        turn: { kind: "claims-withdrawn", releases: ["999.0.0", "999.9.9"] },
        at: 9,
        by: { kind: "user", id: "ann" },
        eventId: null,
        comment: "",
      },
    });
  });

  test("leave an issue without another one to wait for the next release again", () => {
    expect(withdrawRetired(issueIn(resolvedIn(["999.9.9", 1])), isRetired, withdrawal)).toMatchObject({
      issue: { state: { status: "resolved", resolvedAt: 1, afterRelease: 4, resolution: { kind: "by-next" } } },
    });
  });

  test("leave it resolved plainly where the project knows no other release to wait after", () => {
    const issue = issueIn(resolvedIn(["999.9.9", 1]));
    expect(withdrawRetired(issue, isRetired, { ...withdrawal, knowsReleases: false })).toMatchObject({
      issue: { state: { resolution: { kind: "plain" } } },
    });
  });

  test("are not there to withdraw in any other issue", () => {
    const others = [issueIn({ status: "open" }), issueIn(resolvedIn(["1.0.0", 1]))];
    expect(others.map((issue) => withdrawRetired(issue, isRetired, withdrawal))).toEqual([undefined, undefined]);
  });
});
