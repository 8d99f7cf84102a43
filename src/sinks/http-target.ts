import { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { invalidInput, requireBoolean, requireText } from "../core/input.ts";
import { callback, integer, object, optional, withDefault, type Shape, type ValueOf } from "../core/shape.ts";
import { systemClock, type Clock } from "../ports/clock.ts";
import { requireAddressRule, type AddressRule } from "./address-rule.ts";
import { systemLookup, type AddressLookup } from "./host-lookup.ts";
import { invalidSecret, requireClock, secretOptions } from "./shapes.ts";

/** Where a sink posts to, and which addresses it may reach. */
export interface HttpTargetOptions {
  /**
   * An `https:` URL without a user and password. A host that is an IP address must be public or be listed in
   * `allowAddresses`; a host with a name is looked up, and its addresses are checked, at every delivery.
   */
  readonly url: string;
  /** The time limit of a request, from the DNS lookup to the status of the response. Default 10 seconds; 1 ms to 5 minutes. */
  readonly timeoutMs?: number;
  /** Certificates of the authorities to trust instead of the public ones, in PEM. */
  readonly ca?: string;
  /** Whether an `http:` URL is allowed; everyone on the network path can then read and change what is sent. Default `false`. */
  readonly allowHttp?: boolean;
  /** Addresses (`10.0.0.7`) and ranges (`10.0.0.0/8`) that may be reached though they are not public; at most 100. Default: none. */
  readonly allowAddresses?: readonly string[];
  /** Looks up the addresses of a host. Default: as the operating system does. */
  readonly lookup?: AddressLookup;
  /** The clock for `timeoutMs` and for dates in responses. Default: the system's clock. */
  readonly clock?: Clock;
}

/** Checked {@link HttpTargetOptions}. */
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

const allowNone: AddressRule = requireAddressRule("allowAddresses", []);

/** The shapes of {@link HttpTargetOptions}. Their errors show nothing of a URL but its host. */
export const targetMembers = {
  url: requireUrl,
  timeoutMs: withDefault(integer(1, MAX_TIMEOUT_MS), DEFAULT_TIMEOUT_MS),
  ca: optional(requireCertificates),
  allowHttp: withDefault(requireBoolean, false),
  allowAddresses: withDefault(requireAddressRule, allowNone),
  lookup: withDefault(callback<AddressLookup>(), systemLookup),
  clock: withDefault(requireClock, systemClock),
} satisfies Record<keyof HttpTargetOptions, Shape<unknown>>;

const EXAMPLE = `{ url: "https://example.com/hooks" }`;

/** The shape of {@link HttpTargetOptions} alone. */
export const targetShape = secretOptions(object(targetMembers, EXAMPLE), EXAMPLE);

/**
 * Creates a target from checked options, if they allow its URL.
 *
 * @throws `IssueLifecycleError` `invalid-input`
 */
export function httpTarget({ allowHttp, allowAddresses, ...target }: ValueOf<typeof targetShape>): HttpTarget {
  const { url } = target;
  if (url.protocol === "http:" && !allowHttp) {
    throw invalidInput("options.url", url.origin, `an "https:" URL; with allowHttp: true also an "http:" one`);
  }
  const host = hostnameOf(url);
  if (isIP(host) !== 0 && !allowAddresses(host)) {
    const allowed = `a public address; with allowAddresses: ["${host}"] also this one`;
    throw invalidInput("options.url", url.origin, allowed);
  }
  return { ...target, isAllowed: allowAddresses };
}

/** The host of a URL as sockets take it: an IPv6 address without brackets. */
export function hostnameOf({ hostname }: URL): string {
  return hostname.replaceAll(/^\[|\]$/gu, "");
}

/** Parses a URL. The parser turns other notations of an IPv4 address (`0x7f.1`, `2130706433`) into the usual one. */
function requireUrl(field: string, value: unknown): URL {
  const url = URL.parse(requireText(field, value, 1, MAX_URL_LENGTH));
  if (url === null || !["https:", "http:"].includes(url.protocol)) {
    throw invalidSecret(field, `an "https:" URL, such as "https://example.com/hooks"`);
  }
  if (url.username !== "" || url.password !== "") {
    throw invalidInput(field, url.origin, "a URL without a user and password");
  }
  return url;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/gu;

/** Refuses a text without valid certificates: Node ignores it, and then trusts no server at all. */
function requireCertificates(field: string, value: unknown): string[] {
  const certificates = requireText(field, value, 1, 1_048_576).match(CERTIFICATE) ?? [];
  if (certificates.length > 0 && certificates.every(isCertificate)) return certificates;
  throw invalidSecret(field, `certificates in PEM, which begin with "-----BEGIN CERTIFICATE-----"`);
}

function isCertificate(text: string): boolean {
  try {
    return new X509Certificate(text).serialNumber !== "";
  } catch {
    return false;
  }
}
