import type { CalendarPeriod } from "../core/calendar.ts";
import { ALERT_KINDS } from "../core/alert-reason.ts";
import type { ConditionInput } from "../core/conditions/condition.ts";
import { invalidInput } from "../core/input.ts";
import type { Project, ProjectInput } from "../core/project.ts";
import { choiceOf, givenIn } from "./address.ts";
import { html, type Html } from "./html.ts";
import { COUNTED_PERIODS, wholeNumber } from "./mute-form.ts";

const DAY = 86_400_000;

/** The conditions that the settings of a project can add. */
export const NEW_WATCHES = [
  { kind: "volume", words: "many events" },
  { kind: "spike", words: "far more events than usual" },
] as const;

/** The fields of a condition on a volume. */
export function volumeLine(periods: readonly CalendarPeriod[]): Html {
  const options = COUNTED_PERIODS.filter((each) => periods.includes(each)).map(
    (each) => html`<option>${each}</option>`,
  );
  return html`<label><input type="number" name="volume" min="1" max="1000000000" placeholder="100" /> events</label>
    <label
      >in a
      <select name="window">
        ${options}
      </select></label
    >`;
}

/**
 * The project that a form stands for.
 *
 * @throws {@link IssueLifecycleError} `invalid-input`
 */
export function readProjectForm(form: URLSearchParams, { id, watch }: Project): ProjectInput {
  const on = new Set(form.getAll("alert"));
  const kept = new Set(form.getAll("keep"));
  const lines = (form.get("environments") ?? "").split("\n").map((line) => line.trim());
  const environments = lines.filter((line) => line !== "").map((line) => (line === "-" ? "" : line));
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
      const volume = wholeNumber("volume", "Events", givenIn(form, "volume") ?? "", 1_000_000_000);
      return [{ kind: "volume", period: choiceOf(form, "window", COUNTED_PERIODS), nrOfPeriods: 1, volume }];
    }
    default:
      return [];
  }
}

function quietMs(form: URLSearchParams): number | null {
  const days = givenIn(form, "quiet-days");
  if (days === undefined) return null;
  const ms = Math.round(Number(days) * DAY);
  if (Number.isSafeInteger(ms)) return ms;
  throw invalidInput("quiet-days", days, "a number of days");
}
