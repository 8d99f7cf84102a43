import type { Page } from "../../core/page.ts";
import { describeTurningPoint, type TurningPoint, type TurningPointKind } from "../../core/turning-point.ts";
import type { SentenceNames } from "../../core/wording.ts";
import type { TrackedIssue } from "../../tracker/tracked-issue.ts";
import { issueLink } from "../address.ts";
import { html, type Html } from "../html.ts";
import type { Scope } from "../scope.ts";
import { maySee } from "../viewer.ts";
import { timeOf } from "../words.ts";

/** The names of the people and issues that a history and a state speak of. */
export async function namesFor(
  { tracker, userName, viewer }: Scope,
  { state }: TrackedIssue,
  history: readonly TurningPoint[],
): Promise<SentenceNames> {
  const mentioned = new Set(history.flatMap(({ turn }) => issuesIn(turn)));
  if (state.status === "merged") mentioned.add(state.into);
  const found = mentioned.size === 0 ? [] : await tracker.issues.getMany([...mentioned]);
  const names = new Map<string, string>();
  for (const result of found) {
    if (result.kind === "found" && maySee(viewer, result.value.projectId))
      names.set(result.id, result.value.friendlyId);
  }
  return { user: userName, issue: (id) => names.get(id) };
}

function issuesIn(turn: TurningPoint["turn"]): readonly string[] {
  switch (turn.kind) {
    case "merged":
      return [turn.into];
    case "unmerged":
      return [turn.from];
    case "member-merged":
    case "member-unmerged":
      return [turn.member];
    default:
      return [];
  }
}

/** What a turning point made of its issue, which its dot shows. */
const LOOKS: Readonly<Record<TurningPointKind, "open" | "resolved" | "muted" | "none">> = {
  "first-seen": "open",
  resolved: "resolved",
  "auto-resolved": "resolved",
  "next-materialized": "resolved",
  "claims-withdrawn": "none",
  muted: "muted",
  unmuted: "open",
  discarded: "muted",
  undiscarded: "open",
  regressed: "open",
  reopened: "open",
  loud: "open",
  watched: "none",
  merged: "none",
  unmerged: "none",
  "member-merged": "none",
  "member-unmerged": "none",
  annotated: "none",
};

/** The history in sentences, newest first, with a form for a comment. */
export function historySection(
  { now, viewer }: Scope,
  { friendlyId, state }: TrackedIssue,
  { items, next, unreadable }: Page<TurningPoint>,
  names: SentenceNames,
): Html {
  const rows = items.map((point) => {
    const { turn, by, at, comment, eventId } = point;
    const link =
      eventId !== null && html` <a class="soft" href="${issueLink(friendlyId, { event: eventId })}">Event</a>`;
    return html`<li class="${LOOKS[turn.kind]}">
      <span class="dot"></span>
      <div>${describeTurningPoint({ turn, by }, names)}${link}${comment !== "" && html`<q>${comment}</q>`}</div>
      ${timeOf(at, now)}
    </li>`;
  });
  const form =
    viewer.mayChange &&
    state.status !== "merged" &&
    html`<form class="comment" method="post" action="${issueLink(friendlyId)}">
      <label for="comment">Comment</label
      ><textarea id="comment" name="comment" rows="2" maxlength="10000" required></textarea
      ><button name="action" value="annotate">Add</button>
    </form>`;
  return html`<section class="card" id="history">
    <h2>History</h2>
    ${form}
    <ol class="history">
      ${rows}
    </ol>
    ${next !== null && html`<p><a class="button" rel="next" href="${issueLink(friendlyId, { history: next })}#history">Earlier</a></p>`}${unreadable.length > 0 && html`<p class="note">${unreadable.length} entries cannot be read.</p>`}
  </section>`;
}
