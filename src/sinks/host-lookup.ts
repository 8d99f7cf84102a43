import { lookup } from "node:dns/promises";
import { isIP, type LookupFunction } from "node:net";
import { DeliveryError } from "../alerts/delivery-error.ts";
import { arrayOf, text } from "../core/shape.ts";
import type { AddressRule } from "./address-rule.ts";

/**
 * Looks up the IP addresses of a host.
 *
 * @param hostname - the host's name
 * @returns its IP addresses, in the order in which to try them
 */
export type AddressLookup = (hostname: string) => Promise<readonly string[]>;

/** Looks addresses up as the operating system does. */
export const systemLookup: AddressLookup = async (hostname) => {
  const entries = await lookup(hostname, { all: true });
  return entries.map(({ address }) => address);
};

const addressList = arrayOf(text(1, 100));

/**
 * Looks up the addresses of a host and checks them: one address that is not allowed refuses the host. The error does not say
 * which one: a person who may enter a URL must not learn addresses of the internal network from it.
 *
 * @throws {@link DeliveryError}, or `IssueLifecycleError` `invalid-input` when the host's own look-up returns something else
 */
export async function findAllowedAddresses(
  hostname: string,
  findAddresses: AddressLookup,
  isAllowed: AddressRule,
): Promise<readonly string[]> {
  const addresses = isIP(hostname) === 0 ? addressList("options.lookup()", await findAddresses(hostname)) : [hostname];
  if (addresses.length === 0) throw new DeliveryError(`${hostname} has no address.`);
  if (addresses.every(isAllowed)) return addresses;
  const example = hostname === "localhost" ? `["127.0.0.1", "::1"]` : `["10.0.0.7"]`;
  throw new DeliveryError(
    `${hostname} has an address that is not public. To allow it, list it in the sink's options, such as allowAddresses: ${example}.`,
  );
}

/** A lookup that always returns these addresses: a socket that uses it connects only to addresses that were checked. */
export function pinnedLookup(addresses: readonly string[]): LookupFunction {
  const entries = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_hostname, { all }, callback) => {
    queueMicrotask(() => {
      const [first] = entries;
      if (all === true || first === undefined) callback(null, entries);
      else callback(null, first.address, first.family);
    });
  };
}
