import { PropertyReader } from "../core/property-reader.ts";

/**
 * Whether an error says that the client made it: by a `status` or `statusCode` from 400 to 499, as errors of `http-errors`, Fastify and
 * Hono do. Never throws.
 */
export function isClientError(error: unknown): boolean {
  if (typeof error !== "object" || error === null) return false;
  const reader = new PropertyReader();
  const status = [reader.read(error, "status"), reader.read(error, "statusCode")].find(isErrorStatus);
  return status !== undefined && status < 500;
}

/** Whether a value is a status of HTTP that says that a request failed. */
function isErrorStatus(value: unknown): value is number {
  return typeof value === "number" && value >= 400 && value < 600;
}
