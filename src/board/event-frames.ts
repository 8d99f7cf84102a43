import type { JsonValue } from "../core/event.ts";
import { shorten } from "../core/text.ts";

/** An error as a page shows it: its title, and its frames or else the text of its stack. */
export interface ShownError {
  readonly title: string;
  /** The newest call first. */
  readonly frames: readonly ShownFrame[];
  readonly stack: string;
}

/** A call as a page shows it. */
interface ShownFrame {
  readonly name: string;
  /** The file, the line and the column. */
  readonly place: string;
  readonly isInApp: boolean;
  /** The lines around the call, if the client sent them. */
  readonly source: readonly SourceLine[];
}

/** A line of source. */
interface SourceLine {
  readonly number: number;
  readonly text: string;
  readonly isCurrent: boolean;
}

/** How much of each a page shows, lengths in UTF-16 code units: together some hundred thousand characters at most. */
const MOST = { errors: 5, frames: 50, framesWithSource: 20, linesAround: 3, text: 300 };

/** The errors in an event's data: as Sentry SDKs send them, the outermost first, or as `eventFromError` describes a thrown one. */
export function framesIn(data: JsonValue | undefined): readonly ShownError[] {
  const exception = memberOf(data, "exception");
  const values = listOf(memberOf(exception, "values") ?? exception);
  const errors = values.length > 0 ? values.toReversed().map(sentryError) : [threadOf(data), ...thrownErrors(data)];
  return errors.filter(({ frames, stack }) => frames.length > 0 || stack !== "").slice(0, MOST.errors);
}

function sentryError(exception: unknown): ShownError {
  const [type, value] = [textOf(memberOf(exception, "type")), textOf(memberOf(exception, "value"))];
  const frames = listOf(memberOf(memberOf(exception, "stacktrace"), "frames"));
  return { title: [type, value].filter((each) => each !== "").join(": "), frames: shownFrames(frames), stack: "" };
}

/** The stack of a log message. */
function threadOf(data: JsonValue | undefined): ShownError {
  const threads = listOf(memberOf(memberOf(data, "threads"), "values"));
  const holder = memberOf(data, "stacktrace") ?? memberOf(threads[0], "stacktrace");
  return { title: "", frames: shownFrames(listOf(memberOf(holder, "frames"))), stack: "" };
}

function thrownErrors(data: JsonValue | undefined): readonly ShownError[] {
  const stack = memberOf(data, "stack");
  const causes = [...listOf(memberOf(data, "causes")), ...listOf(memberOf(data, "errors"))];
  const outer = typeof stack === "string" ? [{ title: "", frames: [], stack }] : [];
  const inner = causes.map((cause) => {
    const title = `Caused by ${textOf(memberOf(cause, "type"))}: ${textOf(memberOf(cause, "value"))}`;
    const text = memberOf(cause, "stack");
    return { title, frames: [], stack: typeof text === "string" ? text : "" };
  });
  return [...outer, ...inner];
}

/** SDKs send the oldest call first. */
function shownFrames(frames: readonly unknown[]): readonly ShownFrame[] {
  return frames
    .slice(-MOST.frames)
    .toReversed()
    .map((frame, index) => shownFrame(frame, index < MOST.framesWithSource));
}

function shownFrame(frame: unknown, withSource: boolean): ShownFrame {
  const [file, module] = [textOf(memberOf(frame, "filename")), textOf(memberOf(frame, "module"))];
  const [line, column] = [memberOf(frame, "lineno"), memberOf(frame, "colno")];
  const position = [line, column].filter((each) => typeof each === "number").map((each) => `:${String(each)}`);
  const place = file === "" ? textOf(memberOf(frame, "abs_path")) || module : file;
  return {
    name: textOf(memberOf(frame, "function")),
    place: `${place}${position.join("")}`,
    isInApp: memberOf(frame, "in_app") === true,
    source: withSource && typeof line === "number" ? sourceOf(frame, line) : [],
  };
}

function sourceOf(frame: unknown, current: number): readonly SourceLine[] {
  const line = memberOf(frame, "context_line");
  if (typeof line !== "string") return [];
  const before = listOf(memberOf(frame, "pre_context")).slice(-MOST.linesAround);
  const after = listOf(memberOf(frame, "post_context")).slice(0, MOST.linesAround);
  const first = current - before.length;
  return [...before, line, ...after].map((text, index) => {
    return { number: first + index, text: textOf(text), isCurrent: first + index === current };
  });
}

function textOf(value: unknown): string {
  return typeof value === "string" ? shorten(value, MOST.text) : "";
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  const member: unknown = Reflect.get(value, name);
  return member;
}
