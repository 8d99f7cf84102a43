import type { Kysely } from "kysely";
import type { HostTransaction } from "../../src/testing/index.ts";

/** Begins a transaction as a host does that works with Kysely. */
export async function beginHost(db: Kysely<object>): Promise<HostTransaction> {
  const transaction = await db.startTransaction().execute();
  return {
    transaction,
    commit: async () => {
      await transaction.commit().execute();
    },
    rollback: async () => {
      await transaction.rollback().execute();
    },
  };
}
