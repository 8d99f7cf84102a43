import { describeRefusal } from "../core/refusal.ts";
import type { PageContent } from "./frame.ts";
import { html, type Html } from "./html.ts";
import { NotFound, refusalIn } from "./scope.ts";

/** A form that was sent, and the address that it was sent to. */
export interface SentForm {
  readonly address: URLSearchParams;
  readonly form: URLSearchParams;
}

/** What follows a form: another address to go to, or a page that says what was done, or why it was not. */
export type Followed = Response | PageContent;

/** A sentence above a page about what a form did. */
export function note(text: string, role: "status" | "alert" = "status"): Html {
  return html`<section class="report" role="${role}"><p>${text}</p></section>`;
}

/** Why a command was refused, above the page that asked for it. An error that no visitor can do anything about is thrown on. */
export function refusalNote(error: unknown): Html {
  const refusal = refusalIn(error);
  if (refusal === undefined) throw error;
  return note(refusal.code === "invalid-input" ? refusal.message : describeRefusal(refusal), "alert");
}

/** The error for a form with a button that the board does not have. */
export function unknownAction(): NotFound {
  return new NotFound("There is no such action.");
}
