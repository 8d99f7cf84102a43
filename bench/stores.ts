import { createMemoryStore, volumeCondition, type IssueListOptions, type IssueTracker } from "issue-lifecycle";
import { openSqliteStore } from "issue-lifecycle/sqlite";
import { digestingByHand, type BenchEvent } from "./by-hand.ts";
import { EventSource, Files, floorOn, MODE_NAMES, MODES, seed, trackerOn, type Mode } from "./databases.ts";
import { compare, figuresBeside, type Contender, type Figure, type Form, type Section } from "./figure.ts";

const ISSUES = 10_000;
const MANY_ISSUES = 1_000_000;
const BATCH = 1_000;
const AT_ONCE = 64;

interface Digesting {
  digest(events: readonly BenchEvent[]): unknown;
  close(): unknown;
}

/** A contender that digests so many events in a round, in calls of so many. */
function contender(mode: Mode, digesting: Digesting, events: number, perCall: number): Contender {
  const source = new EventSource(mode);
  let ready: BenchEvent[][] = [];
  return {
    prepare: () => {
      ready = Array.from({ length: events / perCall }, () => source.take(perCall));
    },
    work: async () => {
      for (const each of ready) await digesting.digest(each);
    },
    operations: events,
    close: () => digesting.close(),
  };
}

/** A tracker on a file, which is given one event, or a batch. */
async function library(
  filename: string,
  prepare: (tracker: IssueTracker) => Promise<unknown> = () => Promise.resolve(),
): Promise<Digesting> {
  const tracker = trackerOn(await openSqliteStore({ filename }));
  await prepare(tracker);
  return digestingOn(tracker);
}

function digestingOn(tracker: IssueTracker): Digesting {
  return {
    digest: (events) =>
      events.length === 1 ? Promise.all(events.map((event) => tracker.digest(event))) : tracker.digest(events),
    close: () => tracker.close(),
  };
}

/** Mutes the hot issue until three conditions that will not be met. */
async function muteHotIssue(tracker: IssueTracker): Promise<void> {
  const { items } = await tracker.issues.list({ projectId: "shop", search: "E5x:" });
  const conditions = [
    volumeCondition(1e9, "minute", 60),
    volumeCondition(1e9, "day", 30),
    volumeCondition(1e9, "total"),
  ];
  for (const { id } of items) await tracker.issues.mute(id, { conditions });
}

async function withFiles<Result>(work: (files: Files) => Promise<Result>): Promise<Result> {
  const files = new Files();
  try {
    return await work(files);
  } finally {
    files.remove();
  }
}

/** The figure of a contender beside its floor. */
function figureOf(
  { rounds }: Form,
  parts: Pick<Figure, "id" | "what" | "goal">,
  floor: Contender,
  subject: Contender,
): Promise<Figure[]> {
  return figuresBeside(rounds, "us an event", floor, [[parts, subject]]);
}

const GOALS = { hot: 1.5, zipf: 2.2, new: 3 } as const;

/** One event a transaction. */
export const SQLITE_SINGLE: Section = {
  title: `SQLite, one event a transaction, ${ISSUES.toLocaleString("en")} issues there`,
  floor: "by hand: insert the event's id and update one row",
  says:
    "Of an event of one hot issue, SQLite takes about two fifths: besides what the floor does, it looks whether the event is stored, and twice " +
    "whether another connection has written. JavaScript takes about half. It is spread over checks, grouping, the transition, rows and a hundred " +
    "promises: no function has more than two hundredths. The rest is garbage collection. What a transaction writes to the log, counted there: by the floor " +
    "2.2 to 2.5 pages of 4 KiB, by an event of the hot issue 6.6, of 1,000 issues 7.7 (their places in the two lists that are in an order of time and " +
    "of counts are on other pages), of a new issue 21.3, in seven tables and eight indexes. Each page is written twice, to the log and, by a thread, to " +
    "the file. Without the rows of marks, first turning points, groups and alerts, which a digest cannot do without but other tables could hold, a new " +
    "issue takes 0.7 of that (measured with these statements left out).",
  run: (form) =>
    withFiles(async (files) => {
      // So many that the floor has a checkpoint of its log in each round, too.
      const events = form.isShort ? 200 : 2_000;
      const figures: Figure[] = [];
      for (const mode of MODES) {
        const floor = contender(mode, floorOn(await files.withFloor(ISSUES)), events, 1);
        const subject = contender(mode, await library(await files.withIssues(ISSUES)), events, 1);
        const parts = { id: `sqlite/one/${mode}`, what: `digest, ${MODE_NAMES[mode]}`, goal: GOALS[mode] };
        figures.push(...(await figureOf(form, parts, floor, subject)));
      }
      const [unwatched, watched] = [
        await library(await files.withIssues(ISSUES)),
        await library(await files.withIssues(ISSUES), muteHotIssue),
      ];
      figures.push(
        ...(await figureOf(
          form,
          { id: "sqlite/one/muted", what: "digest, one hot issue with 3 conditions, to one without", goal: 1.05 },
          contender("hot", unwatched, events, 1),
          contender("hot", watched, events, 1),
        )),
      );
      return figures;
    }),
};

/** Calls at the same time. */
export const SQLITE_CONCURRENT: Section = {
  title: `SQLite, ${String(AT_ONCE)} calls of digest at a time, ${ISSUES.toLocaleString("en")} issues there`,
  floor: "by hand: insert one event's id and update one row, in a transaction",
  says: "Calls that share a transaction still have their own check, context, promise and outcome. An event costs about what it costs in a batch of 100.",
  run: (form) =>
    withFiles(async (files) => {
      const events = AT_ONCE * (form.isShort ? 10 : 32);
      const figures: Figure[] = [];
      for (const mode of MODES) {
        const tracker = trackerOn(await openSqliteStore({ filename: await files.withIssues(ISSUES) }));
        const subject: Digesting = {
          digest: (calls) => Promise.all(calls.map((event) => tracker.digest(event))),
          close: () => tracker.close(),
        };
        figures.push(
          ...(await figureOf(
            form,
            {
              id: `sqlite/concurrent/${mode}`,
              what: `digest, ${MODE_NAMES[mode]}`,
              ...(mode === "hot" && { goal: 0.5 }),
            },
            contender(mode, floorOn(await files.withFloor(ISSUES)), events, 1),
            contender(mode, subject, events, AT_ONCE),
          )),
        );
      }
      return figures;
    }),
};

/** Batches, beside the same by hand. */
export const SQLITE_BATCHES: Section = {
  title: `SQLite, batches of ${BATCH.toLocaleString("en")}, ${ISSUES.toLocaleString("en")} issues there`,
  floor: "by hand: a batch with the same effects, in the same tables",
  says:
    "The batch by hand trusts its input, groups by one text, knows the order of the one release, and returns nothing. Checks, grouping and " +
    "outcomes are most of what the library adds to it.",
  run: (form) =>
    withFiles(async (files) => {
      const events = BATCH * (form.isShort ? 2 : 5);
      const figures: Figure[] = [];
      for (const mode of MODES) {
        figures.push(
          ...(await figureOf(
            form,
            { id: `sqlite/batch/${mode}`, what: `digest, ${MODE_NAMES[mode]}`, goal: 1.4 },
            contender(mode, digestingByHand(await files.withIssues(ISSUES)), events, BATCH),
            contender(mode, await library(await files.withIssues(ISSUES)), events, BATCH),
          )),
        );
      }
      return figures;
    }),
};

/** What a batch costs by its size. */
export const SQLITE_BATCH_SIZES: Section = {
  title: "SQLite, batches by their size, one hot issue",
  floor: "the same events one by one",
  run: (form) =>
    withFiles(async (files) => {
      const figures: Figure[] = [];
      for (const size of form.isShort ? [10, 1_000] : [10, 100, 1_000, 10_000]) {
        const events = Math.max(1_000, size);
        figures.push(
          ...(await figureOf(
            form,
            { id: `sqlite/size/${String(size)}`, what: `digest, batches of ${size.toLocaleString("en")}` },
            contender("hot", await library(await files.withIssues(ISSUES)), 1_000, 1),
            contender("hot", await library(await files.withIssues(ISSUES)), events, size),
          )),
        );
      }
      return figures;
    }),
};

/** What the history costs. */
export const SQLITE_HISTORY: Section = {
  title: "SQLite, by the issues and events that are there",
  floor: `the same with ${ISSUES.toLocaleString("en")} of them`,
  run: (form) =>
    withFiles(async (files) => {
      const figures: Figure[] = [];
      for (const issues of form.isShort ? [50_000] : [100_000, MANY_ISSUES]) {
        for (const [name, perCall, goals] of [
          ["one", 1, { hot: 1.25, zipf: 1.25 }],
          ["batch", BATCH, { hot: 2.5, zipf: 2.5 }],
        ] as const) {
          for (const mode of ["hot", "zipf"] as const) {
            const events = perCall === 1 ? 500 : 2 * BATCH;
            const what = `${perCall === 1 ? "one event a transaction" : "batches of 1,000"}, ${MODE_NAMES[mode]}`;
            figures.push(
              ...(await figureOf(
                form,
                {
                  id: `sqlite/history/${name}/${mode}/${String(issues)}`,
                  what: `${issues.toLocaleString("en")} issues: ${what}`,
                  ...(issues === MANY_ISSUES && { goal: goals[mode] }),
                },
                contender(mode, await library(await files.withIssues(ISSUES)), events, perCall),
                contender(mode, await library(await files.withIssues(issues)), events, perCall),
              )),
            );
          }
        }
      }
      return [...figures, ...(await listFigures(form, await files.withIssues(form.isShort ? 50_000 : MANY_ISSUES)))];
    }),
};

/** How long lists take where all issues were last seen at the same time, and have as many events as others. */
async function listFigures({ rounds, isShort }: Form, filename: string): Promise<Figure[]> {
  const tracker = trackerOn(await openSqliteStore({ filename }));
  type ListedBy = Pick<IssueListOptions, "sort" | "search">;
  const issues = isShort ? 50_000 : MANY_ISSUES;
  const lists: readonly (readonly [id: string, what: string, goal: number, options: ListedBy])[] = [
    ...(["last-seen", "event-count", "first-seen"] as const).map(
      (sort) => [sort, `a page of 50 by ${sort}`, 10, { sort }] as const,
    ),
    ["search", "a page of a search that finds nothing", 150, { search: "nowhere" }],
  ];
  const figures: Figure[] = [];
  for (const [id, what, goal, options] of lists) {
    const work = (): Promise<unknown> => tracker.issues.list({ projectId: "shop", ...options });
    const [measured] = await compare(rounds, [{ work }]);
    const value = (measured?.value ?? Number.NaN) / 1_000;
    const parts = { id: `sqlite/history/list/${id}/${String(issues)}`, unit: "ms", value, goal };
    figures.push({ ...parts, what: `${issues.toLocaleString("en")} issues: ${what}` });
  }
  await tracker.close();
  return figures;
}

/** The store in memory. */
export const MEMORY: Section = {
  title: `The store in memory, batches of ${BATCH.toLocaleString("en")}, ${ISSUES.toLocaleString("en")} issues there`,
  floor: "SQLite by hand: a batch with the same effects",
  run: (form) =>
    withFiles(async (files) => {
      const events = BATCH * (form.isShort ? 2 : 5);
      const figures: Figure[] = [];
      for (const mode of MODES) {
        const store = createMemoryStore();
        await seed(store, ISSUES);
        figures.push(
          ...(await figureOf(
            form,
            { id: `memory/batch/${mode}`, what: `digest, ${MODE_NAMES[mode]}` },
            contender(mode, digestingByHand(await files.withIssues(ISSUES)), events, BATCH),
            contender(mode, digestingOn(trackerOn(store)), events, BATCH),
          )),
        );
      }
      return figures;
    }),
};

const TEXT_LENGTH = 4_000_000;
const TEXTS = [
  ["NUL", "\0"],
  ["lone surrogates", "\ud800"],
  ["⋄, which separates the parts of keys", "⋄"],
  ["line ends", "\n"],
  ["emoji", "😀"],
  ["lone surrogates and letters in turn", "\ud800a"],
  ["NUL and letters in turn", "\0a"],
  ["⋄ and letters in turn", "⋄a"],
  ["numbers between blanks", "12 "],
] as const;

/** Large texts, of characters that have to be escaped. */
export const BIG_TEXTS: Section = {
  title: "SQLite, an event whose value is 4 million characters",
  floor: "plain ASCII",
  async run({ rounds }) {
    const tracker = trackerOn(await openSqliteStore({ filename: ":memory:" }));
    await tracker.projects.save({ id: "shop" });
    const digesting = (part: string): Contender => {
      const value = part.repeat(Math.floor(TEXT_LENGTH / part.length));
      return { work: () => tracker.digest({ projectId: "shop", type: "E", value }) };
    };
    const figures = await figuresBeside(
      Math.min(rounds, 7),
      "us",
      digesting("a"),
      TEXTS.map(([what, character], index) => [{ id: `texts/${String(index)}`, what, goal: 5 }, digesting(character)]),
    );
    await tracker.close();
    return figures;
  },
};

const BIG_KEYS = 20;

/** Issues whose keys have 4 million characters. */
async function addBigKeys(tracker: IssueTracker): Promise<void> {
  for (let number = 0; number < BIG_KEYS; number++) {
    await tracker.digest({
      projectId: "shop",
      type: `Big${String(number)}x`,
      value: "abcdefgh".repeat(TEXT_LENGTH / 8),
    });
  }
}

/** Known issues beside others whose keys are large. */
export const BIG_KEYS_BESIDE: Section = {
  title: `Batches of ${BATCH.toLocaleString("en")} known issues, beside ${String(BIG_KEYS)} issues with keys of 4 million characters`,
  floor: "the same without those issues",
  run: ({ isShort, rounds }) =>
    withFiles(async (files) => {
      const events = BATCH * (isShort ? 2 : 5);
      const beside = async (
        store: string,
        open: (prepare?: (tracker: IssueTracker) => Promise<unknown>) => Promise<Digesting>,
      ): Promise<Figure[]> =>
        figuresBeside(rounds, "us an event", contender("zipf", await open(), events, BATCH), [
          [
            { id: `texts/beside/${store}`, what: `${store}, ${MODE_NAMES.zipf}`, goal: 1.2 },
            contender("zipf", await open(addBigKeys), events, BATCH),
          ],
        ]);
      return [
        ...(await beside("SQLite", async (prepare) => library(await files.withIssues(ISSUES), prepare))),
        ...(await beside("memory", async (prepare) => {
          const store = createMemoryStore();
          await seed(store, ISSUES);
          const tracker = trackerOn(store);
          await prepare?.(tracker);
          return digestingOn(tracker);
        })),
      ];
    }),
};
