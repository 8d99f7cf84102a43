import { CALENDAR_PERIODS } from "../../core/calendar.ts";
import { IssueLifecycleError } from "../../core/errors.ts";
import { describeMute } from "../../core/mute.ts";
import type { TrackedIssue } from "../../tracker/tracked-issue.ts";
import { givenIn, issueLink, linkTo } from "../address.ts";
import { chosenIssues } from "../chosen-issues.ts";
import type { PageContent } from "../frame.ts";
import { html, type Html } from "../html.ts";
import { COUNTED_PERIODS, muteFieldsOf, readMute, type MuteFields } from "../mute-form.ts";
import { NotFound, type Scope } from "../scope.ts";
import { countOf } from "../words.ts";
import { mutePreview } from "./mute-preview.ts";

/** The form to mute one issue, or those that are selected in a list, with what the rule would have done. Opens as a dialog where a script runs. */
export async function mutePage(scope: Scope, parameters: URLSearchParams): Promise<PageContent> {
  scope.requireChange();
  const id = givenIn(parameters, "issue");
  const issues = id === undefined ? (await chosenIssues(scope, parameters)).issues : [await scope.issue(id)];
  const [first] = issues;
  if (first === undefined) throw new NotFound("Select the issues to mute.");
  const single = issues.length === 1;
  const [present] = single && first.state.status === "muted" ? [first.state.mute] : [];
  const isChange = present !== undefined;
  const form = muteFieldsOf(parameters, present);
  const which = single ? first.friendlyId : countOf(issues.length, "issue");
  const title = isChange ? `Change the mute of ${which}` : `Mute ${which}`;
  const back = single ? issueLink(first.friendlyId) : linkTo({});
  const body = html`<form class="dialog" method="post" action="${back}" data-preview>
    <h1>${title}</h1>
    ${single && html`<p class="soft">${first.title}</p>`}
    ${present !== undefined && html`<p>${describeMute(present)} What you choose here replaces that.</p>`}
    <input type="hidden" name="do" value="mute" />
    ${issues.map(({ id }) => html`<input type="hidden" name="id" value="${id}" />`)}
    <fieldset class="choices">
      <legend class="visually-hidden">Until when</legend>
      <label
        >${radio("volume", form)} Until there are
        <input type="number" name="volume" min="1" max="1000000000" value="${form.volume}" aria-label="events" /> events
        in
        <input type="number" name="windows" min="1" max="30" value="${form.windows}" aria-label="number of periods" />
        ${periods("window", COUNTED_PERIODS, form.window)}</label
      >
      <label
        >${radio("time", form)} For
        <input type="number" name="times" min="1" max="1000" value="${form.times}" aria-label="number of periods" />
        ${periods(
          "time",
          CALENDAR_PERIODS.filter((each) => each !== "minute"),
          form.time,
        )}</label
      >
      <label>${radio("ever", form)} For ever</label>
    </fieldset>
    ${await previewOf(scope, issues, form)}
    <label
      >Comment
      <input
        type="text"
        name="comment"
        maxlength="10000"
        placeholder="Why, and when to look again"
        value="${form.comment}"
    /></label>
    <div class="end">
      <button formmethod="get" class="try">Try the rule</button><a class="button" data-close href="${back}">Cancel</a
      ><button class="primary" name="action" value="mute">${isChange ? "Change" : "Mute"}</button>
    </div>
  </form>`;
  return { title, section: "issues", body };
}

/** What the rule would have done; or, where the preview would be, what of it cannot be read. */
async function previewOf(scope: Scope, issues: readonly TrackedIssue[], fields: MuteFields): Promise<Html> {
  try {
    return await mutePreview(scope, issues, readMute(fields));
  } catch (error) {
    if (!IssueLifecycleError.is(error) || error.code !== "invalid-input") throw error;
    return html`<div class="preview"><p class="note" role="alert">${error.message}</p></div>`;
  }
}

function radio(kind: MuteFields["kind"], fields: MuteFields): Html {
  return html`<input type="radio" name="kind" value="${kind}" ${fields.kind === kind && html` checked`} />`;
}

function periods(name: string, choices: readonly string[], chosen: string): Html {
  const options = choices.map(
    (each) => html`<option value="${each}" ${each === chosen && html` selected`}>${each}</option>`,
  );
  return html`<select name="${name}" aria-label="period">
    ${options}
  </select>`;
}
