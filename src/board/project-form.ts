import { ALERT_KINDS } from "../core/alert-reason.ts";
import type { ConditionInput } from "../core/conditions/condition.ts";
import { IssueLifecycleError } from "../core/errors.ts";
import { invalidInput } from "../core/input.ts";
import type { Project, ProjectInput } from "../core/project.ts";
import { choiceOf, typedIn } from "./address.ts";
import { wholeNumber } from "./forms.ts";
import { html, type Html } from "./html.ts";
import { COUNTED_PERIODS } from "./mute-form.ts";

const DAY = 86_400_000;

/** The conditions that the settings of a project can add. */
export const NEW_WATCHES = [
  { kind: "volume", words: "many events" },
  { kind: "spike", words: "far more events than usual" },
] as const;

/** The fields of a condition on a volume. */
export function volumeLine(): Html {
  return html`<label><input type="number" name="volume" min="1" max="1000000000" placeholder="100" /> events</label>
    <label
      >in one
      <select name="window">
        ${COUNTED_PERIODS.map((each) => html`<option>${each}</option>`)}
      </select></label
    >`;
}

/** The settings that a form shows, as a text: it comes back with the form, and is another one if somebody has changed them meanwhile. */
export function settingsOf({ alerts, watch, stateEnvironments, autoResolveAfterMs }: Project): string {
  return JSON.stringify([ALERT_KINDS.map((kind) => alerts[kind]), watch, stateEnvironments, autoResolveAfterMs]);
}

/**
 * The project that a form stands for.
 *
 * @throws {@link IssueLifecycleError} `invalid-input`, also for a form that shows other settings than the present ones
 */
export function readProjectForm(form: URLSearchParams, project: Project): ProjectInput {
  const { id, watch } = project;
  if (form.get("shown") !== settingsOf(project)) {
    const message =
      "Somebody has changed these settings since you opened them. Look at them again, and change what you want to.";
    throw new IssueLifecycleError("invalid-input", message, { field: "shown" });
  }
  const on = new Set(form.getAll("alert"));
  const kept = new Set(form.getAll("keep"));
  const lines = (form.get("environments") ?? "").split("\n").map((line) => line.trim());
  const named = lines.filter((line) => line !== "");
  const environments = form.has("without-environment") ? ["", ...named] : named;
  return {
    id,
    alerts: Object.fromEntries(ALERT_KINDS.map((kind) => [kind, on.has(kind)])),
    watch: { conditions: [...watch.conditions.filter((_, index) => kept.has(String(index))), ...addedWatch(form)] },
    stateEnvironments: environments.length === 0 ? null : environments,
    autoResolveAfterMs: quietMs(form),
  };
}

function addedWatch(form: URLSearchParams): readonly ConditionInput[] {
  switch (form.get("new-watch")) {
    case "spike":
      return [{ kind: "spike" }];
    case "volume": {
      const volume = wholeNumber("volume", "Events", typedIn(form, "volume") ?? "", 1_000_000_000);
      return [{ kind: "volume", period: choiceOf(form, "window", COUNTED_PERIODS), nrOfPeriods: 1, volume }];
    }
    default:
      return [];
  }
}

function quietMs(form: URLSearchParams): number | null {
  const days = typedIn(form, "quiet-days");
  if (days === undefined) return null;
  const ms = Math.round(Number(days) * DAY);
  if (Number.isSafeInteger(ms)) return ms;
  throw invalidInput("quiet-days", days, "a number of days");
}
