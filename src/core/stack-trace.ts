import { inAppFile } from "./call-location.ts";
import { callsOf } from "./stack-calls.ts";
import { MAX_FRAME_TEXT_LENGTH, MAX_FRAMES, type StackFrame } from "./stack-frame.ts";
import { firstLine, shorten } from "./text.ts";

/** The two parts of an error's `stack`. */
export interface StackTrace {
  /** The error's name and message; `""` if the stack does not begin with them, as in Firefox and Safari. */
  readonly head: string;
  /** The calls, one a line, the newest first. */
  readonly calls: string;
}

/**
 * Splits a stack behind the error's message, because the lines of a message may look like calls.
 *
 * @param type - the error's name
 * @param message - the error's message
 */
export function splitStack(stack: string, type: string, message: string): StackTrace {
  const starts = [0, firstLine(stack).indexOf(": ") + 2];
  if (stack.startsWith(`${type}: `)) starts.push(type.length + 2);
  // Positions are tried instead of searched for: a search can take quadratic time.
  const start = message === "" ? undefined : starts.find((each) => isMessageAt(stack, message, each));
  const end = start === undefined ? 0 : start + message.length;
  return { head: stack.slice(0, end), calls: stack.slice(end) };
}

function isMessageAt(stack: string, message: string, start: number): boolean {
  const end = start + message.length;
  return stack.startsWith(message, start) && (end === stack.length || stack[end] === "\n");
}

/** A stack for people, of at most `maxLength` UTF-16 code units. A long message leaves room for the calls. */
export function shortenStack({ head, calls }: StackTrace, maxLength: number): string {
  const maxHead = Math.floor(maxLength / 10);
  return `${shorten(head, maxHead)}${shorten(calls, maxLength - maxHead)}`;
}

/** The in-app frames among the calls of a stack: the oldest first, the newest {@link MAX_FRAMES}. */
export function inAppFrames(calls: string): StackFrame[] {
  const frames: StackFrame[] = [];
  for (const { name, location } of callsOf(calls)) {
    const file = inAppFile(location);
    if (file === undefined) continue;
    frames.push({ function: shorten(name, MAX_FRAME_TEXT_LENGTH), file: shorten(file, MAX_FRAME_TEXT_LENGTH) });
    if (frames.length === MAX_FRAMES) break;
  }
  return frames.reverse();
}
