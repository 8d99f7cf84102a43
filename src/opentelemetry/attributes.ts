import type { Attributes } from "@opentelemetry/api";
import { IssueLifecycleError } from "../core/errors.ts";
import type { EndedOperation, Operation } from "../ports/tracker-hooks.ts";

/** The attribute with the id of a project. */
export const PROJECT_ID = "issue_lifecycle.project.id";

/** The names of classes of errors. Anything else may be a name of its own for each error. */
const CLASS_NAME = /^[A-Za-z_$][\w$]{0,63}$/u;

/** The attributes of an operation, for metrics and spans alike. */
export function attributesOf({ name, inHostTransaction }: Operation): Attributes {
  return {
    "issue_lifecycle.operation.name": name,
    ...(inHostTransaction && { "issue_lifecycle.host_transaction": true }),
  };
}

/** The attributes that an operation has besides when it has ended. */
export function endAttributesOf(ended: EndedOperation): Attributes {
  return ended.outcome === "failed" ? { "error.type": errorTypeOf(ended.error) } : {};
}

/** A code, the name of a class, or else `_OTHER`, which OpenTelemetry has for that. */
function errorTypeOf(error: unknown): string {
  if (IssueLifecycleError.is(error)) return error.code;
  return error instanceof Error && CLASS_NAME.test(error.name) ? error.name : "_OTHER";
}
