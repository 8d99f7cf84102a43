import { linkTo } from "../address.ts";
import type { PageContent } from "../frame.ts";
import { html } from "../html.ts";
import type { Scope } from "../scope.ts";
import { numberOf } from "../words.ts";

/** How many projects the page counts the open issues of. */
const COUNTED = 50;

/** The projects of the viewer. */
export async function projectsPage(scope: Scope): Promise<PageContent> {
  const projects = await scope.projects();
  const counts = await Promise.all(
    projects
      .slice(0, COUNTED)
      .map(({ id }) => scope.tracker.issues.count({ projectId: id, status: "open" }, { upTo: 9_999 })),
  );
  const rows = projects.map(({ id, slug }, index) => {
    const count = counts[index];
    const open = count === undefined ? "" : `${numberOf(count.count)}${count.exact ? "" : "+"}`;
    return html`<tr>
      <td><a href="${linkTo({ project: id })}">${slug}</a></td>
      <td class="right num">${open}</td>
      <td class="right"><a href="${linkTo({ view: "project", project: id })}">Settings</a></td>
      <td class="right"><a href="${linkTo({ view: "connect", project: id })}">Connect</a></td>
    </tr>`;
  });
  const body = html`<h1>Projects</h1>
    ${
      rows.length === 0
        ? html`<section class="empty">
            <h2>No project yet</h2>
            <p>Save one by <code>tracker.projects.save({ id: "shop" })</code>.</p>
          </section>`
        : html`<section class="card">
            <table>
              <thead>
                <tr>
                  <th>Project</th>
                  <th class="right">Open issues</th>
                  <th class="right">Settings</th>
                  <th class="right">SDKs</th>
                </tr>
              </thead>
              <tbody>
                ${rows}
              </tbody>
            </table>
          </section>`
    }`;
  return { title: "Projects", section: "projects", body };
}
