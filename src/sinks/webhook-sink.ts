import { validateHeaderName, validateHeaderValue } from "node:http";
import { orElse, refuseOtherMembers, requireObject } from "../core/input.ts";
import type { AlertSink } from "../ports/alert-sink.ts";
import { checkHttpTarget, TARGET_OPTION_NAMES, type HttpTargetOptions } from "./http-target.ts";
import { postTo } from "./http-post.ts";
import { invalidSecret } from "./sink-options.ts";
import { requireSecrets } from "./webhook-secret.ts";
import { sign } from "./webhook-signature.ts";

/** Where a webhook posts to, and how it signs. */
export interface WebhookSinkOptions extends HttpTargetOptions {
  /**
   * What both sides know, as {@link createWebhookSecret} makes it; or several while one takes the place of another: then there is a
   * signature by each.
   */
  readonly secrets: string | readonly string[];
  /** More headers, such as an `authorization`. Default: none. */
  readonly headers?: Readonly<Record<string, string>>;
}

const OPTION_NAMES = [...TARGET_OPTION_NAMES, "secrets", "headers"] satisfies (keyof WebhookSinkOptions)[];

/**
 * Makes a sink that posts an alert as JSON, signed by the rules of Standard Webhooks: `webhook-id` is the alert's id at every
 * attempt, `webhook-timestamp` is when it was sent, and `webhook-signature` has an HMAC-SHA256 over both and the body. Receivers
 * check it with {@link verifyWebhook}.
 *
 * A 2xx is a delivery. A redirect, 400, 410, 413, 415 and 422 are failures for good; after all others it is tried again, not before
 * the `Retry-After` of a 429 or 503 (of a day at most). A host that has an address which is neither public nor allowed is not
 * connected to.
 *
 * @throws `IssueLifecycleError` `invalid-input`, which tells nothing of secrets, nor more of a URL than its host
 * @example
 * ```ts
 * import { createWebhookSecret, webhookSink } from "issue-lifecycle/sinks";
 *
 * const sink = webhookSink({ url: "https://example.com/alerts", secrets: createWebhookSecret() });
 * ```
 */
export function webhookSink(options: WebhookSinkOptions): AlertSink {
  refuseOtherMembers("options", requireObject("options", options), OPTION_NAMES);
  const target = checkHttpTarget(options);
  const keys = requireSecrets("options.secrets", options.secrets);
  const headers = requireHeaders("options.headers", orElse(options.headers, {}));
  return async (alert, { signal }) => {
    const { id } = alert;
    const body = JSON.stringify(alert);
    const timestamp = String(Math.floor(target.clock.now() / 1_000));
    const signed = {
      ...headers,
      "webhook-id": id,
      "webhook-timestamp": timestamp,
      "webhook-signature": keys.map((key) => sign(key, { id, timestamp, body })).join(" "),
    };
    await postTo(target, { headers: signed, body }, signal);
  };
}

/** Headers that say what is sent and how, which is not the host's to say. */
const RESERVED =
  /^(?:connection|content-.*|expect|host|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|webhook-.*)$/u;

function requireHeaders(field: string, value: unknown): Readonly<Record<string, string>> {
  const entries = Object.entries(requireObject(field, value)).map(([given, text]): [string, string] => {
    const name = given.toLowerCase();
    if (RESERVED.test(name) || !isHeader(name, text)) {
      throw invalidSecret(`${field}["${given.slice(0, 100).toWellFormed()}"]`, "a header that is not the sink's own");
    }
    return [name, text];
  });
  return Object.fromEntries(entries);
}

function isHeader(name: string, value: unknown): value is string {
  if (typeof value !== "string") return false;
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}
