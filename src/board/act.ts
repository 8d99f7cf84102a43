import { IssueLifecycleError } from "../core/errors.ts";
import type { Instant } from "../core/instant.ts";
import type { EvictionInput } from "../tracker/events.ts";
import { actOnIssues } from "./act-on-issues.ts";
import { givenIn, typedIn } from "./address.ts";
import { linkAfter } from "./done.ts";
import { redirectTo } from "./frame.ts";
import { wholeNumber } from "./forms.ts";
import { alertsPage, mayChangeAlerts } from "./pages/alerts-page.ts";
import { projectPage } from "./pages/project-page.ts";
import { releasesPage } from "./pages/releases-page.ts";
import { readProjectForm } from "./project-form.ts";
import { Forbidden, NotFound, type Scope } from "./scope.ts";
import { note, refusalNote, unknownAction, type Followed, type SentForm } from "./sent-form.ts";

const DAY = 86_400_000;

/** Does what a form asks for. */
export async function act(scope: Scope, sent: SentForm): Promise<Followed> {
  scope.requireChange();
  switch (sent.address.get("view")) {
    case "releases":
      return actOnReleases(scope, sent);
    case "alerts":
      return actOnAlerts(scope, sent);
    case "project":
      return actOnProject(scope, sent);
    case null:
      return actOnIssues(scope, sent);
    default:
      throw new NotFound("There is no such page.");
  }
}

async function actOnReleases(scope: Scope, { address, form }: SentForm): Promise<Followed> {
  const project = await scope.project(givenIn(address, "project") ?? "");
  const release = { projectId: project.id, version: form.get("version")?.trim() ?? "" };
  const { releases } = scope.tracker;
  const { id: by } = scope.viewer;
  try {
    switch (form.get("action")) {
      case "register":
        await releases.register(release);
        return redirectTo(linkAfter(address, "register", 1));
      case "retire":
        await releases.retire({ ...release, by });
        return redirectTo(linkAfter(address, "retire", 1));
      case "restore":
        await releases.restore({ ...release, by });
        return redirectTo(linkAfter(address, "restore", 1));
      default:
        throw unknownAction();
    }
  } catch (error) {
    return releasesPage(scope, address, refusalNote(error));
  }
}

async function actOnAlerts(scope: Scope, { address, form }: SentForm): Promise<Followed> {
  if (!mayChangeAlerts(scope)) throw new Forbidden("You may look at the alerts here, and not change them.");
  const ids = form.getAll("id");
  if (ids.length === 0) return alertsPage(scope, address, note("Select the alerts first.", "alert"));
  const { alerts } = scope.tracker;
  try {
    switch (form.get("action")) {
      case "redrive":
        return redirectTo(linkAfter(address, "redrive", await alerts.redrive(ids)));
      case "discard-alerts": {
        const discarded = await alerts.discard(ids, { reason: form.get("reason")?.trim() ?? "", by: scope.viewer.id });
        return redirectTo(linkAfter(address, "drop", discarded));
      }
      default:
        throw unknownAction();
    }
  } catch (error) {
    return alertsPage(scope, address, refusalNote(error));
  }
}

async function actOnProject(scope: Scope, { address, form }: SentForm): Promise<Followed> {
  const project = await scope.project(givenIn(address, "project") ?? "");
  try {
    switch (form.get("action")) {
      case "save-project":
        await scope.tracker.projects.save(readProjectForm(form, project));
        return redirectTo(linkAfter(address, "save", 1));
      case "evict": {
        const removed = await scope.tracker.events.evict({ projectId: project.id, ...readEviction(form, scope.now) });
        return redirectTo(linkAfter(address, "evict", removed));
      }
      default:
        throw unknownAction();
    }
  } catch (error) {
    return projectPage(scope, address, project.id, refusalNote(error));
  }
}

/**
 * Which events a form removes.
 *
 * @throws {@link IssueLifecycleError} `invalid-input`
 */
function readEviction(form: URLSearchParams, now: Instant): Pick<EvictionInput, "receivedBefore" | "keepPerIssue"> {
  const [days, keep] = [typedIn(form, "days"), typedIn(form, "keep")];
  if (days === undefined && keep === undefined) {
    throw incomplete("days", "Say which events to remove: by their age, their number, or both.");
  }
  if (!form.has("sure")) throw incomplete("sure", "Confirm that the events cannot be brought back.");
  return {
    ...(days !== undefined && { receivedBefore: Math.max(0, now - wholeNumber("days", "Days", days, 3_650) * DAY) }),
    ...(keep !== undefined && { keepPerIssue: wholeNumber("keep", "Events", keep, 1_000_000) }),
  };
}

function incomplete(field: string, message: string): IssueLifecycleError {
  return new IssueLifecycleError("invalid-input", message, { field });
}
