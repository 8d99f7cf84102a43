import { openMute } from "./mute-dialog.ts";
import { inPage, rows } from "./page.ts";
import { countSelected, selection } from "./selection.ts";

/** A key, and what it does. On a page that has nothing for it, it does nothing. */
interface Key {
  readonly key: string;
  readonly does: string;
  readonly run: () => void;
}

const KEYS: readonly Key[] = [
  { key: "j", does: "next row", run: moving(1) },
  { key: "k", does: "row before", run: moving(-1) },
  { key: "Enter", does: "open the issue", run: clicking(".issues > li.at a.title") },
  { key: "x", does: "select", run: clicking(".issues > li.at input[name=id]") },
  { key: "e", does: "resolve", run: resolve },
  { key: "m", does: "mute", run: openMute },
  { key: "/", does: "search", run: search },
  { key: "u", does: "back to the list", run: clicking(".crumbs a") },
  { key: "?", does: "these keys", run: showKeys },
];

function clicking(selector: string): () => void {
  return () => inPage(selector, HTMLElement)?.click();
}

function moving(by: number): () => void {
  return () => {
    const all = rows();
    const index = all.findIndex((row) => row.classList.contains("at"));
    const next = all[Math.min(all.length - 1, Math.max(0, index + by))];
    if (next === undefined) return;
    for (const row of all) row.classList.toggle("at", row === next);
    inPage("a.title", HTMLAnchorElement, next)?.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  };
}

/** Resolves the issue of the page, or those that are selected in its list. */
function resolve(): void {
  const button = inPage("button[name=action][value=resolve]", HTMLButtonElement);
  if (button === null) return;
  const boxes = selection();
  if (rows().length > 0 && boxes.length === 0) return;
  for (const box of boxes) box.checked = true;
  countSelected();
  button.click();
}

function search(): void {
  inPage("#q", HTMLInputElement)?.focus();
}

function showKeys(): void {
  const dialog = document.createElement("dialog");
  const box = document.createElement("div");
  const heading = document.createElement("h1");
  const list = document.createElement("dl");
  const close = document.createElement("button");
  box.className = "help";
  heading.textContent = "Keys";
  for (const { key, does } of KEYS) {
    const [term, name, text] = [
      document.createElement("dt"),
      document.createElement("kbd"),
      document.createElement("dd"),
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

/** Lets keys do what their pages offer. */
export function startKeys(): void {
  document.addEventListener("keydown", onKey);
}

function onKey(event: KeyboardEvent): void {
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
  const known = KEYS.find((each) => each.key === key);
  if (known === undefined) return;
  event.preventDefault();
  known.run();
}
