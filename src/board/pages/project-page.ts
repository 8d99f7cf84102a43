import { ALERT_KINDS, type AlertKind } from "../../core/alert-reason.ts";
import { describeCondition } from "../../core/conditions/condition.ts";
import { linkTo } from "../address.ts";
import { doneNote } from "../done.ts";
import type { PageContent } from "../frame.ts";
import { html, type Content, type Html } from "../html.ts";
import { NEW_WATCHES, settingsOf, volumeLine } from "../project-form.ts";
import type { Scope } from "../scope.ts";

const ALERT_WORDS: Readonly<Record<AlertKind, string>> = {
  "new-issue": "an issue is new",
  regression: "an issue comes back",
  unmute: "a mute ends by itself",
  loud: "an open issue gets loud",
};

const DAY = 86_400_000;

/** The settings of a project: alerts, what its issues are watched for, environments, and how long things are kept. */
export async function projectPage(
  scope: Scope,
  parameters: URLSearchParams,
  projectId: string,
  report: Content = null,
): Promise<PageContent> {
  const project = await scope.project(projectId);
  const { id, slug, alerts, watch, stateEnvironments, autoResolveAfterMs } = project;
  const here = linkTo({ view: "project", project: id });
  const isFixed = !scope.viewer.mayChange && html` disabled`;
  const switches = ALERT_KINDS.map(
    (kind) =>
      html`<label
        ><input type="checkbox" name="alert" value="${kind}" ${alerts[kind] && html` checked`} />
        ${ALERT_WORDS[kind]}</label
      >`,
  );
  const conditions = watch.conditions.map(
    (condition, index) =>
      html`<li>
        <label><input type="checkbox" name="keep" value="${index}" checked /> ${describeCondition(condition)}</label>
      </li>`,
  );
  const named = stateEnvironments?.filter((each) => each !== "");
  const days = autoResolveAfterMs === null ? "" : String(autoResolveAfterMs / DAY);
  const body = html`${report ?? doneNote(parameters)}
    <p class="crumbs"><a href="${linkTo({ view: "projects" })}">Projects</a> / ${slug}</p>
    <h1>Settings of ${slug}</h1>
    <form method="post" action="${here}">
      <input type="hidden" name="shown" value="${settingsOf(project)}" />
      <fieldset class="plain" ${isFixed}>
        <section class="card">
          <h2>Send an alert when</h2>
          <div class="choices">${switches}</div>
        </section>
        <section class="card">
          <h2>An issue gets loud when there are</h2>
          <p class="soft">
            An open issue that meets one of these sends an alert once, until it has been quieter. Untick those to
            remove.
          </p>
          <ul class="watch">
            ${conditions}
          </ul>
          <div class="inline">
            <label
              >Add
              <select name="new-watch">
                <option value="">nothing</option>
                ${NEW_WATCHES.map(({ kind, words }) => html`<option value="${kind}">${words}</option>`)}
              </select></label
            >${volumeLine()}
          </div>
        </section>
        <section class="card">
          <h2>Environments</h2>
          <p class="soft">
            Only events of these environments change states and send alerts. Leave all empty for events of any.
          </p>
          <div class="choices">
            <label for="environments">One a line</label
            ><textarea id="environments" name="environments" rows="3">${named?.join("\n")}</textarea>
            <label
              ><input
                type="checkbox"
                name="without-environment"
                value="yes"
                ${stateEnvironments?.includes("") === true && html` checked`}
              />
              Events without an environment, too</label
            >
          </div>
        </section>
        <section class="card">
          <h2>Quiet issues</h2>
          <label
            >Resolve open issues that had no event for
            <input type="number" name="quiet-days" min="0.04" max="3650" step="any" value="${days}" /> days</label
          >
          <p class="soft">Leave it empty to never do this. A later event opens them again.</p>
        </section>
        ${scope.viewer.mayChange && html`<button class="primary" name="action" value="save-project">Save</button>`}
      </fieldset>
    </form>
    ${scope.viewer.mayChange && retention(here)}`;
  return { title: `Settings of ${slug}`, section: "projects", body };
}

/** Removes old events now; what does it by itself is an option of `tracker.start()`. */
function retention(here: string): Html {
  return html`<form class="plain" method="post" action="${here}">
    <section class="card">
      <h2>Stored events</h2>
      <p class="soft">
        Remove old events now; with both fields, what either removes. Counts, states and history stay. To do it by
        itself, give
        <code>tracker.start()</code> the option <code>evict</code>.
      </p>
      <div class="choices">
        <label>Remove events older than <input type="number" name="days" min="1" max="3650" /> days</label>
        <label
          >Keep only the newest <input type="number" name="keep" min="1" max="1000000" /> events of each issue</label
        >
        <label><input type="checkbox" name="sure" value="yes" required /> These events cannot be brought back</label>
        <div><button class="danger" name="action" value="evict">Remove events</button></div>
      </div>
    </section>
  </form>`;
}
