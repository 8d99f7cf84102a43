import { wasSeen, type ReleaseMark } from "../../core/release-mark.ts";
import type { TrackedIssue } from "../../tracker/tracked-issue.ts";
import { html, type Html } from "../html.ts";
import type { Scope } from "../scope.ts";

/** The releases in which an issue was seen, or claimed to be fixed, by their lines. */
export async function releasesSection({ tracker }: Scope, { id }: TrackedIssue): Promise<Html | null> {
  const { items, next } = await tracker.issues.releases(id, { limit: 100 });
  if (items.length === 0) return null;
  const lines = Map.groupBy(items, (mark) => mark.line);
  const parts = [...lines].map(
    ([line, marks]) =>
      html`${lines.size > 1 && html`<h3>${line === "" ? "Other releases" : line}</h3>`}
        <ul class="releases">
          ${marks.map(row)}
        </ul>`,
  );
  return html`<section class="card">
    <h2>Releases</h2>
    ${parts}${next !== null && html`<p class="soft">and earlier ones</p>`}
  </section>`;
}

function row(mark: ReleaseMark): Html {
  const seen = wasSeen(mark) && html`<span class="soft">seen</span>`;
  const fixed = mark.last === "fixed" && html`<span class="state resolved">fixed</span>`;
  return html`<li><span class="mono">${mark.version}</span><span>${seen} ${fixed}</span></li>`;
}
