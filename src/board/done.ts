import type { CommandKind } from "../core/command.ts";
import { linkTo } from "./address.ts";
import { html, type Html } from "./html.ts";
import { numberOf } from "./words.ts";

/** What a form did: an address names it, so that the page after it can say so. */
export type Done =
  | Extract<CommandKind, "resolve" | "reopen" | "mute" | "unmute" | "undiscard" | "annotate">
  | "redrive"
  | "drop"
  | "register"
  | "retire"
  | "restore"
  | "save"
  | "evict";

/** The subject and what happened to it, of one and of many. */
const SENTENCES: Readonly<Record<Done, readonly [one: string, many: string]>> = {
  resolve: ["issue was resolved", "issues were resolved"],
  reopen: ["issue was reopened", "issues were reopened"],
  mute: ["issue was muted", "issues were muted"],
  unmute: ["issue was unmuted", "issues were unmuted"],
  undiscard: ["discard was ended", "discards were ended"],
  annotate: ["comment was added", "comments were added"],
  redrive: ["alert is delivered again", "alerts are delivered again"],
  drop: ["alert was discarded", "alerts were discarded"],
  register: ["release is known now", "releases are known now"],
  retire: ["release was retired: it does not count any more", "releases were retired"],
  restore: ["release was restored", "releases were restored"],
  save: ["project was saved", "projects were saved"],
  evict: ["event was removed", "events were removed"],
};

function isDone(text: string | null): text is Done {
  return text !== null && Object.hasOwn(SENTENCES, text);
}

/** The link to the page after a form that did something. */
export function linkAfter(address: URLSearchParams, done: Done, count: number): string {
  return linkTo({ ...Object.fromEntries(address), done, n: String(count) });
}

/** What a form did, above the page after it; nothing on any other page. */
export function doneNote(address: URLSearchParams): Html | null {
  const done = address.get("done");
  if (!isDone(done)) return null;
  const count = Number(/^\d{1,15}$/u.exec(address.get("n") ?? "")?.[0] ?? 1);
  const [one, many] = SENTENCES[done];
  const sentence = count === 1 ? `1 ${one}` : `${numberOf(count)} ${many}`;
  return html`<section class="report" role="status"><p>${sentence}.</p></section>`;
}
