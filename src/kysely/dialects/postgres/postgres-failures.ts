import { codeOf, isNetworkFailure } from "../network-failures.ts";
import type { FailureKind } from "../../dialect.ts";

/** What PostgreSQL's SQLSTATE codes, and those of the network, mean. */
export function postgresFailureKind(error: unknown): FailureKind {
  const code = codeOf(error);
  switch (code) {
    case "23505": // unique_violation
      return "conflict";
    case "40001": // serialization_failure
    case "40P01": // deadlock_detected
      return "overtaken";
    case "55P03": // lock_not_available
      return "busy";
    case "53300": // too_many_connections
    case "57P01": // admin_shutdown
    case "57P02": // crash_shutdown
    case "57P03": // cannot_connect_now
      return "unreachable";
    default:
      return code.startsWith("08") || isNetworkFailure(error) ? "unreachable" : "other";
  }
}
