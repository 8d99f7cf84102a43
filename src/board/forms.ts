import { IssueLifecycleError } from "../core/errors.ts";
import { html } from "./html.ts";

/** Comes first in a form with several buttons: the Enter key in a field then does nothing, where it would press the first of them. */
export const NO_DEFAULT_BUTTON = html`<button disabled hidden></button>`;

/**
 * A whole number that was entered.
 *
 * @param field - the name of the field, and `label` what the page calls it
 * @throws {@link IssueLifecycleError} `invalid-input`
 */
export function wholeNumber(field: string, label: string, entered: string, most: number): number {
  const value = /^\d{1,15}$/u.test(entered) ? Number(entered) : 0;
  if (value >= 1 && value <= most) return value;
  const message = `${label}: a whole number from 1 to ${most.toLocaleString("en")}.`;
  throw new IssueLifecycleError("invalid-input", message, { field });
}
