import { v7 as uuidv7 } from "uuid";
import type { NewEvent } from "../../core/event.ts";
import { invalidInput } from "../../core/input.ts";
import { eachWithPauses } from "../../ports/pause.ts";
import type { RefusedSentryItem } from "../envelope-items.ts";
import type { CheckedContext } from "../input.ts";
import { parseJson } from "../json-limits.ts";
import { isEvent, openEnvelope, readItem, type ItemLists } from "../read-envelope.ts";
import { readSentryEvent } from "../read-event.ts";
import { readSecurityReport } from "../read-security-report.ts";
import { tooLarge } from "./body.ts";
import type { Route } from "./route.ts";

/** What a request brings. */
export interface ReadRequest {
  readonly events: readonly NewEvent[];
  /** The id to answer with: that of the first event, or of the envelope. */
  readonly id: string | undefined;
  readonly refused: readonly RefusedSentryItem[];
}

/**
 * Reads a decoded body. Other work of the process runs between the items of an envelope.
 *
 * @param maxEventBytes - the largest event; a larger one in an envelope with others is refused alone
 * @throws `IssueLifecycleError` `invalid-input`, or a refusal with status 413
 */
export async function readRequest(
  route: Route,
  body: Uint8Array,
  context: CheckedContext,
  maxEventBytes: number,
): Promise<ReadRequest> {
  if (route.endpoint === "envelope") return readEnvelope(body, context, maxEventBytes);
  if (body.length > maxEventBytes) throw tooLarge(maxEventBytes, "once it is decompressed, as one event");
  if (route.endpoint === "store") {
    const event = withId(readSentryEvent(parseJson("payload", body), withoutAbsent(context)));
    return { events: [event], refused: [], id: event.id };
  }
  const { events: reports, refused } = readSecurityReport(body, withoutAbsent(context));
  const origin = originOf(route.query);
  const events = reports.map((event) => withId({ ...origin, ...event }));
  return { events, refused, id: events[0]?.id };
}

async function readEnvelope(body: Uint8Array, context: CheckedContext, maxEventBytes: number): Promise<ReadRequest> {
  const { header, items, fallbackId } = openEnvelope(body);
  const lists: ItemLists = { events: [], skipped: [], refused: [] };
  let largest = 0;
  await eachWithPauses(items, (item) => {
    if ("payload" in item && isEvent(item) && item.payload.length > maxEventBytes) {
      const { index, type, payload } = item;
      largest = Math.max(largest, payload.length);
      const allowed = `at most ${String(maxEventBytes)} bytes (maxEventBytes)`;
      const error = invalidInput(`envelope.items[${String(index)}].payload.length`, payload.length, allowed);
      lists.refused.push({ index, type, error, unreadBytes: 0 });
    } else readItem(item, context, fallbackId, lists);
  });
  const { refused } = lists;
  const events = lists.events.map(withId);
  if (events.length === 0 && largest > 0) throw tooLarge(maxEventBytes, "once it is decompressed, as one event");
  const id = typeof header["event_id"] === "string" ? header["event_id"] : undefined;
  return { events, refused, id: events[0]?.id ?? id };
}

/** An event with an id to answer with, as a digest would give it one. */
function withId(event: NewEvent): NewEvent {
  return event.id === undefined ? { ...event, id: uuidv7().replaceAll("-", "") } : event;
}

/** The release and environment that the address of a report names: browsers send no other. */
function originOf(query: URLSearchParams): Pick<NewEvent, "release" | "environment"> {
  const [release, environment] = [query.get("sentry_release"), query.get("sentry_environment")];
  return { ...(release !== null && { release }), ...(environment !== null && { environment }) };
}

function withoutAbsent({ projectId, receivedAt, keepPayload }: CheckedContext) {
  return { projectId, keepPayload, ...(receivedAt !== undefined && { receivedAt }) };
}
