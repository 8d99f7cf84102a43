import { expectEqual } from "../../assertion/assertion.ts";
import { write, type CaseContext, type ConformanceCase } from "../case.ts";
import {
  claim,
  count,
  discarding,
  failed,
  idsOf,
  insert,
  lease,
  list,
  outboxOf,
  redriving,
  settle,
} from "../outbox.ts";
import { pause, race, RACERS } from "../race.ts";
import { newIssue, NOON, sampleAlert, sampleIssue, SHOP } from "../samples.ts";

const ISSUE = sampleIssue(1);
const ALERTS = Array.from({ length: 2 * RACERS + 4 }, (_, index) => sampleAlert(ISSUE, index + 1));
const IDS = ALERTS.map(({ id }) => id);
const HELD = lease("held");

/** Adds alerts that are held. */
async function seed(context: CaseContext): Promise<void> {
  await write(context, { projects: [SHOP], newIssues: [newIssue(ISSUE)] });
  await insert(context, ALERTS, NOON);
  await claim(context, HELD);
}

/** People who decide about alerts while others deliver or remove them. */
export const alertDecisionRaceCases: readonly ConformanceCase[] = [
  {
    id: "race-on-settlements",
    title: "alerts that are discarded while their holder settles them are settled before, or not at all",
    requires: "settle() ignores alerts that are not held under the given lease; move() ends the lease.",
    needs: ["second-handle", "outbox"],
    async run(context) {
      await seed(context);
      const outcomes = await race(context, async (transaction, racer) => {
        const outbox = outboxOf(transaction);
        const some = IDS.filter((_, index) => index % 3 !== racer % 3);
        await pause();
        if (racer % 4 < 2) {
          return { settled: await outbox.settle(some.map((id) => failed(id, HELD, NOON + 1))), moved: [] };
        }
        return { settled: [], moved: await outbox.move(discarding(some)) };
      });
      const moved = outcomes.flatMap((outcome) => outcome.moved);
      expectEqual("those that were discarded, each once", moved.toSorted(), IDS.toSorted());
      const once = outcomes.flatMap((outcome) => outcome.settled).sort();
      expectEqual("those that were settled, each once", once, [...new Set(once)]);
      const discarded = await list(context, "discarded");
      const expected = new Map(IDS.map((id) => [id, once.includes(id) ? "it failed" : null]));
      expectEqual(
        "the errors of those that were discarded (a missing one: a decision was lost)",
        new Map(discarded.map(({ alert, lastError }) => [alert.id, lastError])),
        expected,
      );
    },
  },
  {
    id: "race-on-evictions",
    title: "dead alerts are redriven or removed, and never both",
    requires: "evict() removes dead and discarded alerts, and no others; move() moves those that are in the state.",
    needs: ["second-handle", "outbox"],
    async run(context) {
      await seed(context);
      const dead = { lease: HELD, outcome: "dead", diedAt: NOON, error: "it died", memo: null } as const;
      await settle(context, ...IDS.map((id) => ({ ...dead, id })));
      const outcomes = await race(context, async (transaction, racer) => {
        const outbox = outboxOf(transaction);
        if (racer % 4 < 2) {
          await pause();
          return { evicted: await outbox.evict({ endedBefore: NOON + 1, limit: 9 }), redriven: [] };
        }
        const page = await outbox.page({ status: "dead", after: null, limit: 4 });
        await pause();
        const ids = page.flatMap((entry) => ("alert" in entry ? [entry.alert.id] : []));
        return { evicted: 0, redriven: await outbox.move(redriving(ids.slice(0, 3), NOON, "dead")) };
      });
      const redriven = outcomes.flatMap((outcome) => outcome.redriven).sort();
      expectEqual(
        "those that are pending: which were redriven",
        idsOf(await list(context, "pending")).sort(),
        redriven,
      );
      const evicted = outcomes.reduce((sum, outcome) => sum + outcome.evicted, 0);
      const left = {
        due: redriven.length,
        waiting: 0,
        leased: 0,
        dead: IDS.length - evicted - redriven.length,
        discarded: 0,
      };
      expectEqual("how many there are by state", await count(context, NOON), left);
    },
  },
];
