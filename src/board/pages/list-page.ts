import type { IssueCount } from "../../core/issue-list.ts";
import type { IssueStatus } from "../../core/issue.ts";
import type { PeriodCount } from "../../core/period-counter.ts";
import type { Project } from "../../core/project.ts";
import type { TrackedIssue } from "../../tracker/tracked-issue.ts";
import { issueLink, linkTo } from "../address.ts";
import { NO_DEFAULT_BUTTON } from "../forms.ts";
import { sparkline } from "../chart.ts";
import type { PageContent } from "../frame.ts";
import { presentPlace } from "../live.ts";
import { doneNote } from "../done.ts";
import { html, type Content, type Html } from "../html.ts";
import { MAX_PROJECTS, type Scope } from "../scope.ts";
import { agoInShort, countOf, numberOf, shortDuration, STATUS_WORDS, statusMark, timeOf } from "../words.ts";
import { firstRun } from "./connect.ts";
import { filterBar } from "./list-filters.ts";
import { filterOf, isFiltered, listLink, readListQuery, TABS, withoutFilters, type ListQuery } from "./list-query.ts";

const PAGE = 50;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** The list of issues, with what a form before it did. */
export async function listPage(
  scope: Scope,
  parameters: URLSearchParams,
  report: Content = null,
): Promise<PageContent> {
  const query = readListQuery(parameters);
  const projects = await scope.projects();
  if (query.projectId !== undefined) await scope.project(query.projectId);
  if (projects.length === 0) return { title: scope.options.title, section: "issues", body: NO_PROJECT };
  const seesAll = scope.viewer.projects === "all";
  if (seesAll && projects.length >= MAX_PROJECTS && query.projectId === undefined) return tooManyProjects(projects);
  const filter = filterOf(query, projects, seesAll, scope.now);
  const { tracker } = scope;
  const feedCursor = await presentPlace(scope);
  const [counts, { items, unreadable, next, previous, searchedTo }] = await Promise.all([
    tracker.issues.counts(filter, { upTo: 9_999 }),
    tracker.issues.list({
      ...filter,
      ...(query.tab !== "all" && { status: query.tab }),
      // Numbers of several projects cannot be compared.
      sort: query.sort === "first-seen" && filter.projectId === undefined ? "last-seen" : query.sort,
      limit: PAGE,
      ...(query.cursor !== undefined && { cursor: query.cursor }),
    }),
  ]);
  const series = await tracker.issues.eventCountsOfMany(
    items.map(({ id }) => id),
    { period: "hour", nrOfPeriods: 24 },
  );
  const isFirstRun = !isFiltered(query) && Object.values(counts).every(({ count }) => count === 0);
  const rows = items.map((issue, index) => {
    const result = series[index];
    return row(scope, issue, result?.kind === "found" ? result.value : [], query);
  });
  const body = html`${report ?? doneNote(parameters)}
    <h1 class="visually-hidden">${headingOf(query)}</h1>
    ${await filterBar(scope, query, projects, filter.projectId)} ${tabs(query, counts)}
    ${
      rows.length > 0
        ? list(scope, query, rows)
        : isFirstRun
          ? await firstRun(scope, projects, filter.projectId)
          : emptyList(query, counts, searchedTo !== null)
    }
    ${unreadable.length > 0 && html`<p class="note">${countOf(unreadable.length, "issue")} of this page cannot be read: ${unreadable.map(({ id, friendlyId }) => friendlyId ?? id).join(", ")}.</p>`}
    <nav class="pages" aria-label="Pages">
      <span
        >${previous !== null && html`<a class="button" rel="prev" href="${listLink(query, { cursor: previous })}">Previous</a>`}
        ${next !== null && html`<a class="button" rel="next" href="${listLink(query, { cursor: next })}">${searchedTo === null ? "Next" : "Search on"}</a>`}</span
      >${rows.length > 0 && KEYS}
    </nav>`;
  return { title: headingOf(query), section: "issues", body, feedCursor, isWaiting: isFirstRun };
}

/** Lists of more projects than that are not made: one has to be chosen. */
function tooManyProjects(projects: readonly Project[]): PageContent {
  const links = projects.map(({ id, slug }) => html`<li><a href="${linkTo({ project: id })}">${slug}</a></li>`);
  const body = html`<h1>Choose a project</h1>
    <p>There are ${numberOf(MAX_PROJECTS)} projects or more. These are the first; others are found by their address.</p>
    <ul>
      ${links}
    </ul>`;
  return { title: "Choose a project", section: "issues", body };
}

const NO_PROJECT = html`<section class="empty">
  <h1>No project yet</h1>
  <p>Save one by <code>tracker.projects.save({ id: "shop" })</code>, and reload this page.</p>
</section>`;

const KEYS = html`<span class="keys"
  ><kbd>j</kbd> <kbd>k</kbd> move · <kbd>x</kbd> select · <kbd>?</kbd> all keys</span
>`;

function headingOf({ tab }: ListQuery): string {
  return tab === "all" ? "All issues" : `${STATUS_WORDS[tab]} issues`;
}

function tabs(query: ListQuery, counts: Readonly<Record<IssueStatus, IssueCount>>): Html {
  const all = [counts.open, counts.muted, counts.resolved, counts.discarded];
  const countOfTab = (tab: ListQuery["tab"]): IssueCount =>
    tab === "all"
      ? { count: all.reduce((sum, { count }) => sum + count, 0), exact: all.every(({ exact }) => exact) }
      : counts[tab];
  const shown = TABS.filter((tab) => tab !== "discarded" || query.tab === tab || counts.discarded.count > 0);
  const links = shown.map((tab) => {
    const { count, exact } = countOfTab(tab);
    const current = tab === query.tab && html` aria-current="page"`;
    const word = tab === "all" ? "All" : STATUS_WORDS[tab];
    return html`<a href="${listLink(query, { tab: tab === "open" ? undefined : tab })}" ${current}
      >${word} <span class="num">${numberOf(count)}${!exact && "+"}</span></a
    >`;
  });
  return html`<nav class="tabs" aria-label="State">${links}</nav>`;
}

function list({ viewer }: Scope, query: ListQuery, rows: readonly Html[]): Html {
  return html`<form method="post" action="${listLink(query, { cursor: query.cursor })}" class="selection">
    ${NO_DEFAULT_BUTTON}
    <ul class="issues" aria-label="${headingOf(query)}">
      <li class="head" aria-hidden="true">
        <span>${viewer.mayChange && html`<input type="checkbox" class="select-all" tabindex="-1" hidden />`}</span
        ><span>Issue</span><span class="spark">Last 24 hours</span><span>Events</span><span class="users">Users</span
        ><span class="seen">Age</span><span>Last seen</span>
      </li>
      ${rows}
    </ul>
    ${viewer.mayChange && bulkOf(query)}
  </form>`;
}

/** What can be done with issues of a tab: buttons that all of them would refuse are not there. */
function bulkOf({ tab }: ListQuery): Html {
  const [open, muted, resolved] = [tab === "open", tab === "muted", tab === "resolved"].map(
    (is) => is || tab === "all",
  );
  return html`<div class="bulk" role="group" aria-label="With the selected issues">
    <strong class="selected">Selected</strong>
    ${
      (open === true || muted === true) &&
      html`<button class="primary" name="action" value="resolve">Resolve</button>
        <button name="action" value="resolve-next">Resolve in next release</button>
        <button name="do" value="mute" formmethod="get">${tab === "muted" ? "Change the mute…" : "Mute…"}</button>`
    }
    ${muted === true && html`<button name="action" value="unmute">Unmute</button>`}
    ${resolved === true && html`<button name="action" value="reopen">Reopen</button>`}
    ${tab === "discarded" && html`<button name="action" value="undiscard">End the discard</button>`}
  </div>`;
}

function row({ now, viewer }: Scope, issue: TrackedIssue, hours: readonly PeriodCount[], { tab }: ListQuery): Html {
  const { friendlyId, title, transaction, level, lastSeenIn, eventCount, userCount, firstSeenAt, lastSeenAt, state } =
    issue;
  const [loudFrom, flag] = newsOf(issue, now);
  const select =
    viewer.mayChange && html`<input type="checkbox" name="id" value="${issue.id}" aria-label="Select ${friendlyId}" />`;
  return html`<li data-key="${friendlyId}">
    <span>${select}</span>
    <div>
      <a class="title" href="${issueLink(friendlyId)}">${title === "" ? "(no title)" : title}</a>
      <div class="sub">
        ${tab === "all" && html`<span>${statusMark(state.status)}</span>`}${flag !== undefined && html`<span class="flag">${flag}</span>`}<span
          class="mono"
          >${friendlyId}</span
        >${transaction !== "" && html`<span class="transaction">${transaction}</span>`}<span class="level ${level}"
          >${level}</span
        >${lastSeenIn !== undefined && html`<span>${lastSeenIn}</span>`}
      </div>
    </div>
    <div class="spark">${sparkline(hours, "The last 24 hours", loudFrom)}</div>
    <div class="right num">${numberOf(eventCount)}<span class="visually-hidden"> events</span></div>
    <div class="right num users soft">${numberOf(userCount)}<span class="visually-hidden"> users</span></div>
    <div class="right num seen soft">${timeOf(firstSeenAt, now, shortDuration(Math.max(0, now - firstSeenAt)))}</div>
    <div class="right num last">${timeOf(lastSeenAt, now, agoInShort(lastSeenAt, now))}</div>
  </li> `;
}

/** What is new about an issue, and since when. */
function newsOf({ state, firstSeenAt }: TrackedIssue, now: number): readonly [number, string | undefined] {
  if (state.status !== "open") return [Infinity, undefined];
  const { regressedAt, loudAt } = state;
  if (loudAt !== undefined && loudAt >= (regressedAt ?? 0)) return [loudAt - (loudAt % HOUR), "Loud"];
  if (regressedAt !== undefined) return [regressedAt - (regressedAt % HOUR), "Came back"];
  return [Infinity, now - firstSeenAt < DAY ? "New" : undefined];
}

function emptyList(query: ListQuery, counts: Readonly<Record<IssueStatus, IssueCount>>, isSearching: boolean): Html {
  if (isSearching) {
    return html`<section class="empty">
      <h2>Nothing found so far</h2>
      <p>There are more issues to look at.</p>
    </section>`;
  }
  if (isFiltered(query)) {
    return html`<section class="empty">
      <h2>No issue matches</h2>
      <p>
        ${query.search === undefined ? "No issue of this tab is like that." : `No issue of this tab contains “${query.search}”.`}
      </p>
      <p><a class="button" href="${listLink(withoutFilters(query))}">Show all of this tab</a></p>
    </section>`;
  }
  const { muted, resolved } = counts;
  const rest = `${countOf(resolved.count, "issue")} ${resolved.count === 1 ? "is" : "are"} resolved, ${numberOf(muted.count)} ${muted.count === 1 ? "is" : "are"} muted.`;
  if (query.tab === "open")
    return html`<section class="empty">
      <h2>Nothing is open</h2>
      <p>${rest}</p>
    </section>`;
  const word = query.tab === "all" ? "There is no issue" : `No issue is ${query.tab}`;
  return html`<section class="empty">
    <h2>${word}</h2>
    <p><a class="button" href="${linkTo({ project: query.projectId })}">Open issues</a></p>
  </section>`;
}
