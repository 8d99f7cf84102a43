import { sql, type RawBuilder } from "kysely";
import type { LockingSql } from "../dialects/dialect.ts";

/** How selects end in a transaction that writes. */
export interface Endings {
  /** The select must see the latest state, where a plain one could show an older state than a locking one. */
  readonly latest: RawBuilder<unknown>;
  /** No other transaction may change the rows until this one ends. */
  readonly lock: RawBuilder<unknown>;
  /** The select must see the latest state, which no other transaction may change until this one ends. */
  readonly share: RawBuilder<unknown>;
  /** The same as {@link lock}, without the rows that another transaction has locked. */
  readonly lockSkippingLocked: RawBuilder<unknown>;
}

const NOTHING = sql``;

/** @param mustSeeLatest - whether a plain select may show an older state than a locking one */
export function endingsOf(locking: LockingSql, mustSeeLatest: boolean): Endings {
  switch (locking.kind) {
    case "one-writer":
      return { latest: NOTHING, lock: NOTHING, share: NOTHING, lockSkippingLocked: NOTHING };
    case "rows": {
      const { latest, lock, share, lockSkippingLocked } = locking;
      return { latest: mustSeeLatest ? latest : NOTHING, lock, share, lockSkippingLocked };
    }
  }
}
