import { formatInstant, type Instant } from "../../core/instant.ts";
import { RefusedRequest } from "./refusal.ts";

/** The headers of requests that browsers ask for before they send them from another origin. */
const PREFLIGHT = {
  "access-control-allow-methods": "POST, OPTIONS",
  "access-control-allow-headers":
    "authorization, content-encoding, content-type, sentry-trace, baggage, x-requested-with, x-sentry-auth",
  "access-control-max-age": "86400",
};

const EXPOSED = { "access-control-expose-headers": "x-sentry-error, x-sentry-rate-limits, retry-after" };

/** For which pages an answer is: of any origin, of one, or of none. */
export type AllowedOrigin = "*" | { readonly origin: string } | "none";

/** The origin for which the answer to a request is. */
export function allowedOrigin(origin: string | null, allowed: readonly string[] | undefined): AllowedOrigin {
  if (allowed === undefined) return "*";
  return origin !== null && allowed.includes(origin) ? { origin } : "none";
}

function corsHeaders(allowed: AllowedOrigin): Record<string, string> {
  if (allowed === "*") return { "access-control-allow-origin": "*", ...EXPOSED };
  if (allowed === "none") return { vary: "Origin" };
  return { "access-control-allow-origin": allowed.origin, vary: "Origin", ...EXPOSED };
}

/** The answer to a browser that asks whether a page may send. */
export function preflightAnswer(allowed: AllowedOrigin): Response {
  return new Response(null, { status: 204, headers: { ...corsHeaders(allowed), ...PREFLIGHT } });
}

/** The answer to a request that was taken. */
export function takenAnswer(
  id: string | undefined,
  allowed: AllowedOrigin,
  headers: Readonly<Record<string, string>>,
): Response {
  const body = id === undefined ? {} : { id };
  return Response.json(body, { status: 200, headers: { ...corsHeaders(allowed), ...headers } });
}

/** The answer to a request that was refused. */
export function refusedAnswer({ status, message, headers }: RefusedRequest, allowed: AllowedOrigin): Response {
  const error = { "x-sentry-error": printable(message) };
  return Response.json({ detail: message }, { status, headers: { ...corsHeaders(allowed), ...error, ...headers } });
}

/** The headers that tell an SDK to send no events until an instant. */
export function limitHeaders(opensAt: Instant, now: Instant): Record<string, string> {
  const seconds = String(Math.max(1, Math.ceil((opensAt - now) / 1_000)));
  return { "retry-after": seconds, "x-sentry-rate-limits": `${seconds}:error;default;security:project:quota` };
}

/** The refusal of a request of a project whose quota is used up. */
export function quotaUsedUp(opensAt: Instant, now: Instant): RefusedRequest {
  const message = `The quota of the project is used up. It is open again at ${formatInstant(opensAt)}.`;
  return new RefusedRequest(429, message, { headers: limitHeaders(opensAt, now) });
}

/** A message as a header, which has printable ASCII only. */
export function printable(message: string): string {
  return message.replaceAll(/[^\x20-\x7e]/gu, "?").slice(0, 500);
}
