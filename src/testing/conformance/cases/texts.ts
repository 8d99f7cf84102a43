import { markSeen } from "../../../core/release-mark.ts";
import type { KnownRelease } from "../../../core/release.ts";
import type { Issue } from "../../../core/issue.ts";
import { allReadable } from "../../../core/unreadable.ts";
import type { EventContent } from "../../../core/event.ts";
import type { StoredEvent } from "../../../ports/issue-store.ts";
import { expectEqual } from "../../assertion/assertion.ts";
import { load, read, write, type CaseContext, type ConformanceCase } from "../case.ts";
import { list } from "../outbox.ts";
import {
  inProject,
  refOf,
  releasesAt,
  sampleAlert,
  sampleEvent,
  sampleIssue,
  sampleTurningPoint,
  SHOP,
} from "../samples.ts";

/** Texts that databases are known to change or to confuse: each must be returned unchanged, and be a key of its own. */
const HOSTILE_TEXTS = [
  "",
  " ",
  "a",
  "A",
  "á",
  "a\u0301",
  "a ",
  "a\0",
  "a\0b",
  "\u001a",
  "\ue000\ue0ff",
  "\ud800",
  "\udfff\ud800",
  "😀",
  "__proto__",
  "constructor",
  "'; drop table issues; --",
  '"\\"',
  "%_",
  "\u2028\r\n\t",
];

/** Releases with these texts as names, versions and lines. */
const RELEASES = releasesAt(...HOSTILE_TEXTS.map((_, index) => String(100 + index))).map(
  (release, index): KnownRelease => {
    const text = HOSTILE_TEXTS[index] ?? "";
    return { ...release, version: text, name: text, line: text, lineNumber: release.number, placedBy: text };
  },
);
const MARKS = RELEASES.map((release) => markSeen(release, undefined));

/** Calls a function for each item, one after the other: a connection runs one query at a time. */
async function oneByOne<Item, Answer>(items: readonly Item[], ask: (item: Item) => Promise<Answer>): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const item of items) answers.push(await ask(item));
  return answers;
}

/** An event of an issue with a hostile title, with that title wherever an event has text. */
function hostileEvent(issue: Issue): StoredEvent {
  const { title } = issue;
  const content: EventContent = { level: "info", type: title, value: title, transaction: title };
  return sampleEvent(issue, `e${title}`, { content, environment: title, release: title, data: JSON.stringify(title) });
}

/** Issues with a hostile title each, and everything that belongs to them. */
async function seed(context: CaseContext, issues: readonly Issue[]): Promise<void> {
  await write(context, {
    projects: [SHOP],
    releases: inProject(SHOP.id, RELEASES),
    newIssues: issues.map((issue) => ({ issue, group: groupOf(issue.title) })),
    marks: issues.flatMap(({ id }, index) => MARKS.slice(index, index + 1).map((mark) => ({ issueId: id, mark }))),
    turningPoints: issues.map((issue) => ({
      ...sampleTurningPoint(issue.id, 1),
      comment: issue.title,
      eventId: issue.title,
      by: { kind: "user", id: issue.title },
    })),
    events: issues.map((issue) => hostileEvent(issue)),
    ...(context.hasOutbox && {
      alerts: issues.map((issue) => sampleAlert(issue, issue.number, { subject: issue.title, text: issue.title })),
    }),
  });
}

const groupOf = (text: string) => ({ projectId: SHOP.id, strategy: "texts/1", key: text });

/** Texts. */
export const textCases: readonly ConformanceCase[] = [
  {
    id: "texts-kept",
    title: "every text is returned unchanged, and no two different ones are one key",
    requires: "A store returns texts unchanged.",
    async run(context) {
      const issues = HOSTILE_TEXTS.map((text, index) =>
        sampleIssue(index + 1, {
          title: text,
          transaction: text,
          environments: [text, `${text} too`],
          latestEventId: `e${text}`,
          // No release has an empty version.
          lastSeenIn: text === "" ? undefined : text,
        }),
      );
      const events = issues.map((issue) => hostileEvent(issue));
      await seed(context, issues);
      const loaded = await load(context, {
        events: events.map(({ projectId, id }) => ({ projectId, id })),
        groups: HOSTILE_TEXTS.map(groupOf),
      });
      expectEqual("the issues of their groups", loaded.grouped, issues);
      expectEqual(
        "the issues of their events' ids",
        loaded.duplicateOf,
        issues.map(({ id }) => id),
      );
      await read(context, async (reader) => {
        const stored = await oneByOne(events, (event) => reader.findEvent(event));
        expectEqual("the events", stored, events);
        const history = await oneByOne(issues, async ({ id }) => allReadable(await reader.pageHistory(id, null, 5)));
        expectEqual(
          "the history",
          history.map(([point]) => [point?.comment, point?.eventId, point?.by]),
          HOSTILE_TEXTS.map((text) => [text, text, { kind: "user", id: text }]),
        );
        const marks = await reader.findMarks(issues.map(({ id }) => ({ issueId: id, upTo: null, limit: 5 })));
        expectEqual(
          "the marks",
          marks,
          MARKS.map((mark) => [mark]),
        );
        const releases = await reader.pageReleases(SHOP.id, null, 99);
        expectEqual("the releases", releases, RELEASES.toReversed());
      });
      if (!context.hasOutbox) return;
      const alerts = await list(context, "pending");
      expectEqual(
        "the alerts",
        alerts.map(({ alert }) => [alert.issue?.title, alert.subject, alert.text]),
        HOSTILE_TEXTS.map((text) => [text, text, text]),
      );
    },
  },
  {
    id: "texts-kept-apart",
    title: "texts that differ only in case, in accents or after a NUL are different keys",
    requires:
      "A store compares texts by code unit, so that different texts are different keys: of a project, a strategy, a release, a line.",
    async run(context) {
      const issue = sampleIssue(1, { id: "01900000-0000-7000-8000-abcdefabcdef" });
      const group = { projectId: SHOP.id, strategy: "texts/1", key: "key" };
      await write(context, {
        projects: [SHOP],
        releases: inProject(SHOP.id, RELEASES),
        newIssues: [{ issue, group }],
      });
      const refs = RELEASES.map((release) => refOf(SHOP.id, release));
      const loaded = await load(context, {
        groups: ["TEXTS/1", "texts/1 ", "texts/1\0"].map((strategy) => ({ ...group, strategy })),
        issues: { ids: [issue.id.toUpperCase()] },
        releases: refs,
        timelines: [{ projectId: SHOP.id, lines: HOSTILE_TEXTS }],
      });
      expectEqual("issues of strategies like the one", loaded.grouped, [undefined, undefined, undefined]);
      expectEqual("issues loaded by the id in upper case", loaded.issues, []);
      expectEqual("the loaded releases", loaded.releases, RELEASES);
      const lines = RELEASES.map((latest) => [latest.line, { number: latest.lineNumber, latest }] as const);
      expectEqual("the loaded lines", loaded.timelines.get(SHOP.id)?.lines, new Map(lines));
      await read(context, async (reader) => {
        const ids = ["SHOP", "shop ", "shop\0"];
        expectEqual("projects by texts like the id", await reader.findProjects({ ids }), []);
        const issues = await reader.findIssues({ ids: [issue.id.toUpperCase()] });
        expectEqual("issues by the id in upper case", issues, []);
        expectEqual("the releases", await reader.findReleases(refs), RELEASES);
      });
    },
  },
];
