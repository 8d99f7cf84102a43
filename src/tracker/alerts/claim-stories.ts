import { heldBackAlert, type Alert, type IssueAlert } from "../../core/alert.ts";
import { AlertTallies, heldBackReason, scopesOf, type AlertLimits, type TallyScope } from "../../core/alert-limits.ts";
import { tellStories, type Story } from "../../core/alert-story.ts";
import type { Instant } from "../../core/instant.ts";
import { DUE_AT_ONCE, type AlertLease, type ClaimedAlert } from "../../ports/alert-outbox.ts";
import type { StoreTransaction } from "../../ports/issue-store.ts";

/** A message that may go out, under a lease. */
export type ClaimedStory = Story<ClaimedAlert>;

/** What a claim is made by. */
export interface ClaimRequest {
  readonly lease: AlertLease;
  readonly now: Instant;
  /** The most messages. */
  readonly limit: number;
  readonly inOrder: boolean;
  readonly limits: AlertLimits | null;
  readonly maxAttempts: number;
  readonly newId: () => string;
  /** Whether this dispatcher is delivering an alert: when the clock jumps, its lease may be over by the clock alone. */
  readonly isUnderWay: (alertId: string) => boolean;
}

/** What a claim came to. */
export interface ClaimedStories {
  /** Whether anything at all was due. */
  readonly anyDue: boolean;
  /** What may go out. */
  readonly stories: readonly ClaimedStory[];
  /** What is under way, and is held under the new lease from now on. */
  readonly underWay: readonly ClaimedAlert[];
  /** What there is too much of in this period: it has left the outbox. */
  readonly heldBack: readonly ClaimedStory[];
  /** What a process ended over, again and again: it is dead. */
  readonly exhausted: readonly ClaimedAlert[];
}

/** The most alerts that are told with others of their issues; what is more makes stories of its own. */
const MOST_OTHERS = 200;
/** How many tallies are in memory at a time. */
const CHUNK = 500;

/** What is noted of an alert whose last attempt did not end. */
export const ENDED_WITH_ITS_PROCESS = "The process, or its connection to the database, ended during the last attempt.";

/** Claims what is due, in one transaction: makes stories of it, and holds back what is too much. */
export async function claimStories(transaction: StoreTransaction, request: ClaimRequest): Promise<ClaimedStories> {
  const { lease, now, limit, inOrder, limits, maxAttempts } = request;
  await tellWhatWasHeldBack(transaction, request);
  const claimed = [...(await transaction.claimAlerts({ lease, now, limit, inOrder, issueIds: null }))];
  const issueIds = [...new Set(claimed.flatMap(({ alert }) => alert.issue?.id ?? []))];
  if (!inOrder && issueIds.length > 0) {
    claimed.push(...(await transaction.claimAlerts({ lease, now, limit: MOST_OTHERS, inOrder, issueIds })));
  }
  const underWay = claimed.filter(({ alert }) => request.isUnderWay(alert.id));
  const fresh = claimed.filter(({ alert }) => !request.isUnderWay(alert.id));
  const exhausted = fresh.filter(({ attempts }) => attempts > maxAttempts);
  const all = tellStories(fresh.filter(({ attempts }) => attempts <= maxAttempts));
  const heldBack = limits === null ? [] : await holdBack(transaction, all, limits, now);
  await settleAtOnce(transaction, request, heldBack, exhausted);
  const isHeldBack = new Set(heldBack);
  const stories = all.filter((story) => !isHeldBack.has(story));
  return { anyDue: claimed.length > 0, stories, underWay, heldBack, exhausted };
}

/** Raises an alert for each project whose period is over and that did not hear of everything in it. */
async function tellWhatWasHeldBack(transaction: StoreTransaction, { now, newId }: ClaimRequest): Promise<void> {
  for (;;) {
    const ended = await transaction.takeEndedTallies(now, CHUNK);
    const told = ended.flatMap((tally) => {
      const reason = heldBackReason(tally);
      return reason === undefined ? [] : [{ projectId: tally.projectId, reason }];
    });
    if (told.length > 0) {
      const projects = await transaction.findProjects([...new Set(told.map(({ projectId }) => projectId))]);
      const alerts = told.flatMap(({ projectId, reason }): Alert[] => {
        const project = projects.get(projectId)?.project;
        return project === undefined
          ? []
          : [heldBackAlert({ id: newId(), project: { id: project.id, slug: project.slug }, reason })];
      });
      await transaction.insertAlerts(alerts, DUE_AT_ONCE);
    }
    if (ended.length < CHUNK) return;
  }
}

/** Counts the messages, and gives those that are too many. What was let through before is not counted again. */
async function holdBack(
  transaction: StoreTransaction,
  stories: readonly ClaimedStory[],
  limits: AlertLimits,
  now: Instant,
): Promise<ClaimedStory[]> {
  const judged = stories.flatMap((story): { story: ClaimedStory; alert: IssueAlert }[] => {
    const { alert, parts } = story;
    return alert.issue === null || parts.some(({ attempts }) => attempts > 1) ? [] : [{ story, alert }];
  });
  if (judged.length === 0) return [];
  const scopes = new Map<string, TallyScope>();
  for (const { alert } of judged) for (const scope of scopesOf(alert)) scopes.set(JSON.stringify(scope), scope);
  const tallies = new AlertTallies(limits, now, await transaction.lockAlertTallies([...scopes.values()]));
  const heldBack = judged.filter(({ alert }) => !tallies.admit(alert)).map(({ story }) => story);
  await transaction.saveAlertTallies(tallies.changed);
  return heldBack;
}

async function settleAtOnce(
  transaction: StoreTransaction,
  { lease, now }: ClaimRequest,
  heldBack: readonly ClaimedStory[],
  exhausted: readonly ClaimedAlert[],
): Promise<void> {
  const settlements = [
    ...heldBack.flatMap(({ parts }) => parts.map(({ alert }) => ({ id: alert.id, lease, outcome: "done" as const }))),
    ...exhausted.map(({ alert, memo }) => {
      return { id: alert.id, lease, outcome: "dead" as const, diedAt: now, error: ENDED_WITH_ITS_PROCESS, memo };
    }),
  ];
  if (settlements.length > 0) await transaction.settleAlerts(settlements);
}
