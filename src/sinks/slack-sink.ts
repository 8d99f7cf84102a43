import { refuseOtherMembers, requireObject } from "../core/input.ts";
import type { AlertSink } from "../ports/alert-sink.ts";
import { documentOf } from "./alert-document.ts";
import { postTo } from "./http-post.ts";
import { checkHttpTarget, TARGET_OPTION_NAMES, type HttpTargetOptions } from "./http-target.ts";
import { slackMessage } from "./slack-message.ts";

/** Which channel to post to: its incoming webhook's URL, which is a secret. */
export type SlackSinkOptions = HttpTargetOptions;

/**
 * Makes a sink that posts to a channel of Slack, or of a chat that takes the same messages, by an incoming webhook. What comes
 * from anywhere is shown as plain text: nothing in it is a link, a mention or an emoji. What is longer than Slack allows ends in
 * "…".
 *
 * Reaches and refuses what a {@link webhookSink} does, and takes answers in the same way. Slack knows no idempotency key: an
 * alert that is delivered twice is shown twice.
 *
 * @throws `IssueLifecycleError` `invalid-input`, which tells no more of a URL than its host
 * @example
 * ```ts
 * import { slackSink } from "issue-lifecycle/sinks";
 *
 * const sink = slackSink({ url: "https://hooks.slack.com/services/T0/B0/x" });
 * ```
 */
export function slackSink(options: SlackSinkOptions): AlertSink {
  refuseOtherMembers("options", requireObject("options", options), TARGET_OPTION_NAMES);
  const target = checkHttpTarget(options);
  return async (alert, { signal }) => {
    await postTo(target, { headers: {}, body: JSON.stringify(slackMessage(documentOf(alert))) }, signal);
  };
}
