import { copyMutants } from "./copies.ts";
import { actorMutants } from "./actors.ts";
import { alertTallyMutants } from "./alert-tallies.ts";
import { alertMutants } from "./alerts.ts";
import { batchMutants } from "./batches.ts";
import { digestMutants } from "./digests.ts";
import { emptiedMutants } from "./emptied.ts";
import { eventErasureMutants } from "./event-erasure.ts";
import { eventMutants } from "./events.ts";
import { feedMutants } from "./feed.ts";
import { groupMutants } from "./groups.ts";
import { handleMutants } from "./handles.ts";
import type { Mutant } from "./harness.ts";
import { historyAndCounterMutants } from "./history-and-counters.ts";
import { hostTransactionMutants } from "./host-transactions.ts";
import { idMutants } from "./ids.ts";
import { issueEventMutants } from "./issue-events.ts";
import { issueCountMutants } from "./issue-counts.ts";
import { issueCriteriaMutants } from "./issue-criteria.ts";
import { issuePageMutants } from "./issue-pages.ts";
import { issueMutants } from "./issues.ts";
import { markMutants } from "./marks.ts";
import { narrowRowMutants } from "./narrow-rows.ts";
import { narrowMutants } from "./narrow.ts";
import { numberMutants } from "./numbers.ts";
import { pendingReleaseMutants } from "./pending-releases.ts";
import { projectErasureMutants } from "./project-erasure.ts";
import { projectMutants } from "./projects.ts";
import { raceMutants } from "./races.ts";
import { releaseOrderMutants } from "./release-orders.ts";
import { releaseMutants } from "./releases.ts";
import { rollbackMutants } from "./rollbacks.ts";
import { savedReleaseMutants } from "./saved-releases.ts";
import { selectionMutants } from "./selections.ts";
import { storedCountMutants } from "./stored-counts.ts";
import { storedEventMutants } from "./stored-events.ts";
import { tallyMutants } from "./tallies.ts";
import { comparedTextMutants } from "./texts-compared.ts";
import { cutTextMutants } from "./texts-cut.ts";
import { storedTextMutants } from "./texts-stored.ts";
import { transactionMutants } from "./transactions.ts";
import { userMutants } from "./users.ts";

/** Deliberately wrong stores, by what they get wrong: each gets one thing wrong, and nothing else. */
export const MUTANTS: readonly Mutant[] = [
  ...transactionMutants,
  ...projectMutants,
  ...projectErasureMutants,
  ...issueMutants,
  ...groupMutants,
  ...issueCountMutants,
  ...issuePageMutants,
  ...issueCriteriaMutants,
  ...historyAndCounterMutants,
  ...feedMutants,
  ...releaseMutants,
  ...pendingReleaseMutants,
  ...markMutants,
  ...userMutants,
  ...actorMutants,
  ...eventMutants,
  ...eventErasureMutants,
  ...issueEventMutants,
  ...digestMutants,
  ...alertMutants,
  ...alertTallyMutants,
  ...batchMutants,
  ...emptiedMutants,
  ...handleMutants,
  ...hostTransactionMutants,
  ...idMutants,
  ...narrowMutants,
  ...narrowRowMutants,
  ...numberMutants,
  ...raceMutants,
  ...releaseOrderMutants,
  ...rollbackMutants,
  ...savedReleaseMutants,
  ...selectionMutants,
  ...storedCountMutants,
  ...copyMutants,
  ...storedEventMutants,
  ...tallyMutants,
  ...comparedTextMutants,
  ...cutTextMutants,
  ...storedTextMutants,
];
