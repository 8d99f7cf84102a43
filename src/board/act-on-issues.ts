import type { Command, ResolveRequest } from "../core/command.ts";
import { IssueLifecycleError } from "../core/errors.ts";
import { describeRefusal } from "../core/refusal.ts";
import type { BulkRefusal } from "../tracker/bulk.ts";
import type { TrackedIssue } from "../tracker/tracked-issue.ts";
import { issueLink, typedIn } from "./address.ts";
import { chosenIssues, type ChosenIssues } from "./chosen-issues.ts";
import { linkAfter, type Done } from "./done.ts";
import { redirectTo } from "./frame.ts";
import { html, type Html } from "./html.ts";
import { muteFieldsOf, muteRequestOf, readMute } from "./mute-form.ts";
import { issuePage } from "./pages/issue-page.ts";
import { listPage } from "./pages/list-page.ts";
import { note, refusalNote, unknownAction, type Followed, type SentForm } from "./sent-form.ts";
import { refusalIn, type Scope } from "./scope.ts";
import { countOf } from "./words.ts";

/** Applies the command of a form to an issue, or to those that are selected in a list. */
export async function actOnIssues(scope: Scope, { address, form }: SentForm): Promise<Followed> {
  const id = address.get("issue");
  if (id !== null) {
    const issue = await scope.issue(id);
    const result = await tryOn(scope, { issues: [issue], missing: [] }, form);
    if (!("done" in result)) return issuePage(scope, address, id, result.report);
    return redirectTo(linkAfter(new URLSearchParams({ issue: issue.friendlyId }), result.done, 1));
  }
  if (!form.has("id")) return listPage(scope, address, note("Select the issues first.", "alert"));
  const chosen = await chosenIssues(scope, form);
  const result = await tryOn(scope, chosen, form);
  if (!("done" in result)) return listPage(scope, address, result.report);
  return redirectTo(linkAfter(address, result.done, chosen.issues.length));
}

/** What a command did to all issues; or a report, because some or all refused it. */
type Applied = { readonly done: Done } | { readonly report: Html };

/** Why an issue was not changed. */
type Refusal = Pick<BulkRefusal, "issueId" | "code">;

async function tryOn(scope: Scope, chosen: ChosenIssues, form: URLSearchParams): Promise<Applied> {
  try {
    return await apply(scope, chosen, form);
  } catch (error) {
    return { report: refusalNote(error) };
  }
}

/** Applies a command, project by project. A project that fails does not hide what was done in others. */
async function apply(
  { tracker, viewer, options }: Scope,
  { issues, missing }: ChosenIssues,
  form: URLSearchParams,
): Promise<Applied> {
  const command = commandOf(form);
  const comment = form.get("comment")?.trim() ?? "";
  // An annotation is a comment itself.
  const more = { by: viewer.id, ...(command.kind !== "annotate" && comment !== "" && { comment }) };
  let done = 0;
  const refusals: Refusal[] = missing.map((issueId) => ({ issueId, code: "unknown-issue" }));
  for (const [projectId, own] of Map.groupBy(issues, (issue) => issue.projectId)) {
    const ids = own.map(({ id }) => id);
    try {
      const outcome = await tracker.issues.bulk({ projectId, ids }, command, more);
      done += outcome.applied;
      refusals.push(...outcome.refusals);
    } catch (error) {
      if (done === 0 && refusals.length === 0) throw error;
      const code = IssueLifecycleError.is(error) ? error.code : "store-failed";
      refusals.push(...ids.map((issueId) => ({ issueId, code })));
      if (refusalIn(error) === undefined) options.onError(error);
    }
  }
  return refusals.length === 0 ? { done: command.kind } : { report: reportOf(command, done, refusals, issues) };
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
  const [release, where] = [typedIn(form, "release"), form.get("in")];
  if (release !== undefined || where === "release") return { in: { release: release ?? "" } };
  if (where === "next") return { in: "next-release" };
  return where === "latest" ? { in: "latest-release" } : {};
}

function reportOf(
  { kind }: Command,
  done: number,
  refusals: readonly Refusal[],
  issues: readonly TrackedIssue[],
): Html {
  const sentence = (refusal: Refusal): string => describeRefusal(refusal, kind);
  const [first] = refusals;
  if (issues.length === 1 && refusals.length === 1 && done === 0 && first !== undefined)
    return note(sentence(first), "alert");
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
