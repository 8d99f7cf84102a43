import { anyJson, readEvent, type JsonValue, type NewEvent } from "../core/event.ts";
import { requireObject } from "../core/input.ts";
import { object, optional, type Shape } from "../core/shape.ts";
import { eventFromError } from "../core/thrown-error.ts";

/** What you know of an error that it does not say itself. */
export interface CaptureDetails extends Pick<
  NewEvent,
  "transaction" | "mechanism" | "fingerprint" | "release" | "level" | "occurredAt" | "count" | "userId" | "environment"
> {
  /** More data to store with it. A member that the error's own data has too, such as `stack`, replaces that. */
  readonly data?: Readonly<Record<string, JsonValue>>;
}

const unchecked: Shape<unknown> = (_field, value) => value;

/** Refuses unknown members. What is given is checked as a part of the event. */
const captureDetails = object(
  {
    transaction: unchecked,
    mechanism: unchecked,
    fingerprint: unchecked,
    release: unchecked,
    level: unchecked,
    occurredAt: unchecked,
    count: unchecked,
    userId: unchecked,
    environment: unchecked,
    data: optional(requireObject),
  } satisfies Record<keyof CaptureDetails, Shape<unknown>>,
  `{ userId: "ann", transaction: "POST /cart" }`,
);

/**
 * The event of an error with what the host says about it, which is copied: the host may change it before the event is digested.
 *
 * @param base - the members that the capture gives
 * @param details - {@link CaptureDetails}, unchecked
 * @throws {@link IssueLifecycleError} `invalid-input`
 */
export function eventWithDetails(base: NewEvent, error: unknown, details: unknown): NewEvent {
  const { data, ...more } = captureDetails("details", details);
  const read = eventFromError(error);
  const known = Object.entries(more).filter(([, value]) => value !== undefined);
  const event = readEvent("details", {
    ...base,
    ...read,
    ...Object.fromEntries(known),
    data: data === undefined ? read.data : { ...read.data, ...data },
  });
  const { id: _id, receivedAt, occurredAt, userId, data: json, ...others } = event;
  return {
    ...others,
    ...(receivedAt === undefined ? {} : { receivedAt }),
    ...(occurredAt === undefined ? {} : { occurredAt }),
    ...(userId === undefined ? {} : { userId }),
    ...(json === undefined ? {} : { data: anyJson("details.data", JSON.parse(json)) }),
  };
}
