import { EVENT_LEVELS } from "../../core/event-level.ts";
import type { Project } from "../../core/project.ts";
import { html, type Html } from "../html.ts";
import type { Scope } from "../scope.ts";
import { isFiltered, listLink, SEEN_WITHIN, withoutFilters, type ListQuery } from "./list-query.ts";

const WITHIN_CHOICES = SEEN_WITHIN.map(({ name, words }) => [name, words] as const);
const ORDER_WORDS = { "last-seen": "Last seen", "event-count": "Most events", "first-seen": "Newest" };

/** The form above the list: search, project, order and further filters. It is sent at once where a script runs. */
export async function filterBar(
  scope: Scope,
  query: ListQuery,
  projects: readonly Project[],
  onlyProject: string | undefined,
): Promise<Html> {
  const { search, tab, sort, level, sign, environment, firstSeen, lastSeen } = query;
  const orders =
    onlyProject === undefined
      ? (["last-seen", "event-count"] as const)
      : (["last-seen", "event-count", "first-seen"] as const);
  const more = [level, sign, environment, firstSeen, lastSeen, query.release].filter((each) => each !== undefined);
  return html`<form class="filters" method="get" role="search">
    ${tab !== "open" && html`<input type="hidden" name="tab" value="${tab}" />`}
    <div class="search">
      ${GLASS}<label class="visually-hidden" for="q">Search</label
      ><input
        id="q"
        name="q"
        type="search"
        maxlength="1000"
        placeholder="Search titles and transactions, or SHOP-12"
        value="${search ?? ""}"
      /><kbd aria-hidden="true">/</kbd>
    </div>
    ${
      projects.length > 1 &&
      select(
        "project",
        "Project",
        "All projects",
        query.projectId,
        projects.map(({ id, slug }) => [id, slug]),
      )
    }
    <label
      >Sort
      <select name="sort">
        ${orders.map((each) => option(each, ORDER_WORDS[each], sort))}
      </select></label
    >
    <details class="more" ${more.length > 0 && html` open`}>
      <summary class="button">Filters${more.length > 0 && html` <span class="num">${more.length}</span>`}</summary>
      <div>
        ${select("sign", "What is new", "Anything", sign, [
          ["regressed", "Came back"],
          ["loud", "Got loud"],
        ])}
        ${select(
          "level",
          "Level",
          "Any level",
          level,
          EVENT_LEVELS.map((each) => [each, each]),
        )}
        ${await releaseFilter(scope, query, onlyProject)}
        <label
          >Environment <input name="environment" type="text" size="12" maxlength="200" value="${environment ?? ""}"
        /></label>
        ${select("first", "First seen", "Ever", firstSeen?.name, WITHIN_CHOICES)}
        ${select("last", "Last seen", "Ever", lastSeen?.name, WITHIN_CHOICES)}
        ${isFiltered(query) && html`<a class="button" href="${listLink(withoutFilters(query))}">Clear</a>`}
      </div>
    </details>
    <button>Search</button>
  </form>`;
}

const GLASS = html`<svg
  width="14"
  height="14"
  viewBox="0 0 14 14"
  fill="none"
  stroke="currentColor"
  stroke-width="1.6"
  aria-hidden="true"
>
  <circle cx="6" cy="6" r="4.5" />
  <path d="m9.5 9.5 3.5 3.5" />
</svg>`;

/** The latest releases of the chosen project; without one, a name to type. */
async function releaseFilter({ tracker }: Scope, { release }: ListQuery, projectId: string | undefined): Promise<Html> {
  if (projectId === undefined) {
    return html`<label
      >Release <input name="release" type="text" size="12" maxlength="250" value="${release ?? ""}"
    /></label>`;
  }
  const { items } = await tracker.releases.list(projectId, { limit: 100 });
  const versions = items.filter(({ standing }) => standing === "known").map(({ version }) => version);
  const all = release === undefined || versions.includes(release) ? versions : [release, ...versions];
  return select(
    "release",
    "Release",
    "Any release",
    release,
    all.map((version) => [version, version]),
  );
}

function select(
  name: string,
  label: string,
  any: string,
  chosen: string | undefined,
  choices: readonly (readonly [string, string])[],
): Html {
  const options = choices.map(([value, word]) => option(value, word, chosen));
  return html`<label
    >${label}
    <select name="${name}">
      <option value="">${any}</option>
      ${options}
    </select></label
  >`;
}

function option(value: string, word: string, chosen: string | undefined): Html {
  return html`<option value="${value}" ${value === chosen && html` selected`}>${word}</option>`;
}
