/** The results of deliveries: numbers of alerts, not of notifications. */
export interface DeliveryOutcome {
  /** How many the sink accepted. */
  readonly delivered: number;
  /** How many failed and are retried. */
  readonly failed: number;
  /** How many failed and are not retried. */
  readonly dead: number;
  /** How many were above a limit. */
  readonly throttled: number;
  /** How many were too old. */
  readonly discarded: number;
}
