import { domainToASCII } from "node:url";
import { invalidInput, requireArray, requireText } from "../core/input.ts";

/** The most addresses of one e-mail: what every server takes. */
const MAX_RECIPIENTS = 100;
const MAX_ADDRESS_LENGTH = 254;

/** One plain address: nothing in it can be read as a second one, a name or a header. */
const ADDRESS = /^[^\s\p{Cc}\p{Cs}"'(),:;<>@[\\\]]+@[^\s\p{Cc}\p{Cs}"'(),:;<>@[\\\]]+$/u;

/**
 * Addresses to write to, each once.
 *
 * @throws `IssueLifecycleError` `invalid-input`
 */
export function requireAddresses(field: string, value: unknown): readonly string[] {
  const given = requireArray(field, value);
  if (given.length > MAX_RECIPIENTS) throw invalidInput(field, given, `at most ${String(MAX_RECIPIENTS)} addresses`);
  return [...new Set(given.map((address, index) => requireAddress(`${field}[${String(index)}]`, address)))];
}

/** The address with its domain as servers write it, by which they name whom they refuse. */
function requireAddress(field: string, value: unknown): string {
  const address = requireText(field, value, 1, MAX_ADDRESS_LENGTH);
  const at = address.lastIndexOf("@");
  const domain = domainToASCII(address.slice(at + 1));
  if (ADDRESS.test(address) && domain !== "") return `${address.slice(0, at)}@${domain}`;
  throw invalidInput(field, address, `a plain e-mail address such as "ann@example.com"`);
}

/** The sender: an address, perhaps with a name, in one line. */
export function requireSender(field: string, value: unknown): string {
  const sender = requireText(field, value, 1, 500);
  if (/[\p{Cc}\p{Cs}]/u.test(sender) || !sender.includes("@")) {
    throw invalidInput(field, sender, `an address in one line, such as "Alerts <alerts@example.com>"`);
  }
  return sender;
}

const DOMAIN = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/iu;

/** What stands behind the `@` of message ids. */
export function requireMessageIdDomain(field: string, value: unknown): string {
  const domain = requireText(field, value, 1, 200);
  if (!DOMAIN.test(domain)) throw invalidInput(field, domain, "a domain of letters, digits, dots and dashes");
  return domain;
}
