import type { Instant } from "../../core/instant.ts";
import { describeState, type Issue, type IssueState } from "../../core/issue.ts";
import type { TurningPoint } from "../../core/turning-point.ts";
import { describeConditionProgress, type ConditionProgress } from "../../core/condition-progress.ts";
import type { SentenceNames } from "../../core/wording.ts";
import type { TrackedIssue } from "../../tracker/tracked-issue.ts";
import { givenIn, linkTo } from "../address.ts";
import type { PageContent } from "../frame.ts";
import { presentPlace } from "../live.ts";
import { doneNote } from "../done.ts";
import { html, type Content, type Html } from "../html.ts";
import type { Scope } from "../scope.ts";
import { numberOf, statusMark, timeOf } from "../words.ts";
import { actionsOf } from "./issue-actions.ts";
import { chartSection } from "./issue-chart.ts";
import { eventSection } from "./issue-event.ts";
import { historySection, namesFor } from "./issue-history.ts";
import { releasesSection } from "./issue-releases.ts";

/** An issue with all that is known about it, with what a form before it did. */
export async function issuePage(
  scope: Scope,
  parameters: URLSearchParams,
  id: string,
  report: Content = null,
): Promise<PageContent> {
  const issue = await scope.issue(id);
  const { friendlyId, title, level, transaction, projectId } = issue;
  const cursor = givenIn(parameters, "history");
  const feedCursor = await presentPlace(scope);
  const [project, history] = await Promise.all([
    scope.project(projectId),
    scope.tracker.issues.history(issue.id, { limit: 50, ...(cursor !== undefined && { cursor }) }),
  ]);
  const newest = cursor === undefined ? history.items : (await scope.tracker.issues.history(issue.id)).items;
  const names = await namesFor(scope, issue, history.items);
  const shownTitle = title === "" ? "(no title)" : title;
  const body = html`${report ?? doneNote(parameters)}
    <p class="crumbs">
      <a href="${linkTo({})}">Issues</a> / <a href="${linkTo({ project: projectId })}">${project.slug}</a> /
      <span class="mono">${friendlyId}</span>
    </p>
    <div class="issue-head">
      <div>
        <h1>${shownTitle}</h1>
        <p class="where">
          <span class="level ${level}">${level}</span
          >${transaction !== "" && html` in <span class="mono">${transaction}</span>`}
        </p>
      </div>
      ${await actionsOf(scope, issue)}
    </div>
    ${await stateSentence(scope, issue, newest, names)}
    <div class="columns">
      <div>
        ${await chartSection(scope, issue, parameters)} ${await eventSection(scope, issue, parameters)}
        ${historySection(scope, issue, history, names)}
      </div>
      <aside>${facts(scope, issue)} ${await releasesSection(scope, issue)} ${await watchSection(scope, issue)}</aside>
    </div>`;
  return { title: `${friendlyId}: ${shownTitle}`, section: "issues", body, feedCursor, issue: friendlyId };
}

/** The state as one sentence, who made it so, and how close the issue is to what would end it. */
async function stateSentence(
  { tracker, now }: Scope,
  issue: TrackedIssue,
  history: readonly TurningPoint[],
  names: SentenceNames,
): Promise<Html> {
  const { state, id } = issue;
  const progress =
    (await tracker.issues.muteProgress(id))?.conditions ?? (await tracker.issues.discardProgress(id))?.conditions ?? [];
  return html`<section class="sentence" aria-label="State">
    ${statusMark(state.status)}
    <p>
      ${describeState(state, names)} ${sinceThen(state, now)}${causeOf(state, history, names, now)}
      ${progress.map((each) => describeConditionProgress(each)).join(" ")}
    </p>
    ${progress.map(meter)}
  </section>`;
}

/** What an open issue did since it is open. */
function sinceThen(state: IssueState, now: Instant): Html | null {
  if (state.status !== "open") return null;
  const { regressedAt, loudAt } = state;
  const back = regressedAt !== undefined && html`It came back ${timeOf(regressedAt, now)}. `;
  return html`${back}${loudAt !== undefined && html`It got loud ${timeOf(loudAt, now)}. `}`;
}

/** Who resolved, muted or discarded the issue, and how long ago; nothing if nobody did, or it is too long ago for the newest history. */
function causeOf(state: IssueState, newest: readonly TurningPoint[], names: SentenceNames, now: Instant): Html | null {
  const at = beginningOf(state);
  const cause = newest.find((point) => point.at === at && point.turn.kind === state.status);
  if (cause?.by.kind !== "user") return null;
  return html`<span class="soft">By ${names.user?.(cause.by.id) ?? cause.by.id}, ${timeOf(cause.at, now)}.</span>`;
}

function beginningOf(state: IssueState): Instant | undefined {
  switch (state.status) {
    case "resolved":
      return state.resolvedAt;
    case "muted":
      return state.mute.mutedAt;
    case "discarded":
      return state.discard.discardedAt;
    case "open":
    case "merged":
      return undefined;
  }
}

function meter({ count, needed, text }: ConditionProgress): Html {
  const shown = Math.min(count, needed);
  return html`<span class="progress"
    ><meter min="0" max="${needed}" value="${shown}" aria-label="${text}"></meter>
    <span class="num soft">${numberOf(count)} of ${numberOf(needed)}</span></span
  >`;
}

function facts({ now }: Scope, issue: Issue): Html {
  const { eventCount, userCount, firstSeenAt, lastSeenAt, environments, parts } = issue;
  return html`<section class="card" aria-label="Facts">
    <dl class="facts">
      <dt>Events</dt>
      <dd class="num">${numberOf(eventCount)}</dd>
      <dt>Users</dt>
      <dd class="num">${numberOf(userCount)}</dd>
      <dt>First seen</dt>
      <dd>${timeOf(firstSeenAt, now)}</dd>
      <dt>Last seen</dt>
      <dd>${timeOf(lastSeenAt, now)}</dd>
      ${
        environments.length > 0 &&
        html`<dt>Environments</dt>
          <dd>${environments.join(", ")}</dd>`
      }
      ${
        parts !== null &&
        html`<dt>Merged issues</dt>
          <dd class="num">${parts.members.length}</dd>`
      }
    </dl>
  </section>`;
}

/** How close an open issue is to what it is watched for. */
async function watchSection({ tracker }: Scope, { id, state }: TrackedIssue): Promise<Html | null> {
  const watched = state.status === "open" ? await tracker.issues.watchProgress(id) : [];
  if (watched.length === 0) return null;
  const rows = watched.map(
    ({ isArmed, ...progress }) =>
      html`<li>${progress.text}${!isArmed && html` <span class="soft">(has alerted)</span>`}${meter(progress)}</li>`,
  );
  return html`<section class="card">
    <h2>Alerts when</h2>
    <ul class="watch">
      ${rows}
    </ul>
  </section>`;
}
