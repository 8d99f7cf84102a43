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

/** Whether the way to the database's server failed. `pg` has only a message for a connection that ended. */
export function isNetworkFailure(error: unknown): boolean {
  if (NETWORK_CODES.has(codeOf(error))) return true;
  return (
    error instanceof Error && /^(Connection terminated|Client has encountered a connection error)/u.test(error.message)
  );
}
