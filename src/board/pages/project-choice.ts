import type { Project } from "../../core/project.ts";
import { givenIn } from "../address.ts";
import { html, type Html } from "../html.ts";
import type { Scope } from "../scope.ts";

/** The chosen project of a page about one, and the form to choose another. */
export interface ProjectChoice {
  /** The chosen one, or else the first; `undefined` if the viewer has none. */
  readonly project: Project | undefined;
  readonly form: Html | null;
}

/** Reads the project that the address names. */
export async function projectChoice(scope: Scope, parameters: URLSearchParams, view: string): Promise<ProjectChoice> {
  const given = givenIn(parameters, "project");
  const projects = await scope.projects();
  const project = given === undefined ? projects[0] : await scope.project(given);
  if (project === undefined) return { project, form: html`<section class="empty"><h2>No project yet</h2></section>` };
  if (projects.length === 1) return { project, form: null };
  const options = projects.map(
    ({ id, slug }) => html`<option value="${id}" ${id === project.id && html` selected`}>${slug}</option>`,
  );
  const form = html`<form class="filters" method="get">
    <input type="hidden" name="view" value="${view}" /><label
      >Project
      <select name="project">
        ${options}
      </select></label
    ><button>Show</button>
  </form>`;
  return { project, form };
}
