import type { Alert } from "../../core/alert.ts";
import type { AlertLease, AlertSettlement, ClaimedAlert } from "../../ports/alert-outbox.ts";
import type { AlertSink } from "../../ports/alert-sink.ts";
import type { Clock } from "../../ports/clock.ts";
import type { IssueStore } from "../../ports/issue-store.ts";
import type { CheckedAlertOptions } from "./alert-options.ts";
import { callSink, closing, type AttemptResult } from "./attempt.ts";
import type { ClaimedStory } from "./claim-stories.ts";
import type { DeliveryReport } from "./delivery-report.ts";
import type { LeaseTimer } from "./lease-timer.ts";
import { linkFor } from "./link.ts";
import { Settlements } from "./settlements.ts";
import { endingsAfterFailure, settlementOf, type Ending } from "./story-endings.ts";

/** What stories are delivered with. */
export interface DeliveryParts {
  readonly store: IssueStore;
  readonly sink: AlertSink;
  readonly clock: Required<Clock>;
  readonly options: CheckedAlertOptions;
  readonly report: (report: DeliveryReport) => void;
}

/** Something that came of an attempt, and how long it took to come. */
type TimedResult = AttemptResult & { readonly durationMs: number };

/** Delivers claimed stories: calls the sink while the lease lasts, decides what is next, and notes it. */
export class StoryDelivery {
  readonly #parts: DeliveryParts;
  readonly #settlements: Settlements;
  readonly #attempts = new Set<AbortController>();
  #isAborted = false;
  /** The alerts that are being delivered, each with the lease that holds it. */
  readonly #leases = new Map<string, AlertLease>();

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
    this.#settlements = new Settlements(parts.store);
  }

  /**
   * Delivers a story, or tries to.
   *
   * @returns what was noted of its alerts; nothing of those that somebody else holds by now
   */
  async deliver(story: ClaimedStory, { lease, signal }: LeaseTimer): Promise<readonly AlertSettlement[]> {
    for (const { alert } of story.parts) this.#leases.set(alert.id, lease);
    try {
      const alert = this.#withLink(story.alert);
      const result = await this.#attempt({ ...story, alert }, lease, signal);
      const endings = this.#endingsOf(story, result);
      const settled = await this.#settle(story.parts, endings);
      this.#reportStory({ ...story, alert }, result, endings, new Set(settled.map(({ id }) => id)));
      return settled;
    } finally {
      for (const part of story.parts) this.#leases.delete(part.alert.id);
    }
  }

  /** Whether an alert is being delivered. */
  isUnderWay(alertId: string): boolean {
    return this.#leases.has(alertId);
  }

  /**
   * Notes under which lease alerts are held that are being delivered.
   *
   * @returns those that are so no longer
   */
  holdUnder(lease: AlertLease, parts: readonly ClaimedAlert[]): readonly ClaimedAlert[] {
    for (const { alert } of parts) if (this.#leases.has(alert.id)) this.#leases.set(alert.id, lease);
    return parts.filter(({ alert }) => !this.#leases.has(alert.id));
  }

  /** Gives alerts back that nobody is delivering. */
  async giveBack(parts: readonly ClaimedAlert[], lease: AlertLease): Promise<void> {
    await this.#settlements.settle(parts.map((part) => settlementOf(part, lease, { kind: "released" })));
  }

  /** Tells all attempts under way to end, and lets none begin until {@link resume}. */
  abortAll(): void {
    this.#isAborted = true;
    for (const attempt of this.#attempts) attempt.abort(closing());
  }

  /** Lets attempts begin again. */
  resume(): void {
    this.#isAborted = false;
  }

  async #attempt({ alert, last }: ClaimedStory, { until }: AlertLease, ofLease: AbortSignal): Promise<TimedResult> {
    const { sink, clock, options } = this.#parts;
    if (this.#isAborted || ofLease.aborted) return { kind: "not-tried", durationMs: 0 };
    const controller = new AbortController();
    const startedAt = clock.now();
    this.#attempts.add(controller);
    try {
      const result = await callSink(sink, alert, {
        signal: AbortSignal.any([controller.signal, ofLease]),
        until,
        number: last.attempts,
        isLast: last.attempts >= options.maxAttempts,
        memo: last.memo,
      });
      const isStopped = result.kind === "failed" && controller.signal.aborted;
      return { ...(isStopped ? { kind: "not-tried" } : result), durationMs: Math.max(0, clock.now() - startedAt) };
    } finally {
      this.#attempts.delete(controller);
    }
  }

  #endingsOf(story: ClaimedStory, result: AttemptResult): ReadonlyMap<string, Ending> {
    const { clock, options } = this.#parts;
    if (result.kind !== "failed") {
      const ending: Ending = { kind: result.kind === "delivered" ? "done" : "released" };
      return new Map(story.parts.map(({ alert }) => [alert.id, ending]));
    }
    const failed = { error: result.error, now: clock.now(), chance: options.random() };
    return endingsAfterFailure(story.parts, failed, options);
  }

  /** Notes what became of some alerts, under the leases that hold them; again, where such a lease has changed meanwhile. */
  async #settle(
    parts: readonly ClaimedAlert[],
    endings: ReadonlyMap<string, Ending>,
  ): Promise<readonly AlertSettlement[]> {
    const held = parts.flatMap((part) => {
      const [lease, ending] = [this.#leases.get(part.alert.id), endings.get(part.alert.id)];
      return lease === undefined || ending === undefined ? [] : settlementOf(part, lease, ending);
    });
    const settled = await this.#settlements.settle(held);
    const noted = held.filter(({ id }) => settled.has(id));
    const moved = held.filter(({ id, lease }) => !settled.has(id) && this.#leases.get(id) !== lease);
    if (moved.length === 0) return noted;
    const movedIds = new Set(moved.map(({ id }) => id));
    const again = parts.filter(({ alert }) => movedIds.has(alert.id));
    return [...noted, ...(await this.#settle(again, endings))];
  }

  /** Reports what became of the message, and of alerts in it that died although it is tried again. */
  #reportStory(
    { alert, last, parts }: ClaimedStory,
    { kind, durationMs }: TimedResult,
    endings: ReadonlyMap<string, Ending>,
    settled: ReadonlySet<string>,
  ): void {
    if (kind === "not-tried") return;
    for (const part of parts) {
      const ending = endings.get(part.alert.id);
      const attempt = part.attempts;
      if (part === last) {
        if (!settled.has(alert.id)) this.#parts.report({ kind: "lease-lost", alert, attempt });
        else if (ending !== undefined && ending.kind !== "released") {
          this.#parts.report({ alert, attempt, durationMs, ...reportOf(ending) });
        }
      } else if (ending?.kind === "dead" && endings.get(alert.id)?.kind !== "dead" && settled.has(part.alert.id)) {
        this.#parts.report({ alert: part.alert, attempt, durationMs, ...reportOf(ending) });
      }
    }
  }

  #withLink(alert: Alert): Alert {
    const { options, report } = this.#parts;
    if (options.linkTo === undefined) return alert;
    try {
      return { ...alert, link: linkFor(alert, options.linkTo) };
    } catch (error) {
      report({ kind: "link-failed", alert, error });
      return alert;
    }
  }
}

function reportOf(ending: Exclude<Ending, { readonly kind: "released" }>) {
  switch (ending.kind) {
    case "done":
      return { kind: "delivered" } as const;
    case "retry":
      return { kind: "failed", error: ending.error, retryAt: ending.dueAt } as const;
    case "dead":
      return { kind: "dead", error: ending.error } as const;
  }
}
