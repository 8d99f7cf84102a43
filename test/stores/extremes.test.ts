import { sql } from "kysely";
import { afterEach, describe, expect, test } from "vitest";
import { createIssueTracker } from "../../src/index.ts";
import {
  MAX_EVENT_ID_LENGTH,
  MAX_PROJECT_ID_LENGTH,
  MAX_RELEASE_LENGTH,
  type ReleasePlace,
} from "../../src/core/index.ts";
import { mysqlDialect } from "../../src/kysely/index.ts";
import { DATABASES_FOR_STORIES, SERVERS, type DatabaseKind, type Place } from "../support/databases.ts";
import { failureOf } from "../support/scenario.ts";
import { openStore, tablesIn } from "../support/tables.ts";

const places: Place[] = [];

afterEach(async () => {
  for (const place of places.splice(0)) await place.drop();
});

async function openTracker({ makePlace }: DatabaseKind) {
  const place = await makePlace();
  places.push(place);
  return createIssueTracker({ store: await openStore(tablesIn(place)), alertSink: "elsewhere" });
}

describe.each(DATABASES_FOR_STORIES)("on $name", (kind) => {
  test.each(["\ud800", "😀", "z", "\0"])(
    "the longest names are stored whole when they consist of %j",
    async (character) => {
      const tracker = await openTracker(kind);
      const longest = (length: number): string => character.repeat(length).slice(0, length);
      const projectId = longest(MAX_PROJECT_ID_LENGTH);
      const release = longest(MAX_RELEASE_LENGTH);
      const other = `${release.slice(0, -1)}!`;
      const id = longest(MAX_EVENT_ID_LENGTH);
      await tracker.projects.save({ id: projectId, slug: "s".repeat(50) });
      await tracker.digest([
        { projectId, id, type: "E", release },
        { projectId, id: `${id.slice(0, -1)}!`, type: "E", release: other },
      ]);
      expect(await tracker.events.get(projectId, id)).toMatchObject({ id, release });
      expect(await tracker.digest({ projectId, id, type: "E" })).toMatchObject({ kind: "duplicate" });
      const { items } = await tracker.releases.list(projectId);
      expect(items.map(({ version }) => version)).toEqual([other, release]);
      const { items: issues } = await tracker.issues.list({ projectId });
      const fix = { release: longest(MAX_RELEASE_LENGTH - 1), announce: true };
      await tracker.issues.resolve(issues[0]?.id ?? "", { in: fix });
      await tracker.digest({ projectId, type: "E", release: fix.release });
      expect((await tracker.issues.get(issues[0]?.id ?? ""))?.state.status).toBe("open");
    },
  );

  test("the longest order key of a release is stored whole", async () => {
    const tracker = await openTracker(kind);
    await tracker.projects.save({ id: "shop" });
    const versions = [1, 2].map((last) => `1.0.0-${Array.from({ length: 121 }, () => "1").join(".")}.${String(last)}`);
    for (const release of versions) await tracker.digest({ projectId: "shop", type: "E", release });
    expect((await tracker.releases.list("shop")).items.map(({ version }) => version)).toEqual([...versions].reverse());
  });

  test.each(["\ud800", "日", "\0"])(
    "the longest names, lines and places of a release order are stored whole when they consist of %j",
    async (character) => {
      const place = await kind.makePlace();
      places.push(place);
      const text = (end: string): string => character.repeat(260 - end.length) + end;
      const read = (release: string): ReleasePlace => ({
        name: text(release),
        line: text(release.slice(0, 1)),
        place: "~".repeat(900 - release.length) + release,
        byDate: true,
      });
      const store = await openStore(tablesIn(place));
      const tracker = createIssueTracker({ store, releaseOrder: { version: character.repeat(50), read } });
      await tracker.projects.save({ id: "shop" });
      const versions = ["a1", "a2", "b1"];
      for (const release of versions) await tracker.digest({ projectId: "shop", type: "E", release });
      const { items } = await tracker.releases.list("shop");
      expect(items.map(({ version, name, line }) => ({ version, name, line }))).toEqual(
        ["b1", "a2", "a1"].map((version) => ({ version, name: read(version).name, line: read(version).line })),
      );
      const [issue] = (await tracker.issues.list({ projectId: "shop" })).items;
      const marks = (await tracker.issues.releases(issue?.id ?? "")).items;
      expect(marks.map(({ orderKey }) => orderKey)).toEqual(items.map(({ orderKey }) => orderKey));
    },
  );

  test.each(["\ud800a", "\0a", "\0\ud800", "⋄a", "\ud800\0a⋄\ue000\u001a😀"])(
    "large texts that repeat %j are returned whole, and group by their ends",
    async (part) => {
      const tracker = await openTracker(kind);
      await tracker.projects.save({ id: "shop" });
      const long = part.repeat(20_000);
      const texts = (end: string) => ({ type: long, value: long + end, transaction: long });
      const digest = (id: string, end: string) => tracker.digest({ projectId: "shop", id, ...texts(end) });
      expect(await digest("one", "x")).toMatchObject({ created: true });
      expect(await digest("again", "x")).toMatchObject({ created: false });
      expect(await digest("other", "y")).toMatchObject({ created: true });
      const { type, value, transaction } = (await tracker.events.get("shop", "other")) ?? {};
      expect(type === long && value === `${long}y` && transaction === long).toBe(true);
    },
  );

  test("events with megabytes of data are stored, also many in one batch", async () => {
    const tracker = await openTracker(kind);
    await tracker.projects.save({ id: "shop" });
    const data = (character: string): string => character.repeat(700_000);
    const batch = ["'", '"', "\\", "日", "😀", "x"].map((character) => ({
      projectId: "shop",
      id: character,
      type: "E",
      data: data(character),
    }));
    await tracker.digest(batch);
    for (const { id } of batch) {
      expect((await tracker.events.get("shop", id))?.data === data(id)).toBe(true);
    }
  });
});

describe.each(SERVERS.filter(({ dialect }) => dialect === mysqlDialect))("on $name", (kind) => {
  test("an event that is larger than the server allows is refused permanently, and nothing of it is stored", async () => {
    const tracker = await openTracker(kind);
    await tracker.projects.save({ id: "shop" });
    const allowed = await maxAllowedPacket();
    const text = "日".repeat(4_000_000);
    const texts = { type: text, value: text, transaction: text, data: text };
    const digested = tracker.digest({ projectId: "shop", id: "big", ...texts });
    if (allowed > 60_000_000) {
      expect(await digested).toMatchObject({ created: true });
      return;
    }
    expect(await failureOf(digested)).toMatchObject({
      code: "store-failed",
      retryable: false,
      message: expect.stringContaining("max_allowed_packet"),
    });
    expect((await tracker.issues.list({ projectId: "shop" })).items).toEqual([]);
    expect(await tracker.digest({ projectId: "shop", id: "big", type: "E" })).toMatchObject({ kind: "digested" });
  });

  async function maxAllowedPacket(): Promise<number> {
    const db = places[0]?.connect();
    if (db === undefined) throw new Error("no place");
    const { rows } = await sql<{ bytes: unknown }>`select @@max_allowed_packet as bytes`.execute(db);
    return Number(rows[0]?.bytes);
  }
});
