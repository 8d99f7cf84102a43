import { startKeys } from "./keys.ts";
import { LivePage } from "./live.ts";
import { prepareMute, startMutes } from "./mute-dialog.ts";
import { prepareSelection, startSelection } from "./selection.ts";

/*
 * What the board's pages do by themselves where scripts run: they change when issues do, open the form of a mute as a dialog, and have keys.
 * Each page is complete without it. It makes no HTML of its own from texts: it fetches pages of the board and takes parts of them.
 */

/* Who enters something means the choice that it belongs to. It runs before the preview of a form follows. */
document.addEventListener(
  "input",
  ({ target }) => {
    if (!(target instanceof HTMLInputElement || target instanceof HTMLSelectElement)) return;
    const radio = target.closest("label")?.querySelector("input[type=radio]");
    if (radio instanceof HTMLInputElement) radio.checked = true;
  },
  true,
);

/* Filters take effect at once. */
document.addEventListener("change", ({ target }) => {
  if (target instanceof HTMLSelectElement && target.form?.matches("form.filters") === true) target.form.requestSubmit();
});

/* A menu ends with a click beside it. */
document.addEventListener("click", ({ target }) => {
  const menu = document.querySelector("details.menu[open]");
  if (menu instanceof HTMLDetailsElement && target instanceof Node && !menu.contains(target)) menu.open = false;
});

/* What a form did is said once, not whenever the page is loaded again. */
const address = new URL(location.href);
if (address.searchParams.has("done")) {
  address.searchParams.delete("done");
  address.searchParams.delete("n");
  history.replaceState(null, "", address);
}

function prepare(): void {
  prepareSelection();
  prepareMute();
}

startKeys();
startMutes();
startSelection();
prepare();
const cursor = document.documentElement.dataset["feed"];
if (cursor !== undefined) new LivePage(cursor, prepare).start();
