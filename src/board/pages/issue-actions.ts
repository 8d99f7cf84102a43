import { allowedCommands } from "../../core/command-transition.ts";
import type { TrackedIssue } from "../../tracker/tracked-issue.ts";
import { issueLink } from "../address.ts";
import { html, type Html } from "../html.ts";
import type { Scope } from "../scope.ts";

/** What the viewer can do with an issue: the commands that its state allows. */
export async function actionsOf({ tracker, viewer }: Scope, issue: TrackedIssue): Promise<Html | null> {
  if (!viewer.mayChange) return null;
  const allowed = new Set(allowedCommands(issue));
  const { friendlyId, projectId } = issue;
  const latest = await tracker.releases.latest(projectId);
  return html`<div class="actions">
    <form method="post" action="${issueLink(friendlyId)}">
      ${allowed.has("reopen") && html`<button name="action" value="reopen">Reopen</button>`}
      ${allowed.has("unmute") && html`<button name="action" value="unmute">Unmute</button>`}
      ${allowed.has("undiscard") && html`<button name="action" value="undiscard">End the discard</button>`}
    </form>
    ${allowed.has("mute") && html`<a class="button" data-dialog href="${issueLink(friendlyId, { do: "mute" })}">${issue.state.status === "muted" ? "Change the mute…" : "Mute…"}</a>`}
    ${allowed.has("resolve") && resolveMenu(friendlyId, latest?.version)}
  </div>`;
}

/** The ways to resolve an issue. Without a release of its project only plainly, and in one that is to come. */
function resolveMenu(friendlyId: string, latest: string | undefined): Html {
  const isUnknown = latest === undefined && html` disabled`;
  return html`<details class="menu">
    <summary class="button primary">Resolve</summary>
    <form class="choices" method="post" action="${issueLink(friendlyId)}">
      <label
        ><input type="radio" name="in" value="plain" checked /> Now<small>Any later event opens it again</small></label
      >
      <label
        ><input type="radio" name="in" value="next" ${isUnknown} /> In the next release<small
          >${latest === undefined ? "No release is known yet" : `Events of releases up to ${latest} do not open it`}</small
        ></label
      >
      ${
        latest !== undefined &&
        html`<label
          ><input type="radio" name="in" value="latest" /> In ${latest}<small
            >The latest release has the fix</small
          ></label
        >`
      }
      <label
        ><input type="radio" name="in" value="release" /> In release
        <input name="release" type="text" maxlength="250" aria-label="Release" placeholder="${latest ?? "1.0.0"}"
      /></label>
      <label>Comment <input name="comment" type="text" maxlength="10000" /></label>
      <button class="primary" name="action" value="resolve">Resolve</button>
    </form>
  </details>`;
}
