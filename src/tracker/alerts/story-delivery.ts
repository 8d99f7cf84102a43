import type { Alert } from "../../core/alert.ts";
import type { DeliveryError } from "../../core/delivery-error.ts";
import type { Instant } from "../../core/instant.ts";
import type { AlertLease, AlertSettlement, ClaimedAlert } from "../../ports/alert-outbox.ts";
import type { AlertSink } from "../../ports/alert-sink.ts";
import type { Clock } from "../../ports/clock.ts";
import type { IssueStore } from "../../ports/issue-store.ts";
import type { CheckedAlertOptions } from "./alert-options.ts";
import { callSink, timeIsUp, type AttemptResult } from "./attempt.ts";
import type { ClaimedStory } from "./claim-stories.ts";
import type { DeliveryReport } from "./delivery-report.ts";
import { linkFor } from "./link.ts";
import { Settlements } from "./settlements.ts";
import { endingsOf, settlementOf, type Ending } from "./story-endings.ts";

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
  #abortReason: DeliveryError | undefined;
  /** The alerts that are being delivered, each with the lease that holds it. */
  readonly #leases = new Map<string, AlertLease>();

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
    this.#settlements = new Settlements(parts.store);
  }

  /**
   * Delivers a story, or tries to.
   *
   * @param now - the time as the dispatcher goes by it
   * @returns what was noted of its alerts; nothing of those that somebody else holds by now
   */
  async deliver(story: ClaimedStory, lease: AlertLease, now: () => Instant): Promise<readonly AlertSettlement[]> {
    this.holdUnder(lease, story.parts);
    try {
      const alert = this.#withLink(story.alert);
      const result = await this.#attempt({ ...story, alert }, lease);
      const { options } = this.#parts;
      const endings = endingsOf(story, result, { policy: options, now: now(), chance: options.random() });
      const settled = await this.#settle(story.parts, endings);
      this.#report({ ...story, alert }, result.durationMs, endings, new Set(settled.map(({ id }) => id)));
      return settled;
    } finally {
      for (const part of story.parts) this.#leases.delete(part.alert.id);
    }
  }

  /** Whether an alert is being delivered. */
  isUnderWay(alertId: string): boolean {
    return this.#leases.has(alertId);
  }

  /** Notes under which lease alerts are held that are being delivered. */
  holdUnder(lease: AlertLease, parts: readonly ClaimedAlert[]): void {
    for (const { alert } of parts) this.#leases.set(alert.id, lease);
  }

  /** Tells all attempts under way to end, and lets none begin until {@link resume}. */
  abortAll(reason: DeliveryError): void {
    this.#abortReason = reason;
    for (const attempt of this.#attempts) attempt.abort(reason);
  }

  /** Lets attempts begin again. */
  resume(): void {
    this.#abortReason = undefined;
  }

  async #attempt({ alert, last }: ClaimedStory, { until }: AlertLease): Promise<TimedResult> {
    const { sink, clock, options } = this.#parts;
    if (this.#abortReason !== undefined) return { kind: "failed", error: this.#abortReason, durationMs: 0 };
    const controller = new AbortController();
    const callOff = clock.setTimer(options.leaseMs, () => {
      controller.abort(timeIsUp(options.leaseMs));
    });
    this.#attempts.add(controller);
    const startedAt = clock.now();
    try {
      const result = await callSink(sink, alert, {
        signal: controller.signal,
        until,
        number: last.attempts,
        isLast: last.attempts >= options.maxAttempts,
        memo: last.memo,
      });
      return { ...result, durationMs: Math.max(0, clock.now() - startedAt) };
    } finally {
      this.#attempts.delete(controller);
      callOff();
    }
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
  #report(
    { alert, last, parts }: ClaimedStory,
    durationMs: number,
    endings: ReadonlyMap<string, Ending>,
    settled: ReadonlySet<string>,
  ): void {
    for (const part of parts) {
      const ending = endings.get(part.alert.id);
      const attempt = part.attempts;
      if (part === last) {
        if (!settled.has(alert.id)) this.#parts.report({ kind: "lease-lost", alert, attempt });
        else if (ending !== undefined) this.#parts.report({ alert, attempt, durationMs, ...reportOf(ending) });
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

function reportOf(ending: Ending) {
  switch (ending.kind) {
    case "done":
      return { kind: "delivered" } as const;
    case "retry":
      return { kind: "failed", error: ending.error, retryAt: ending.dueAt } as const;
    case "dead":
      return { kind: "dead", error: ending.error } as const;
  }
}
