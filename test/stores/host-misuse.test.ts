import { sql, type Kysely } from "kysely";
import { afterEach, describe, expect, test } from "vitest";
import { createIssueTracker, IssueLifecycleError, type IssueTracker, type NewEvent } from "../../src/index.ts";
import type { StoreDialect, TransactionClient } from "../../src/kysely/index.ts";
import { DATABASES_FOR_STORIES, type DatabaseKind, type Place } from "../support/databases.ts";
import { rounds } from "../support/effort.ts";
import { openStore, tablesIn } from "../support/tables.ts";
import type { Wire } from "../support/wire.ts";

/*
 * A host that does not await a call may do anything while the call is in progress. Each test lets it do so after the first
 * statement of the call, after the second, and so on.
 */

/** A host that works with a driver's own connection, and has a table of its own. */
interface Host {
  readonly place: Place;
  readonly db: Kysely<object>;
  readonly tracker: IssueTracker;
  readonly wire: Wire;
  /** The name of its table. */
  readonly orders: string;
}

async function openHost({ makePlace }: DatabaseKind): Promise<Host> {
  const place = await makePlace();
  const db = place.connect();
  const tracker = createIssueTracker({ store: await openStore(tablesIn(place, db)) });
  await tracker.projects.save({ id: "shop" });
  const orders = place.schema === undefined ? "orders" : `${place.schema}.orders`;
  await sql`create table ${sql.raw(orders)} (id bigint primary key)`.execute(db);
  const host = { place, db, tracker, wire: await place.openWire(), orders };
  hosts.push(host);
  return host;
}

const hosts: Host[] = [];

afterEach(async () => {
  for (const { wire, tracker, place } of hosts.splice(0)) {
    await wire.close();
    await tracker.close();
    await place.drop();
  }
});

/** A run of a test: with rows and events of its own. */
class Run {
  static #count = 0;

  readonly host: Host;
  readonly #number = ++Run.#count;

  constructor(host: Host) {
    this.host = host;
  }

  /** The first event of its issue and of its release. */
  get event(): NewEvent & { readonly id: string; readonly type: string; readonly release: string } {
    const number = String(this.#number);
    return { projectId: "shop", id: number, type: `n${number}e`, value: "x", release: `${number}.0.0` };
  }

  /** Sends a statement on the driver's own connection. */
  readonly send = (text: string): Promise<unknown> => this.host.wire.send(text);

  /** A statement that inserts a row into the host's table. */
  inserting(row: number): string {
    return `insert into ${this.host.orders} (id) values (${String(this.#number * 10 + row)})`;
  }

  readonly insert = (row: number): Promise<unknown> => this.send(this.inserting(row));

  /** The rows in the host's table, as another connection sees them. */
  async rows(): Promise<number[]> {
    const first = this.#number * 10;
    const { rows } = await sql<{ id: unknown }>`
      select id from ${sql.raw(this.host.orders)} where id between ${first} and ${first + 9} order by id`.execute(
      this.host.db,
    );
    return rows.map(({ id }) => Number(id) - first);
  }
}

/** What is stored of a run's event. */
async function storedOf({ host: { tracker }, event }: Run): Promise<unknown> {
  const { items } = await tracker.issues.list({ projectId: "shop", search: event.type });
  const [issue] = items;
  const releases = await tracker.releases.list("shop", { limit: 200 });
  return {
    counts: items.map(({ eventCount }) => eventCount),
    isReleaseKnown: releases.items.some(({ version }) => version === event.release),
    isEventStored: (await tracker.events.get("shop", event.id)) !== undefined,
    turningPoints:
      issue === undefined ? [] : (await tracker.issues.history(issue.id)).items.map(({ turn }) => turn.kind),
  };
}

const NOTHING = { counts: [], isReleaseKnown: false, isEventStored: false, turningPoints: [] };
const EVERYTHING = { counts: [1], isReleaseKnown: true, isEventStored: true, turningPoints: ["first-seen"] };

/** A moment of a call: so many microtasks after its nth statement was sent, or before the first one. */
interface Moment {
  readonly statement: number;
  readonly microtasks: number;
}

/**
 * The numbers of microtasks that are tried after each statement. On SQLite a statement is complete when it is sent, and the
 * host's code may run before or after that of the call. On a server the result comes later.
 */
const MICROTASKS: Readonly<Record<StoreDialect["kind"], readonly number[]>> = {
  sqlite: Array.from({ length: 12 }, (_, place) => place + 1).filter(
    (count) => count % rounds({ quick: 12, full: 1 }) === 0,
  ),
  postgres: [1],
  mysql: [1],
};

async function immediate(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

async function microtasks(count: number): Promise<void> {
  for (let left = count; left > 0; left--) await Promise.resolve();
}

/** A client that calls back at a moment. */
function interrupted(client: TransactionClient, moment: Moment, interrupt: () => Promise<unknown>): TransactionClient {
  let sent = 0;
  const { inOneStep, queryTogether } = client;
  const sending = <Result>(send: () => Promise<Result>): Promise<Result> => {
    if (moment.statement === 0 && sent === 0) void interrupt();
    const result = send();
    if (++sent === moment.statement) void microtasks(moment.microtasks).then(interrupt);
    return result;
  };
  return {
    kind: client.kind,
    connection: client.connection,
    query: (text, parameters) => sending(() => client.query(text, parameters)),
    execute: (text, parameters) => sending(() => client.execute(text, parameters)),
    ...(queryTogether !== undefined && {
      queryTogether: (statements) => sending(() => queryTogether(statements)),
    }),
    ...(inOneStep !== undefined && {
      inOneStep: (work) => sending(() => inOneStep(work)),
    }),
  };
}

interface Story {
  /** What the host does before the call, besides the insert of a row. */
  readonly begin?: (run: Run) => Promise<unknown>;
  /** What the host does in the middle of the call. */
  readonly interrupt: (run: Run) => Promise<unknown>;
  /** The call. */
  readonly call: (tracker: Pick<IssueTracker, "digest">, run: Run) => Promise<unknown>;
  /** What the host does at the end. */
  readonly end: (run: Run) => Promise<unknown>;
  readonly check: (run: Run, outcome: PromiseSettledResult<unknown>) => Promise<void>;
}

/** Plays a story once for each moment of the call. Returns how many statements the call has. */
async function play(kind: DatabaseKind, story: Story): Promise<number> {
  const host = await openHost(kind);
  for (let statement = 0; ; statement++) {
    for (const microtasks of MICROTASKS[kind.dialect.kind]) {
      if (!(await playOnce(host, { statement, microtasks }, story))) return statement;
    }
  }
}

/** Plays a story. Returns whether the call was interrupted: else it has fewer statements. */
async function playOnce(host: Host, moment: Moment, { begin, interrupt, call, end, check }: Story): Promise<boolean> {
  const { wire, tracker } = host;
  const run = new Run(host);
  await wire.send("begin");
  await run.insert(1);
  await begin?.(run);
  let interruption: Promise<unknown> | undefined;
  const client = interrupted(wire.client(), moment, () => (interruption = interrupt(run)));
  const [outcome] = await Promise.allSettled([call(tracker.withTransaction(client), run)]);
  await microtasks(moment.microtasks + 1);
  if (interruption === undefined) {
    await wire.send("rollback");
    return false;
  }
  await interruption;
  await end(run);
  await check(run, outcome);
  // The connection is usable.
  await wire.send("begin");
  await run.insert(9);
  await wire.send("rollback");
  return true;
}

function isEnded(outcome: PromiseSettledResult<unknown>): boolean {
  return (
    outcome.status === "rejected" &&
    IssueLifecycleError.is(outcome.reason) &&
    outcome.reason.code === "transaction-ended"
  );
}

/** A call succeeds and has stored everything, or fails and has stored nothing. */
async function checkAllOrNothing(run: Run, outcome: PromiseSettledResult<unknown>): Promise<void> {
  if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ code: "transaction-ended" });
  expect(await storedOf(run)).toEqual(isEnded(outcome) ? NOTHING : EVERYTHING);
}

const nothing = async (): Promise<void> => undefined;
const digest: Story["call"] = (tracker, { event }) => tracker.digest(event);

describe.each(DATABASES_FOR_STORIES)("a call that the host does not await, on $name", (kind) => {
  test("is stored whole or refused when the host commits", async () => {
    const statements = await play(kind, {
      interrupt: ({ send }) => send("commit"),
      call: digest,
      end: nothing,
      check: async (run, outcome) => {
        await checkAllOrNothing(run, outcome);
        expect(await run.rows()).toEqual([1]);
      },
    });
    expect(statements).toBeGreaterThan(5);
  });

  test("stores nothing when the host rolls back", async () => {
    await play(kind, {
      interrupt: ({ send }) => send("rollback"),
      call: digest,
      end: nothing,
      check: async (run, outcome) => {
        if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ code: "transaction-ended" });
        expect(await storedOf(run)).toEqual(NOTHING);
        expect(await run.rows()).toEqual([]);
      },
    });
  });

  test.each(["commit", "rollback"])("is no part of the next transaction, whose end is a %s", async (ending) => {
    await play(kind, {
      interrupt: async ({ send, insert }) => {
        await send("commit");
        await send("begin");
        await insert(2);
      },
      call: digest,
      end: async ({ send, insert }) => {
        await insert(3);
        await send(ending);
      },
      check: async (run, outcome) => {
        expect(await run.rows()).toEqual(ending === "commit" ? [1, 2, 3] : [1]);
        await checkAllOrNothing(run, outcome);
      },
    });
  });

  test("is stored whole or refused when the host releases a savepoint that it has set before", async () => {
    await play(kind, {
      begin: ({ send }) => send("savepoint h"),
      interrupt: ({ send }) => send("release savepoint h"),
      call: digest,
      end: ({ send }) => send("commit"),
      check: async (run, outcome) => {
        await checkAllOrNothing(run, outcome);
        expect(await run.rows()).toEqual([1]);
      },
    });
  });

  test("is undone with what the host undoes", async () => {
    await play(kind, {
      begin: ({ send }) => send("savepoint h"),
      interrupt: ({ send }) => send("rollback to savepoint h"),
      call: digest,
      end: async ({ send, insert }) => {
        await send("rollback to savepoint h");
        await insert(2);
        await send("commit");
      },
      check: async (run, outcome) => {
        if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ code: "transaction-ended" });
        expect(await storedOf(run)).toEqual(NOTHING);
        expect(await run.rows()).toEqual([1, 2]);
      },
    });
  });

  test("does not take back what the host writes meanwhile", async () => {
    await play(kind, {
      interrupt: ({ insert }) => insert(2),
      call: digest,
      end: ({ send }) => send("commit"),
      check: async (run, outcome) => {
        expect(outcome).toMatchObject({ status: "fulfilled" });
        expect(await storedOf(run)).toEqual(EVERYTHING);
        expect(await run.rows()).toEqual([1, 2]);
      },
    });
  });

  test("does not take back what the host writes meanwhile, if it fails", async () => {
    await play(kind, {
      interrupt: ({ insert }) => insert(2),
      call: (tracker, { event }) => tracker.digest([event, { ...event, id: `${event.id}b`, projectId: "none" }]),
      end: ({ send }) => send("commit"),
      check: async (run, outcome) => {
        expect(outcome).toMatchObject({ status: "rejected", reason: { code: "unknown-project" } });
        expect(await storedOf(run)).toEqual(NOTHING);
        expect(await run.rows()).toEqual([1, 2]);
      },
    });
  });

  test.each([
    { ending: "commits", made: "before the host pauses" },
    { ending: "rolls back", made: "before the host pauses" },
    { ending: "commits", made: "after a pause of its own" },
    { ending: "rolls back", made: "after a pause of its own" },
  ])(
    "is stored whole or refused when a transaction of Kysely $ending, and it is made $made",
    async ({ ending, made }) => {
      const host = await openHost(kind);
      const { db, tracker } = host;
      const [pauses, pause] = kind.isServer
        ? [rounds({ quick: 3, full: 40 }), immediate]
        : [rounds({ quick: 10, full: 200 }), nothing];
      for (let count = 0; count < pauses; count++) {
        // SQLite finds out in another way whether it is in a transaction where foreign keys are not checked.
        if (kind.dialect.kind === "sqlite") await sql.raw(`pragma foreign_keys = ${String(count % 2)}`).execute(db);
        const run = new Run(host);
        const calls: Promise<unknown>[] = [];
        const wait = async (): Promise<void> => {
          for (let left = count; left > 0; left--) await pause();
        };
        const first = db.transaction().execute(async (transaction) => {
          await sql.raw(run.inserting(1)).execute(transaction);
          const call = (): Promise<unknown> => tracker.withTransaction(transaction).digest(run.event);
          calls.push(made === "before the host pauses" ? call() : wait().then(call));
          void Promise.allSettled(calls);
          if (made === "before the host pauses") await wait();
          if (ending === "rolls back") throw new Error("the host rolls back");
        });
        const next = db.transaction().execute((transaction) => sql.raw(run.inserting(2)).execute(transaction));
        await Promise.allSettled([first, next]);
        const [outcome] = await Promise.allSettled(calls);
        if (outcome === undefined) throw new Error("The call was not made.");
        if (ending === "commits") await checkAllOrNothing(run, outcome);
        else expect(await storedOf(run)).toEqual(NOTHING);
        expect(await run.rows()).toEqual(ending === "commits" ? [1, 2] : [2]);
      }
    },
  );
});
