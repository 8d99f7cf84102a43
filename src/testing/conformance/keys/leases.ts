import type { AlertLease } from "../../../ports/alert-outbox.ts";
import { write, type CaseContext } from "../case.ts";
import { done, outboxOf, withOutbox } from "../outbox.ts";
import { newIssue, NOON, sampleAlert, sampleIssue, SHOP, uuid } from "../samples.ts";
import { expectByKey } from "./key-texts.ts";
import { transact } from "../case.ts";

/** Alerts are settled by the holder of their lease only. */
export async function expectTokensApart(context: CaseContext, tokens: readonly string[]): Promise<void> {
  const project = { ...SHOP, id: "tokens", slug: "tokens" };
  const issue = sampleIssue(1, { id: uuid(90_000), projectId: project.id });
  const alerts = tokens.map((_, index) => sampleAlert(issue, index + 1));
  const leaseAt = (index: number): AlertLease => ({
    token: tokens[index % tokens.length] ?? "",
    until: NOON + 5,
  });
  await write(context, { projects: [project], newIssues: [newIssue(issue)] });
  await transact(context, async (transaction) => {
    await transaction.write({ alerts });
    for (const index of tokens.keys()) {
      await outboxOf(transaction).claim({ lease: leaseAt(index), now: NOON, limit: 1, issueIds: null, inOrder: false });
    }
  });
  const settle = async (shift: number): Promise<boolean[]> => {
    const settlements = alerts.map(({ id }, index) => done(id, leaseAt(index + shift)));
    const settled = await withOutbox(context, (outbox) => outbox.settle(settlements));
    return alerts.map(({ id }) => settled.includes(id));
  };
  for (const shift of [1, 2, 3]) {
    const none = tokens.map(() => false);
    expectByKey(
      `alerts settled under the token ${String(shift)} further, by their own`,
      tokens,
      await settle(shift),
      none,
    );
  }
  const all = tokens.map(() => true);
  expectByKey("alerts settled under their own token", tokens, await settle(0), all);
}
