import { invalidInput } from "../core/input.ts";

const EVENT_ID = /^(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/iu;

/**
 * An event's id in one form, so that an SDK's second attempt is known as a duplicate: 32 lower-case hexadecimal digits.
 * Dashes, as in a UUID, and upper case are allowed in what is given. Nothing, `null` and `""` are no id.
 *
 * @throws `IssueLifecycleError` `invalid-input` for anything else: what identifies is never guessed
 */
export function readEventId(field: string, value: unknown): string | undefined {
  if (value === undefined || value === null || value === "") return undefined;
  if (typeof value !== "string" || !EVENT_ID.test(value)) {
    throw invalidInput(field, value, "32 hexadecimal digits, with or without the dashes of a UUID");
  }
  return value.replaceAll("-", "").toLowerCase();
}
