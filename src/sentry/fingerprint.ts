import { writtenOut } from "./written-out.ts";

/**
 * A payload's fingerprint as texts. A list is taken part by part, anything else is one part; parts that are no text are
 * written out. Nothing, `null`, `""` and the empty list are no fingerprint.
 *
 * @param field - what to call it in an error
 * @throws `IssueLifecycleError` `invalid-input` for a part that no text can be made of
 */
export function readFingerprint(field: string, value: unknown): readonly string[] {
  if (value === undefined || value === null || value === "") return [];
  if (!Array.isArray(value)) return [writtenOut(field, value)];
  const parts: readonly unknown[] = value;
  return parts.map((part, index) => writtenOut(`${field}[${String(index)}]`, part));
}
