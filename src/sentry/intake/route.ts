import { readSentryEnvelopeHeader } from "../envelope-header.ts";
import { RefusedRequest } from "./refusal.ts";

/** Where SDKs and browsers post to. */
type Endpoint = "envelope" | "store" | "security";

/** What the target of a request says. */
export interface Route {
  /** How the DSN names the project. */
  readonly reference: string;
  readonly endpoint: Endpoint;
  readonly query: URLSearchParams;
}

const PATH = /\/api\/([^/]+)\/(envelope|store|security)\/?$/u;

/** Reads the target of a request, under whatever path the intake is mounted. */
export function routeOf(url: string): Route {
  const { pathname, searchParams } = new URL(url);
  const [, part = "", endpoint] = PATH.exec(pathname) ?? [];
  if (endpoint !== "envelope" && endpoint !== "store" && endpoint !== "security") {
    throw new RefusedRequest(
      404,
      "The path is not /api/<project>/envelope/, /api/<project>/store/ or /api/<project>/security/.",
    );
  }
  return { reference: decode(part), endpoint, query: searchParams };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** `X-Sentry-Auth: Sentry sentry_version=7, sentry_key=2f0c7d`; some clients use `Authorization` instead. */
const AUTH_HEADERS = ["x-sentry-auth", "authorization"];
const KEY_IN_HEADER = /^\s*Sentry\s(?:.*[\s,])?sentry_key\s*=\s*([^\s,]+)/iu;

/** The public key in a request's headers or query; `undefined` if it may be in the body. */
export function keyOf({ query }: Route, headers: Headers): string | undefined {
  for (const name of AUTH_HEADERS) {
    const key = KEY_IN_HEADER.exec(headers.get(name)?.slice(0, MAX_HEADER_LENGTH) ?? "")?.[1];
    if (key !== undefined) return key;
  }
  return query.get("sentry_key") ?? undefined;
}

const MAX_HEADER_LENGTH = 4_096;

/** The public key in the DSN of an envelope's header; `undefined` without one. */
export function keyInEnvelope(body: Uint8Array): string | undefined {
  const { dsn } = readSentryEnvelopeHeader(body);
  if (typeof dsn !== "string" || !URL.canParse(dsn)) return undefined;
  return new URL(dsn).username || undefined;
}
