import type { Alert } from "../../core/alert.ts";
import type { Issue } from "../../core/issue.ts";
import { slugKeyOf, type Project } from "../../core/project.ts";
import type { RegressionReason } from "../../core/regression.ts";
import { markFixed, markSeen } from "../../core/release-mark.ts";
import type { Release } from "../../core/release.ts";
import type { Turn, TurningPoint } from "../../core/turning-point.ts";
import type { AlertTally } from "../../ports/alert-outbox.ts";
import type { IssueMark, IssueUser, NewIssue, StoredEvent } from "../../ports/issue-store.ts";
import type { MakeText } from "./long-text.ts";
import {
  NOON,
  releasesAt,
  sampleAlert,
  sampleEvent,
  sampleIssue,
  sampleTally,
  sampleThrottled,
  sampleTurningPoint,
  sampleUser,
  SHOP,
  uuid,
} from "./samples.ts";

/** What a text world is made of. */
export interface TextWorldParts {
  /** Its number among the worlds of a store, from 1. */
  readonly number: number;
  /** Its project's slug, which is made of letters and digits. */
  readonly slug: string;
  /** Makes its texts, for the greatest length that a text can have in its place; all are even. */
  readonly text: MakeText;
}

/** One of everything that is stored, in which every text is made by one function: so no column can be forgotten. */
export interface TextWorld extends TextWorldParts {
  readonly project: Project;
  /** One that is known, the latest, and one that is announced. */
  readonly releases: readonly [Release, Release];
  /** One that is open, with an alert that was not raised, and one that is resolved. Each with the group that opened it. */
  readonly issues: readonly [NewIssue, NewIssue];
  /** The key of the second group of the first issue. */
  readonly addedKey: string;
  readonly marks: readonly IssueMark[];
  readonly user: IssueUser;
  /** Turning points of the first issue, of each kind that has texts. */
  readonly turningPoints: readonly TurningPoint[];
  readonly event: StoredEvent;
  /** Alerts about the first issue, and one about none, by what becomes of them. */
  readonly alerts: Readonly<Record<WorldAlert, Alert>>;
  readonly tally: AlertTally;
}

/** What becomes of an alert of a world. */
export type WorldAlert = "failed" | "dead" | "leased" | "due" | "discarded" | "throttled";

/** A text that is not empty. */
export function nonEmpty(text: string): string {
  return text === "" ? "(empty)" : text;
}

/** Makes a world. */
export function textWorld(parts: TextWorldParts): TextWorld {
  const { number, slug, text } = parts;
  const project: Project = {
    ...SHOP,
    id: nonEmpty(text(200)),
    slug,
    stateEnvironments: [text(200), `${text(198)}+2`],
  };
  const releases = releasesOf(text);
  const base = 10 * number;
  const issues = issuesOf(parts, project);
  const [{ issue }, second] = issues;
  const [known, announced] = releases;
  return {
    ...parts,
    project,
    releases,
    issues,
    addedKey: `${text(10_000)}+2`,
    marks: [
      { issueId: issue.id, mark: markSeen(known, undefined) },
      { issueId: second.issue.id, mark: markFixed(announced, undefined, NOON - 1) },
    ],
    user: sampleUser(issue.id, number),
    turningPoints: turningPointsOf(issue, text),
    event: sampleEvent(issue, issue.latestEventId, {
      content: { level: "info", type: text(10_000), value: text(10_000), transaction: text(10_000) },
      environment: text(200),
      release: text(250),
      data: JSON.stringify(text(10_000)),
    }),
    alerts: alertsOf(issue, parts, base),
    tally: sampleTally({ projectId: project.id, issueId: null }, { throttled: throttledOf(text) }),
  };
}

function releasesOf(text: MakeText): readonly [Release, Release] {
  const [first, second] = releasesAt("016000.a", "016000.b");
  if (first === undefined || second === undefined) throw new Error("There are two releases.");
  const version = nonEmpty(text(250));
  const line = text(260);
  const { becameLatest: _, releasedAt: __, ...others } = second;
  return [
    { ...first, version, name: nonEmpty(text(260)), line, placedBy: text(50) },
    {
      ...others,
      version,
      name: `${text(258)}+2`,
      line,
      placedBy: text(50),
      standing: "announced",
      announcedAt: NOON + 5,
    },
  ];
}

function issuesOf({ number, text }: TextWorldParts, { id: projectId }: Project): readonly [NewIssue, NewIssue] {
  const members: Partial<Issue> = {
    projectId,
    title: text(1_200),
    transaction: text(200),
    environments: [text(200), `${text(198)}+2`],
    latestEventId: nonEmpty(text(200)),
    // No release has an empty version.
    lastSeenIn: text(250) === "" ? undefined : text(250),
  };
  const quietAlert = {
    reason: { kind: "regression", reason: regressionOf(text) },
    since: NOON,
    turningPoint: 2,
  } as const;
  const watch = { of: text(20), checkAt: 1, lookAt: NOON, metAt: [] };
  const resolution = { kind: "by-release", releases: [text(250), `${text(248)}+2`] } as const;
  const issues = [
    sampleIssue(1, { ...members, id: uuid(10 * number + 1), state: { status: "open", quietAlert, watch } }),
    sampleIssue(2, {
      ...members,
      id: uuid(10 * number + 2),
      state: { status: "resolved", resolvedAt: NOON, afterRelease: 1, resolution },
    }),
  ] as const;
  const group = (key: string) => ({ projectId, strategy: nonEmpty(text(40)), key });
  return [
    { issue: issues[0], group: group(text(10_000)) },
    { issue: issues[1], group: group(`${text(10_000)}+3`) },
  ];
}

function regressionOf(text: MakeText): RegressionReason {
  return { kind: "fixed-in-release", release: text(250), fixedIn: text(250) };
}

function turningPointsOf(issue: Issue, text: MakeText): TurningPoint[] {
  const releases = [text(250), `${text(248)}+2`];
  const turns: readonly Turn[] = [
    { kind: "annotated" },
    { kind: "resolved", claim: { kind: "by-release", releases } },
    { kind: "reopened", withdrawn: releases },
    { kind: "claims-withdrawn", releases },
    { kind: "next-materialized", release: text(250) },
    { kind: "regressed", reason: regressionOf(text) },
  ];
  return turns.map((turn, index) => ({
    ...sampleTurningPoint(issue.id, index + 1),
    turn,
    by: { kind: "user", id: nonEmpty(text(200)) },
    eventId: nonEmpty(text(200)),
    comment: text(10_000),
  }));
}

function alertsOf(issue: Issue, { slug, text }: TextWorldParts, base: number): TextWorld["alerts"] {
  const texts = { subject: text(1_000), text: text(1_000), project: { id: issue.projectId, slug } };
  const alert = (number: number): Alert => {
    const sample = sampleAlert(issue, base + number);
    return {
      ...sample,
      ...texts,
      reason: { kind: "regression", reason: regressionOf(text) },
      issue: { ...sample.issue, friendlyId: `${slugKeyOf(slug)}-1`, title: text(1_200) },
      event: { id: nonEmpty(text(200)), release: text(250), receivedAt: NOON - 4, occurredAt: null },
    };
  };
  const throttled = sampleThrottled(base + 6);
  return {
    failed: alert(1),
    dead: alert(2),
    leased: alert(3),
    due: alert(4),
    discarded: alert(5),
    throttled: { ...throttled, ...texts, reason: { ...throttled.reason, examples: throttledOf(text).examples } },
  };
}

function throttledOf(text: MakeText): AlertTally["throttled"] {
  const examples = [1, 2].map((each) => ({ id: uuid(each), friendlyId: `SHOP-${String(each)}`, title: text(1_200) }));
  return { counts: { "new-issue": 1, regression: 1, unmute: 0, loud: 0 }, examples, level: "fatal" };
}
