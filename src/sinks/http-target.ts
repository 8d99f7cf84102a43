import { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { invalidInput, orElse, requireBoolean, requireInteger, requireText } from "../core/input.ts";
import { systemClock, type Clock } from "../ports/clock.ts";
import { requireAddressRule, type AddressRule } from "./address-rule.ts";
import { lookUpBySystem, type AddressLookup } from "./address-lookup.ts";
import { checkFunction, invalidSecret, requireClock } from "./sink-options.ts";

/** Where a sink posts to, and what it is allowed to reach. */
export interface HttpTargetOptions {
  /**
   * An `https:` URL, without a user and password in it. A host that is an IP address must be public, or be listed in
   * `allowAddresses`; the addresses of a named host are checked at every delivery.
   */
  readonly url: string;
  /** How long a request may take, from the look-up of the host to the status of the answer. Default 10 seconds; 1 ms to 5 minutes. */
  readonly timeoutMs?: number;
  /** The certificates, in PEM, of the authorities to trust instead of the public ones. */
  readonly ca?: string;
  /** Whether an `http:` URL is allowed, over which everybody on the way can read and change what is sent. Default `false`. */
  readonly allowHttp?: boolean;
  /** Addresses (`10.0.0.7`) and ranges (`10.0.0.0/8`) that may be reached though they are not public. Default: none. */
  readonly allowAddresses?: readonly string[];
  /** Finds the addresses of a named host. Default: as the system does. */
  readonly lookup?: AddressLookup;
  /** Tells the time, for `timeoutMs` and for dates in answers. Default: the system's clock. */
  readonly clock?: Clock;
}

/** The names of {@link HttpTargetOptions}. */
export const TARGET_OPTION_NAMES = [
  "url",
  "timeoutMs",
  "ca",
  "allowHttp",
  "allowAddresses",
  "lookup",
  "clock",
] as const satisfies (keyof HttpTargetOptions)[];

/** {@link HttpTargetOptions}, checked and complete. */
export interface HttpTarget {
  readonly url: URL;
  readonly timeoutMs: number;
  readonly ca: string[] | undefined;
  readonly isAllowed: AddressRule;
  readonly lookup: AddressLookup;
  readonly clock: Clock;
}

const DEFAULT_TIMEOUT_MS = 10_000;
const MAX_TIMEOUT_MS = 300_000;
const MAX_URL_LENGTH = 2_048;

/**
 * Checks where a sink is to post to.
 *
 * @throws `IssueLifecycleError` `invalid-input`; it never tells more of a URL than its host
 */
export function checkHttpTarget(options: HttpTargetOptions): HttpTarget {
  checkFunction("options.lookup", options.lookup);
  const allowHttp = requireBoolean("options.allowHttp", orElse(options.allowHttp, false));
  const isAllowed = requireAddressRule("options.allowAddresses", orElse(options.allowAddresses, []));
  const timeoutMs = orElse(options.timeoutMs, DEFAULT_TIMEOUT_MS);
  return {
    url: requireUrl(options.url, allowHttp, isAllowed),
    timeoutMs: requireInteger("options.timeoutMs", timeoutMs, 1, MAX_TIMEOUT_MS),
    ca: options.ca === undefined ? undefined : requireCertificates("options.ca", options.ca),
    isAllowed,
    lookup: options.lookup ?? lookUpBySystem,
    clock: requireClock("options.clock", options.clock, systemClock),
  };
}

/** The host of a URL as sockets want it: an IPv6 address without its brackets. */
export function hostnameOf({ hostname }: URL): string {
  return hostname.replaceAll(/^\[|\]$/gu, "");
}

/** A URL says an IPv4 address in many ways (`0x7f.1`, `2130706433`), of which the parser makes one. */
function requireUrl(value: unknown, allowHttp: boolean, isAllowed: AddressRule): URL {
  const field = "options.url";
  const protocols = allowHttp ? ["https:", "http:"] : ["https:"];
  const url = URL.parse(requireText(field, value, 1, MAX_URL_LENGTH));
  if (url === null || !protocols.includes(url.protocol))
    throw invalidSecret(field, `a URL with ${protocols.join(" or ")}`);
  if (url.username !== "" || url.password !== "") {
    throw invalidInput(field, url.origin, "a URL without a user and password");
  }
  const host = hostnameOf(url);
  if (isIP(host) === 0 || isAllowed(host)) return url;
  throw invalidInput(field, url.origin, "a public address, or one that options.allowAddresses lists");
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/gu;

/** Node would pass over what is no certificate, and trust nobody. */
function requireCertificates(field: string, value: unknown): string[] {
  const certificates = requireText(field, value, 1, 1_048_576).match(CERTIFICATE) ?? [];
  if (certificates.length > 0 && certificates.every(isCertificate)) return certificates;
  throw invalidSecret(field, "certificates in PEM");
}

function isCertificate(text: string): boolean {
  try {
    return new X509Certificate(text).serialNumber !== "";
  } catch {
    return false;
  }
}
