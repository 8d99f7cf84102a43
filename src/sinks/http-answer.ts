import { DeliveryError, PermanentDeliveryError } from "../core/delivery-error.ts";
import type { Instant } from "../core/instant.ts";
import { readRetryAfter } from "./retry-after.ts";

/** What a server answered, as far as it is read. */
export interface HttpAnswer {
  /** The status code. */
  readonly status: number;
  /** Its `Retry-After`, if it sent one. */
  readonly retryAfter: string | undefined;
}

/** Statuses by which a server says that it will never take this request. */
const REFUSALS: readonly number[] = [400, 410, 413, 415, 422];

/** Statuses by which a server may ask for a pause. */
const PAUSES: readonly number[] = [429, 503];

/**
 * Decides what an answer means for the delivery.
 *
 * @throws {@link PermanentDeliveryError} for a redirect and for what a server will never take, {@link DeliveryError} for all else
 *   but a 2xx
 */
export function requireDelivered(host: string, { status, retryAfter }: HttpAnswer, now: Instant): void {
  if (status >= 200 && status < 300) return;
  const answered = `${host} answered ${String(status)}`;
  if (status >= 300 && status < 400) throw new PermanentDeliveryError(`${answered}: redirects are not followed.`);
  if (REFUSALS.includes(status)) throw new PermanentDeliveryError(`${answered}.`);
  const retryAfterMs = PAUSES.includes(status) ? readRetryAfter(retryAfter, now) : undefined;
  throw new DeliveryError(`${answered}.`, retryAfterMs === undefined ? {} : { retryAfterMs });
}
