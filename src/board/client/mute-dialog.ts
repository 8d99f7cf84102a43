import { inPage, readPage, rows } from "./page.ts";
import { selection } from "./selection.ts";

/** Opens the form to mute the issue of the page, or those that are selected in its list. Does nothing on a page that cannot. */
export function openMute(): void {
  const link = inPage("a[data-dialog]", HTMLAnchorElement);
  if (link !== null) {
    void openDialog(link.href);
    return;
  }
  if (document.querySelector("button[name=do][value=mute]") === null) return;
  const parameters = new URLSearchParams([["do", "mute"], ...selection().map((box) => ["id", box.value])]);
  if (parameters.has("id")) void openDialog(`?${parameters.toString()}`);
}

async function openDialog(address: string): Promise<void> {
  const page = await readPage(address);
  const form = page && inPage("form.dialog", HTMLFormElement, page);
  if (form === null) {
    location.assign(address);
    return;
  }
  const dialog = document.createElement("dialog");
  // After a mute of several the same list is shown again.
  if (rows().length > 0) form.action = location.search === "" ? "?" : location.search;
  dialog.append(document.adoptNode(form));
  document.body.append(dialog);
  dialog.setAttribute("aria-label", form.querySelector("h1")?.textContent ?? "");
  dialog.addEventListener("close", () => {
    dialog.remove();
  });
  dialog.showModal();
  follow(form, address);
  inPage("input:checked", HTMLInputElement, form)?.focus();
}

/** Lets the preview of a form follow what is entered. */
function follow(form: HTMLFormElement, address: string): void {
  inPage("button.try", HTMLButtonElement, form)?.remove();
  inPage("[data-close]", HTMLElement, form)?.addEventListener("click", (event) => {
    const dialog = form.closest("dialog");
    if (dialog === null) return;
    event.preventDefault();
    dialog.close();
  });
  let latest = 0;
  form.addEventListener("input", () => {
    const asked = ++latest;
    setTimeout(() => {
      if (asked !== latest) return;
      void readPage(addressOf(form, address)).then((page) => {
        const preview = page?.querySelector(".preview");
        if (asked === latest && preview) form.querySelector(".preview")?.replaceWith(document.adoptNode(preview));
      });
    }, 150);
  });
}

/** The address of the form with what is entered. */
function addressOf(form: HTMLFormElement, address: string): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    // A comment changes no preview, and is nothing for the logs of servers.
    if (typeof value === "string" && name !== "comment") parameters.append(name, value);
  }
  const issue = new URL(address, location.href).searchParams.get("issue");
  if (issue !== null) parameters.set("issue", issue);
  return `?${parameters.toString()}`;
}

/** Lets the preview follow where the form is a page of its own. */
export function prepareMute(): void {
  const form = inPage("main > form.dialog", HTMLFormElement);
  if (form !== null) follow(form, location.href);
}

/** Opens the form as a dialog where a person asks for its page. */
export function startMutes(): void {
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.target.closest("a[data-dialog], button[name=do][value=mute]") === null) return;
    event.preventDefault();
    openMute();
  });
}
