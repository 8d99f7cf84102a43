import { BlockList, isIP } from "node:net";
import { invalidInput, requireText } from "../core/input.ts";
import { arrayOf } from "../core/shape.ts";

/** Whether a sink may connect to an IP address. */
export type AddressRule = (address: string) => boolean;

/** IPv4 addresses that are not assigned to hosts on the internet. */
const NOT_PUBLIC_IPV4 = [
  "0.0.0.0/8", // this host, this network
  "10.0.0.0/8", // private
  "100.64.0.0/10", // carrier-grade NAT; the metadata service of some clouds
  "127.0.0.0/8", // loopback
  "168.63.129.16/32", // a public number, but in Azure the platform that the machine runs on
  "169.254.0.0/16", // link-local; the metadata service of most clouds
  "172.16.0.0/12", // private
  "192.0.0.0/24", // protocol assignments; the metadata service of some clouds
  "192.0.2.0/24", // documentation
  "192.88.99.0/24", // 6to4 relays (deprecated)
  "192.168.0.0/16", // private
  "198.18.0.0/15", // benchmarks
  "198.51.100.0/24", // documentation
  "203.0.113.0/24", // documentation
  "224.0.0.0/4", // multicast
  "240.0.0.0/4", // reserved, and broadcast
];

/**
 * The IPv6 addresses that are assigned to hosts on the internet. Addresses that carry an IPv4 address (mapped, compatible,
 * NAT64), loopback, link-local, site-local, unique local, discard and multicast addresses are outside of this range.
 */
const GLOBAL_IPV6 = "2000::/3";

/** The exceptions within {@link GLOBAL_IPV6}. */
const NOT_PUBLIC_IPV6 = [
  "2001::/23", // protocol assignments: Teredo, benchmarks, ORCHID
  "2001:db8::/32", // documentation
  "2002::/16", // 6to4, which carries an IPv4 address
  "3fff::/20", // documentation
];

const globalIpv6 = blockList([GLOBAL_IPV6]);
const notPublic = blockList([...NOT_PUBLIC_IPV4, ...NOT_PUBLIC_IPV6]);

/**
 * Whether an IP address is one that a host on the internet can have: not this machine, not a private network, and no other
 * notation of either. `false` for any value that is not an IP address, and for an address with a zone (`fe80::1%eth0`).
 *
 * @example
 * ```ts
 * import { isPublicAddress } from "issue-lifecycle/sinks";
 *
 * isPublicAddress("169.254.169.254"); // false
 * ```
 */
export function isPublicAddress(address: string): boolean {
  switch (familyOf(address)) {
    case "ipv4":
      return !notPublic.check(address, "ipv4");
    case "ipv6":
      return globalIpv6.check(address, "ipv6") && !notPublic.check(address, "ipv6");
    case undefined:
      return false;
  }
}

/** The most addresses and ranges that can be allowed. */
const MAX_ALLOWED = 100;

const rangeList = arrayOf(requireRange, 0, MAX_ALLOWED);

/**
 * Creates a rule that allows public addresses and those listed.
 *
 * @param value - addresses (`10.0.0.7`) and ranges (`10.0.0.0/8`)
 * @throws `IssueLifecycleError` `invalid-input`
 */
export function requireAddressRule(field: string, value: unknown): AddressRule {
  const allowed = blockList(rangeList(field, value));
  return (address) => {
    const family = familyOf(address);
    return family !== undefined && (allowed.check(address, family) || isPublicAddress(address));
  };
}

function requireRange(field: string, value: unknown): string {
  const range = requireText(field, value, 1, 100);
  if (parseRange(range) !== undefined) return range;
  throw invalidInput(field, range, `an IP address without a zone, or a range of them, such as "10.0.0.0/8"`);
}

type Family = "ipv4" | "ipv6";

/** An address with a zone counts as none: a zone names a network of this machine, so the address alone says nothing. */
function familyOf(address: unknown): Family | undefined {
  if (typeof address !== "string" || address.includes("%")) return undefined;
  const version = isIP(address);
  return version === 0 ? undefined : version === 4 ? "ipv4" : "ipv6";
}

interface Range {
  readonly network: string;
  readonly prefix: number;
  readonly family: Family;
}

function parseRange(text: string): Range | undefined {
  const [, network = "", digits] = /^([^/]*)(?:\/(\d{1,3}))?$/u.exec(text) ?? [];
  const family = familyOf(network);
  if (family === undefined) return undefined;
  const longest = family === "ipv4" ? 32 : 128;
  const prefix = digits === undefined ? longest : Number(digits);
  return prefix > longest ? undefined : { network, prefix, family };
}

function blockList(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const text of ranges) {
    const range = parseRange(text);
    if (range !== undefined) list.addSubnet(range.network, range.prefix, range.family);
  }
  return list;
}
