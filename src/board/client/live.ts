import { inPage, readPage, rows } from "./page.ts";

const POLL_MS = 4_000;

/** After how many looks without an answer the page says that it is no longer up to date. */
const MOST_FAILURES = 3;

/** What stands for issues of which it is not known which they are. */
const UNKNOWN = "";

/** A page that is read again when issues have changed, unless a person is doing something that this would undo: then it offers to. */
export class LivePage {
  readonly #prepare: () => void;
  /** The issues that changed since the page was read. */
  readonly #changed = new Set<string>();
  /** The place in the feed to ask from. */
  #cursor: string;
  #failures = 0;

  /** @param prepare - what a new page needs before it can be used */
  constructor(cursor: string, prepare: () => void) {
    this.#cursor = cursor;
    this.#prepare = prepare;
  }

  /** Looks for changes from now on. */
  start(): void {
    setTimeout(() => {
      void this.#look().finally(() => {
        this.start();
      });
    }, POLL_MS);
  }

  async #look(): Promise<void> {
    if (document.visibilityState === "hidden") return;
    const changes = await changesSince(this.#cursor);
    this.#failures = changes === null ? this.#failures + 1 : 0;
    if (this.#failures === MOST_FAILURES) {
      say("This page is no longer up to date. Reload", () => {
        location.reload();
      });
    }
    if (changes === null) return;
    this.#cursor = changes.next;
    for (const id of changes.issues ?? [UNKNOWN]) if (id === UNKNOWN || isShown(id)) this.#changed.add(id);
    if (this.#changed.size === 0) return;
    if (isBusy()) this.#offer();
    else await this.#replace();
  }

  #offer(): void {
    const count = this.#changed.size;
    const what = count === 1 ? "1 issue" : `${String(count)} issues`;
    say(this.#changed.has(UNKNOWN) ? "Something changed. Show" : `${what} changed. Show`, () => void this.#replace());
  }

  async #replace(): Promise<void> {
    this.#changed.clear();
    const page = await readPage(location.href);
    const [here, there] = [inPage("main", HTMLElement), page && inPage("main", HTMLElement, page)];
    if (page === null || here === null || there === null) return;
    const at = inPage(".issues > li.at", HTMLElement)?.dataset["key"];
    const open = [...here.querySelectorAll("details")].map(({ open: isOpen }) => isOpen);
    document.querySelector("button.changed")?.remove();
    here.replaceWith(document.adoptNode(there));
    document.title = page.title;
    this.#cursor = page.documentElement.dataset["feed"] ?? this.#cursor;
    for (const [index, each] of [...there.querySelectorAll("details")].entries()) each.open = open[index] ?? each.open;
    for (const row of rows()) row.classList.toggle("at", at !== undefined && row.dataset["key"] === at);
    this.#prepare();
  }
}

interface Changes {
  readonly next: string;
  readonly issues: readonly string[] | null;
}

/** What has changed; `null` without an answer of the board. */
async function changesSince(cursor: string): Promise<Changes | null> {
  const response = await fetch(`?since=${encodeURIComponent(cursor)}`).catch(() => null);
  // The page of a login is an answer, too, but not of the board.
  if (response?.ok !== true || response.headers.get("content-type")?.startsWith("application/json") !== true)
    return null;
  const changes: unknown = await response.json().catch(() => null);
  return isChanges(changes) ? changes : null;
}

function isChanges(value: unknown): value is Changes {
  return typeof value === "object" && value !== null && "next" in value && "issues" in value;
}

/** Whether a page shows an issue: the page of one shows that one. */
function isShown(id: string): boolean {
  const shown = document.documentElement.dataset["issue"];
  return shown === undefined || shown === id;
}

/** Whether a person is doing something that a new page would undo. */
function isBusy(): boolean {
  const focused = document.activeElement;
  const isTyping =
    focused instanceof HTMLInputElement ||
    focused instanceof HTMLTextAreaElement ||
    focused instanceof HTMLSelectElement;
  const fields = document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(
    "main input[type=text], main textarea",
  );
  const isEntered = [...fields].some(({ value, defaultValue }) => value !== defaultValue);
  const isReading = getSelection()?.isCollapsed === false;
  const inUse = ".issues input[name=id]:checked, .issues:hover, .report[role=alert], dialog[open], details.menu[open]";
  return isTyping || isEntered || isReading || document.querySelector(inUse) !== null;
}

/** Says something above the page, and does something if it is pressed. */
function say(text: string, run: () => void): void {
  const button = inPage("button.changed", HTMLButtonElement) ?? document.createElement("button");
  button.className = "changed primary";
  button.textContent = text;
  button.onclick = run;
  document.body.append(button);
}
