import { DeliveryError, PermanentDeliveryError } from "../alerts/delivery-error.ts";
import type { Instant } from "../core/instant.ts";

/** The parts of an HTTP response that determine the result of a delivery. */
export interface HttpResponse {
  readonly status: number;
  /** The `Retry-After` header, if there is one. */
  readonly retryAfter: string | undefined;
}

/** Statuses that say that the server will never accept this request. */
const PERMANENT_STATUSES: readonly number[] = [400, 410, 413, 415, 422];

/** Statuses whose `Retry-After` is respected. */
const BUSY_STATUSES: readonly number[] = [429, 503];

/**
 * Throws unless the response means that the alert was delivered.
 *
 * @throws {@link PermanentDeliveryError} for a redirect and for a status that says never, {@link DeliveryError} for any other
 *   status but 2xx
 */
export function requireDelivered(host: string, { status, retryAfter }: HttpResponse, now: Instant): void {
  if (status >= 200 && status < 300) return;
  const answered = `${host} answered ${String(status)}`;
  if (status >= 300 && status < 400) throw new PermanentDeliveryError(`${answered}: redirects are not followed.`);
  if (PERMANENT_STATUSES.includes(status)) throw new PermanentDeliveryError(`${answered}.`);
  const retryAfterMs = BUSY_STATUSES.includes(status) ? readRetryAfter(retryAfter, now) : undefined;
  throw new DeliveryError(`${answered}.`, retryAfterMs === undefined ? {} : { retryAfterMs });
}

/** The longest `Retry-After` that is respected: a day. */
const MAX_RETRY_AFTER_MS = 24 * 3_600_000;

/** `Wed, 25 Nov 2026 09:00:00 GMT`, the only form in which HTTP servers may write a date. */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/u;

/** The pause of a `Retry-After` (seconds, or a date) in milliseconds, at most a day; `undefined` if it is invalid. */
function readRetryAfter(header: string | undefined, now: Instant): number | undefined {
  if (header === undefined) return undefined;
  const pauseMs = /^\d{1,15}$/u.test(header)
    ? Number(header) * 1_000
    : HTTP_DATE.test(header)
      ? Date.parse(header) - now
      : NaN;
  return Number.isNaN(pauseMs) ? undefined : Math.min(Math.max(pauseMs, 0), MAX_RETRY_AFTER_MS);
}
