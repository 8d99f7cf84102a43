import { ALL_ISSUES } from "../../../core/issue-list.ts";
import { ISSUE_STATUSES } from "../../../core/issue.ts";
import { allReadable } from "../../../core/unreadable.ts";
import type { GroupRef } from "../../../ports/issue-store.ts";
import { load, read, write, type CaseContext } from "../case.ts";
import { newIssue, sampleEvent } from "../samples.ts";
import { expectByKey, oneByOne } from "./key-texts.ts";
import { inBoth, twoProjects } from "./two-projects.ts";

/** Events with different ids are different events. */
export async function expectEventIdsApart(context: CaseContext, ids: readonly string[]): Promise<void> {
  const places = await twoProjects(context, 1);
  const issues = [0, 1].map((index) => places.issueAt(index));
  const events = ids.map((id, index) => sampleEvent(places.issueAt(index % 2), id, { count: index + 1, data: null }));
  await write(context, { newIssues: issues.map(newIssue), events });
  const { refs, expected } = inBoth(places, ids, events);
  const eventRefs = refs.map(({ projectId, key }) => ({ projectId, id: key }));
  const { duplicateOf } = await load(context, { events: eventRefs });
  const issueIds = expected.map((event) => event?.issueId);
  expectByKey("events that are duplicates, by id", refs, duplicateOf, issueIds);
  const inFirst = eventRefs.slice(0, ids.length);
  const found = await read(context, (reader) => oneByOne(inFirst, (ref) => reader.findEvent(ref)));
  expectByKey("events by id", inFirst, found, expected.slice(0, ids.length));
}

/** The kinds of texts that a group has. */
const GROUPS = {
  keys: { number: 2, groupOf: (key: string, strategy: string) => ({ strategy, key }) },
  strategies: { number: 3, groupOf: (strategy: string, key: string) => ({ strategy, key }) },
} as const;

/** Groups with different keys, or keys of different strategies, are different groups. */
export async function expectGroupsApart(
  context: CaseContext,
  kind: keyof typeof GROUPS,
  texts: readonly string[],
): Promise<void> {
  const { number, groupOf } = GROUPS[kind];
  const places = await twoProjects(context, number);
  const issues = texts.map((_, index) => places.issueAt(index));
  const group = (projectId: string, text: string, other: string): GroupRef => ({ projectId, ...groupOf(text, other) });
  const groupAt = (text: string, index: number, other: string) => group(places.idAt(index), text, other);
  await write(context, {
    newIssues: issues.map((issue, index) => ({ issue, group: groupAt(texts[index] ?? "", index, "opened") })),
    addedGroups: issues.map(({ id }, index) => ({ issueId: id, group: groupAt(texts[index] ?? "", index, "added") })),
  });
  const { refs, expected } = inBoth(
    places,
    texts,
    issues.map(({ number: each }) => each),
  );
  const asked = ["opened", "added"].flatMap((other) => refs.map(({ projectId, key }) => group(projectId, key, other)));
  const numbers = (found: readonly ({ readonly number?: number | undefined } | undefined)[]) =>
    found.map((issue) => issue?.number);
  const { grouped } = await load(context, { groups: asked });
  expectByKey(`issues by ${kind} of groups`, asked, numbers(grouped), [...expected, ...expected]);
  const { formerGrouped } = await load(context, { formerGroups: asked });
  expectByKey(`issues by ${kind} of former groups`, asked, numbers(formerGrouped), [...expected, ...expected]);
}

/** Lists by one environment are without issues that occurred in others only. */
export async function expectEnvironmentsApart(context: CaseContext, environments: readonly string[]): Promise<void> {
  const places = await twoProjects(context, 4);
  const issues = environments.map((environment, index) => places.issueAt(index, { environments: [environment] }));
  await write(context, { newIssues: issues.map(newIssue) });
  const all = { ...ALL_ISSUES, statuses: ISSUE_STATUSES, order: "first-seen", descending: false, after: null } as const;
  const found = await read(context, (reader) =>
    oneByOne(environments, async (environment) => {
      const page = await reader.pageIssues({ ...all, projectId: places.ids[0], environment, limit: 9 });
      return allReadable(page.entries).map(({ number }) => number);
    }),
  );
  const numbers = issues.map(({ number }, index) => (index % 2 === 0 ? [number] : []));
  expectByKey("issues by environment", environments, found, numbers);
}

/** Users of an issue with different hashes are different users. */
export async function expectUsersApart(context: CaseContext, hashes: readonly string[]): Promise<void> {
  const places = await twoProjects(context, 10);
  const issues = [places.issueAt(0), places.issueAt(1)] as const;
  const users = hashes.map((user, index) => {
    const { id } = issues[index % 2 === 0 ? 0 : 1];
    return { issueId: id, user, lastDay: 20_000 + index, lastTurn: index };
  });
  await write(context, { newIssues: issues.map(newIssue), users });
  const refs = issues.flatMap(({ id }) => hashes.map((user) => ({ issueId: id, user })));
  const expected = refs.map((ref) => users.find(({ issueId, user }) => issueId === ref.issueId && user === ref.user));
  expectByKey("users by hash", refs, await read(context, (reader) => reader.findUsers(refs)), expected);
}
