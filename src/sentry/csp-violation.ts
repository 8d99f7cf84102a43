import { shorten } from "../core/text.ts";
import type { EventContent } from "./event-content.ts";
import { asObject, type JsonObject } from "./json-values.ts";

/** A violation of a Content Security Policy, as an event reports it. */
export interface CspViolation {
  readonly content: EventContent;
  /** The directive and the blocked origin. The page, the line and the sample differ for one cause. */
  readonly fingerprint: readonly string[];
}

const TYPE = "CSPViolation";
/** The longest directive or origin; a host name has at most 253 characters. */
const MAX_NAME_LENGTH = 300;

/**
 * The report of a payload: Sentry's interface `csp`, a browser's `csp-report`, or a report of the Reporting API.
 *
 * @returns `undefined` if there is none
 */
export function cspReportOf(payload: JsonObject): JsonObject | undefined {
  const body = payload["type"] === "csp-violation" ? payload["body"] : undefined;
  return asObject(payload["csp"]) ?? asObject(payload["csp-report"]) ?? asObject(body);
}

/**
 * Reads a report, whose members browsers write as `blockedURL`, `blockedURI` or `blocked-uri`, and Sentry as `blocked_uri`.
 *
 * @returns `undefined` for a report without a directive
 */
export function readCspViolation(report: JsonObject): CspViolation | undefined {
  const directive = directiveOf(report);
  if (directive === "") return undefined;
  const origin = blockedOrigin(textOf(report, BLOCKED), textOf(report, DOCUMENT));
  const verb = textOf(report, ["disposition"]) === "report" ? "Would block" : "Blocked";
  return {
    content: { type: TYPE, value: `${verb} '${directive}' from '${origin}'` },
    fingerprint: ["csp", directive, origin],
  };
}

const EFFECTIVE = ["effectiveDirective", "effective-directive", "effective_directive"];
const VIOLATED = ["violatedDirective", "violated-directive", "violated_directive"];
const BLOCKED = ["blockedURL", "blockedURI", "blocked-uri", "blocked_uri"];
const DOCUMENT = ["documentURL", "documentURI", "document-uri", "document_uri"];

function textOf(report: JsonObject, names: readonly string[]): string {
  const text = names.map((name) => report[name]).find((value) => typeof value === "string" && value !== "");
  return typeof text === "string" ? text.slice(0, MAX_URL_LENGTH).trim() : "";
}

/** Only the origin of a URL is used. */
const MAX_URL_LENGTH = 10_000;

/** The first word: older browsers send a directive with its sources. */
function directiveOf(report: JsonObject): string {
  const text = textOf(report, EFFECTIVE) || textOf(report, VIOLATED);
  return shorten((/^\S*/u.exec(text)?.[0] ?? "").toLowerCase(), MAX_NAME_LENGTH);
}

const SELF = "self";
const NETWORK_URL = /^(?:https?|wss?|ftp):\/\//iu;
/** Not `localhost:3000`, and not `cdn.example:8080`. */
const SCHEME = /^[a-z][a-z0-9+-]*:(?!\d)/iu;
const UP_TO_PATH = /^[^/?#\s]*/u;

/**
 * What was blocked: scheme, host and port of a URL; `self` for the page's own, and for a path alone; the scheme alone of `data:`,
 * `blob:` and the URLs of browser extensions, whose hosts are random; and keywords such as `inline` and `eval` as they are.
 */
function blockedOrigin(blocked: string, page: string): string {
  const uri = blocked.replace(/^'|'$/gu, "").toLowerCase();
  if (uri === "" || uri === SELF) return SELF;
  if (NETWORK_URL.test(uri)) {
    const origin = originOf(uri);
    return origin === originOf(page) ? SELF : origin;
  }
  const scheme = SCHEME.exec(uri)?.[0];
  if (scheme !== undefined) return shorten(scheme, MAX_NAME_LENGTH);
  const word = UP_TO_PATH.exec(uri.replace(/^\/\//u, ""))?.[0] ?? "";
  if (word === "") return SELF;
  return SCHEME_WORDS.has(word) ? `${word}:` : shorten(word, MAX_NAME_LENGTH);
}

/** Schemes that browsers send as words, for URLs that a report must not contain. */
const SCHEME_WORDS: ReadonlySet<string> = new Set(["data", "blob", "filesystem", "mediastream", "about"]);

function originOf(url: string): string {
  const origin = URL.canParse(url) ? new URL(url).origin : (/^[a-z]+:\/\/[^/?#\s]*/iu.exec(url)?.[0] ?? "");
  return shorten(origin, MAX_NAME_LENGTH);
}
