/*
 * What the board's pages do by themselves where scripts run: they change when issues do, open the form of a mute as a dialog, and have keys.
 * Each page is complete without it. It makes no HTML of its own from texts: it fetches pages of the board and takes parts of them.
 */

const POLL_MS = 4_000;

function inPage<Kind extends Element>(
  selector: string,
  kind: new () => Kind,
  root: ParentNode = document,
): Kind | null {
  const found = root.querySelector(selector);
  return found instanceof kind ? found : null;
}

/** Another page of the board, read but not shown; `null` if it cannot be had. */
async function read(address: string): Promise<Document | null> {
  const response = await fetch(address, { headers: { accept: "text/html" } }).catch(() => null);
  if (response?.headers.get("content-type")?.startsWith("text/html") !== true || response.redirected) return null;
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

/* The page changes by itself. */

let cursor = document.documentElement.dataset["feed"] ?? "";

/** Whether a person is doing something that a new page would undo. */
function isBusy(): boolean {
  const focused = document.activeElement;
  const isTyping =
    focused instanceof HTMLInputElement ||
    focused instanceof HTMLTextAreaElement ||
    focused instanceof HTMLSelectElement;
  const isSelecting = document.querySelector(".issues input[name=id]:checked, .report[role=alert]") !== null;
  const fields = document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(
    "main input[type=text], main textarea",
  );
  const isEntered = [...fields].some(({ value, defaultValue }) => value !== defaultValue);
  const isReading = getSelection()?.isCollapsed === false || document.querySelector(".issues:hover") !== null;
  const isOpen = document.querySelector("dialog[open], details.menu[open]") !== null;
  return isTyping || isEntered || isSelecting || isReading || isOpen;
}

/** Says something above the page, and does something if it is pressed. */
function say(text: string, run: () => void): void {
  const button = inPage("button.changed", HTMLButtonElement) ?? document.createElement("button");
  button.className = "changed primary";
  button.textContent = text;
  button.onclick = run;
  document.body.append(button);
}

function offer(count: number): void {
  say(
    changed.has("") ? "Something changed. Show" : `${String(count)} ${count === 1 ? "issue" : "issues"} changed. Show`,
    () => {
      changed.clear();
      void replace();
    },
  );
}

async function replace(): Promise<void> {
  const page = await read(location.href);
  const [here, there] = [inPage("main", HTMLElement), page && inPage("main", HTMLElement, page)];
  if (page === null || here === null || there === null) return;
  const at = place();
  const open = [...here.querySelectorAll("details")].map(({ open: isOpen }) => isOpen);
  document.querySelector("button.changed")?.remove();
  here.replaceWith(document.adoptNode(there));
  document.title = page.title;
  cursor = page.documentElement.dataset["feed"] ?? cursor;
  for (const [index, each] of [...there.querySelectorAll("details")].entries()) each.open = open[index] ?? each.open;
  prepare();
  if (at !== undefined) moveTo(rows().find((row) => row.dataset["key"] === at));
}

const changed = new Set<string>();

let failures = 0;

async function poll(): Promise<void> {
  if (document.visibilityState === "hidden") return;
  const response = await fetch(`?since=${encodeURIComponent(cursor)}`).catch(() => null);
  // A login page is an answer, too.
  const isAnswered = response?.ok === true && response.headers.get("content-type") === "application/json";
  failures = isAnswered ? 0 : failures + 1;
  if (failures === 3)
    say("This page is no longer up to date. Reload", () => {
      location.reload();
    });
  if (!isAnswered) return;
  const changes: unknown = await response.json();
  if (!isChanges(changes)) return;
  cursor = changes.next;
  const shown = new URLSearchParams(location.search).get("issue");
  if (changes.issues === null) changed.add("");
  for (const id of changes.issues ?? [])
    if (shown === null || shown.toUpperCase() === id.toUpperCase()) changed.add(id);
  if (changed.size === 0) return;
  if (isBusy()) {
    offer(changed.size);
    return;
  }
  changed.clear();
  await replace();
}

function isChanges(value: unknown): value is { next: string; issues: string[] | null } {
  return typeof value === "object" && value !== null && "next" in value && "issues" in value;
}

if (cursor !== "") {
  const wait = (): void => {
    setTimeout(() => void poll().finally(wait), POLL_MS);
  };
  wait();
}

/* The form of a mute as a dialog, with a preview that follows what is entered. */

async function openDialog(address: string): Promise<void> {
  const page = await read(address);
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
      void read(addressOf(form, address)).then((page) => {
        const preview = page?.querySelector(".preview");
        if (asked === latest && preview) form.querySelector(".preview")?.replaceWith(document.adoptNode(preview));
      });
    }, 150);
  });
}

/** The address of the form with what is entered. */
function addressOf(form: HTMLFormElement, address: string): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of new FormData(form))
    if (typeof value === "string" && name !== "comment") parameters.append(name, value);
  const issue = new URL(address, location.href).searchParams.get("issue");
  if (issue !== null) parameters.set("issue", issue);
  return `?${parameters.toString()}`;
}

/* Keys, and selecting many. */

function rows(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>(".issues > li[data-key]")];
}

function place(): string | undefined {
  return inPage(".issues > li.at", HTMLElement)?.dataset["key"];
}

function moveTo(row: HTMLElement | undefined): void {
  if (row === undefined) return;
  for (const each of rows()) each.classList.toggle("at", each === row);
  inPage("a.title", HTMLAnchorElement, row)?.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function move(by: number): void {
  const all = rows();
  const index = all.findIndex((row) => row.classList.contains("at"));
  moveTo(all[Math.min(all.length - 1, Math.max(0, index + by))]);
}

/** The boxes that are selected; none: that of the row at which the person is. */
function selection(): HTMLInputElement[] {
  const boxes = rows().flatMap((row) => inPage("input[name=id]", HTMLInputElement, row) ?? []);
  const chosen = boxes.filter((box) => box.checked);
  if (chosen.length > 0) return chosen;
  const at = inPage(".issues > li.at input[name=id]", HTMLInputElement);
  return at === null ? [] : [at];
}

function press(selector: string): void {
  const boxes = selection();
  if (rows().length > 0) {
    if (boxes.length === 0) return;
    for (const box of boxes) box.checked = true;
    countSelected();
  }
  click(selector);
}

function mute(): void {
  const link = inPage("a[data-dialog]", HTMLAnchorElement);
  if (rows().length === 0 && link !== null) {
    void openDialog(link.href);
    return;
  }
  const parameters = new URLSearchParams([["do", "mute"], ...selection().map((box) => ["id", box.value])]);
  if (parameters.has("id")) void openDialog(`?${parameters.toString()}`);
}

function click(selector: string): void {
  inPage(selector, HTMLElement)?.click();
}

const KEYS: Readonly<Record<string, { readonly does: string; readonly run: () => void }>> = {
  j: {
    does: "next issue",
    run() {
      move(1);
    },
  },
  k: {
    does: "issue before",
    run() {
      move(-1);
    },
  },
  Enter: {
    does: "open the issue",
    run() {
      click(".issues > li.at a.title");
    },
  },
  x: {
    does: "select",
    run() {
      click(".issues > li.at input[name=id]");
    },
  },
  e: {
    does: "resolve",
    run() {
      press("button[name=action][value=resolve]");
    },
  },
  m: { does: "mute", run: mute },
  "/": {
    does: "search",
    run() {
      inPage("#q", HTMLInputElement)?.focus();
    },
  },
  u: {
    does: "back to the list",
    run() {
      click(".crumbs a");
    },
  },
  "?": { does: "these keys", run: showKeys },
};

function showKeys(): void {
  const dialog = document.createElement("dialog");
  const [box, heading, list, close] = [
    document.createElement("div"),
    document.createElement("h1"),
    document.createElement("dl"),
    document.createElement("button"),
  ];
  box.className = "help";
  heading.textContent = "Keys";
  for (const [key, { does }] of Object.entries(KEYS)) {
    const [term, text, name] = [
      document.createElement("dt"),
      document.createElement("dd"),
      document.createElement("kbd"),
    ];
    name.textContent = key;
    term.append(name);
    text.textContent = does;
    list.append(term, text);
  }
  close.textContent = "Close";
  close.onclick = () => {
    dialog.close();
  };
  box.append(heading, list, close);
  dialog.append(box);
  dialog.setAttribute("aria-label", "Keys");
  dialog.onclose = () => {
    dialog.remove();
  };
  document.body.append(dialog);
  dialog.showModal();
}

document.addEventListener("keydown", (event) => {
  const { target, key } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]") !== null) return;
  const isField =
    target instanceof HTMLElement && target.closest("input:not([type=checkbox]), textarea, select") !== null;
  if (isField) {
    if (key === "Escape") target.blur();
    return;
  }
  // A control that has the focus does by itself what this key is for.
  if (key === "Enter" && target instanceof HTMLElement && target !== document.body) return;
  const known = Object.hasOwn(KEYS, key) ? KEYS[key] : undefined;
  if (known === undefined) return;
  event.preventDefault();
  known.run();
});

document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element)) return;
  const link = event.target.closest("a[data-dialog]");
  if (link instanceof HTMLAnchorElement && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    void openDialog(link.href);
    return;
  }
  if (event.target.closest("button[name=do][value=mute]") !== null) {
    event.preventDefault();
    mute();
    return;
  }
  const menu = document.querySelector("details.menu[open]");
  if (menu instanceof HTMLDetailsElement && !menu.contains(event.target)) menu.open = false;
});

/* Who enters something means the choice that it belongs to. */
document.addEventListener(
  "input",
  ({ target }) => {
    if (!(target instanceof HTMLInputElement || target instanceof HTMLSelectElement)) return;
    const radio = target.closest("label")?.querySelector("input[type=radio]");
    if (radio instanceof HTMLInputElement) radio.checked = true;
  },
  true,
);

function countSelected(): void {
  const count = rows().filter((row) => row.querySelector("input:checked") !== null).length;
  const label = document.querySelector(".bulk .selected");
  if (label !== null) label.textContent = `${String(count)} selected`;
}

document.addEventListener("change", ({ target }) => {
  if (target instanceof HTMLInputElement && target.classList.contains("select-all")) {
    for (const row of rows()) {
      const box = inPage("input[name=id]", HTMLInputElement, row);
      if (box !== null) box.checked = target.checked;
    }
  }
  countSelected();
  // Filters take effect at once.
  if (target instanceof HTMLSelectElement && target.form?.matches("form.filters") === true) target.form.requestSubmit();
});

/** What a new page needs before it can be used. */
function prepare(): void {
  const all = inPage(".select-all", HTMLInputElement);
  if (all !== null) {
    all.hidden = false;
    all.closest("[aria-hidden]")?.removeAttribute("aria-hidden");
    all.setAttribute("aria-label", "Select all on this page");
    all.tabIndex = 0;
  }
  const form = inPage("main > form.dialog", HTMLFormElement);
  if (form !== null) follow(form, location.href);
}

/* What a form did is said once, not whenever the page is loaded again. */
const address = new URL(location.href);
if (address.searchParams.has("done")) {
  address.searchParams.delete("done");
  address.searchParams.delete("n");
  history.replaceState(null, "", address);
}

prepare();
