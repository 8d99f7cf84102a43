import { lookup } from "node:dns/promises";
import { isIP, type LookupFunction } from "node:net";
import { DeliveryError } from "../core/delivery-error.ts";
import type { AddressRule } from "./address-rule.ts";

/**
 * Finds the addresses of a host.
 *
 * @param hostname - its name
 * @returns its IP addresses, those to be tried first in front
 */
export type AddressLookup = (hostname: string) => Promise<readonly string[]>;

/** As the system finds them. */
export const lookUpBySystem: AddressLookup = async (hostname) => {
  const found = await lookup(hostname, { all: true });
  return found.map(({ address }) => address);
};

/**
 * Finds the addresses of a host, and refuses all of them when one is not allowed. Which one that is stays unsaid: whoever may
 * type a host's name need not learn what it stands for inside.
 *
 * @throws {@link DeliveryError}
 */
export async function findAllowedAddresses(
  hostname: string,
  find: AddressLookup,
  isAllowed: AddressRule,
): Promise<readonly string[]> {
  const addresses = isIP(hostname) === 0 ? await find(hostname) : [hostname];
  if (addresses.length === 0) throw new DeliveryError(`${hostname} has no address.`);
  if (addresses.every(isAllowed)) return [...addresses];
  throw new DeliveryError(`${hostname} has an address that is not public, and not allowed.`);
}

/** A look-up that finds these addresses whatever it is asked: a socket that uses it connects to what was checked. */
export function pinnedLookup(addresses: readonly string[]): LookupFunction {
  const found = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_hostname, { all }, callback) => {
    queueMicrotask(() => {
      const [first] = found;
      if (all === true || first === undefined) callback(null, found);
      else callback(null, first.address, first.family);
    });
  };
}
