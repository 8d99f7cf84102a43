import { ALL_ISSUES } from "../../../core/issue-list.ts";
import { markSeen } from "../../../core/release-mark.ts";
import { expectEqual } from "../../assertion/assertion.ts";
import { load, read, write, type CaseContext, type ConformanceCase } from "../case.ts";
import { claim, discarding, done, everything, insert, lease, move, redriving, settle } from "../outbox.ts";
import {
  inProject,
  newIssue,
  NOON,
  refTo,
  sampleAlert,
  sampleGroup,
  sampleIssue,
  sampleReleases,
  sampleTurningPoint,
  sampleUser,
  SHOP,
  userHash,
} from "../samples.ts";

const [RELEASE] = sampleReleases().known;

/** An issue whose id has letters. */
const ISSUE = sampleIssue(1, { id: "01900000-0000-7000-8000-abcdefabcdef" });
const ALERT = sampleAlert(ISSUE, 1, { id: "01900000-0000-7000-8000-fedcbafedcba" });
/** Texts that are the id of nothing. */
const NO_IDS = ["", "no id", ISSUE.id.toUpperCase(), `${ISSUE.id} `, ISSUE.id.replaceAll("-", ""), `{${ISSUE.id}}`];
const NO_PROJECTS = ["", "nowhere", "SHOP", "shop "];

/** What is found by ids of nothing. */
function findNothing(context: CaseContext) {
  return read(context, async (reader) => {
    const histories = [];
    for (const id of NO_IDS) histories.push(...(await reader.pageHistory(id, null, 9)));
    const refs = NO_IDS.map((issueId) => ({ issueId, user: userHash(1) }));
    const counts = NO_IDS.map((issueId) => ({ issueId, fromDay: 0, fromTurn: 0, limit: 9 }));
    return {
      issues: await reader.findIssues({ ids: NO_IDS }),
      histories,
      counters: [...(await reader.findCounters(NO_IDS)).keys()],
      marks: (await reader.findMarks(NO_IDS.map((issueId) => ({ issueId, upTo: null, limit: 9 })))).flat(),
      users: (await reader.findUsers(refs)).filter((user) => user !== undefined),
      counts: (await reader.countUsers(counts)).filter((count) => count > 0),
    };
  });
}

/** What is found of projects that do not exist. */
function findInNoProject(context: CaseContext) {
  const page = { statuses: ["open"], ...ALL_ISSUES, descending: true, after: null, limit: 9 } as const;
  return read(context, async (reader) => {
    const found: unknown[] = [];
    for (const projectId of NO_PROJECTS) {
      found.push(...(await reader.findIssues({ projectId, number: ISSUE.number })));
      found.push(...(await reader.pageIssues({ ...page, projectId, order: "last-seen" })).entries);
      found.push(...(await reader.pageReleases(projectId, null, 9)));
      found.push(...[await reader.findEvent({ projectId, id: "e" })].filter((event) => event !== undefined));
    }
    found.push(...(await reader.findProjects({ ids: NO_PROJECTS })));
    const releases = await reader.findReleases(NO_PROJECTS.map((projectId) => refTo(projectId, "1.0.0")));
    return [...found, ...releases.filter((release) => release !== undefined)];
  });
}

async function expectAlertsUnharmed(context: CaseContext): Promise<void> {
  const noIds = ["", "no id", ALERT.id.toUpperCase(), `${ALERT.id} `];
  const held = lease("a");
  await insert(context, [ALERT], NOON);
  for (const inOrder of [true, false]) {
    expectEqual("claimed by ids of nothing", await claim(context, held, { issueIds: NO_IDS, inOrder }), []);
  }
  await claim(context, held);
  const before = await everything(context);
  expectEqual("settled by ids of nothing", await settle(context, ...noIds.map((id) => done(id, held))), []);
  expectEqual("discarded by ids of nothing", await move(context, discarding(noIds)), []);
  expectEqual("redriven by ids of nothing", await move(context, redriving(noIds, NOON)), []);
  expectEqual("the alerts", await everything(context), before);
}

/** Ids. */
export const idCases: readonly ConformanceCase[] = [
  {
    id: "ids-of-nothing",
    title: "what is no id, or the id of nothing, finds, deletes and changes nothing, by every method",
    requires:
      "Ids of issues and alerts are UUIDs in lower case; any other string is the id of nothing, and is treated so.",
    async run(context) {
      await write(context, {
        projects: [SHOP],
        releases: inProject(SHOP.id, [RELEASE]),
        newIssues: [newIssue(ISSUE)],
        counters: new Map([[ISSUE.id, Uint8Array.of(1)]]),
        marks: [{ issueId: ISSUE.id, mark: markSeen(RELEASE, undefined) }],
        users: [sampleUser(ISSUE.id, 1)],
        turningPoints: [sampleTurningPoint(ISSUE.id, 1)],
      });
      const nothing = { issues: [], histories: [], counters: [], marks: [], users: [], counts: [] };
      expectEqual("what is found by ids of nothing", await findNothing(context), nothing);
      expectEqual("what is found in projects that do not exist", await findInNoProject(context), []);
      const loaded = await load(context, {
        projectIds: NO_PROJECTS,
        events: NO_PROJECTS.map((projectId) => ({ projectId, id: "e" })),
        formerGroups: NO_PROJECTS.map((projectId) => ({ ...sampleGroup(ISSUE), projectId })),
        issues: { ids: NO_IDS },
        details: () => ({ counters: NO_IDS, marks: NO_IDS.map((issueId) => ({ issueId, upTo: null, limit: 1 })) }),
      });
      const { projects, duplicateOf, formerGrouped, issues, counters, marks } = loaded;
      const lists = [duplicateOf, formerGrouped, issues, marks.flat()].map((list) => list.filter(Boolean));
      expectEqual("what is loaded by them", [projects.size, counters.size, ...lists], [0, 0, [], [], [], []]);
      await write(context, {
        deletedIssues: NO_IDS,
        deletedMarks: NO_IDS.map((issueId) => ({ issueId, orderKey: RELEASE.orderKey })),
        latestUserDays: NO_IDS.map((issueId) => ({ issueId, day: 0 })),
      });
      expectEqual("the issue", await read(context, (reader) => reader.findIssues({ ids: [ISSUE.id] })), [ISSUE]);
      const users = await read(context, (reader) => reader.findUsers([sampleUser(ISSUE.id, 1)]));
      expectEqual("its user", users, [sampleUser(ISSUE.id, 1)]);
      const left = await read(context, (reader) => reader.findMarks([{ issueId: ISSUE.id, upTo: null, limit: 9 }]));
      expectEqual("its marks", left, [[markSeen(RELEASE, undefined)]]);
      if (context.hasOutbox) await expectAlertsUnharmed(context);
    },
  },
];
