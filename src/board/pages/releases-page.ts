import type { Release } from "../../core/release.ts";
import { givenIn, linkTo } from "../address.ts";
import type { PageContent } from "../frame.ts";
import { doneNote } from "../done.ts";
import { html, type Content, type Html } from "../html.ts";
import type { Scope } from "../scope.ts";
import { timeOf } from "../words.ts";
import { projectChoice } from "./project-choice.ts";

/** The releases of a project, line by line, the last of each line first. */
export async function releasesPage(
  scope: Scope,
  parameters: URLSearchParams,
  report: Content = null,
): Promise<PageContent> {
  const choice = await projectChoice(scope, parameters, "releases");
  const { project } = choice;
  if (project === undefined)
    return {
      title: "Releases",
      section: "releases",
      body: html`<h1>Releases</h1>
        ${choice.form}`,
    };
  const cursor = givenIn(parameters, "cursor");
  const { items, next } = await scope.tracker.releases.list(project.id, {
    limit: 200,
    ...(cursor !== undefined && { cursor }),
  });
  const lines = Map.groupBy(items, (release) => release.line);
  const here = linkTo({ view: "releases", project: project.id });
  const tables = [...lines].map(
    ([line, releases]) =>
      html`<section class="card">
        <h2>${line === "" ? "Releases" : line}</h2>
        <table>
          <thead>
            <tr>
              <th>Release</th>
              <th>Status</th>
              <th>Since</th>
              ${scope.viewer.mayChange && html`<th class="right">Change</th>`}
            </tr>
          </thead>
          <tbody>
            ${releases.map((release) => row(scope, release, here))}
          </tbody>
        </table>
      </section>`,
  );
  const register =
    scope.viewer.mayChange &&
    html`<form class="inline" method="post" action="${here}">
      <label
        >Make a release known before its first event
        <input name="version" type="text" required maxlength="250" placeholder="1.0.0" /></label
      ><button name="action" value="register">Register</button>
    </form>`;
  const body = html`${report ?? doneNote(parameters)}
    <h1>Releases of ${project.slug}</h1>
    ${choice.form}${register}
    ${
      items.length === 0
        ? html`<section class="empty">
            <h2>No release yet</h2>
            <p>Events with a <code>release</code> make them known.</p>
          </section>`
        : tables
    }
    ${next !== null && html`<nav class="pages" aria-label="Pages"><a class="button" rel="next" href="${linkTo({ view: "releases", project: project.id, cursor: next })}">Earlier</a></nav>`}`;
  return { title: `Releases of ${project.slug}`, section: "releases", body };
}

const STANDINGS = {
  known: "in use",
  announced: "announced: a fix is claimed in it",
  retired: "retired: it does not count",
};

function row({ now, viewer }: Scope, release: Release, here: string): Html {
  const { version, standing } = release;
  const since = release.standing === "announced" ? release.announcedAt : release.releasedAt;
  const button =
    standing === "known"
      ? html`<button name="action" value="retire">Retire</button>`
      : standing === "retired" && html`<button name="action" value="restore">Restore</button>`;
  const form =
    viewer.mayChange &&
    html`<td class="right">
      <form method="post" action="${here}"><input type="hidden" name="version" value="${version}" />${button}</form>
    </td>`;
  const latest = release.standing === "known" && release.becameLatest;
  return html`<tr>
    <td class="mono">${version}</td>
    <td>
      ${STANDINGS[standing]}${latest && html` <span class="soft">· was the latest of its line when it came</span>`}
    </td>
    <td>${timeOf(since, now)}</td>
    ${form}
  </tr>`;
}
