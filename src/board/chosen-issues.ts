import { IssueLifecycleError } from "../core/errors.ts";
import { requireIssueId } from "../tracker/tracked-issue.ts";
import type { TrackedIssue } from "../tracker/tracked-issue.ts";
import type { Scope } from "./scope.ts";
import { maySee } from "./viewer.ts";

/** The most issues that one form changes. */
const MOST = 100;

/** The issues that a form names. */
export interface ChosenIssues {
  readonly issues: readonly TrackedIssue[];
  /** As they were given: those that do not exist, at least for the viewer, and those that cannot be read. */
  readonly missing: readonly string[];
}

/**
 * Reads the issues that are named by `id`, each once.
 *
 * @throws {@link IssueLifecycleError} `invalid-input` for too many
 */
export async function chosenIssues({ tracker, viewer }: Scope, parameters: URLSearchParams): Promise<ChosenIssues> {
  const ids = [...new Set(parameters.getAll("id"))];
  if (ids.length > MOST) {
    const message = `Select at most ${String(MOST)} issues: these are ${String(ids.length)}.`;
    throw new IssueLifecycleError("invalid-input", message, { field: "id" });
  }
  for (const id of ids) requireIssueId("id", id);
  const found = new Map<string, TrackedIssue>();
  const missing: string[] = [];
  for (const result of await tracker.issues.getMany(ids)) {
    if (result.kind === "found" && maySee(viewer, result.value.projectId)) found.set(result.value.id, result.value);
    else missing.push(result.id);
  }
  return { issues: [...found.values()], missing };
}
