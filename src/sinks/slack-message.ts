import type { AlertDocument, AlertList } from "./alert-document.ts";
import { escapeForSlack } from "./slack-text.ts";

/** A text in Slack that is shown as it stands, or one with a link in it. */
type SlackText =
  | { readonly type: "plain_text"; readonly text: string; readonly emoji: false }
  | { readonly type: "mrkdwn"; readonly text: string; readonly verbatim: true };

/** A part of a message. */
type SlackBlock =
  | { readonly type: "header"; readonly text: SlackText }
  | { readonly type: "section"; readonly text: SlackText }
  | { readonly type: "section"; readonly fields: readonly SlackText[] };

/** A message as Slack's incoming webhooks take it. */
export interface SlackMessage {
  /** What notifications show. */
  readonly text: string;
  /** What the message shows. */
  readonly blocks: readonly SlackBlock[];
}

const MAX_HEADER_LENGTH = 150;
const MAX_TEXT_LENGTH = 3_000;
const MAX_FIELD_LENGTH = 2_000;
const MAX_FIELDS = 10;
const MAX_LINK_LENGTH = 2_900;

/** Lays out an alert within Slack's limits. All that comes from anywhere is plain text, which Slack gives no meaning. */
export function slackMessage({ subject, text, facts, lists, link }: AlertDocument): SlackMessage {
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

/** A URL has neither `<` nor `>` in it. A `|` would end it. */
function linkTo(link: string): SlackBlock | undefined {
  const target = link.replaceAll("&", "&amp;").replaceAll("|", "%7C");
  if (target.length > MAX_LINK_LENGTH) return undefined;
  return { type: "section", text: { type: "mrkdwn", text: `<${target}|Look at it>`, verbatim: true } };
}
