/** How much is stored, of all projects. */
export interface StoredCounts {
  /** Projects. `projects.erase` removes one. */
  readonly projects: number;
  /** Issues, in whatever state. `issues.delete` and `projects.erase` remove them. */
  readonly issues: number;
  /** Grouping keys that lead to issues: one for each issue, more after a change of the grouping. They go with their issues. */
  readonly groups: number;
  /** Entries of histories. They go with their issues. */
  readonly turningPoints: number;
  /** Users of issues, each once for each issue that occurred to them. They go with their issues; `users.erase` removes one. */
  readonly users: number;
  /** For each issue the releases that it was seen in, or is claimed to be fixed in. They go with their issues. */
  readonly marks: number;
  /** Releases, announced and retired ones too. Only `projects.erase` removes them. */
  readonly releases: number;
  /**
   * Events, those of deleted issues too. `events.evict` removes those that are old, or not among the newest of their issue, but for
   * those that caused a turning point.
   */
  readonly events: number;
  /**
   * Alerts that are pending, dead or discarded: delivery removes the first, `alerts.evict` the others. 0 on a store without an outbox.
   */
  readonly alerts: number;
  /**
   * How many notifications a project or an issue had in a period: one for each, while the period lasts. Delivery removes them. 0 on a
   * store without an outbox.
   */
  readonly tallies: number;
}
