import type { ReleaseMark } from "../../../core/release-mark.ts";
import type { Issue } from "../../../core/issue.ts";
import type { StoredEvent } from "../../../ports/issue-store.ts";
import { expectEqual } from "../../assertion/assertion.ts";
import type { ConformanceCase } from "../case.ts";
import { write } from "../case.ts";
import { NOON, sampleAlert, sampleEvent, sampleIssue, sampleReleases, sampleTurningPoint, SHOP } from "../samples.ts";

/** Texts that databases are known to trip over: each must come back as it was, and be a key of its own. */
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

const markOf = (version: string): ReleaseMark => ({ version, number: 1, orderKey: "00", last: "seen", fixedAt: null });

/** A connection may be able to answer one question at a time. */
async function oneByOne<Item, Answer>(items: readonly Item[], ask: (item: Item) => Promise<Answer>): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const item of items) answers.push(await ask(item));
  return answers;
}

function raise(): never {
  throw new Error("There is no sample.");
}

/** An event of an issue with a hostile title, with that title wherever an event has text. */
function hostileEvent(issue: Issue): StoredEvent {
  const { title } = issue;
  return sampleEvent(issue, `e${title}`, { release: title, data: JSON.stringify(title) });
}

/** Texts. */
export const textCases: readonly ConformanceCase[] = [
  {
    id: "texts-kept",
    title: "every text comes back as it was, and no two different ones are one key",
    requires: "Texts are given back as they were and compared by their code units.",
    async run(context) {
      const issues = HOSTILE_TEXTS.map((text, index) =>
        sampleIssue(index + 1, { title: text, transaction: text, latestEventId: `e${text}`, lastSeenIn: text }),
      );
      const groupOf = (text: string) => ({ projectId: SHOP.id, strategy: "texts/1", key: text });
      const events = issues.map((issue) => hostileEvent(issue));
      await write(context, async (transaction) => {
        await transaction.saveProject(SHOP);
        await transaction.insertIssues(issues.map((issue) => ({ issue, group: groupOf(issue.title) })));
        await transaction.insertEvents(events);
        await transaction.insertTurningPoints(
          issues.map((issue) => ({
            ...sampleTurningPoint(issue.id, 1),
            comment: issue.title,
            eventId: issue.title,
            by: { kind: "user", id: issue.title },
          })),
        );
        await transaction.insertAlerts(
          issues.map((issue) => sampleAlert(issue, issue.number, { subject: issue.title, text: issue.title })),
          NOON,
        );
        await transaction.saveMarks(issues.map((issue) => ({ issueId: issue.id, mark: markOf(issue.title) })));
      });
      const read = await write(context, async (transaction) => ({
        snapshot: await transaction.loadForDigest({
          events: events.map(({ projectId, id }) => ({ projectId, id })),
          groups: HOSTILE_TEXTS.map(groupOf),
          releases: [],
        }),
        events: await oneByOne(events, (event) => transaction.findEvent(event)),
        history: await oneByOne(issues, ({ id }) => transaction.pageHistory(id, null, 5)),
        alerts: await transaction.pageAlerts({ status: "pending", after: null, limit: 99 }),
        marks: await oneByOne(issues, ({ id }) => transaction.pageMarks(id, null, 5)),
      }));
      expectEqual("the issues by their groups", read.snapshot.issues, issues);
      expectEqual(
        "the issues by their events' ids",
        read.snapshot.duplicateOf,
        issues.map(({ id }) => id),
      );
      expectEqual("the events", read.events, events);
      const points = read.history.map(([point]) => [point?.comment, point?.eventId, point?.by]);
      expectEqual(
        "the history",
        points,
        HOSTILE_TEXTS.map((text) => [text, text, { kind: "user", id: text }]),
      );
      const alerted = read.alerts.map(({ alert }) => [alert.issue?.title, alert.subject, alert.text]);
      expectEqual(
        "the alerts",
        alerted,
        HOSTILE_TEXTS.map((text) => [text, text, text]),
      );
      expectEqual(
        "the marks",
        read.marks,
        HOSTILE_TEXTS.map((text) => [markOf(text)]),
      );
    },
  },
  {
    id: "texts-kept-apart",
    title: "texts that differ only in case, in accents or behind a NUL name different things",
    requires: "No two different texts are one key: of a project, a strategy, a release.",
    async run(context) {
      const issue = sampleIssue(1, { id: "01900000-0000-7000-8000-abcdefabcdef" });
      const { known } = sampleReleases();
      const releases = HOSTILE_TEXTS.map((version, index) => ({
        ...(known[0] ?? raise()),
        version,
        number: index + 1,
        orderKey: `00.${String(index).padStart(3, "0")}`,
      }));
      const group = { projectId: SHOP.id, strategy: "texts/1", key: "key" };
      await write(context, async (transaction) => {
        await transaction.saveProject(SHOP);
        await transaction.insertIssues([{ issue, group }]);
        await transaction.saveReleases(SHOP.id, releases);
      });
      const read = await write(context, async (transaction) => ({
        projects: (await transaction.findProjects(["SHOP", "shop ", "shop\0"])).size,
        issues: (await transaction.findIssues([issue.id.toUpperCase()])).size,
        releases: await transaction.findReleases(HOSTILE_TEXTS.map((version) => ({ projectId: SHOP.id, version }))),
        snapshot: await transaction.loadForDigest({
          events: [],
          groups: ["TEXTS/1", "texts/1 ", "texts/1\0"].map((strategy) => ({ ...group, strategy })),
          releases: [],
        }),
      }));
      expectEqual("projects by texts like the id", read.projects, 0);
      expectEqual("issues by the id in upper case", read.issues, 0);
      expectEqual("the releases", read.releases, releases);
      expectEqual("issues by strategies like the one", read.snapshot.issues, [undefined, undefined, undefined]);
    },
  },
];
