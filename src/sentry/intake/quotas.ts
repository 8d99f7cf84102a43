import { bucketStart } from "../../core/calendar.ts";
import { isAhead } from "../../core/clock-recovery.ts";
import type { Instant } from "../../core/instant.ts";
import { PeriodCounter } from "../../core/period-counter.ts";
import { quotaOpensAt, type Quota } from "../../core/quota.ts";
import type { CheckedProject } from "./intake-options.ts";

/** What a project has sent, and how much it may send. */
interface Counted {
  readonly counter: PeriodCounter;
  /** As the last request of the project found them. */
  quotas: readonly Quota[];
}

/** Counts what projects with quotas have sent to this process. */
export class Quotas {
  readonly #projects = new Map<string, Counted>();

  /** When a project may send again by its present quotas; `null` if it may send now. */
  opensAt({ id, quotas }: CheckedProject, now: Instant): Instant | null {
    const counted = this.#projects.get(id);
    if (counted !== undefined) counted.quotas = quotas;
    return this.lastOpensAt(id, now);
  }

  /** When a project may send again by the quotas that its last request found. */
  lastOpensAt(projectId: string, now: Instant): Instant | null {
    const counted = this.#projects.get(projectId);
    if (counted === undefined) return null;
    const { counter, quotas } = counted;
    if (isAhead(bucketStart("minute", counter.newestMinute ?? 0), now)) counter.setBack(now);
    return quotaOpensAt(counter, quotas, now);
  }

  /** Counts events of a project. */
  add({ id, quotas }: CheckedProject, events: number, now: Instant): void {
    if (quotas.length === 0 || events === 0) return;
    const counted = this.#projects.get(id) ?? { counter: new PeriodCounter(), quotas };
    counted.counter.inc(now, events);
    this.#projects.set(id, counted);
  }

  /** Takes back what was counted, because it was not stored. */
  takeBack({ id }: CheckedProject, events: number, at: Instant): void {
    const counter = this.#projects.get(id)?.counter;
    counter?.dec(at, Math.min(events, counter.total));
  }
}
