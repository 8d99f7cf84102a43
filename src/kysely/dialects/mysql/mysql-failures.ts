import { isNetworkFailure } from "../network-failures.ts";
import type { FailureKind } from "../../dialect.ts";

/** What the error numbers of MySQL and MariaDB, and those of the network, mean. */
export function mysqlFailureKind(error: unknown): FailureKind {
  const number = error instanceof Error && "errno" in error ? Number(error.errno) : 0;
  switch (number) {
    case 1062: // ER_DUP_ENTRY
      return "conflict";
    case 1213: // ER_LOCK_DEADLOCK
    case 1020: // ER_CHECKREAD: MariaDB, at repeatable read
      return "overtaken";
    case 1205: // ER_LOCK_WAIT_TIMEOUT
      return "busy";
    case 1040: // ER_CON_COUNT_ERROR
    case 1053: // ER_SERVER_SHUTDOWN
    case 1203: // ER_TOO_MANY_USER_CONNECTIONS
    case 1927: // ER_CONNECTION_KILLED
      return "unreachable";
    default:
      return isNetworkFailure(error) || isLost(error) ? "unreachable" : "other";
  }
}

/** What `mysql2` itself has to say of a connection that is of no use any more has no number. */
function isLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ("code" in error && error.code === "PROTOCOL_CONNECTION_LOST") return true;
  return "fatal" in error && error.fatal === true && !("errno" in error);
}
