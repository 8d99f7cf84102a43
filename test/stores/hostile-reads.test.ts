import fc from "fast-check";
import { sql, type Transaction } from "kysely";
import { describe, expect, onTestFinished, test } from "vitest";
import { createIssueTracker, IssueLifecycleError, type TransactionTracker } from "../../src/index.ts";
import { hostileValue } from "../core/hostile.ts";
import { anyText } from "../support/arbitraries.ts";
import { DATABASES_FOR_STORIES, type DatabaseKind } from "../support/databases.ts";
import { rounds } from "../support/effort.ts";
import { openStore, tablesIn } from "../support/tables.ts";

/** A tracker in a host's transaction, with methods that take anything. */
interface Reads {
  readonly name: string;
  /** How many values it takes. */
  readonly takes: number;
  readonly call: (tracker: TransactionTracker, given: readonly unknown[]) => Promise<unknown>;
}

/** A method as it is called by code without types. */
function loosely(method: (...input: never[]) => Promise<unknown>, ...input: readonly unknown[]): Promise<unknown> {
  const result: unknown = Reflect.apply(method, undefined, input);
  return Promise.resolve(result);
}

/** All calls of a tracker that read, each with a member for each value that it takes. */
const READS: readonly Reads[] = [
  { name: "projects.get", takes: 1, call: ({ projects }, [id]) => loosely(projects.get, id) },
  { name: "issues.get", takes: 1, call: ({ issues }, [id]) => loosely(issues.get, id) },
  {
    name: "issues.list",
    takes: 4,
    call: ({ issues }, [cursor, search, status, limit]) =>
      loosely(issues.list, { projectId: "shop", cursor, search, status, limit }),
  },
  {
    name: "issues.list of a project",
    takes: 2,
    call: ({ issues }, [projectId, search]) => loosely(issues.list, { projectId, search, sort: "event-count" }),
  },
  ...(["last-seen", "first-seen", "event-count"] as const).flatMap((sort) =>
    (["ascending", "descending"] as const).map((direction) => ({
      name: `issues.list by ${sort}, ${direction}`,
      takes: 1,
      call: ({ issues }: TransactionTracker, [cursor]: readonly unknown[]) =>
        loosely(issues.list, { projectId: "shop", cursor, sort, direction }),
    })),
  ),
  {
    name: "issues.history",
    takes: 2,
    call: ({ issues }, [cursor, limit]) => loosely(issues.history, "SHOP-1", { cursor, limit }),
  },
  { name: "issues.history of an issue", takes: 1, call: ({ issues }, [id]) => loosely(issues.history, id) },
  {
    name: "issues.releases",
    takes: 2,
    call: ({ issues }, [cursor, limit]) => loosely(issues.releases, "SHOP-1", { cursor, limit }),
  },
  { name: "issues.releases of an issue", takes: 1, call: ({ issues }, [id]) => loosely(issues.releases, id) },
  {
    name: "issues.eventCounts",
    takes: 3,
    call: ({ issues }, [id, period, nrOfPeriods]) => loosely(issues.eventCounts, id, { period, nrOfPeriods }),
  },
  { name: "issues.muteProgress", takes: 1, call: ({ issues }, [id]) => loosely(issues.muteProgress, id) },
  {
    name: "issues.occursInLatestRelease",
    takes: 1,
    call: ({ issues }, [id]) => loosely(issues.occursInLatestRelease, id),
  },
  {
    name: "releases.list",
    takes: 2,
    call: ({ releases }, [cursor, limit]) => loosely(releases.list, "shop", { cursor, limit }),
  },
  { name: "releases.list of a project", takes: 1, call: ({ releases }, [id]) => loosely(releases.list, id) },
  { name: "releases.latest", takes: 1, call: ({ releases }, [id]) => loosely(releases.latest, id) },
  { name: "events.get", takes: 2, call: ({ events }, [projectId, id]) => loosely(events.get, projectId, id) },
  { name: "events.get of a project", takes: 1, call: ({ events }, [id]) => loosely(events.get, "shop", id) },
];

/** Texts that databases refuse, or that stand for numbers they refuse. */
const POISON = [
  "\0",
  "a\0b",
  "\ud800",
  "\udfff\ud800",
  "\u001a\ue000\ue000",
  "\uffff",
  "1e999",
  "-1",
  "NaN",
  "9007199254740993",
  "9223372036854775808",
  "99999999999999999999999999",
  "' or 1=1 --",
  "x".repeat(201),
  "x".repeat(1_000_000),
  "00000000-0000-0000-0000-000000000000",
  "00000000-0000-0000-0000-00000000000G",
  "SHOP-1",
  "SHOP-999999999999999",
  "SHOP-9223372036854775808",
];

/** What cursors begin with. */
const LISTS = [
  ...["last-seen", "first-seen", "event-count"].flatMap((sort) => [`${sort}:ascending`, `${sort}:descending`]),
  "history",
  "marks",
  "releases",
  "alerts pending",
];

const poison = fc.constantFrom(...POISON);

/** Values that callers may give by mistake or on purpose: among them cursors of each list, whole and poisoned. */
const given: fc.Arbitrary<() => unknown> = fc.oneof(
  hostileValue,
  poison.map((text) => () => text),
  fc.constantFrom(Number.NaN, Infinity, -1, 0.5, 2 ** 53, 2 ** 63, -(2 ** 63), 1n << 63n).map((value) => () => value),
  fc.tuple(fc.constantFrom(...LISTS), fc.array(fc.oneof(poison, anyText()), { maxLength: 3 })).map(
    ([list, parts]) =>
      () =>
        [list, ...parts].join(":"),
  ),
  fc.constantFrom("shop", "SHOP-1", "open", "day", 1, undefined).map((value) => () => value),
);

/** A read, and what it is given. */
const read = fc
  .constantFrom(...READS)
  .chain((reads) =>
    fc.array(given, { minLength: reads.takes, maxLength: reads.takes }).map((values) => ({ reads, values })),
  );

/** A host with a table of its own, and a tracker in the same database that knows some issues and releases. */
async function openHost({ makePlace }: DatabaseKind) {
  const place = await makePlace();
  const statements: string[] = [];
  const db = place.connect({ poolSize: 2, log: ({ query }) => void statements.push(query.sql) });
  const tracker = createIssueTracker({ store: await openStore(tablesIn(place, db)) });
  onTestFinished(async () => {
    await tracker.close();
    await place.drop();
  });
  await tracker.projects.save({ id: "shop" });
  const events = ["1.0.0", "1.1.0", "nightly"].map((release) => ({ projectId: "shop", type: "A", release }));
  await tracker.digest([...events, { projectId: "shop", type: "B" }]);
  const orders = sql.table(place.schema === undefined ? "orders" : `${place.schema}.orders`);
  await sql`create table ${orders} (id bigint primary key)`.execute(db);
  return {
    db,
    tracker,
    statements,
    write: (transaction: Transaction<object>, id: number) =>
      sql`insert into ${orders} (id) values (${id})`.execute(transaction),
    countRows: async (from: number): Promise<number> =>
      (await sql`select id from ${orders} where id >= ${from}`.execute(db)).rows.length,
  };
}

describe.each(DATABASES_FOR_STORIES)("a read in a host's transaction on $name", (kind) => {
  test("leaves the transaction usable and is refused for its input at most, whatever it is given", async () => {
    const { db, tracker, write, countRows } = await openHost(kind);
    let nextId = 0;
    const property = fc.asyncProperty(fc.array(read, { minLength: 1, maxLength: 8 }), async (calls) => {
      const first = nextId;
      const failures: unknown[] = [];
      await db.transaction().execute(async (transaction) => {
        const inside = tracker.withTransaction(transaction);
        for (const { reads, values } of calls) {
          const input = values.map((make) => make());
          await reads.call(inside, input).catch((error: unknown) => failures.push(error));
          await write(transaction, nextId++);
        }
      });
      expect(await countRows(first)).toBe(calls.length);
      for (const failure of failures) {
        if (!IssueLifecycleError.is(failure)) throw failure;
        expect(["invalid-input", "unknown-project", "unknown-issue"]).toContain(failure.code);
        expect(failure.field).toEqual(expect.any(String));
      }
    });
    await fc.assert(property, { numRuns: rounds({ quick: 20, full: 2_000 }) });
  }, 600_000);

  test.each([
    ["releases.list", "releases:a\0b"],
    ["releases.list", "releases:\ud800"],
    ["issues.releases", "marks:a\0b"],
    ["issues.releases", "releases:a"],
    ["issues.history", "history:9999999999999999"],
    ["issues.history", "history:1e3"],
    ["issues.list", "last-seen:descending:9999999999999999:1"],
    ["issues.list", "last-seen:descending:1:\0"],
  ])("%s refuses the cursor %j before any statement, naming its field", async (name, cursor) => {
    const { db, tracker, statements, write, countRows } = await openHost(kind);
    await db.transaction().execute(async (transaction) => {
      await write(transaction, 1);
      statements.length = 0;
      const inside = tracker.withTransaction(transaction);
      const refused = READS.find((each) => each.name === name)?.call(inside, [cursor]);
      await expect(refused).rejects.toMatchObject({ code: "invalid-input", field: "options.cursor" });
      expect(statements).toEqual([]);
      await write(transaction, 2);
    });
    expect(await countRows(1)).toBe(2);
  });
});
