import { describe, expect, test } from "vitest";
import { isPublicAddress } from "../../src/sinks/index.ts";
import { requireAddressRule } from "../../src/sinks/address-rule.ts";

/** A range by its first and last address, and the public addresses before and after it. */
type Refused = readonly [name: string, first: string, last: string, before?: string | undefined, after?: string];

const REFUSED: readonly Refused[] = [
  ["this network", "0.0.0.0", "0.255.255.255", undefined, "1.0.0.0"],
  ["private 10/8", "10.0.0.0", "10.255.255.255", "9.255.255.255", "11.0.0.0"],
  ["carrier-grade NAT", "100.64.0.0", "100.127.255.255", "100.63.255.255", "100.128.0.0"],
  ["loopback", "127.0.0.0", "127.255.255.255", "126.255.255.255", "128.0.0.0"],
  ["Azure's platform", "168.63.129.16", "168.63.129.16", "168.63.129.15", "168.63.129.17"],
  ["link-local", "169.254.0.0", "169.254.255.255", "169.253.255.255", "169.255.0.0"],
  ["private 172.16/12", "172.16.0.0", "172.31.255.255", "172.15.255.255", "172.32.0.0"],
  ["protocol assignments", "192.0.0.0", "192.0.0.255", "191.255.255.255", "192.0.1.0"],
  ["documentation 1", "192.0.2.0", "192.0.2.255", "192.0.1.255", "192.0.3.0"],
  ["6to4 relays", "192.88.99.0", "192.88.99.255", "192.88.98.255", "192.88.100.0"],
  ["private 192.168/16", "192.168.0.0", "192.168.255.255", "192.167.255.255", "192.169.0.0"],
  ["benchmarks", "198.18.0.0", "198.19.255.255", "198.17.255.255", "198.20.0.0"],
  ["documentation 2", "198.51.100.0", "198.51.100.255", "198.51.99.255", "198.51.101.0"],
  ["documentation 3", "203.0.113.0", "203.0.113.255", "203.0.112.255", "203.0.114.0"],
  ["multicast", "224.0.0.0", "239.255.255.255", "223.255.255.255"],
  ["reserved and broadcast", "240.0.0.0", "255.255.255.255"],
  ["unspecified and loopback", "::", "::1"],
  ["IPv4-compatible", "::0.0.0.2", "::255.255.255.255"],
  ["IPv4-mapped", "::ffff:0.0.0.0", "::ffff:255.255.255.255"],
  ["IPv4-mapped public", "::ffff:8.8.8.8", "::ffff:808:808"],
  ["IPv4-translated", "::ffff:0:10.0.0.1", "::ffff:0:255.255.255.255"],
  ["NAT64", "64:ff9b::", "64:ff9b::255.255.255.255"],
  ["NAT64 of a network", "64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff"],
  ["discard", "100::", "100::ffff:ffff:ffff:ffff"],
  ["below the assigned range", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "200::", undefined, "2000::"],
  ["Teredo and protocol assignments", "2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", "2000:ffff::", "2001:200::"],
  ["documentation 4", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db7:ffff::1", "2001:db9::"],
  ["6to4", "2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:ffff::", "2003::"],
  ["documentation 5", "3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", "3ffe:ffff::", "3fff:1000::"],
  ["above the assigned range", "4000::", "5f00::1", "3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
  ["unique local", "fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
  ["link-local 6", "fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
  ["site-local", "fec0::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
  ["multicast 6", "ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
];

describe("an address", () => {
  test.each(REFUSED.map(([name, ...addresses]) => ({ name, addresses })))(
    "is not public in the range $name",
    ({ addresses: [first, last, ...around] }) => {
      for (const address of [first, last]) expect(isPublicAddress(address)).toBe(false);
      for (const address of around.flatMap((each) => each ?? [])) expect(isPublicAddress(address)).toBe(true);
    },
  );

  test.each(["1.1.1.1", "8.8.8.8", "2606:4700::1111", "2A00:1450:4001::200E"])("is public: %s", (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  test.each([
    "",
    "localhost",
    "8.8.8",
    "8.8.8.8/32",
    "08.8.8.8",
    "0x8.8.8.8",
    "134744072",
    "[2606::1]",
    "2606::1%1",
    " 8.8.8.8",
  ])("is not public if it is invalid or has a zone: %j", (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

test("a value of another type is not public", () => {
  const { proxy, revoke } = Proxy.revocable([], {});
  revoke();
  for (const value of [undefined, null, 7, 7n, Symbol("8.8.8.8"), ["8.8.8.8"], proxy, () => "8.8.8.8"]) {
    expect(Reflect.apply(isPublicAddress, undefined, [value])).toBe(false);
  }
});

describe("allowed addresses", () => {
  test("are allowed in addition to public ones, in each notation", () => {
    const rule = requireAddressRule("allow", ["10.1.0.0/16", "127.0.0.1", "fd00::/8", "::1"]);
    const allowed = ["10.1.0.0", "10.1.255.255", "127.0.0.1", "::ffff:127.0.0.1", "fdff::1", "::1", "8.8.8.8"];
    expect(allowed.filter((address) => !rule(address))).toEqual([]);
    const refused = ["10.0.255.255", "10.2.0.0", "127.0.0.2", "fc00::1", "::2", "localhost", "fd00::1%eth0"];
    expect(refused.filter(rule)).toEqual([]);
  });

  test.each(["10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8/8", "fe80::1%1", "localhost", "", 7])(
    "refuse what is neither an address nor a range: %j",
    (range) => {
      expect(() => requireAddressRule("allow", [range])).toThrow(/^allow\[0\]: got /u);
    },
  );
});
