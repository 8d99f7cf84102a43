const NETWORK_CODES = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EPIPE",
  "ETIMEDOUT",
]);

/** An error's code; `""` if it has none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

/** An error's number; 0 if it has none. */
export function errnoOf(error: unknown): number {
  return error instanceof Error && "errno" in error ? Number(error.errno) : 0;
}

/** Whether PostgreSQL refuses a prepared statement because the columns that it returns have changed. */
export function isOutdatedPlan(error: unknown): boolean {
  return error instanceof Error && "routine" in error && error.routine === "RevalidateCachedQuery";
}

/** Messages of drivers that have no code: a connection ended, or a pool has none left. */
const MESSAGES = new RegExp(
  [
    "^Connection terminated",
    "^Client has encountered a connection error",
    "^timeout exceeded when trying to connect",
    "^Queue limit reached",
  ].join("|"),
  "u",
);

/** Whether the database's server cannot be reached. */
export function isNetworkFailure(error: unknown): boolean {
  if (NETWORK_CODES.has(codeOf(error))) return true;
  return error instanceof Error && MESSAGES.test(error.message);
}
