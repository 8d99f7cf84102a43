import type { TrackedEvent } from "../../core/event.ts";
import { IssueLifecycleError } from "../../core/errors.ts";
import { formatInstant } from "../../core/instant.ts";
import { partIdsOf } from "../../core/issue.ts";
import { shorten } from "../../core/text.ts";
import type { TrackedIssue } from "../../tracker/tracked-issue.ts";
import { givenIn, issueLink } from "../address.ts";
import { framesIn, type ShownError } from "../event-frames.ts";
import { html, type Html } from "../html.ts";
import { shownJson } from "../shown-json.ts";
import { NotFound, type Scope } from "../scope.ts";
import { countOf, timeOf } from "../words.ts";

/** The longest text of an event that a page shows, in UTF-16 code units; the rest can be downloaded. */
const MAX_SHOWN = 20_000;

/** An event of an issue, by default the newest: its stack, what it says, its data, and the way to the ones beside it. */
export async function eventSection(scope: Scope, issue: TrackedIssue, parameters: URLSearchParams): Promise<Html> {
  const chosen = givenIn(parameters, "event");
  const event = await readEvent(scope, issue, chosen);
  if (event === undefined) {
    return html`<section class="card" id="event">
      <h2>Events</h2>
      <p class="soft">No event of this issue is stored any more.</p>
    </section>`;
  }
  if (event === "unreadable") {
    return html`<section class="card" id="event">
      <h2>Event</h2>
      <p class="note">What is stored of this event cannot be read.</p>
    </section>`;
  }
  const { projectId, id } = event;
  const errors = framesIn(event.data);
  const [older, newer] = await Promise.all([
    idOf(scope.tracker.events.previous(projectId, id)),
    idOf(scope.tracker.events.next(projectId, id)),
  ]);
  const pager = html`<nav class="pager" aria-label="Events">
    ${step(issue, parameters, older, "Older", "prev")}${step(issue, parameters, newer, "Newer", "next")}
  </nav>`;
  return html`<section class="card" id="event">
    <div class="bar-head">
      <h2>
        Event of ${formatInstant(event.receivedAt)} ·
        ${timeOf(event.receivedAt, scope.now)}${event.release !== "" && ` · ${event.release}`}
      </h2>
      ${pager}
    </div>
    ${errors.map(errorOf)}
    <dl class="facts left">
      ${facts(
        event,
        errors.some(({ title }) => title !== ""),
      )}
    </dl>
    ${dataOf(issue, event)}
  </section>`;
}

/**
 * An event that is the issue's own. An id of another issue's event leads to none, whoever asks.
 */
export async function readEvent(
  { tracker }: Scope,
  issue: TrackedIssue,
  chosen: string | undefined,
): Promise<TrackedEvent | "unreadable" | undefined> {
  const id = chosen ?? issue.latestEventId;
  if (id === "") return undefined;
  try {
    const event = await tracker.events.get(issue.projectId, id.slice(0, 200));
    const isOwn = event !== undefined && [issue.id, ...partIdsOf(issue)].includes(event.issueId);
    if (isOwn) return event;
  } catch (error) {
    if (IssueLifecycleError.is(error) && error.code === "corrupt-data") return "unreadable";
    throw error;
  }
  if (chosen !== undefined) throw new NotFound(`The issue has no stored event ${shorten(chosen, 200)}.`);
  return undefined;
}

async function idOf(neighbour: Promise<TrackedEvent | undefined>): Promise<string | undefined> {
  try {
    return (await neighbour)?.id;
  } catch (error) {
    // It was removed meanwhile, or it cannot be read.
    if (IssueLifecycleError.is(error) && ["unknown-event", "corrupt-data"].includes(error.code)) return undefined;
    throw error;
  }
}

function step(
  { friendlyId }: TrackedIssue,
  parameters: URLSearchParams,
  id: string | undefined,
  word: string,
  rel: string,
): Html {
  if (id === undefined) return html`<span class="button" aria-disabled="true">${word}</span>`;
  return html`<a
    class="button"
    rel="${rel}"
    href="${issueLink(friendlyId, { event: id, span: givenIn(parameters, "span") })}#event"
    >${word}</a
  >`;
}

/** @param isSaid - whether the errors above say the type and the value */
function facts(
  { id, type, value, level, transaction, environment, occurredAt, count }: TrackedEvent,
  isSaid: boolean,
): readonly Html[] {
  const rows: (readonly [string, string | null])[] = [
    ["Type", isSaid ? null : type],
    ["Value", isSaid || value === null ? null : shorten(value, MAX_SHOWN)],
    ["Level", level],
    ["Transaction", transaction],
    ["Environment", environment],
    ["Occurred", occurredAt === null ? null : new Date(occurredAt).toISOString()],
    ["Id", id],
    ["Stands for", count === 1 ? null : countOf(count, "event")],
  ];
  return rows.flatMap(([word, text]) =>
    text === null || text === ""
      ? []
      : [
          html`<dt>${word}</dt>
            <dd class="long">${text}</dd>`,
        ],
  );
}

function errorOf({ title, frames, stack }: ShownError): Html {
  const heading = title !== "" && html`<h3 class="long">${title}</h3>`;
  if (frames.length === 0)
    return html`${heading}
      <pre class="stack" tabindex="0">${shorten(stack, MAX_SHOWN)}</pre>`;
  const rows = frames.map(({ name, place, isInApp, source }) => {
    const line = html`<span class="name">${name === "" ? "(anonymous)" : name}</span
      ><span class="place">${place}</span>`;
    const look = isInApp ? "app" : "";
    if (source.length === 0) return html`<li class="${look}"><div>${line}</div></li>`;
    const lines = source.map(
      ({ number, text, isCurrent }) =>
        html`<span class="${isCurrent ? "line current" : "line"}"><span class="number">${number}</span>${text} </span>`,
    );
    return html`<li class="${look}"><details${isInApp && html` open`}><summary>${line}</summary><pre class="source" tabindex="0">${lines}</pre></details></li>`;
  });
  return html`${heading}
    <ol class="frames">
      ${rows}
    </ol>`;
}

function dataOf({ friendlyId }: TrackedIssue, { data, id }: TrackedEvent): Html | null {
  if (data === undefined) return null;
  return html`<details class="data">
    <summary>All data (JSON)</summary>
    <pre tabindex="0">${shownJson(data, MAX_SHOWN)}</pre>
    <p>
      <a class="button" download href="${issueLink(friendlyId, { event: id, do: "download" })}">Download as JSON</a>
    </p>
  </details>`;
}
