import type { Command, ResolveRequest } from "../core/command.ts";
import { describeRefusal } from "../core/refusal.ts";
import type { BulkRefusal } from "../tracker/bulk.ts";
import type { TrackedIssue } from "../tracker/tracked-issue.ts";
import { givenIn, issueLink } from "./address.ts";
import { linkAfter, type Done } from "./done.ts";
import { redirectTo } from "./frame.ts";
import { html, type Html } from "./html.ts";
import { muteFieldsOf, muteRequestOf, readMute } from "./mute-form.ts";
import { issuePage } from "./pages/issue-page.ts";
import { listPage } from "./pages/list-page.ts";
import { chosenIssues } from "./pages/mute-page.ts";
import { note, refusalNote, unknownAction, type Followed, type SentForm } from "./sent-form.ts";
import type { Scope } from "./scope.ts";
import { countOf } from "./words.ts";

/** Applies the command of a form to an issue, or to those that are selected in a list. */
export async function actOnIssues(scope: Scope, { address, form }: SentForm): Promise<Followed> {
  const id = address.get("issue");
  const issues = id === null ? await chosenIssues(scope, form) : [await scope.issue(id)];
  if (issues.length === 0) return listPage(scope, address, note("Select the issues first.", "alert"));
  const result = await apply(scope, issues, form);
  if ("done" in result) {
    const query = id === null ? address : new URLSearchParams({ issue: issues[0]?.friendlyId ?? id });
    return redirectTo(linkAfter(query, result.done, issues.length));
  }
  return id === null ? listPage(scope, address, result.report) : issuePage(scope, address, id, result.report);
}

/** What a command did to all issues; or a report, because some or all refused it. */
type Applied = { readonly done: Done } | { readonly report: Html };

/** Applies a command, project by project. */
async function apply(
  { tracker, viewer }: Scope,
  issues: readonly TrackedIssue[],
  form: URLSearchParams,
): Promise<Applied> {
  try {
    const command = commandOf(form);
    const comment = form.get("comment")?.trim() ?? "";
    // An annotation is a comment itself.
    const options = { by: viewer.id, ...(command.kind !== "annotate" && comment !== "" && { comment }) };
    let done = 0;
    const refusals: BulkRefusal[] = [];
    for (const [projectId, ids] of idsByProject(issues)) {
      const outcome = await tracker.issues.bulk({ projectId, ids }, command, options);
      done += outcome.applied;
      refusals.push(...outcome.refusals);
    }
    return refusals.length === 0 ? { done: command.kind } : { report: reportOf(command, done, refusals, issues) };
  } catch (error) {
    return { report: refusalNote(error) };
  }
}

/** The commands that the board offers. */
type OfferedCommand = Extract<Command, { readonly kind: Done }>;

/** The command that a button of a form stands for. */
function commandOf(form: URLSearchParams): OfferedCommand {
  switch (form.get("action")) {
    case "resolve":
      return { kind: "resolve", ...resolveRequestOf(form) };
    case "resolve-next":
      return { kind: "resolve", in: "next-release" };
    case "reopen":
      return { kind: "reopen" };
    case "unmute":
      return { kind: "unmute" };
    case "undiscard":
      return { kind: "undiscard" };
    case "mute":
      return { kind: "mute", ...muteRequestOf(readMute(muteFieldsOf(form))) };
    case "annotate":
      return { kind: "annotate", comment: form.get("comment")?.trim() ?? "" };
    default:
      throw unknownAction();
  }
}

/** Where a fix is. A release that was named counts, whatever else is chosen. */
function resolveRequestOf(form: URLSearchParams): ResolveRequest {
  const [release, where] = [givenIn(form, "release"), form.get("in")];
  if (release !== undefined || where === "release") return { in: { release: release ?? "" } };
  if (where === "next") return { in: "next-release" };
  return where === "latest" ? { in: "latest-release" } : {};
}

function idsByProject(issues: readonly TrackedIssue[]): Map<string, string[]> {
  const ids = new Map<string, string[]>();
  for (const { projectId, id } of issues) ids.set(projectId, [...(ids.get(projectId) ?? []), id]);
  return ids;
}

function reportOf(
  { kind }: Command,
  done: number,
  refusals: readonly BulkRefusal[],
  issues: readonly TrackedIssue[],
): Html {
  const sentence = (refusal: BulkRefusal): string => describeRefusal(refusal, kind);
  const [first] = refusals;
  if (issues.length === 1 && first !== undefined) return note(sentence(first), "alert");
  const names = new Map(issues.map(({ id, friendlyId }) => [id, friendlyId]));
  const rows = refusals.map((refusal) => {
    const name = names.get(refusal.issueId) ?? refusal.issueId;
    return html`<li><a class="mono" href="${issueLink(name)}">${name}</a> ${sentence(refusal)}</li>`;
  });
  const changed =
    done === 0
      ? "Nothing was changed."
      : `${countOf(done, "issue")} ${done === 1 ? "was" : "were"} changed, and ${countOf(refusals.length, "issue")} ${refusals.length === 1 ? "was" : "were"} not.`;
  return html`<section class="report" role="alert">
    <p><strong>${changed}</strong></p>
    <ul>
      ${rows}
    </ul>
  </section>`;
}
