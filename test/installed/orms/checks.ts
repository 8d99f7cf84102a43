import assert from "node:assert/strict";
import { createIssueTracker, IssueLifecycleError, type IssueStore, type IssueTracker } from "issue-lifecycle";
import type { TransactionClient } from "issue-lifecycle/kysely";

/** A transaction of a host that uses some library. */
interface LibraryTransaction {
  /** What the library's adapter makes of it. */
  readonly client: TransactionClient;
  /** Inserts a row into the host's table `orders`. */
  insert(id: number): Promise<unknown>;
}

/** A host that uses some library, with one connection. */
export interface LibraryHost {
  /** Runs work in a transaction. Commits, or rolls back if the work fails. */
  transaction(work: (transaction: LibraryTransaction) => Promise<unknown>): Promise<unknown>;
  /** The ids in the host's table `orders`. */
  ids(): Promise<number[]>;
  /** Calls of the adapter with what is no transaction. */
  readonly refused: readonly (() => unknown)[];
  close(): Promise<unknown>;
}

/** What a check works with. */
interface CheckedHost {
  readonly library: LibraryHost;
  /** In the same database, through another connection. */
  readonly store: IssueStore;
  readonly tracker: IssueTracker;
}

/** Something that has to hold for every library. */
export interface LibraryCheck {
  readonly title: string;
  /** Rejects if it does not. Needs a host without rows and events. */
  readonly run: (host: CheckedHost) => Promise<void>;
}

const EVENT = { projectId: "shop", id: "e1", type: "TypeError", value: "x" };

/** Texts that some databases or drivers damage. */
const TEXTS = ["", "nul \0 here", "😀", "\ud800 half", "\\ ' \" ` % _ ? $1 :name @p1 {}", "日本語", "  blanks  "];

/** How many rows the host inserts at most between a call that it does not await and its commit. */
const MEANWHILE = [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 20, Infinity];

/** What has to hold for every library. */
export const LIBRARY_CHECKS: readonly LibraryCheck[] = [
  { title: "a digest is committed with the host's own row", run: commit },
  { title: "a digest is rolled back with the host's own row", run: rollBack },
  { title: "after a refused digest the host goes on and commits", run: refused },
  { title: "after a digest that the database refuses the host goes on and commits", run: failing },
  { title: "a digest that the host does not await is stored whole or refused", run: forgotten },
  { title: "a call after the end of the transaction is refused", run: late },
  { title: "a call is not made in another transaction than the one it was meant for", run: other },
  { title: "calls at the same time run one after the other", run: concurrent },
  { title: "reads see what the transaction has written", run: reads },
  { title: "an event that is digested again is a duplicate", run: duplicates },
  { title: "unusual texts come back unchanged", run: texts },
  { title: "a digest of 1,000 events is stored", run: thousand },
  { title: "statements run in the order of the calls", run: order },
  { title: "a statement that fails in a savepoint fails with the database's error, and the host commits", run: errors },
  { title: "what is no transaction is refused", run: refusal },
];

async function commit({ library, tracker }: CheckedHost): Promise<void> {
  await library.transaction(async ({ client, insert }) => {
    await insert(1);
    const outcome = await tracker.withTransaction(client).digest({ ...EVENT, data: { nested: [1, "é"] } });
    assert.equal(outcome.kind, "digested");
    await insert(2);
  });
  assert.deepEqual(await library.ids(), [1, 2]);
  assert.equal((await tracker.issues.get("SHOP-1"))?.eventCount, 1);
  assert.deepEqual(await dataOf(tracker, "e1"), { nested: [1, "é"] });
  assert.equal((await tracker.alerts.list()).items.length, 1);
}

async function rollBack({ library, tracker }: CheckedHost): Promise<void> {
  const work = library.transaction(async ({ client, insert }) => {
    await insert(1);
    await tracker.withTransaction(client).digest(EVENT);
    throw new Error("the host rolls back");
  });
  await assert.rejects(work, { message: "the host rolls back" });
  assert.deepEqual(await library.ids(), []);
  await expectNothingOf(tracker, "e1");
}

async function refused({ library, tracker }: CheckedHost): Promise<void> {
  await library.transaction(async ({ client, insert }) => {
    await insert(1);
    const inside = tracker.withTransaction(client);
    const batch = [EVENT, { ...EVENT, id: "e2", projectId: "none" }];
    await assert.rejects(inside.digest(batch), { code: "unknown-project" });
    await insert(2);
    await inside.digest({ ...EVENT, id: "e3" });
  });
  assert.deepEqual(await library.ids(), [1, 2]);
  assert.equal(await tracker.events.get("shop", "e1"), undefined);
  assert.equal((await tracker.issues.get("SHOP-1"))?.eventCount, 1);
}

async function failing({ library, store, tracker }: CheckedHost): Promise<void> {
  const oneId = createIssueTracker({ store, newId: () => "01900000-0000-7000-8000-000000000001" });
  await library.transaction(async ({ client, insert }) => {
    await insert(1);
    // Two new issues with one id: the database refuses the second.
    const batch = [EVENT, { ...EVENT, id: "e2", type: "RangeError" }];
    const failure = { code: "store-conflict", retryable: true };
    await assert.rejects(oneId.withTransaction(client).digest(batch), failure);
    await insert(2);
    await tracker.withTransaction(client).digest({ ...EVENT, id: "e3" });
    await insert(3);
  });
  assert.deepEqual(await library.ids(), [1, 2, 3]);
  assert.equal(await tracker.events.get("shop", "e1"), undefined);
  assert.equal((await tracker.issues.get("SHOP-1"))?.eventCount, 1);
}

async function forgotten({ library, tracker }: CheckedHost): Promise<void> {
  const outcomes = new Set<string>();
  const rows: number[] = [];
  for (const count of MEANWHILE) {
    const id = `forgotten-${String(count)}`;
    const digests: Promise<PromiseSettledResult<unknown>[]>[] = [];
    await library.transaction(async ({ client, insert }) => {
      const digest = tracker.withTransaction(client).digest({ ...EVENT, id, type: id, release: id });
      const settled = Promise.allSettled([digest]);
      digests.push(settled);
      let isSettled = false;
      void settled.then(() => (isSettled = true));
      for (let inserted = 0; inserted < count && !isSettled; inserted++) {
        await insert(next(rows));
        await turnOfTheEventLoop();
      }
    });
    // On the same connection, while the call may still be in progress.
    await library.transaction(async ({ insert }) => {
      await insert(next(rows));
      await insert(next(rows));
    });
    const [outcome] = (await Promise.all(digests)).flat();
    assert.ok(outcome !== undefined);
    outcomes.add(outcome.status);
    if (outcome.status === "fulfilled") {
      assert.equal((await tracker.events.get("shop", id))?.id, id);
      assert.equal((await tracker.issues.list({ projectId: "shop", search: `${id}:` })).items.length, 1);
    } else {
      assert.ok(IssueLifecycleError.is(outcome.reason), String(outcome.reason));
      assert.equal(outcome.reason.code, "transaction-ended");
      await expectNothingOf(tracker, id);
    }
    // The host's connection is usable, and in no transaction that the call has begun.
    await assert.rejects(
      library.transaction(async ({ insert }) => {
        await insert(1_000_000);
        throw new Error("back");
      }),
      { message: "back" },
    );
    assert.deepEqual(await library.ids(), rows);
  }
  assert.deepEqual([...outcomes].sort(), ["fulfilled", "rejected"]);
}

function turnOfTheEventLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Adds the next number to rows. */
function next(rows: number[]): number {
  rows.push(rows.length);
  return rows.length - 1;
}

async function late({ library, tracker }: CheckedHost): Promise<void> {
  const clients: TransactionClient[] = [];
  const keep = async ({ client, insert }: LibraryTransaction, id: number) => {
    await insert(id);
    clients.push(client);
    await tracker.withTransaction(client).issues.list({ projectId: "shop" });
  };
  await library.transaction((transaction) => keep(transaction, 1));
  await assert.rejects(
    library.transaction(async (transaction) => {
      await keep(transaction, 2);
      throw new Error("back");
    }),
    { message: "back" },
  );
  for (const client of clients) {
    await assert.rejects(tracker.withTransaction(client).digest(EVENT), { code: "transaction-ended" });
  }
  assert.deepEqual(await library.ids(), [1]);
  await expectNothingOf(tracker, "e1");
}

async function other({ library, tracker }: CheckedHost): Promise<void> {
  const handles: Pick<IssueTracker, "digest">[] = [];
  const kinds: string[] = [];
  await library.transaction(async ({ client, insert }) => {
    await insert(1);
    const inside = tracker.withTransaction(client);
    await inside.digest({ ...EVENT, id: "e0" });
    handles.push(inside);
    kinds.push(client.kind);
  });
  // SQLite does not tell one transaction of a connection from another.
  if (kinds.includes("sqlite")) return;
  await library.transaction(async ({ insert }) => {
    await insert(2);
    await assert.rejects(async () => handles[0]?.digest(EVENT), { code: "transaction-ended" });
    await insert(3);
  });
  assert.deepEqual(await library.ids(), [1, 2, 3]);
  assert.equal(await tracker.events.get("shop", "e1"), undefined);
  assert.equal((await tracker.issues.get("SHOP-1"))?.eventCount, 1);
}

async function concurrent({ library, tracker }: CheckedHost): Promise<void> {
  await library.transaction(async ({ client }) => {
    const settled = await Promise.allSettled([
      ...Array.from({ length: 10 }, (_, index) =>
        tracker.withTransaction(client).digest({ ...EVENT, id: `c${String(index)}` }),
      ),
      tracker.withTransaction(client).digest({ ...EVENT, projectId: "none" }),
    ]);
    assert.equal(settled.filter(({ status }) => status === "fulfilled").length, 10);
  });
  assert.equal((await tracker.issues.get("SHOP-1"))?.eventCount, 10);
}

async function reads({ library, tracker }: CheckedHost): Promise<void> {
  await library.transaction(async ({ client }) => {
    const inside = tracker.withTransaction(client);
    await inside.digest({ ...EVENT, release: "1.0.0" });
    await inside.issues.resolve("SHOP-1", { in: { release: "2.0.0" } });
    assert.equal((await inside.issues.get("SHOP-1"))?.state.status, "resolved");
    assert.equal((await inside.releases.latest("shop"))?.version, "1.0.0");
    assert.equal((await inside.issues.history("SHOP-1")).items.length, 2);
  });
  assert.equal((await tracker.issues.get("SHOP-1"))?.state.status, "resolved");
}

async function duplicates({ library, tracker }: CheckedHost): Promise<void> {
  const kinds: string[] = [];
  for (let time = 0; time < 2; time++) {
    await library.transaction(async ({ client }) => {
      const inside = tracker.withTransaction(client);
      kinds.push((await inside.digest(EVENT)).kind, (await inside.digest(EVENT)).kind);
    });
  }
  assert.deepEqual(kinds, ["digested", "duplicate", "duplicate", "duplicate"]);
  assert.equal((await tracker.issues.get("SHOP-1"))?.eventCount, 1);
}

async function texts({ library, tracker }: CheckedHost): Promise<void> {
  const events = TEXTS.map((text, index) => ({
    projectId: "shop",
    id: `text ${String(index)} ${text}`,
    type: `T${String(index)}`,
    value: text,
    transaction: text,
    data: { text, big: Number.MAX_SAFE_INTEGER },
  }));
  const [first, ...rest] = events;
  assert.ok(first !== undefined);
  await library.transaction(async ({ client }) => {
    const inside = tracker.withTransaction(client);
    await inside.digest(first);
    await inside.digest(rest);
  });
  for (const { id, data, value } of events) {
    assert.deepEqual(await dataOf(tracker, id), data, JSON.stringify(value));
  }
  const found = await tracker.issues.list({ projectId: "shop", search: "😀" });
  assert.equal(found.items.length, 1);
}

async function thousand({ library, tracker }: CheckedHost): Promise<void> {
  const data = (index: number) => ({ index, text: `' \\ $1 ? é`.repeat(index % 100) });
  const events = Array.from({ length: 1_000 }, (_, index) => ({
    projectId: "shop",
    id: `m${String(index)}`,
    type: `M${String(index % 200)}`,
    value: "x",
    release: `1.${String(index % 7)}.0`,
    data: data(index),
  }));
  await library.transaction(async ({ client, insert }) => {
    await tracker.withTransaction(client).digest(events);
    await insert(1);
  });
  const { items } = await tracker.issues.list({ projectId: "shop", limit: 200 });
  assert.equal(items.length, 200);
  assert.deepEqual(new Set(items.map(({ eventCount }) => eventCount)), new Set([5]));
  assert.deepEqual(await dataOf(tracker, "m999"), data(999));
  assert.deepEqual(await library.ids(), [1]);
}

async function order({ library }: CheckedHost): Promise<void> {
  const seen: number[] = [];
  await library.transaction(async ({ client }) => {
    const steps = Array.from({ length: 10 }, (_, id) => [
      client.execute(`insert into orders (id) values (${String(id)})`, []),
      client.query("select count(*) as n from orders", []).then(([row]) => seen.push(Number(row?.["n"]))),
    ]);
    await Promise.all(steps.flat());
  });
  assert.deepEqual(seen, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
}

/** What the errors for a key that exists have. */
const NOT_UNIQUE = {
  postgres: { code: "23505" },
  mysql: { errno: 1062 },
  sqlite: { code: "SQLITE_CONSTRAINT_PRIMARYKEY" },
};

async function errors({ library }: CheckedHost): Promise<void> {
  await library.transaction(async ({ client, insert }) => {
    await insert(1);
    await client.execute("savepoint host_s", []);
    await assert.rejects(client.execute("insert into orders (id) values (1)", []), NOT_UNIQUE[client.kind]);
    await client.execute("rollback to savepoint host_s", []);
    await insert(2);
  });
  assert.deepEqual(await library.ids(), [1, 2]);
}

async function refusal({ library }: CheckedHost): Promise<void> {
  for (const call of library.refused) assert.throws(call, { code: "invalid-input" });
}

async function expectNothingOf(tracker: IssueTracker, id: string): Promise<void> {
  assert.equal(await tracker.events.get("shop", id), undefined);
  assert.deepEqual((await tracker.issues.list({ projectId: "shop", search: `${id}:` })).items, []);
}

async function dataOf(tracker: IssueTracker, id: string): Promise<unknown> {
  const event = await tracker.events.get("shop", id);
  return event?.data ?? null;
}
