import { arrayOf, object, text, withDefault, type Shape } from "./shape.ts";

/** A call in the application's own code, from a stack trace. */
export interface StackFrame {
  /** The function's name; absent or empty if it has none. */
  readonly function?: string;
  /** The module, class or package, such as `com.example.Checkout`; absent or empty if it is unknown. */
  readonly module?: string;
  /** The source file's name or path; absent or empty if it is unknown. */
  readonly file?: string;
}

/** A {@link StackFrame} that was checked: what was absent is `""`. */
export type CheckedFrame = Required<StackFrame>;

/** The most frames of an event. */
export const MAX_FRAMES = 250;
/** The longest text of a frame, in UTF-16 code units. */
export const MAX_FRAME_TEXT_LENGTH = 4_096;

const TEXT = withDefault(text(0, MAX_FRAME_TEXT_LENGTH), "");

/** Checks the frames of an event. */
export const requireFrames: Shape<readonly CheckedFrame[]> = arrayOf(
  object({ function: TEXT, module: TEXT, file: TEXT } satisfies Record<keyof StackFrame, Shape<unknown>>),
  0,
  MAX_FRAMES,
  `{ frames: [{ function: "pay", module: "checkout", file: "src/checkout.ts" }] }`,
);
