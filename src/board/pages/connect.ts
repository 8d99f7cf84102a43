import type { Project } from "../../core/project.ts";
import { linkTo } from "../address.ts";
import type { PageContent } from "../frame.ts";
import { html, type Html } from "../html.ts";
import type { Scope } from "../scope.ts";

/** What a list shows before its first event: how to send it. */
export async function firstRun(
  scope: Scope,
  projects: readonly Project[],
  projectId: string | undefined,
): Promise<Html> {
  const project = projects.find(({ id }) => id === projectId) ?? projects[0];
  if (project === undefined) return html``;
  const others = projects
    .filter((each) => each !== project)
    .slice(0, 20)
    .map(({ id, slug }) => html` <a href="${linkTo({ project: id })}">${slug}</a>`);
  return html`<section class="empty connect" aria-live="polite">
    <h2><span class="waiting" aria-hidden="true"></span>Waiting for the first event</h2>
    <p>This page shows it as soon as it arrives.</p>
    ${others.length > 0 && html`<p class="soft">Of <strong>${project.slug}</strong>. Others: ${others}</p>`}
    ${await waysToConnect(scope, project)}
  </section>`;
}

/** How to send events to a project, at any time. */
export async function connectPage(scope: Scope, projectId: string): Promise<PageContent> {
  const project = await scope.project(projectId);
  const body = html`<p class="crumbs"><a href="${linkTo({ view: "projects" })}">Projects</a> / ${project.slug}</p>
    <h1>Connect ${project.slug}</h1>
    <section class="card connect">
      <h2>Send events of ${project.slug}</h2>
      ${await waysToConnect(scope, project)}
    </section>
    <p><a class="button" href="${linkTo({ project: project.id })}">Issues of ${project.slug}</a></p>`;
  return { title: `Connect ${project.slug}`, section: "projects", body };
}

/** By the DSN of an SDK, or from the host's own code. */
async function waysToConnect(scope: Scope, project: Project): Promise<Html> {
  const dsn = await scope.dsn(project.id);
  return html`${
      dsn !== undefined
        ? html`<h3>With an SDK of Sentry, of any language</h3>
            <p>Give it this DSN:</p>
            <p><code class="dsn">${dsn}</code></p>
            <p>In JavaScript:</p>
            <pre tabindex="0"><code>import * as Sentry from "@sentry/node";

Sentry.init({ dsn: "${dsn}" });
Sentry.captureException(new Error("Hello from ${project.slug}"));</code></pre>
            <p>In Python:</p>
            <pre tabindex="0"><code>import sentry_sdk

sentry_sdk.init(dsn="${dsn}")
sentry_sdk.capture_message("Hello from ${project.slug}")</code></pre>`
        : html`<p class="soft">
            Give <code>createBoard</code> the option <code>dsn</code>, and this page shows how to connect an SDK of
            Sentry.
          </p>`
    }
    <h3>From your own code</h3>
    <pre
      tabindex="0"
    ><code>await tracker.digest({ projectId: ${JSON.stringify(project.id)}, type: "Error", value: "Hello" });</code></pre>`;
}
