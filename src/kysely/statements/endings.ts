import { sql, type RawBuilder } from "kysely";
import type { LockingSql } from "../dialect.ts";

/** What selects end with, in a transaction that writes. */
export interface Endings {
  /** Where a plain select could show an older state than what this transaction has locked goes with. */
  readonly latest: RawBuilder<unknown>;
  /** Where no other transaction may change the rows until this one ends. */
  readonly lock: RawBuilder<unknown>;
  /** The same, leaving out rows that another one has locked. */
  readonly lockFree: RawBuilder<unknown>;
}

const NOTHING = sql``;

/**
 * What selects end with.
 *
 * @param mustSeeLatest - whether a plain select may show an older state than a locking one
 */
export function endingsOf(locking: LockingSql, mustSeeLatest: boolean): Endings {
  switch (locking.kind) {
    case "one-writer":
      return { latest: NOTHING, lock: NOTHING, lockFree: NOTHING };
    case "rows":
      return { latest: mustSeeLatest ? locking.latest : NOTHING, lock: locking.lock, lockFree: locking.lockFree };
  }
}
