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

/** An error's code, wherever it is from; `""` where it has none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

/** What drivers say without a code: of a connection that ended, and of a pool that has none left. */
const MESSAGES = new RegExp(
  [
    "^Connection terminated",
    "^Client has encountered a connection error",
    "^timeout exceeded when trying to connect",
    "^Queue limit reached",
  ].join("|"),
  "u",
);

/** Whether there is no way to the database's server. */
export function isNetworkFailure(error: unknown): boolean {
  if (NETWORK_CODES.has(codeOf(error))) return true;
  return error instanceof Error && MESSAGES.test(error.message);
}
