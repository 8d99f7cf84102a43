import type { Project } from "../../core/project.ts";
import { presentPlace } from "../live.ts";
import { linkTo } from "../address.ts";
import type { PageContent } from "../frame.ts";
import { html, type Html } from "../html.ts";
import type { Scope } from "../scope.ts";

/** How to send the first event to a project: by the DSN of an SDK, or from the host's own code. */
export async function connectSection(
  scope: Scope,
  projects: readonly Project[],
  projectId: string | undefined,
): Promise<Html> {
  const project = projects.find(({ id }) => id === projectId) ?? projects[0];
  if (project === undefined) return html``;
  const dsn = await scope.dsn(project.id);
  const others =
    projects.length > 1 &&
    html`<p class="soft">
      Of <strong>${project.slug}</strong>. Others:
      ${projects
        .filter((each) => each !== project)
        .slice(0, 20)
        .map(({ id, slug }) => html` <a href="${linkTo({ view: "connect", project: id })}">${slug}</a>`)}
    </p>`;
  return html`<section class="empty connect" aria-live="polite">
    <h2><span class="waiting" aria-hidden="true"></span>Waiting for the first event</h2>
    <p>This page shows it as soon as it arrives.</p>
    ${others}
    ${
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
    ><code>await tracker.digest({ projectId: ${JSON.stringify(project.id)}, type: "Error", value: "Hello" });</code></pre>
  </section>`;
}

/** The same as a page, for a project that has events already. */
export async function connectPage(scope: Scope, projectId: string): Promise<PageContent> {
  const project = await scope.project(projectId);
  const section = await connectSection(scope, [project], project.id);
  return {
    title: `Connect ${project.slug}`,
    section: "projects",
    body: section,
    feedCursor: await presentPlace(scope),
  };
}
