import type { ClaimedAlert, TallyScope } from "../../../ports/alert-outbox.ts";
import type { IssueStore } from "../../../ports/issue-store.ts";
import { expectEqual } from "../../assertion/assertion.ts";
import { transact, write, type CaseContext, type ConformanceCase } from "../case.ts";
import { addAlerts, claim, done, idsOf, insert, lease, outboxOf, takeEndedTallies, withOutbox } from "../outbox.ts";
import { pause, race, RACERS, retry, startAtOnce } from "../race.ts";
import { newIssue, NOON, sampleAlert, sampleThrottled, sampleIssue, sampleTally, SHOP, uuid } from "../samples.ts";
import { sortTallies } from "./alert-tallies.ts";

const ISSUES = [1, 2, 3].map((number) => sampleIssue(number));
/** How many alerts each issue has. */
const ALERTS = 4;

const seed = (context: CaseContext): Promise<void> =>
  write(context, { projects: [SHOP], newIssues: ISSUES.map(newIssue) });

/** Records which issues' alerts are being delivered, as the racers see it. */
class Deliveries {
  readonly #held = new Set<string>();
  readonly #delivered = new Map<string, number[]>();

  begin({ alert }: ClaimedAlert): void {
    const issueId = alert.issue?.id ?? "none";
    expectEqual(`whether another racer holds an alert of ${issueId}`, this.#held.has(issueId), false);
    this.#held.add(issueId);
    this.#delivered.set(issueId, [...this.deliveredOf(issueId), alert.turningPoint ?? 0]);
  }

  end({ alert }: ClaimedAlert): void {
    this.#held.delete(alert.issue?.id ?? "none");
  }

  /** The turning points of an issue, in the order of their delivery. */
  deliveredOf(issueId: string): readonly number[] {
    return this.#delivered.get(issueId) ?? [];
  }
}

/** Claims in order and settles what it claimed, several times. */
async function deliverInOrder(store: IssueStore, racer: number, deliveries: Deliveries): Promise<void> {
  for (let round = 0; round < ALERTS; round++) {
    const held = lease(`racer ${String(racer)}, round ${String(round)}`);
    const request = { lease: held, now: NOON, limit: 2, issueIds: null, inOrder: true };
    const claimed = await retry(() => withOutbox({ store }, (outbox) => outbox.claim(request)));
    for (const each of claimed) deliveries.begin(each);
    await pause();
    // Others may claim the next ones as soon as the settlement is committed, before its promise is fulfilled here.
    for (const each of claimed) deliveries.end(each);
    const settlements = idsOf(claimed).map((id) => done(id, held));
    await retry(() => withOutbox({ store }, (outbox) => outbox.settle(settlements)));
  }
}

const OF_SHOP: TallyScope = { projectId: SHOP.id, issueId: null };
const ofIssue = (number: number): TallyScope => ({ projectId: SHOP.id, issueId: uuid(number) });

/** The scopes that are counted together, one group after the other: of some, a few tallies are stored, of others none. */
const COUNTED: readonly (readonly TallyScope[])[] = [
  [OF_SHOP, ofIssue(1)],
  [ofIssue(2)],
  [OF_SHOP, ofIssue(3), ofIssue(4)],
  [ofIssue(5), ofIssue(6)],
];

/** Counts a notification of each racer in each of some tallies. */
async function raceToCount(context: CaseContext, together: readonly TallyScope[]): Promise<void> {
  await race(context, async (transaction, racer) => {
    const scopes = racer % 4 < 2 ? together : together.toReversed();
    const outbox = outboxOf(transaction);
    const stored = await outbox.lockTallies({ scopes });
    await pause();
    const counted = scopes.map((scope) => {
      const known = stored.find(({ issueId }) => issueId === scope.issueId) ?? sampleTally(scope, { admitted: 0 });
      return { ...known, admitted: known.admitted + 1 };
    });
    await outbox.writeTallies({ save: counted });
  });
}

/** Concurrent transactions on the outbox. */
export const alertRaceCases: readonly ConformanceCase[] = [
  {
    id: "race-on-alerts",
    title: "concurrent claims share the alerts, and no alert is returned to two of them",
    requires: "claim() does not return an alert to two claims while the first one's lease lasts.",
    needs: ["second-handle", "outbox"],
    async run(context) {
      await seed(context);
      const alerts = Array.from({ length: 2 * RACERS + 5 }, (_, index) =>
        index % 5 === 0 ? sampleThrottled(index + 1) : sampleAlert(sampleIssue(1 + (index % 3)), index + 1),
      );
      await insert(context, alerts, NOON);
      const claims = await race(context, async (transaction, racer) => {
        const held = lease(`racer ${String(racer)}`);
        return outboxOf(transaction).claim({ lease: held, now: NOON, limit: 2, issueIds: null, inOrder: false });
      });
      const claimed = claims.flatMap(idsOf);
      expectEqual("claimed, all together", claimed.length, 2 * RACERS);
      expectEqual("different ones", new Set(claimed).size, 2 * RACERS);
      const attempts = claims.flat().map((each) => each.attempts);
      expectEqual("the attempts", new Set(attempts), new Set([1]));
    },
  },
  {
    id: "race-on-ordered-alerts",
    title: "concurrent claims in order hold one alert of an issue at a time, and deliver them in order",
    requires:
      "claim(), in order, does not return an alert while another of its issue with a lower turning point is pending, whoever holds that.",
    needs: ["second-handle", "outbox"],
    async run(context) {
      await seed(context);
      await transact(context, async (transaction) => {
        for (let turn = 1; turn <= ALERTS; turn++) {
          const alerts = ISSUES.map((issue, index) =>
            sampleAlert(issue, 10 * index + ALERTS - turn, { turningPoint: turn }),
          );
          // The last one is due longest.
          await addAlerts(transaction, alerts, NOON - turn);
        }
      });
      const deliveries = new Deliveries();
      await startAtOnce(context, (store, racer) => deliverInOrder(store, racer, deliveries));
      await deliverInOrder(context.store, RACERS, deliveries);
      await deliverInOrder(context.store, RACERS + 1, deliveries);
      const turns = Array.from({ length: ALERTS }, (_, index) => index + 1);
      for (const { id } of ISSUES) expectEqual(`what was delivered of ${id}`, deliveries.deliveredOf(id), turns);
      expectEqual("what is left to claim", await claim(context, lease("last")), []);
    },
  },
  {
    id: "race-on-tallies",
    title: "concurrent notifications are all counted, and tallies that ended are each taken by one transaction",
    requires:
      "lockTallies(): until the transaction ends, no other can change a tally that was returned, nor save one of a requested scope that has none without either of the two failing.",
    needs: ["second-handle", "outbox"],
    async run(context) {
      await seed(context);
      await withOutbox(context, (outbox) => outbox.writeTallies({ save: [sampleTally(OF_SHOP, { admitted: 5 })] }));
      for (const together of COUNTED) await raceToCount(context, together);
      const scopes = [OF_SHOP, ...[1, 2, 3, 4, 5, 6].map(ofIssue)];
      const counted = await withOutbox(context, (outbox) => outbox.lockTallies({ scopes }));
      const expected = scopes.map((scope) =>
        sampleTally(scope, { admitted: scope === OF_SHOP ? 5 + 2 * RACERS : RACERS }),
      );
      expectEqual(
        "what was counted (where it is lower, updates were lost)",
        sortTallies(counted),
        sortTallies(expected),
      );
      const ended = Array.from({ length: 2 * RACERS + 5 }, (_, index) =>
        sampleTally({ projectId: SHOP.id, issueId: uuid(100 + index) }, { endsAt: NOON + (index % 3) }),
      );
      await withOutbox(context, (outbox) => outbox.writeTallies({ save: ended }));
      const taken = (
        await race(context, async (transaction) => {
          const outbox = outboxOf(transaction);
          const found = await outbox.lockTallies({ endedAt: NOON + 3, limit: 2 });
          await pause();
          await outbox.writeTallies({ remove: found });
          return found;
        })
      ).flat();
      taken.push(...(await withOutbox(context, (outbox) => takeEndedTallies(outbox, NOON + 3, 999))));
      expectEqual("those that were taken", sortTallies(taken), sortTallies(ended));
    },
  },
];
