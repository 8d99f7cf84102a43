import { validateHeaderName, validateHeaderValue } from "node:http";
import { invalidInput, readMember, requireObject } from "../core/input.ts";
import { object, withDefault, type Shape } from "../core/shape.ts";
import type { AlertSink } from "../ports/alert-sink.ts";
import { postTo } from "./http-post.ts";
import { httpTarget, targetMembers, type HttpTargetOptions } from "./http-target.ts";
import { invalidSecret, secretOptions } from "./shapes.ts";
import { requireKeys, sign } from "./webhook-signature.ts";

/** Where a webhook posts to, and how it signs. */
export interface WebhookSinkOptions extends HttpTargetOptions {
  /**
   * The shared secret, as {@link createWebhookSecret} returns it; or an array of up to 10 of them, to replace one: the
   * request then has a signature for each.
   */
  readonly secrets: string | readonly string[];
  /** More headers, such as `{ authorization: "Bearer ..." }`. Default: none. */
  readonly headers?: Readonly<Record<string, string>>;
}

const EXAMPLE = `{ url: "https://example.com/hooks", secrets: createWebhookSecret() }`;

const optionMembers = {
  ...targetMembers,
  secrets: requireKeys,
  headers: withDefault(requireHeaders, {}),
} satisfies Record<keyof WebhookSinkOptions, Shape<unknown>>;

const optionsShape = secretOptions(object(optionMembers, EXAMPLE), EXAMPLE);

/**
 * Makes a sink that posts an alert as JSON, signed by the rules of Standard Webhooks: `webhook-id` is the alert's id, the same at
 * every attempt, `webhook-timestamp` the time of sending, and `webhook-signature` an HMAC-SHA256 over both and the body.
 * Receivers check it with {@link verifyWebhook}.
 *
 * A 2xx response means delivered. A redirect, 400, 410, 413, 415 and 422 are permanent failures. After any other response the
 * delivery is tried again, for 429 and 503 not before their `Retry-After` (at most a day). A host with an address that is
 * neither public nor listed in `allowAddresses` is not connected to.
 *
 * @throws `IssueLifecycleError` `invalid-input`, which shows no secret, and nothing of a URL but its host
 * @example
 * ```ts
 * import { createWebhookSecret, webhookSink } from "issue-lifecycle/sinks";
 *
 * const sink = webhookSink({ url: "https://example.com/alerts", secrets: createWebhookSecret() });
 * ```
 */
export function webhookSink(options: WebhookSinkOptions): AlertSink {
  const { secrets: keys, headers, ...targetOptions } = optionsShape("options", options);
  const target = httpTarget(targetOptions);
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

/** Headers about the connection, the content and the signature, which the sink sets itself. */
const RESERVED =
  /^(?:connection|content-.*|expect|host|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|webhook-.*)$/u;

/** Headers with their names in lower case. Their values may be secret, so no error repeats one. */
function requireHeaders(field: string, value: unknown): Readonly<Record<string, string>> {
  const headers = new Map<string, string>();
  for (const [spelling, text] of headerEntries(field, value)) {
    const path = headerPath(field, spelling);
    const name = spelling.toLowerCase();
    if (RESERVED.test(name)) throw invalidSecret(path, "a header that the sink does not set itself");
    if (headers.has(name)) throw invalidSecret(path, "each header once, in upper or lower case");
    if (!isHeader(name, text)) throw invalidSecret(path, "a valid header name with a string of valid characters");
    headers.set(name, text);
  }
  return Object.fromEntries(headers);
}

/** The entries of a plain object. A `Headers` object or a `Map` has none, and would be ignored silently. */
function headerEntries(field: string, value: unknown): readonly (readonly [name: string, text: unknown])[] {
  const example = `a plain object, such as { authorization: "Bearer ..." }`;
  const headers = requireObject(field, value, example);
  if (typeof readMember(field, headers, "get") === "function") throw invalidInput(field, headers, example);
  return ownNames(field, headers).map((name) => [name, readMember(headerPath(field, name), headers, name)]);
}

function ownNames(field: string, value: object): readonly string[] {
  try {
    return Object.keys(value);
  } catch {
    throw invalidInput(field, value, "an object whose members can be read");
  }
}

function headerPath(field: string, name: string): string {
  return `${field}["${name.slice(0, 100).toWellFormed()}"]`;
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
