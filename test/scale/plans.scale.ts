import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { StoreDialect } from "../../src/kysely/index.ts";
import type { Example } from "./examples.ts";
import { KINDS } from "./kinds.ts";
import { fill, statementNames, type Cost, type Scale } from "./scale.ts";

/*
 * Shows that the cost of no statement grows with the tables: by the database's plans, and by how many rows it reads. Prints
 * how long each took. On a million issues, which takes minutes: npm run test:scale.
 */

/** The most rows that a statement may read: a hundredth of the issues. */
const MOST_ROWS_READ = 10_000;

/** Tables that statements may scan nevertheless, and why. */
const MAY_WALK: readonly { statement: string; variant: RegExp; database?: string; through: string; why: string }[] = [
  {
    statement: "alerts.count",
    variant: /^/u,
    through: "outbox",
    why: "it counts the alerts, for people who look at the outbox",
  },
  ...(
    [
      ["issues.someOfProject", "issues"],
      ["releases.someOfProject", "releases"],
      ["events.someOfProject", "events"],
      ["tallies.deleteOfProject", "tallies"],
    ] as const
  ).map(([statement, through]) => ({
    statement,
    variant: /^/u,
    through,
    why: "an erasure removes the first rows of a project, in the order of an index, until there are none",
  })),
  ...["alerts.after", "alerts.discarders"].map((statement) => ({
    statement,
    variant: /^/u,
    database: "PostgreSQL",
    through: "outbox",
    why: "PostgreSQL sorts the outbox, which is small, rather than read its rows in the order of their ids; an erasure is rare",
  })),
  ...["marks.move", "marks.deleteOfReleases"].map((statement) => ({
    statement,
    variant: /^500 rows/u,
    database: "PostgreSQL",
    through: "release_marks",
    why: "PostgreSQL expects as many marks of these releases as of others, which would be a large part of all",
  })),
];

/** Statements that may read more nevertheless, on one database or all, and why. */
const MAY_READ_MORE: readonly { statement: string; variant: RegExp; database?: string; why: string }[] = [
  ...MAY_WALK.filter(({ through }) => through === "release_marks" || through === "outbox"),
  {
    statement: "tallies.deleteOfProject",
    variant: /^500 rows/u,
    database: "PostgreSQL",
    why: "PostgreSQL expects that the tallies of so many projects are a large part of all; an erasure removes those of one",
  },
  ...["counts.users.within.nth", "counts.users.within.count"].map((statement) => ({
    statement,
    variant: /^/u,
    database: "PostgreSQL",
    why: "before there are statistics, PostgreSQL expects so few users of an issue that it reads and sorts all of them",
  })),
  ...["counts.releases.within.nth", "counts.releases.within.count", "entries.releases.within"].map((statement) => ({
    statement,
    variant: /of a project with many/u,
    database: "PostgreSQL",
    why: "the same of the releases of a project, of which there are fewer",
  })),
  {
    statement: "marks.nearest",
    variant: /up to one of the first, 500 rows/u,
    database: "MySQL",
    why: "it reads back from an issue's last mark, because MySQL cannot seek a range for each input row; few events are of old releases",
  },
];

for (const { name, dialect, makePlace } of KINDS) {
  describe(`on ${name}`, () => {
    let scale: Scale;
    beforeAll(async () => {
      scale = await fill(await makePlace());
    });
    afterAll(() => scale.drop());

    describe("before there are statistics", () => {
      plansAreSound();
    });

    describe("with statistics", () => {
      beforeAll(() => scale.analyze());
      plansAreSound();
    });

    function plansAreSound(): void {
      const costs: [Example, Cost][] = [];
      afterAll(() => {
        report(costs);
      });

      for (const statement of statementNames(dialect)) {
        it(`${statement} finds rows by an index`, async () => {
          const problems = new Set<string>();
          for (const example of [false, true].flatMap((latest) => scale.examplesOf(statement, latest))) {
            const found = await scale.problemsOf(example);
            const others = found.filter((problem) => !mayWalk(example, dialect, problem));
            for (const problem of others) problems.add(`${example.variant}: ${problem}`);
          }
          expect([...problems]).toEqual([]);
        });

        it(`${statement} reads few rows`, async () => {
          const tooMuch: string[] = [];
          for (const example of scale.examplesOf(statement, false)) {
            const cost = await scale.costOf(example);
            costs.push([example, cost]);
            if (!mayReadMore(example, dialect) && isTooMuch(cost)) {
              tooMuch.push(`${example.variant}: ${describeCost(cost)}`);
            }
          }
          expect(tooMuch).toEqual([]);
        });
      }
    }
  });
}

function mayWalk({ statement, variant }: Example, { name }: StoreDialect, problem: string): boolean {
  return MAY_WALK.some(
    (each) =>
      each.statement === statement &&
      each.variant.test(variant) &&
      (each.database ?? name) === name &&
      problem.includes(each.through),
  );
}

/** A search reads on until it has found enough, or all issues of one project in one state. */
function mayReadMore({ statement, variant, isSearch }: Example, { name }: StoreDialect): boolean {
  const isException = MAY_READ_MORE.some(
    (each) => each.statement === statement && each.variant.test(variant) && (each.database ?? name) === name,
  );
  return isSearch || isException;
}

function isTooMuch({ rowsRead }: Cost): boolean {
  return rowsRead !== null && rowsRead > MOST_ROWS_READ;
}

function report(costs: readonly [Example, Cost][]): void {
  const lines = costs.map(([{ statement, variant }, cost]) => `${describeCost(cost)}  ${statement} ${variant}`);
  console.log(lines.join("\n"));
}

function describeCost({ rowsRead, ms }: Cost): string {
  return `${ms.toFixed(1).padStart(8)} ms ${rowsRead === null ? "" : `${String(rowsRead).padStart(8)} rows`}`;
}
