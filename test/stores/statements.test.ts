import { afterEach, describe, expect, test } from "vitest";
import { createIssueTracker, volumeCondition, type NewEvent } from "../../src/index.ts";
import { kyselyStore, migrate, type StoreDialect } from "../../src/kysely/index.ts";
import { createVirtualClock } from "../../src/testing/index.ts";
import { DATABASES, type DatabaseKind, type Place } from "../support/databases.ts";
import { HOUR, START } from "../support/scenario.ts";
import { tablesIn } from "../support/tables.ts";

const places: Place[] = [];

afterEach(async () => {
  for (const place of places.splice(0)) await place.drop();
});

/** A tracker that says how many statements a piece of work took. */
async function counting({ makePlace }: DatabaseKind) {
  const place = await makePlace();
  places.push(place);
  const statements: string[] = [];
  await migrate(tablesIn(place));
  const db = place.connect({ log: ({ query }) => void statements.push(query.sql) });
  const clock = createVirtualClock(START + HOUR);
  const tracker = createIssueTracker({ store: kyselyStore(tablesIn(place, db)), clock, alertSink: "elsewhere" });
  await tracker.projects.save({ id: "shop" });
  const count = async (work: () => Promise<unknown>): Promise<number> => {
    statements.length = 0;
    await work();
    return statements.length;
  };
  return { tracker, count };
}

/** Events of some issues, spread over minutes and releases. */
function eventsOf(batch: string, count: number, issues: number): NewEvent[] {
  return Array.from({ length: count }, (_, index) => ({
    projectId: "shop",
    id: `${batch} ${String(index)}`,
    type: `T${String(index % issues)}`,
    data: { index },
    receivedAt: START + (index % 5) * 60_000,
  }));
}

/**
 * Of a digest of one event of a known issue, and of a new one, with the beginning and the end of its transaction, which PGlite
 * does not show. MySQL has no blocks, which MariaDB has.
 */
const ON_SERVERS: Readonly<Partial<Record<StoreDialect["kind"], readonly (readonly number[])[]>>> = {
  postgres: [
    [4, 6],
    [2, 4],
  ],
  mysql: [
    [3, 3],
    [10, 17],
  ],
};

describe.each(DATABASES)("the statements on $name", (kind) => {
  test("of a digest are as many for 1,000 events as for 20, and no more for each 1,000 of a larger one", async () => {
    const { tracker, count } = await counting(kind);
    await tracker.digest(eventsOf("first", 20, 10));
    const few = await count(() => tracker.digest(eventsOf("few", 20, 10)));
    const many = await count(() => tracker.digest(eventsOf("many", 1_000, 10)));
    expect(many).toBe(few);
    const duplicates = await count(() => tracker.digest(eventsOf("many", 1_000, 10)));
    expect(duplicates).toBeLessThanOrEqual(few);
    const larger = await count(() => tracker.digest(eventsOf("larger", 3_000, 10)));
    expect(larger).toBeLessThanOrEqual(3 * few);
  });

  test("of a digest are a few more for events with users, however many, and none more for what else events carry", async () => {
    const { tracker, count } = await counting(kind);
    await tracker.digest(eventsOf("first", 20, 10));
    const carrying = (batch: string, length: number, more: (index: number) => Partial<NewEvent>) =>
      count(() => tracker.digest(eventsOf(batch, length, 10).map((event, index) => ({ ...event, ...more(index) }))));
    const plain = await carrying("plain", 20, () => ({}));
    await carrying("staging", 10, () => ({ environment: "staging" }));
    const event = { count: 3, environment: "staging", level: "info", value: "", transaction: "GET /" } as const;
    expect(await carrying("more", 20, () => event)).toBe(plain);
    const userId = (index: number): string => `user ${String(index)}`;
    // They are found and saved. Servers take what is saved in one round trip with all else.
    const more = kind.dialect.together === null ? 2 : 1;
    expect(await carrying("few users", 20, (index) => ({ userId: userId(index) }))).toBe(plain + more);
    expect(await carrying("many users", 1_000, (index) => ({ userId: userId(index) }))).toBe(plain + more);
  });

  test("of a digest are as many for 1,000 issues as for 20, new ones and muted ones too", async () => {
    const { tracker, count } = await counting(kind);
    const few = await count(() => tracker.digest(eventsOf("few", 20, 20)));
    const many = await count(() => tracker.digest(eventsOf("many", 1_000, 1_000)));
    // The few are among the many: some issues are there and some are not.
    expect(many).toBeLessThanOrEqual(few + 6);
    const conditions = [volumeCondition(2_000, "day")];
    await tracker.issues.bulk({ filter: { projectId: "shop" } }, { kind: "mute", conditions });
    const muted = await count(() => tracker.digest(eventsOf("muted", 1_000, 1_000)));
    expect(muted).toBeLessThanOrEqual(few + 6);
  });

  test("of a bulk command are as many for 500 issues as for 20, for every command", async () => {
    const { tracker, count } = await counting(kind);
    await tracker.digest(eventsOf("all", 520, 520));
    const { items } = await tracker.issues.list({ projectId: "shop", limit: 1_000 });
    const ids = items.map(({ id }) => id);
    await tracker.releases.register({ projectId: "shop", version: "2.0.0" });
    const [few, many] = [ids.slice(0, 20), ids.slice(20)];
    const commands = [
      { kind: "mute", conditions: [volumeCondition(100, "day")] },
      { kind: "unmute" },
      { kind: "resolve", in: { release: "2.0.0" } },
      { kind: "reopen" },
      { kind: "resolve", in: "next-release" },
      { kind: "annotate", comment: "seen" },
      { kind: "delete" },
    ] as const;
    for (const command of commands) {
      const select = (chosen: readonly string[]) => ({ projectId: "shop", ids: chosen });
      const forFew = await count(() => tracker.issues.bulk(select(few), command));
      const forMany = await count(() => tracker.issues.bulk(select(many), command));
      // Where an index cannot be read from an input row's value on, marks are looked up in chunks of 50.
      const chunks = kind.dialect.rows.seeksFromInput ? 0 : 10;
      expect.soft([command.kind, forMany <= forFew + chunks]).toEqual([command.kind, true]);
    }
  });
});

describe.each(DATABASES.filter(({ dialect }) => dialect.together !== null))("on $name", (kind) => {
  test("the statements of a digest of one event are few", async () => {
    const { tracker, count } = await counting(kind);
    const event = { projectId: "shop", release: "1.0.0", receivedAt: START };
    await tracker.digest([{ ...event, type: "first" }]);
    await tracker.digest([{ ...event, type: "hot" }]);
    const hot = await count(() => tracker.digest([{ ...event, type: "hot" }]));
    const created = await count(() => tracker.digest([{ ...event, type: "new" }]));
    expect(ON_SERVERS[kind.dialect.kind]).toContainEqual([hot, created]);
  });
});
