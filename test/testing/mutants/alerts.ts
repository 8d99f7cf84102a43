import { allReadable } from "../../../src/core/unreadable.ts";
import { outboxPositionOf, type ClaimedAlert } from "../../../src/ports/alert-outbox.ts";

import {
  withMethods,
  writing,
  outboxOf,
  withOutbox,
  withOutboxTables,
  alertsIn,
  idsIn,
  byAlertId,
  dueTimeOf,
  orderedBy,
  firstOfIssues,
  overtaking,
  withWaiting,
  settlingUnder,
  settlingAs,
  discarding,
  redriving,
  settingBack,
  dueAfter,
  keepLeases,
  leasesOf,
  type Mutant,
} from "./harness.ts";

const HOUR_MS = 3_600_000;

export const alertMutants: readonly Mutant[] = [
  {
    name: "takes the time it received an event for the time it occurred",
    seenBy: "alerts-kept",
    open: writing(({ alerts = [], ...changes }) => ({
      ...changes,
      alerts: alerts.map((alert) =>
        alert.issue === null || alert.event === null
          ? alert
          : { ...alert, event: { ...alert.event, occurredAt: alert.event.occurredAt ?? alert.event.receivedAt } },
      ),
    })),
  },
  {
    name: "makes new alerts due when they are raised",
    seenBy: "transaction-reads-its-writes",
    open: withMethods((inner) => ({
      write: async (changes) => {
        await inner.write(changes);
        for (const { id, raisedAt } of changes.alerts ?? []) {
          await outboxOf(inner).move({ to: "pending", ids: [id], from: null, dueAt: raisedAt });
        }
      },
    })),
  },
  {
    name: "cuts an error at NUL",
    seenBy: "alerts-kept",
    open: settlingAs((each) =>
      each.outcome === "done" || each.outcome === "released"
        ? each
        : { ...each, error: each.error.split("\0")[0] ?? "", memo: each.memo },
    ),
  },
  {
    name: "lists alerts by id",
    seenBy: "alerts-paged",
    open: withOutbox((outbox) => ({
      page: async (request) => allReadable(await outbox.page(request)).sort(byAlertId),
    })),
  },
  {
    name: "repeats alerts of one time where pages meet",
    seenBy: "alerts-paged",
    open: withOutbox((outbox) => ({
      page: (request) => outbox.page({ ...request, after: request.after && { ...request.after, id: "" } }),
    })),
  },
  {
    name: "repeats alerts that died at one time where pages meet",
    seenBy: "alerts-paged",
    open: withOutbox((outbox) => ({
      page: (request) => {
        const { status, after } = request;
        return outbox.page({ ...request, after: after && status === "dead" ? { ...after, id: "" } : after });
      },
    })),
  },
  {
    name: "counts an alert as held at the end of its lease",
    seenBy: "alerts-counted",
    open: withOutbox((outbox) => ({ count: (now) => outbox.count(now - 1) })),
  },
  {
    name: "counts what waits among what is held",
    seenBy: "transaction-reads-its-writes",
    open: withOutbox((outbox) => ({
      count: async (now) => {
        const counts = await outbox.count(now);
        return { ...counts, waiting: 0, leased: counts.leased + counts.waiting };
      },
    })),
  },
  {
    name: "counts alerts of issues only",
    seenBy: "alerts-counted",
    open: withOutbox((outbox) => ({
      count: async (now) => {
        const counts = await outbox.count(now);
        const others = (await alertsIn(outbox, "pending")).filter(({ alert }) => alert.issue === null);
        return { ...counts, waiting: counts.waiting - others.filter((entry) => dueTimeOf(entry) > now).length };
      },
    })),
  },
  {
    name: "does not count attempts",
    seenBy: "transaction-reads-its-writes",
    open: withOutbox((outbox) => ({
      claim: async (claim) => (await outbox.claim(claim)).map((each) => ({ ...each, attempts: each.attempts - 1 })),
    })),
  },
  {
    name: "claims one more than the limit",
    seenBy: "alerts-claimed",
    open: withOutbox((outbox) => ({ claim: (claim) => outbox.claim({ ...claim, limit: claim.limit + 1 }) })),
  },
  {
    name: "returns claimed alerts by id",
    seenBy: "alerts-claimed",
    open: withOutbox((outbox) => ({
      claim: async (claim) => [...(await outbox.claim(claim))].sort(byAlertId),
    })),
  },
  {
    name: "says of each alert that it is alone",
    seenBy: "alerts-claimed-alone",
    open: withOutbox((outbox) => ({
      claim: async (claim) => (await outbox.claim(claim)).map((each) => ({ ...each, isAlone: true })),
    })),
  },
  {
    name: "says of an alert that it is alone where the others of its issue are leased, or due later",
    seenBy: "alerts-claimed-alone",
    open: withOutbox((outbox) => ({
      claim: async (claim) => {
        const claimed = await outbox.claim(claim);
        const others = await outbox.page({ status: "pending", after: null, limit: 9_999 });
        const due = allReadable(others).filter((entry) => dueTimeOf(entry) <= claim.now);
        return claimed.map((each): ClaimedAlert => {
          const ofIssue = [...claimed, ...due].filter(({ alert }) => alert.issue?.id === each.alert.issue?.id);
          return ofIssue.length > 1 ? each : { ...each, isAlone: true };
        });
      },
    })),
  },
  {
    name: "takes an empty list of issues for all issues",
    seenBy: "alerts-claimed-by-issue",
    open: withOutbox((outbox) => ({
      claim: (claim) => outbox.claim({ ...claim, issueIds: claim.issueIds?.length === 0 ? null : claim.issueIds }),
    })),
  },
  {
    name: "claims alerts about no issue with those of any",
    seenBy: "alerts-leased",
    open: withOutboxTables((outbox, { tables }) => ({
      claim: async (claim) => {
        const claimed = await outbox.claim(claim);
        if (claim.issueIds === null) return claimed;
        const others = [...tables.alerts.values()].filter((row) => row.alert.issue === null);
        return [
          ...claimed,
          ...others.map(({ alert, attempts, memo }): ClaimedAlert => ({ alert, dueAt: 0, attempts, memo })),
        ];
      },
    })),
  },
  {
    name: "returns one alert to two claims",
    seenBy: "transaction-reads-its-writes",
    open: withOutbox((outbox) => ({
      claim: (claim) => outbox.claim({ ...claim, lease: { ...claim.lease, until: claim.now } }),
    })),
  },
  {
    name: "claims what was due when it began",
    seenBy: "race-on-alerts",
    open: withOutboxTables((outbox, { alerts }) => ({
      claim: async (claim) => {
        const claimed = await outbox.claim(claim);
        if (claim.inOrder || claim.issueIds !== null) return claimed;
        return alerts
          .filter((row) => dueTimeOf(row) <= claim.now)
          .sort((one, other) => dueTimeOf(one) - dueTimeOf(other) || byAlertId(one, other))
          .slice(0, claim.limit)
          .map(({ alert, state, attempts, memo }) => ({
            alert,
            dueAt: outboxPositionOf({ alert, state }).at,
            attempts: attempts + 1,
            memo,
          }));
      },
    })),
  },
  {
    name: "claims in no order",
    seenBy: "alerts-in-order",
    open: withOutbox((outbox) => ({ claim: (claim) => outbox.claim({ ...claim, inOrder: false }) })),
  },
  {
    name: "has alerts of an issue in the order of their ids",
    seenBy: "alerts-in-order",
    open: orderedBy(({ id }) => Number(id.slice(-12))),
  },
  {
    name: "has alerts of an issue in the order in which they are due",
    seenBy: "alerts-in-order",
    open: redriving(async (move, outbox, { tables }) => {
      const moved = await outbox.move(move);
      for (const id of moved) tables.pendingOf.get(tables.alerts.get(id)?.alert.issue?.id ?? "")?.put(id, move.dueAt);
      return moved;
    }),
  },
  {
    name: "looks for the next in order among those due longest only",
    seenBy: "alerts-in-order",
    open: withOutbox((outbox) => ({
      claim: async (claim) => {
        const due = (await alertsIn(outbox, "pending")).filter((entry) => dueTimeOf(entry) <= claim.now);
        const longest = due.slice(0, claim.limit).map(({ alert }) => alert.id);
        const claimed = await outbox.claim(claim);
        return claim.inOrder ? claimed.filter(({ alert }) => longest.includes(alert.id)) : claimed;
      },
    })),
  },
  {
    name: "lets alerts pass one that waits for its second attempt",
    seenBy: "alerts-in-order",
    open: overtaking((first, _, now) => first.lease === null && first.attempts === 1 && dueTimeOf(first) > now),
  },
  {
    name: "lets alerts pass one that is held",
    seenBy: "alerts-in-order",
    open: overtaking((first, _, now) => first.lease !== null && dueTimeOf(first) > now),
  },
  {
    name: "lets alerts pass one that was claimed meanwhile",
    seenBy: "race-on-ordered-alerts",
    open: overtaking((first, { alerts }, now) => {
      const before = firstOfIssues(alerts).get(first.alert.issue?.id ?? "");
      return first.lease !== null && dueTimeOf(first) > now && before !== undefined && dueTimeOf(before) <= now;
    }),
  },
  {
    name: "does not list alerts that wait for their turn",
    seenBy: "alerts-waiting",
    open: withWaiting((outbox, isWaiting) => ({
      page: async (request) => allReadable(await outbox.page(request)).filter((each) => !isWaiting(each)),
    })),
  },
  {
    name: "lists alerts that wait for their turn after all others",
    seenBy: "alerts-waiting",
    open: withWaiting((outbox, isWaiting) => ({
      page: async (request) =>
        [...allReadable(await outbox.page(request))].sort(
          (one, other) => Number(isWaiting(one)) - Number(isWaiting(other)),
        ),
    })),
  },
  {
    name: "does not count alerts that wait for their turn",
    seenBy: "alerts-waiting",
    open: withWaiting((outbox, isWaiting) => ({
      count: async (now) => {
        const counts = await outbox.count(now);
        const waiting = (await alertsIn(outbox, "pending")).filter(isWaiting);
        return { ...counts, due: counts.due - waiting.filter((entry) => dueTimeOf(entry) <= now).length };
      },
    })),
  },
  {
    name: "claims alerts that wait for their turn only in order",
    seenBy: "alerts-waiting",
    open: withWaiting((outbox, isWaiting) => ({
      claim: async (claim) => {
        const claimed = await outbox.claim(claim);
        return claim.inOrder ? claimed : claimed.filter((each) => !isWaiting(each));
      },
    })),
  },
  {
    name: "does not redrive alerts that wait for their turn",
    seenBy: "alerts-waiting",
    open: withWaiting((outbox, isWaiting) => ({
      move: async (move) => {
        if (move.to !== "pending") return outbox.move(move);
        const waiting = (await alertsIn(outbox, "pending")).filter(isWaiting).map(({ alert }) => alert.id);
        return outbox.move({ ...move, ids: move.ids.filter((id) => !waiting.includes(id)) });
      },
    })),
  },
  {
    name: "sets back no alert that waits for its turn",
    seenBy: "alerts-waiting",
    open: withWaiting((outbox, isWaiting) => ({
      move: async (move) => {
        const waiting = (await alertsIn(outbox, "pending")).filter(isWaiting);
        const moved = await outbox.move(move);
        if (move.to !== "due") return moved;
        const kept = waiting.filter(({ alert }) => moved.includes(alert.id));
        for (const entry of kept) {
          await outbox.move({ to: "pending", ids: [entry.alert.id], from: null, dueAt: dueTimeOf(entry) });
        }
        return moved.filter((id) => kept.every(({ alert }) => alert.id !== id));
      },
    })),
  },
  {
    name: "lets a dead alert delay others",
    seenBy: "alerts-in-order",
    open: withOutbox((outbox) => ({
      claim: async (claim) => {
        const dead = await alertsIn(outbox, "dead");
        const isDelayed = ({ alert }: ClaimedAlert): boolean =>
          dead.some((each) => each.alert.issue?.id === alert.issue?.id);
        const claimed = await outbox.claim(claim);
        return claim.inOrder ? claimed.filter((each) => !isDelayed(each)) : claimed;
      },
    })),
  },
  {
    name: "takes a failed alert for a done one",
    seenBy: "alerts-settled",
    open: settlingAs((each) =>
      each.outcome === "failed" ? { id: each.id, lease: each.lease, outcome: "done" } : each,
    ),
  },
  {
    name: "does not return the memo of a claimed alert",
    seenBy: "alerts-settled",
    open: withOutbox((outbox) => ({
      claim: async (claim) => (await outbox.claim(claim)).map((each) => ({ ...each, memo: null })),
    })),
  },
  {
    name: "keeps the memo of a former attempt, where one stores none",
    seenBy: "alerts-settled",
    open: withOutboxTables((outbox, { tables }) => ({
      settle: (settlements) =>
        outbox.settle(
          settlements.map((each) =>
            each.outcome === "done" || each.outcome === "released"
              ? each
              : { ...each, memo: each.memo ?? tables.alerts.get(each.id)?.memo ?? null },
          ),
        ),
    })),
  },
  {
    name: "tries dead alerts again after an hour",
    seenBy: "alerts-dead",
    open: withOutbox((outbox) => ({
      claim: async (claim) => {
        const dead = (await alertsIn(outbox, "dead")).filter(
          ({ state }) => state.status === "dead" && state.diedAt < claim.now - HOUR_MS,
        );
        const ids = dead.map(({ alert }) => alert.id);
        await outbox.move({ to: "pending", ids, from: null, dueAt: claim.now });
        return outbox.claim(claim);
      },
    })),
  },
  {
    name: "settles without comparing the lease",
    seenBy: "alerts-settled-by-holder",
    open: settlingUnder((_, held) => held),
  },
  {
    name: "takes leases with the same end for the same",
    seenBy: "alerts-settled-by-holder",
    open: settlingUnder((given, held) => (given.until === held.until ? held : given)),
  },
  {
    name: "does not compare the ends of leases",
    seenBy: "alerts-settled-by-holder",
    open: settlingUnder((given, held) => (given.token === held.token ? held : given)),
  },
  {
    name: "forgets who discarded an alert",
    seenBy: "alerts-discarded",
    open: discarding((move, outbox) => outbox.move({ ...move, by: { kind: "system" } })),
  },
  {
    name: "discards alerts that were discarded before",
    seenBy: "alerts-discarded",
    open: discarding(async (move, outbox) => {
      const ids = await idsIn(outbox, "discarded", move.ids);
      await outbox.move({ to: "pending", ids, from: null, dueAt: move.at });
      return outbox.move(move);
    }),
  },
  {
    name: "discards pending alerts only",
    seenBy: "transaction-reads-its-writes",
    open: discarding(async (move, outbox) => {
      const dead = await idsIn(outbox, "dead", move.ids);
      return outbox.move({ ...move, ids: move.ids.filter((id) => !dead.includes(id)) });
    }),
  },
  {
    name: "leaves a discarded alert to its holder",
    seenBy: "alerts-discarded",
    open: discarding(async (move, outbox, seen) => {
      const leases = leasesOf(seen, move.ids);
      const discarded = await outbox.move(move);
      keepLeases(seen, leases);
      return discarded;
    }),
  },
  {
    name: "leaves a redriven alert to its holder",
    seenBy: "alerts-counted",
    open: redriving(async (move, outbox, seen) => {
      const leases = leasesOf(seen, move.ids);
      const redriven = await outbox.move(move);
      keepLeases(seen, leases);
      return redriven;
    }),
  },
  {
    name: "redrives alerts from any state",
    seenBy: "alerts-redriven",
    open: redriving((move, outbox) => outbox.move({ ...move, from: null })),
  },
  {
    name: "counts an attempt that was not made",
    seenBy: "alerts-released",
    open: settlingAs((each) =>
      each.outcome === "released" ? { ...each, outcome: "failed", error: "not tried", memo: null } : each,
    ),
  },
  {
    name: "redrives dead alerts only",
    seenBy: "transaction-reads-its-writes",
    open: redriving(async (move, outbox, { tables }) => {
      // Seeds move alerts that were never claimed to when they are due.
      const isFresh = (id: string): boolean => tables.alerts.get(id)?.attempts === 0;
      const dead = await idsIn(outbox, "dead", move.ids);
      return outbox.move({ ...move, ids: move.ids.filter((id) => dead.includes(id) || isFresh(id)) });
    }),
  },
  {
    name: "counts on from the attempts before an alert was redriven",
    seenBy: "alerts-redriven",
    open: redriving(async (move, outbox, { tables }) => {
      const before = move.ids.map((id) => tables.alerts.get(id)?.attempts ?? 0);
      const redriven = await outbox.move(move);
      for (const [index, id] of move.ids.entries()) {
        const row = tables.alerts.get(id);
        if (row !== undefined) tables.alerts.set(id, { ...row, attempts: before[index] ?? 0 });
      }
      return redriven;
    }),
  },
  {
    name: "does not say when a claimed alert was due",
    seenBy: "transaction-reads-its-writes",
    open: withOutbox((outbox) => ({
      claim: async (claim) => (await outbox.claim(claim)).map((each) => ({ ...each, dueAt: claim.now })),
    })),
  },
  {
    name: "sets no alert back",
    seenBy: "alerts-set-back",
    open: settingBack(async () => []),
  },
  {
    name: "sets back alerts that are due at the very instant",
    seenBy: "alerts-set-back",
    open: settingBack((move, outbox) => outbox.move({ ...move, dueAfter: move.dueAfter - 1 })),
  },
  {
    name: "sets back all alerts that are due later, whatever the limit",
    seenBy: "alerts-set-back",
    open: settingBack((move, outbox) => outbox.move({ ...move, limit: 10_000 })),
  },
  {
    name: "sets back those alerts first that are due first",
    seenBy: "alerts-set-back",
    open: settingBack(async (move, outbox) => {
      const ids = (await dueAfter(outbox, move.dueAfter)).slice(0, move.limit);
      const [last] = ids.slice(-1);
      if (last === undefined) return [];
      const all = await outbox.move({ ...move, limit: 10_000 });
      const others = all.filter((id) => !ids.includes(id));
      await outbox.move({ to: "pending", ids: others, from: null, dueAt: move.dueAfter + 1 });
      return ids;
    }),
  },
  {
    name: "sets back no alert that is leased",
    seenBy: "alerts-set-back",
    open: settingBack(async (move, outbox, { tables }) => {
      const late = await dueAfter(outbox, move.dueAfter);
      const leased = late.flatMap((id) => tables.alerts.get(id) ?? []).filter(({ lease }) => lease !== null);
      const moved = await outbox.move(move);
      for (const row of leased) tables.alerts.set(row.alert.id, row);
      return moved.filter((id) => leased.every(({ alert }) => alert.id !== id));
    }),
  },
  {
    name: "leaves an alert that was set back to its holder",
    seenBy: "alerts-set-back",
    open: settingBack(async (move, outbox, seen) => {
      const leases = leasesOf(seen, await dueAfter(outbox, move.dueAfter));
      const moved = await outbox.move(move);
      keepLeases(seen, leases);
      return moved;
    }),
  },
  {
    name: "redrives alerts instead of setting them back",
    seenBy: "alerts-set-back",
    open: settingBack(async (move, outbox) => {
      const ids = await outbox.move(move);
      return outbox.move({ to: "pending", ids, from: null, dueAt: 0 });
    }),
  },
  {
    name: "forgets the error of an alert that was redriven",
    seenBy: "alerts-redriven",
    open: withOutbox((outbox) => ({
      page: async (request) =>
        allReadable(await outbox.page(request)).map((entry) =>
          entry.attempts > 0 ? entry : { ...entry, lastError: null },
        ),
    })),
  },
  {
    name: "evicts alerts that ended at the very instant",
    seenBy: "alerts-evicted",
    open: withOutbox((outbox) => ({
      evict: (eviction) => outbox.evict({ ...eviction, endedBefore: eviction.endedBefore + 1 }),
    })),
  },
  {
    name: "evicts as many alerts as there are",
    seenBy: "alerts-evicted",
    open: withOutbox((outbox) => ({ evict: (eviction) => outbox.evict({ ...eviction, limit: 10_000 }) })),
  },
  {
    name: "evicts pending alerts that were due long ago",
    seenBy: "alerts-evicted",
    open: withOutboxTables((outbox, { tables }) => ({
      evict: async (eviction) => {
        const evicted = await outbox.evict(eviction);
        for (const [id, row] of tables.alerts) if (dueTimeOf(row) < HOUR_MS) tables.alerts.delete(id);
        return evicted;
      },
    })),
  },
];
