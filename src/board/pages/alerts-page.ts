import type { Alert } from "../../core/alert.ts";
import type { Page } from "../../core/page.ts";
import { IssueLifecycleError } from "../../core/errors.ts";
import type { OutboxCounts, OutboxEntry, OutboxStatus } from "../../ports/alert-outbox.ts";
import { choiceOf, givenIn, issueLink, linkTo } from "../address.ts";
import type { PageContent } from "../frame.ts";
import { doneNote } from "../done.ts";
import { NO_DEFAULT_BUTTON } from "../forms.ts";
import { html, type Content, type Html } from "../html.ts";
import type { Scope } from "../scope.ts";
import { maySee } from "../viewer.ts";
import { countOf, numberOf, timeOf } from "../words.ts";

/** The alerts that wait, that could not be delivered, and that were discarded. */
export async function alertsPage(
  scope: Scope,
  parameters: URLSearchParams,
  report: Content = null,
): Promise<PageContent> {
  const { tracker } = scope;
  const cursor = givenIn(parameters, "cursor");
  try {
    const counts = await tracker.alerts.counts();
    // The outbox is one for all projects: who may see only some learns nothing of how much of others is in it.
    const seesAll = scope.viewer.projects === "all";
    const isDeadFirst = seesAll && counts.dead > 0 && !parameters.has("status");
    const status = isDeadFirst ? "dead" : choiceOf(parameters, "status", TABS);
    const { items: own, unreadable, next } = await readAlerts(scope, status, cursor);
    const here = linkTo({ view: "alerts", status });
    const body = html`${report ?? doneNote(parameters)}
      <h1>Alerts</h1>
      ${tabs(status, seesAll ? counts : undefined)}
      ${own.length === 0 ? html`<section class="empty"><h2>${EMPTY[status]}</h2></section>` : list(scope, own, here)}
      ${unreadable.length > 0 && html`<p class="note">${countOf(unreadable.length, "alert")} cannot be read.</p>`}
      ${next !== null && html`<nav class="pages" aria-label="Pages"><a class="button" rel="next" href="${linkTo({ view: "alerts", status, cursor: next })}">Next</a></nav>`}`;
    return { title: "Alerts", section: "alerts", body };
  } catch (error) {
    if (!IssueLifecycleError.is(error) || error.code !== "no-outbox") throw error;
    return {
      title: "Alerts",
      section: "alerts",
      body: html`<section class="empty">
        <h1>Alerts</h1>
        <p>This store keeps no alerts: they are delivered at once.</p>
      </section>`,
    };
  }
}

/** How much of the outbox is looked through for alerts of some projects: pages of a thousand. */
const MOST_PAGES = 10;

/**
 * A page of the outbox. Who may see only some projects gets the first alerts of these on one page: where the next one begins would say how
 * many there are of others.
 */
async function readAlerts(
  { tracker, viewer }: Scope,
  status: OutboxStatus,
  cursor: string | undefined,
): Promise<Page<OutboxEntry>> {
  const from = cursor !== undefined && { cursor };
  if (viewer.projects === "all") return tracker.alerts.list({ status, limit: SHOWN, ...from });
  const items: OutboxEntry[] = [];
  let next: string | null = null;
  for (let page = 0; page < MOST_PAGES && items.length < SHOWN; page++) {
    const read: Page<OutboxEntry> = await tracker.alerts.list({
      status,
      limit: 1_000,
      ...(next !== null && { cursor: next }),
    });
    items.push(...read.items.filter(({ alert }) => maySee(viewer, alert.project.id)));
    next = read.next;
    if (next === null) break;
  }
  return { items: items.slice(0, SHOWN), unreadable: [], next: null };
}

/** How many alerts a page shows. */
const SHOWN = 100;

const TABS = ["pending", "dead", "discarded"] as const satisfies OutboxStatus[];
const WORDS = { pending: "Waiting", dead: "Failed", discarded: "Discarded" };
const EMPTY = {
  pending: "No alert waits to be delivered",
  dead: "No alert failed",
  discarded: "No alert was discarded",
};

/** @param counts - of all projects; only for those who may see them all */
function tabs(current: OutboxStatus, counts: OutboxCounts | undefined): Html {
  const links = TABS.map(
    (tab) =>
      html`<a href="${linkTo({ view: "alerts", status: tab })}" ${tab === current && html` aria-current="page"`}
        >${WORDS[tab]} ${counts !== undefined && html`<span class="num">${numberOf(countIn(counts, tab))}</span>`}</a
      >`,
  );
  return html`<nav class="tabs" aria-label="State">${links}</nav>`;
}

function countIn({ due, waiting, leased, dead, discarded }: OutboxCounts, status: OutboxStatus): number {
  return { pending: due + waiting + leased, dead, discarded }[status];
}

function list(scope: Scope, entries: readonly OutboxEntry[], here: string): Html {
  const bulk = html`<div class="bulk" role="group" aria-label="With the selected alerts">
    <strong class="selected">Selected</strong
    ><button class="primary" name="action" value="redrive">Deliver again</button>
    <label>Reason <input name="reason" type="text" maxlength="1000" placeholder="Why it is not needed" /></label
    ><button name="action" value="discard-alerts">Discard</button>
  </div>`;
  return html`<form method="post" action="${here}" class="selection">
    ${NO_DEFAULT_BUTTON}
    <ul class="issues alerts" aria-label="Alerts">
      ${entries.map((entry) => row(scope, entry))}
    </ul>
    ${mayChangeAlerts(scope) && bulk}
  </form>`;
}

/** The outbox belongs to all projects: only who may see them all may change what is in it. */
export function mayChangeAlerts({ viewer: { mayChange, projects } }: Scope): boolean {
  return mayChange && projects === "all";
}

const KIND_WORDS: Readonly<Record<Alert["kind"], string>> = {
  "new-issue": "New issue",
  regression: "Came back",
  unmute: "A mute ended",
  loud: "Loud",
  throttled: "Throttled",
};

function row(scope: Scope, { alert, state, attempts, lastError }: OutboxEntry): Html {
  const { issue, subject, project } = alert;
  const select =
    mayChangeAlerts(scope) &&
    html`<input type="checkbox" name="id" value="${alert.id}" aria-label="Select: ${subject}" />`;
  const title =
    issue === null
      ? html`<span class="title">${subject}</span>`
      : html`<a class="title" href="${issueLink(issue.friendlyId)}">${issue.title}</a>`;
  const texts = [state.status === "discarded" ? state.reason : "", lastError ?? ""].filter((each) => each !== "");
  return html`<li data-key="${alert.id}">
    <span>${select}</span>
    <div>
      ${title}
      <div class="sub">
        <span class="flag">${KIND_WORDS[alert.kind]}</span><span class="mono">${issue?.friendlyId ?? project.slug}</span
        ><span>${countOf(attempts, "attempt")}</span>
      </div>
      ${texts.map((text) => html`<div class="sub"><span class="error">${text}</span></div>`)}
    </div>
    <div class="right">${whenOf(state, scope.now)}</div>
  </li> `;
}

function whenOf(state: OutboxEntry["state"], now: number): Html {
  switch (state.status) {
    case "pending":
      return state.dueAt <= now ? html`due` : html`due ${timeOf(state.dueAt, now)}`;
    case "dead":
      return html`gave up ${timeOf(state.diedAt, now)}`;
    case "discarded":
      return html`discarded ${timeOf(state.discardedAt, now)}`;
  }
}
