import type { TallyScope } from "../../../core/alert-limits.ts";
import type { ClaimedAlert } from "../../../ports/alert-outbox.ts";
import type { IssueStore } from "../../../ports/issue-store.ts";
import { expectEqual } from "../../assertion/assertion.ts";
import { write, type CaseContext, type ConformanceCase } from "../case.ts";
import { claim, done, idsOf, lease } from "../outbox.ts";
import { actAtOnce, pause, persist, race, RACERS } from "../race.ts";
import { newIssue, NOON, sampleAlert, sampleHeldBack, sampleIssue, sampleTally, SHOP, uuid } from "../samples.ts";
import { sortTallies } from "./alert-tallies.ts";

const ISSUES = [1, 2, 3].map((number) => sampleIssue(number));
/** How many alerts each issue has. */
const ALERTS = 4;

const seed = (context: CaseContext): Promise<void> =>
  write(context, async (transaction) => {
    await transaction.saveProject(SHOP);
    await transaction.insertIssues(ISSUES.map(newIssue));
  });

/** Who delivers the alerts of which issue, as far as those know who deliver them. */
class Deliveries {
  readonly #held = new Set<string>();
  readonly #told = new Map<string, number[]>();

  begin({ alert }: ClaimedAlert): void {
    const issueId = alert.issue?.id ?? "none";
    expectEqual(`whether others are at alerts of ${issueId}`, this.#held.has(issueId), false);
    this.#held.add(issueId);
    this.#told.set(issueId, [...this.toldOf(issueId), alert.turningPoint ?? 0]);
  }

  end({ alert }: ClaimedAlert): void {
    this.#held.delete(alert.issue?.id ?? "none");
  }

  /** The turning points of an issue, in the order in which they were told. */
  toldOf(issueId: string): readonly number[] {
    return this.#told.get(issueId) ?? [];
  }
}

/** Claims in order and settles what it got, so often that others have their turn in between. */
async function deliverInOrder(store: IssueStore, racer: number, deliveries: Deliveries): Promise<void> {
  for (let round = 0; round < ALERTS; round++) {
    const held = lease(`racer ${String(racer)}, round ${String(round)}`);
    const asked = { lease: held, now: NOON, limit: 2, issueIds: null, inOrder: true };
    const claimed = await persist(() => store.transaction((transaction) => transaction.claimAlerts(asked)));
    for (const each of claimed) deliveries.begin(each);
    await pause();
    // Others may claim the next ones as soon as this is committed, before anybody here hears of it.
    for (const each of claimed) deliveries.end(each);
    const settlements = idsOf(claimed).map((id) => done(id, held));
    await persist(() => store.transaction((transaction) => transaction.settleAlerts(settlements)));
  }
}

const OF_SHOP: TallyScope = { projectId: SHOP.id, issueId: null };
const ofIssue = (number: number): TallyScope => ({ projectId: SHOP.id, issueId: uuid(number) });

/** What is counted together, one after the other: some of it is not there yet, or none is. */
const COUNTED: readonly (readonly TallyScope[])[] = [
  [OF_SHOP, ofIssue(1)],
  [ofIssue(2)],
  [OF_SHOP, ofIssue(3), ofIssue(4)],
  [ofIssue(5), ofIssue(6)],
];

/** Counts one message up in each of some tallies. */
async function raceToCount(context: CaseContext, together: readonly TallyScope[]): Promise<void> {
  await race(context, async (transaction, racer) => {
    const scopes = racer % 4 < 2 ? together : together.toReversed();
    const stored = await transaction.lockAlertTallies(scopes);
    await pause();
    const counted = scopes.map((scope) => {
      const known = stored.find(({ issueId }) => issueId === scope.issueId) ?? sampleTally(scope, { admitted: 0 });
      return { ...known, admitted: known.admitted + 1 };
    });
    await transaction.saveAlertTallies(counted);
  });
}

/** The outbox, when several are at it. */
export const alertRaceCases: readonly ConformanceCase[] = [
  {
    id: "race-on-alerts",
    title: "claims at once share the alerts, and none gets one that another has",
    requires:
      "claimAlerts() does not give an alert to two claims while the first one's lease lasts, whoever makes them.",
    needs: "second-handle",
    async run(context) {
      await seed(context);
      const alerts = Array.from({ length: 2 * RACERS + 5 }, (_, index) =>
        index % 5 === 0 ? sampleHeldBack(index + 1) : sampleAlert(sampleIssue(1 + (index % 3)), index + 1),
      );
      await write(context, (transaction) => transaction.insertAlerts(alerts, NOON));
      const claims = await race(context, async (transaction, racer) => {
        const held = lease(`racer ${String(racer)}`);
        return transaction.claimAlerts({ lease: held, now: NOON, limit: 2, issueIds: null, inOrder: false });
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
    title: "claims in order at once have one alert of an issue at a time, and tell them in order",
    requires:
      "claimAlerts(), in order, does not give an alert while another one of its issue with a lower turning point is pending, whoever holds that.",
    needs: "second-handle",
    async run(context) {
      await seed(context);
      await write(context, async (transaction) => {
        for (let turn = 1; turn <= ALERTS; turn++) {
          const alerts = ISSUES.map((issue, index) =>
            sampleAlert(issue, 10 * index + ALERTS - turn, { turningPoint: turn }),
          );
          // The last one is the longest due.
          await transaction.insertAlerts(alerts, NOON - turn);
        }
      });
      const deliveries = new Deliveries();
      await actAtOnce(context, (store, racer) => deliverInOrder(store, racer, deliveries));
      await deliverInOrder(context.store, RACERS, deliveries);
      await deliverInOrder(context.store, RACERS + 1, deliveries);
      const turns = Array.from({ length: ALERTS }, (_, index) => index + 1);
      for (const { id } of ISSUES) expectEqual(`what was told of ${id}`, deliveries.toldOf(id), turns);
      expectEqual("what is left to claim", await claim(context, lease("last")), []);
    },
  },
  {
    id: "race-on-tallies",
    title: "messages that are counted at once are all counted, and tallies that ended are each given once",
    requires:
      "lockAlertTallies(): until the transaction ends, no other one is able to change the tallies, nor to save one of a scope that has none without either of the two failing.",
    needs: "second-handle",
    async run(context) {
      await seed(context);
      await write(context, (transaction) => transaction.saveAlertTallies([sampleTally(OF_SHOP, { admitted: 5 })]));
      for (const together of COUNTED) await raceToCount(context, together);
      const scopes = [OF_SHOP, ...[1, 2, 3, 4, 5, 6].map(ofIssue)];
      const counted = await write(context, (transaction) => transaction.lockAlertTallies(scopes));
      const expected = scopes.map((scope) =>
        sampleTally(scope, { admitted: scope === OF_SHOP ? 5 + 2 * RACERS : RACERS }),
      );
      expectEqual("what was counted", sortTallies(counted), sortTallies(expected));
      const ended = Array.from({ length: 2 * RACERS + 5 }, (_, index) =>
        sampleTally({ projectId: SHOP.id, issueId: uuid(100 + index) }, { endsAt: NOON + (index % 3) }),
      );
      await write(context, (transaction) => transaction.saveAlertTallies(ended));
      const given = (await race(context, (transaction) => transaction.takeEndedTallies(NOON + 3, 2))).flat();
      given.push(...(await write(context, (transaction) => transaction.takeEndedTallies(NOON + 3, 999))));
      expectEqual("those that were given", sortTallies(given), sortTallies(ended));
    },
  },
];
