import { createIssueTracker, type AlertOptions, type IssueTracker } from "issue-lifecycle";
import { openSqliteStore } from "issue-lifecycle/sqlite";
import { openDatabase } from "./by-hand.ts";
import { Files } from "./databases.ts";
import { figuresBeside, type Contender, type Figure, type Section } from "./figure.ts";

/** How many alerts a round delivers. */
const COUNT = 1_000;
/** As many at a time as a dispatcher has by default. */
const AT_ONCE = 4;
/** How many alerts of one issue may wait. */
const WAITING = 5_000;

/** The floor: by hand, lease four rows in a transaction, and delete them in another. */
function byHand(filename: string): Contender {
  const database = openDatabase(filename);
  database.exec(
    "create table alerts (id integer primary key, due_at integer, alert text); create index due on alerts (due_at, id)",
  );
  const insert = database.prepare("insert into alerts values (?, 1, ?)");
  const due = database.prepare<[number], { id: number; alert: string }>(
    "select id, alert from alerts where due_at <= 1 order by due_at, id limit ?",
  );
  const lease = database.prepare("update alerts set due_at = 2 where id = ?");
  const remove = database.prepare("delete from alerts where id = ?");
  const claim = database.transaction(() => {
    const rows = due.all(AT_ONCE);
    for (const { id } of rows) lease.run(id);
    return rows;
  });
  const settle = database.transaction((rows: readonly { id: number }[]) => {
    for (const { id } of rows) remove.run(id);
  });
  return {
    operations: COUNT,
    prepare: () => {
      database.transaction(() => {
        for (let index = 0; index < COUNT; index++) insert.run(index, "x".repeat(700));
      })();
    },
    work: () => {
      for (let rows = claim(); rows.length > 0; rows = claim()) settle(rows);
    },
    close: () => {
      database.close();
    },
  };
}

/** A tracker whose sink takes no time. Its alerts are about different issues. */
async function delivering(filename: string, alerts: AlertOptions = {}): Promise<Contender> {
  const store = await openSqliteStore({ filename });
  const raising = createIssueTracker({ store, alertSink: "elsewhere" });
  await raising.projects.save({ id: "shop" });
  return draining(
    raising,
    createIssueTracker({ store, alertSink: () => undefined, alerts: { limits: null, ...alerts } }),
  );
}

/** One tracker raises alerts about new issues, and the other one delivers them. */
function draining(raising: IssueTracker, tracker: IssueTracker): Contender {
  let made = 0;
  return {
    operations: COUNT,
    prepare: () =>
      raising.digest(
        Array.from({ length: COUNT }, () => ({ projectId: "shop", type: `E${String(made++)}x`, value: "it broke" })),
      ),
    work: () => tracker.alerts.drain(),
    close: () => tracker.close(),
  };
}

/** As {@link delivering}, while so many alerts of one issue wait for one that is tried again later. */
async function deliveringBehind(filename: string): Promise<Contender> {
  const store = await openSqliteStore({ filename });
  const raising = createIssueTracker({ store, alertSink: "elsewhere", alerts: { quietAfterMs: null } });
  await raising.projects.save({ id: "shop" });
  const tracker = createIssueTracker({
    store,
    alertSink: ({ issue }) => {
      if (issue?.title.startsWith("Stuck") === true) throw new Error("not now");
    },
    alerts: { limits: null, inOrder: true, backoffMs: 3_600_000, maxBackoffMs: 3_600_000 },
    onError: () => undefined,
  });
  const stuck = { projectId: "shop", type: "Stuck", value: "it broke" };
  const [first] = await raising.digest([stuck]);
  if (first?.kind !== "digested") throw new Error("not digested");
  for (let turn = 0; turn < WAITING; turn++) {
    await raising.issues.resolve(first.issue.id);
    await raising.digest(stuck);
  }
  await tracker.alerts.drain();
  return draining(raising, tracker);
}

/** Delivery of alerts by a sink that takes no time. */
export const ALERTS: Section = {
  title: "SQLite, delivery of an alert by a sink that takes no time, four at a time",
  floor: "by hand: lease four rows, delete four rows",
  says:
    "Results are stored, and the next alerts are claimed, in one transaction. Of its time, SQLite takes a third, the statements' JavaScript (binding, " +
    "decoding) a quarter, the dispatcher an eighth, reading the alerts from JSON a tenth, and signals and timers of the attempts a twentieth.",
  async run({ rounds }) {
    const files = new Files();
    const limits = { perIssue: 1_000_000, perProject: 1_000_000 };
    const contenders: readonly (readonly [Pick<Figure, "id" | "what" | "goal">, Contender])[] = [
      [{ id: "delivery/any-order", what: "drain()", goal: 1.8 }, await delivering(files.name())],
      [
        { id: "delivery/in-order", what: "drain(), in order", goal: 2.16 },
        await delivering(files.name(), { inOrder: true }),
      ],
      [
        { id: "delivery/in-order-waiting", what: "drain(), in order, 5,000 alerts of one issue waiting", goal: 2.16 },
        await deliveringBehind(files.name()),
      ],
      [
        { id: "delivery/limits", what: "drain(), limits that nothing reaches" },
        await delivering(files.name(), { limits }),
      ],
      [
        { id: "delivery/hundred", what: "drain(), a hundred at a time" },
        await delivering(files.name(), { concurrency: 100 }),
      ],
    ];
    const figures = await figuresBeside(Math.min(rounds, 7), "us an alert", byHand(files.name()), contenders);
    files.remove();
    return figures;
  },
};
