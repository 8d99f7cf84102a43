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
  const resolve = html`<details class="menu">
    <summary class="button primary">Resolve</summary>
    <div class="choices">
      <button name="action" value="resolve">Resolve<small>Any later event is a regression</small></button>
      <button name="action" value="resolve-next" ${latest === undefined && html` disabled`}>
        In the next release<small>Events of releases until now are none</small>
      </button>
      <button name="action" value="resolve-latest" ${latest === undefined && html` disabled`}>
        In ${latest?.version ?? "the latest release"}<small>The latest release has the fix</small>
      </button>
      <label
        >In release
        <input name="release" type="text" maxlength="250" placeholder="${latest?.version ?? "1.0.0"}" /></label
      ><button name="action" value="resolve-in">Resolve there</button>
      <label>Comment <input name="comment" type="text" maxlength="10000" /></label>
    </div>
  </details>`;
  return html`<form class="actions" method="post" action="${issueLink(friendlyId)}">
    ${allowed.has("reopen") && html`<button name="action" value="reopen">Reopen</button>`}
    ${allowed.has("unmute") && html`<button name="action" value="unmute">Unmute</button>`}
    ${allowed.has("undiscard") && html`<button name="action" value="undiscard">End the discard</button>`}
    ${allowed.has("mute") && html`<a class="button" data-dialog href="${issueLink(friendlyId, { do: "mute" })}">${issue.state.status === "muted" ? "Change the mute…" : "Mute…"}</a>`}
    ${allowed.has("resolve") && resolve}
  </form>`;
}
