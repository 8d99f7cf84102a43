import { MAX_FRAME_TEXT_LENGTH, MAX_FRAMES, type StackFrame } from "../core/stack-frame.ts";
import { shorten } from "../core/text.ts";
import { saysWhere } from "./function-names.ts";
import { entriesOf, memberOf, type JsonObject } from "./json-values.ts";

/** The newest frames of a stack trace that are read; SDKs send at most some hundreds. */
const MAX_READ_FRAMES = 10_000;

/**
 * The frames of an event, from the oldest call to the newest: those of the last exception, or else of the event, or else of its
 * only thread.
 */
export function framesOf(payload: JsonObject): readonly unknown[] {
  const exception = entriesOf(payload["exception"])?.at(-1);
  return framesIn(exception) ?? framesIn(payload) ?? framesOfOnlyThread(payload) ?? [];
}

function framesIn(holder: unknown): readonly unknown[] | undefined {
  const frames = memberOf(memberOf(holder, "stacktrace"), "frames");
  return Array.isArray(frames) && frames.length > 0 ? frames.slice(-MAX_READ_FRAMES) : undefined;
}

function framesOfOnlyThread(payload: JsonObject): readonly unknown[] | undefined {
  const threads = entriesOf(payload["threads"]);
  return threads?.length === 1 ? framesIn(threads[0]) : undefined;
}

/**
 * The function in which a program crashed: that of the newest in-app frame whose name says where, or else of the newest frame
 * whose name does.
 */
export function crashedFunction(frames: readonly unknown[]): string | undefined {
  const frame = frames.findLast((each) => isInApp(each) && functionOf(each) !== undefined);
  return functionOf(frame ?? frames.findLast((each) => functionOf(each) !== undefined));
}

/** Where programs begin on Linux and on Apple's systems; in-app it is a function of the program. */
const PROGRAM_STARTS: ReadonlySet<string> = new Set(["start", "_start"]);

function functionOf(frame: unknown): string | undefined {
  const name = memberOf(frame, "function");
  if (typeof name !== "string" || !saysWhere(name)) return undefined;
  return PROGRAM_STARTS.has(name) && !isInApp(frame) ? undefined : name;
}

function isInApp(frame: unknown): boolean {
  return Boolean(memberOf(frame, "in_app"));
}

/** Whether a client says of a frame if it is in-app. Those that say it of no frame do not know it. */
function saysInApp(frame: unknown): boolean {
  return (memberOf(frame, "in_app") ?? null) !== null;
}

/**
 * The frames for grouping strategies: the newest in-app ones, or the newest of all if the client says of none whether it is
 * in-app. A frame that says nothing is left out, and texts that are too long are shortened: neither is a reason to lose an event.
 */
export function readFrames(frames: readonly unknown[]): readonly StackFrame[] {
  const own = frames.some(saysInApp) ? frames.filter(isInApp) : frames;
  return own
    .map(readFrame)
    .filter((frame) => Object.keys(frame).length > 0)
    .slice(-MAX_FRAMES);
}

function readFrame(value: unknown): StackFrame {
  const frame: { -readonly [Member in keyof StackFrame]: StackFrame[Member] } = {};
  const name = textOf(memberOf(value, "function"));
  const module = textOf(memberOf(value, "module"));
  const file = textOf(memberOf(value, "filename")) ?? textOf(memberOf(value, "abs_path"));
  if (name !== undefined) frame.function = name;
  if (module !== undefined) frame.module = module;
  if (file !== undefined) frame.file = file;
  return frame;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? shorten(value, MAX_FRAME_TEXT_LENGTH) : undefined;
}
