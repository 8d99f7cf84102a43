import { html } from "./html.ts";

/** Comes first in a form with several buttons: the Enter key in a field then does nothing, where it would press the first of them. */
export const NO_DEFAULT_BUTTON = html`<button disabled hidden></button>`;
