import { entriesOf } from "./entry-list.ts";
import { memberOf, type JsonObject } from "./json-object.ts";

/** What SDKs write for a function whose name they do not know. */
const NAMELESS: ReadonlySet<string> = new Set(["", "<unknown>", "<redacted>", "?"]);

/**
 * The function in which a program crashed: of the newest frame that is the host's own code and says its function, else
 * of the newest frame that does.
 *
 * The frames are those of the exception; where it has none, those of the event, or of its thread if it has only one.
 *
 * @returns `undefined` where no frame says
 */
export function crashFunctionOf(payload: JsonObject, exception: JsonObject): string | undefined {
  const frames = framesOf(exception) ?? framesOf(payload) ?? framesOfOnlyThread(payload) ?? [];
  const named = frames.filter((frame) => functionOf(frame) !== undefined);
  return functionOf(named.findLast((frame) => Boolean(memberOf(frame, "in_app"))) ?? named.at(-1));
}

function functionOf(frame: unknown): string | undefined {
  const name = memberOf(frame, "function");
  return typeof name === "string" && !NAMELESS.has(name) ? name : undefined;
}

/** From the oldest call to the newest. */
function framesOf(holder: unknown): readonly unknown[] | undefined {
  const frames = memberOf(memberOf(holder, "stacktrace"), "frames");
  return Array.isArray(frames) && frames.length > 0 ? frames : undefined;
}

function framesOfOnlyThread(payload: JsonObject): readonly unknown[] | undefined {
  const threads = entriesOf(payload["threads"]);
  return threads?.length === 1 ? framesOf(threads[0]) : undefined;
}
