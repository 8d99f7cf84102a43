import type { AlertSink } from "../ports/alert-sink.ts";
import { describeAlert, type AlertDocument, type AlertList } from "./alert-document.ts";
import { postTo } from "./http-post.ts";
import { httpTarget, targetShape, type HttpTargetOptions } from "./http-target.ts";

/** The channel to post to: the URL of its incoming webhook, which is a secret. */
export type SlackSinkOptions = HttpTargetOptions;

/**
 * Makes a sink that posts to a channel of Slack, or of a chat that accepts the same messages, through an incoming webhook. Texts
 * of events are shown as plain text: they contain no links, mentions or emoji. Texts longer than Slack allows end in "…".
 *
 * The rules for addresses and responses are those of {@link webhookSink}. Slack has no idempotency key: an alert that is
 * delivered twice is shown twice.
 *
 * @throws `IssueLifecycleError` `invalid-input`, which shows nothing of a URL but its host
 * @example
 * ```ts
 * import { slackSink } from "issue-lifecycle/sinks";
 *
 * const sink = slackSink({ url: "https://hooks.slack.com/services/T0/B0/x" });
 * ```
 */
export function slackSink(options: SlackSinkOptions): AlertSink {
  const target = httpTarget(targetShape("options", options));
  return async (alert, { signal }) => {
    await postTo(target, { headers: {}, body: JSON.stringify(slackMessage(describeAlert(alert))) }, signal);
  };
}

/** A text object of Slack: plain, or with a link. */
type SlackText =
  | { readonly type: "plain_text"; readonly text: string; readonly emoji: false }
  | { readonly type: "mrkdwn"; readonly text: string; readonly verbatim: true };

type SlackBlock =
  | { readonly type: "header"; readonly text: SlackText }
  | { readonly type: "section"; readonly text: SlackText }
  | { readonly type: "section"; readonly fields: readonly SlackText[] };

/** A message as Slack's incoming webhooks accept it. */
interface SlackMessage {
  /** The text of desktop and mobile notifications. */
  readonly text: string;
  readonly blocks: readonly SlackBlock[];
}

const MAX_HEADER_LENGTH = 150;
const MAX_TEXT_LENGTH = 3_000;
const MAX_FIELD_LENGTH = 2_000;
const MAX_FIELDS = 10;
const MAX_LINK_LENGTH = 2_900;

/** Renders an alert within Slack's limits. Everything but the link is plain text without markup. */
function slackMessage({ subject, text, facts, lists, link }: AlertDocument): SlackMessage {
  const fields = facts
    .slice(0, MAX_FIELDS)
    .map(({ label, value }) => plainText(`${label}: ${value}`, MAX_FIELD_LENGTH));
  const linkBlock = link === null ? undefined : linkTo(link);
  return {
    text: escapeForSlack(subject, MAX_TEXT_LENGTH),
    blocks: [
      { type: "header", text: plainText(subject, MAX_HEADER_LENGTH) },
      ...(text === "" ? [] : [section(text)]),
      { type: "section", fields },
      ...lists.map((list) => section(listText(list))),
      ...(linkBlock === undefined ? [] : [linkBlock]),
    ],
  };
}

function plainText(text: string, maxLength: number): SlackText {
  return { type: "plain_text", text: escapeForSlack(text, maxLength), emoji: false };
}

function section(text: string): SlackBlock {
  return { type: "section", text: plainText(text, MAX_TEXT_LENGTH) };
}

function listText({ title, entries }: AlertList): string {
  return [`${title}:`, ...entries.map((entry) => `• ${entry}`)].join("\n");
}

/** A parsed URL contains neither `<` nor `>`. A `|` would end it. */
function linkTo(link: string): SlackBlock | undefined {
  const target = link.replaceAll("&", "&amp;").replaceAll("|", "%7C");
  if (target.length > MAX_LINK_LENGTH) return undefined;
  return { type: "section", text: { type: "mrkdwn", text: `<${target}|View details>`, verbatim: true } };
}

/** The characters that Slack interprets in any text. */
const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/**
 * Words that mention everyone in chats that interpret names, also as the start of a longer word, which may be shortened to them.
 * A zero-width space after the `@` prevents the mention.
 */
const MENTIONS = /@(?=channel|everyone|here|group)/giu;

/** Escapes a text for Slack, shortened so that its escaped form has at most `maxLength` characters: a longer one ends in "…". */
export function escapeForSlack(text: string, maxLength: number): string {
  const units = Array.from(text.replaceAll(MENTIONS, "@\u200b"), (character) => ENTITIES[character] ?? character);
  const lengths = units.map((unit) => unit.length);
  if (lengths.reduce((sum, length) => sum + length, 0) <= maxLength) return units.join("");
  let room = maxLength - 1;
  const end = lengths.findIndex((length) => (room -= length) < 0);
  return `${units.slice(0, end).join("")}…`;
}
