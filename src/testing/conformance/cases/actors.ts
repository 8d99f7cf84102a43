import type { Issue } from "../../../core/issue.ts";
import type { Actor, TurningPoint } from "../../../core/turning-point.ts";
import { allReadable } from "../../../core/unreadable.ts";
import type { ActorReplacementStep, StoreReader } from "../../../ports/issue-store.ts";
import { expectEqual } from "../../assertion/assertion.ts";
import { read, transact, write, type CaseContext, type ConformanceCase } from "../case.ts";
import { walkSteps } from "../steps.ts";
import { outboxOf, withOutbox } from "../outbox.ts";
import { BLOG, newIssue, NOON, sampleAlert, sampleIssue, sampleTurningPoint, SHOP } from "../samples.ts";

const USER = "Ann";
const REPLACEMENT = "erased";

/** Authors that databases are known to take for each other, the system, and one with the name of the replacement. */
const AUTHORS: readonly Actor[] = [
  ...[USER, "ann", "Ann ", "Ann\0", "A\u0301nn", "Anne", " Ann", REPLACEMENT].map(
    (id) => ({ kind: "user", id }) as const,
  ),
  { kind: "system" },
];

/** Replaces the user in steps. Returns how many entries were changed. */
async function replace(context: CaseContext, limit: number): Promise<number> {
  let changed = 0;
  await walkSteps("a replacement", async (after) => {
    const request = { user: USER, by: REPLACEMENT, after, limit };
    const step: ActorReplacementStep = await transact(context, (transaction) => transaction.replaceActor(request));
    changed += step.changed;
    return step.next;
  });
  return changed;
}

function pointsOf(issue: Issue, authors: readonly Actor[]): TurningPoint[] {
  return authors.map((by, index) => ({ ...sampleTurningPoint(issue.id, index + 1), by }));
}

const replaced = (by: Actor): Actor => (by.kind === "user" && by.id === USER ? { kind: "user", id: REPLACEMENT } : by);

async function historiesOf(reader: StoreReader, issues: readonly Issue[]) {
  const histories = [];
  for (const { id } of issues) histories.push((await reader.pageHistory(id, null, 99)).toReversed());
  return histories;
}

/** Users as authors. */
export const actorCases: readonly ConformanceCase[] = [
  {
    id: "actor-replaced",
    title: "another user takes the place of one in all histories and discarded alerts, and of nobody else",
    requires:
      "replaceActor() puts another user in the place of one, as the author of turning points and discarded alerts, and changes nothing else.",
    async run(context) {
      const issues = [sampleIssue(1), sampleIssue(2, { projectId: BLOG.id, number: 1 })];
      const points = issues.map((issue) => pointsOf(issue, AUTHORS));
      const alerts = issues.slice(0, 1).flatMap((issue) => AUTHORS.map((_, index) => sampleAlert(issue, 10 + index)));
      await write(context, {
        projects: [SHOP, BLOG],
        newIssues: issues.map(newIssue),
        turningPoints: points.flat(),
        ...(context.hasOutbox && { alerts }),
      });
      if (context.hasOutbox) {
        for (const [index, by] of AUTHORS.entries()) {
          const id = alerts[index]?.id ?? "";
          await withOutbox(context, (outbox) =>
            outbox.move({ to: "discarded", ids: [id], at: NOON, reason: "noise", by }),
          );
        }
      }
      await replace(context, 100);
      await read(context, async (reader) => {
        const expected = points.map((each) => each.map((point) => ({ ...point, by: replaced(point.by) })));
        expectEqual("the histories", await historiesOf(reader, issues), expected);
        if (!context.hasOutbox) return;
        const page = await outboxOf(reader).page({ status: "discarded", after: null, limit: 99 });
        const discardedBy = new Map(
          allReadable(page).map(({ alert, state }) => [alert.id, state.status === "discarded" ? state.by : undefined]),
        );
        expectEqual(
          "who has discarded alerts",
          alerts.map(({ id }) => discardedBy.get(id)),
          AUTHORS.map(replaced),
        );
      });
    },
  },
  {
    id: "actor-replacement-steps",
    title: "the steps of a replacement together look at everything, and count what they have changed",
    requires: "replaceActor() works in steps, which together look at all, and returns how many entries were changed.",
    async run(context) {
      const issues = [1, 2, 3].map((number) => sampleIssue(number));
      const [ann, bob]: readonly Actor[] = [
        { kind: "user", id: USER },
        { kind: "user", id: "bob" },
      ];
      const authors = [ann, bob, bob, bob, ann, bob, ann].filter((author) => author !== undefined);
      await write(context, { projects: [SHOP], newIssues: issues.map(newIssue) });
      let number = 0;
      for (const limit of [1, 2, 3, 100]) {
        const points = issues.flatMap(({ id }) =>
          authors.map((by, index) => ({ ...sampleTurningPoint(id, number + index + 1), by })),
        );
        number += authors.length;
        await write(context, { turningPoints: points });
        expectEqual("how many were changed", await replace(context, limit), 9);
        expectEqual("how many are left to change", await replace(context, limit), 0);
        const names = (await read(context, (reader) => historiesOf(reader, issues)))
          .flatMap((history) => allReadable(history))
          .map(({ by }) => (by.kind === "user" ? by.id : "the system"));
        expectEqual("the authors", [...new Set(names)].sort(), ["bob", REPLACEMENT]);
      }
    },
  },
];
