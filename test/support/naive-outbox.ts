/** An alert in the naive outbox. */
export interface NaiveAlert {
  readonly id: string;
  readonly issue: string;
  readonly turningPoint: number;
  readonly raisedAt: number;
  status: "pending" | "dead" | "discarded" | "delivered";
  /** When it is due, died or was discarded. */
  at: number;
  attempts: number;
  /** Whether it was redriven when it was too old already. */
  isWanted: boolean;
}

/** The behaviour of a sink. */
export type Behaviour = "takes" | "throws" | "refuses for good" | "asks for an hour";

export const POLICY = {
  maxAttempts: 3,
  backoffMs: 10_000,
  maxBackoffMs: 60_000,
  leaseMs: 30_000,
  maxAgeMs: 2 * 3_600_000,
};

/**
 * A naive model of the outbox and its dispatcher: the documented rules, on one list that is searched each time. Backoff is
 * without jitter: always the longest pause.
 */
export class NaiveOutbox {
  readonly alerts: NaiveAlert[] = [];
  readonly delivered: string[] = [];

  raise(id: string, issue: string, turningPoint: number, raisedAt: number): void {
    const state = { status: "pending", at: 0, attempts: 0, isWanted: false } as const;
    this.alerts.push({ id, issue, turningPoint, raisedAt, ...state });
  }

  /** Delivers until nothing is due. */
  drain(now: number, behaviour: Behaviour): void {
    for (const claimed of this.#claim(now)) {
      const notification = claimed.filter((alert) => !isTooOld(alert, now));
      for (const alert of claimed) if (!notification.includes(alert)) end(alert, "discarded", now);
      const alive = notification.filter((alert) => alert.attempts <= POLICY.maxAttempts);
      for (const alert of notification) if (!alive.includes(alert)) end(alert, "dead", now);
      // The alert with the highest turning point among those tried again decides when.
      const triedAgain = alive.filter(({ attempts }) => attempts < POLICY.maxAttempts);
      const [last] = triedAgain.toSorted((one, other) => other.turningPoint - one.turningPoint);
      for (const alert of alive) this.#settle(alert, last?.attempts ?? 0, now, behaviour);
    }
  }

  /** A process claims what is due, and crashes. */
  crash(now: number): void {
    for (const alert of this.#claim(now).flat()) alert.at = now + POLICY.leaseMs;
  }

  redriveDead(now: number): void {
    for (const alert of this.alerts) {
      if (alert.status !== "dead") continue;
      Object.assign(alert, { status: "pending", at: now, attempts: 0, isWanted: now > expiryOf(alert) });
    }
  }

  discard(id: string, now: number): void {
    const alert = this.alerts.find((each) => each.id === id);
    if (alert?.status === "pending" || alert?.status === "dead") end(alert, "discarded", now);
  }

  #claim(now: number): NaiveAlert[][] {
    const due = this.alerts.filter((alert) => alert.status === "pending" && alert.at <= now);
    for (const alert of due) {
      alert.attempts++;
      // A lease that ended only after the alert was too old.
      alert.isWanted ||= alert.at > expiryOf(alert);
    }
    return [...Map.groupBy(due, ({ issue }) => issue).values()];
  }

  #settle(alert: NaiveAlert, attempts: number, now: number, behaviour: Behaviour): void {
    const { maxAttempts, backoffMs, maxBackoffMs } = POLICY;
    if (behaviour === "takes") {
      this.delivered.push(alert.id);
      end(alert, "delivered", now);
    } else if (behaviour === "refuses for good" || alert.attempts >= maxAttempts) {
      end(alert, "dead", now);
    } else {
      const pauseMs = Math.min(maxBackoffMs, backoffMs * 2 ** (attempts - 1));
      const dueAt = now + (behaviour === "asks for an hour" ? 3_600_000 : pauseMs);
      alert.at = alert.isWanted ? dueAt : Math.min(dueAt, expiryOf(alert));
    }
  }
}

function isTooOld(alert: NaiveAlert, now: number): boolean {
  return now >= expiryOf(alert) && !alert.isWanted;
}

/** From when on an alert is too old. */
function expiryOf({ raisedAt }: NaiveAlert): number {
  return raisedAt + POLICY.maxAgeMs + 1;
}

function end(alert: NaiveAlert, status: NaiveAlert["status"], at: number): void {
  alert.status = status;
  alert.at = at;
}
