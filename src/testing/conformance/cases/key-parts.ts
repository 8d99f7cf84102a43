import type { GroupRef } from "../../../ports/issue-store.ts";
import { load, read, write, type ConformanceCase } from "../case.ts";
import { expectByKey, oneByOne } from "../keys/key-texts.ts";
import { releasesAt, sampleEvent, sampleGroup, sampleIssue, SHOP, uuid } from "../samples.ts";

/** What stores put between the parts of a key. */
const SEPARATORS = [
  ...["", " ", ":", "::", "/", "\\", "|", "||", ",", ";", ".", "-", "--", "_", "__", "#", "@", "&", "=", "+", "~", "!"],
  ...[
    "\0",
    "\u0001",
    "\u001a",
    "\u001f",
    "\t",
    "\n",
    "\uffff",
    '"',
    "'",
    '","',
    "','",
    "%3A",
    "%2F",
    "%",
    "$",
    "*",
    "{}",
  ],
];

/** Two projects whose ids and keys are equal when they are put together with a separator: `a` + `b:c`, and `a:b` + `c`. */
const PAIRS = SEPARATORS.flatMap((separator, index) => {
  const start = `p${String(index)}x`;
  return [
    { projectId: start, key: `y${separator}z` },
    { projectId: `${start}${separator}y`, key: "z" },
  ];
});

/** Groups whose projects and keys are equal when they are put together, then groups whose strategies and keys are. */
const GROUPS: readonly GroupRef[] = [
  ...PAIRS.map((pair) => ({ ...pair, strategy: "sample/1" })),
  ...SEPARATORS.flatMap((separator, index) => {
    const projectId = `p${String(index)}x`;
    return [
      { projectId, strategy: "s", key: `t${separator}k` },
      { projectId, strategy: `s${separator}t`, key: "k" },
    ];
  }),
];

/** The issues of these groups: in the first project of each pair three, in the other one. */
const ISSUES = GROUPS.map(({ projectId }, index) => {
  const number = index < PAIRS.length ? 1 : 2 + (index % 2);
  return sampleIssue(number, { id: uuid(index + 1), projectId });
});

const EVENTS = PAIRS.map(({ projectId, key }, index) =>
  sampleEvent({ id: uuid(index + 1), projectId }, key, { count: index + 1 }),
);

const RELEASES = PAIRS.flatMap(({ projectId, key }, index) => {
  const version = `version ${String(index)}`;
  return releasesAt("016000.a").map((release) => ({
    projectId,
    release: { ...release, version, name: key, line: key },
  }));
});

/** Keys of several parts. */
export const keyPartCases: readonly ConformanceCase[] = [
  {
    id: "key-parts-kept-apart",
    title: "keys of several parts are compared part by part, whatever is at the border between these",
    requires: "A store compares texts by code unit, so that different texts are different keys, in each part of a key.",
    async run(context) {
      await write(context, {
        projects: PAIRS.map(({ projectId: id }, index) => ({ ...SHOP, id, slug: `slug-${String(index)}` })),
        releases: RELEASES,
        newIssues: ISSUES.map((issue, index) => ({ issue, group: GROUPS[index] ?? sampleGroup(issue) })),
        events: EVENTS,
      });
      const events = PAIRS.map(({ projectId, key }) => ({ projectId, id: key }));
      const names = PAIRS.map(({ projectId, key }) => ({ projectId, name: key, line: key }));
      const timelines = PAIRS.map(({ projectId, key }) => ({ projectId, lines: [key] }));
      const loaded = await load(context, { events, groups: GROUPS, releases: names, timelines });
      const ids = ISSUES.map(({ id }) => id);
      expectByKey("issues of events", events, loaded.duplicateOf, ids.slice(0, PAIRS.length));
      const grouped = loaded.grouped.map((issue) => issue?.id);
      expectByKey("issues of groups", GROUPS, grouped, ids);
      const releases = RELEASES.map(({ release }) => release);
      expectByKey("releases", names, loaded.releases, releases);
      const latest = PAIRS.map(({ projectId, key }) => loaded.timelines.get(projectId)?.lines.get(key)?.latest);
      expectByKey("the latest releases of lines", names, latest, releases);
      const found = await read(context, (reader) => oneByOne(events, (ref) => reader.findEvent(ref)));
      expectByKey("events", events, found, EVENTS);
    },
  },
];
