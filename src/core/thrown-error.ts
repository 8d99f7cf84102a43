import { causesOf, readErrorTree, valueOf, type ErrorNode } from "./error-tree.ts";
import type { JsonValue } from "./event.ts";
import { copyAsJson } from "./json-copy.ts";
import { PropertyReader } from "./property-reader.ts";
import type { StackFrame } from "./stack-frame.ts";
import { inAppFrames, shortenStack, splitStack, type StackTrace } from "./stack-trace.ts";
import { shorten } from "./text.ts";

/** The members of an event that {@link eventFromError} reads from a thrown value. */
export interface ErrorEvent {
  /** The error's name, or that of its class, or else `Error`; at most 1,000 characters. */
  readonly type: string;
  /** The error's message, or what stands for it; at most 100,000 characters. */
  readonly value: string;
  readonly platform: "javascript";
  /** The calls in the application's own code, the oldest first. */
  readonly frames: readonly StackFrame[];
  /** What people need to find the error. */
  readonly data: ErrorData;
}

/** More about a thrown value. Each member is absent if there is nothing to say. Longer texts are shortened and end in "…". */
export type ErrorData = {
  /** Its stack; at most 100,000 characters, of an inner error 10,000. */
  readonly stack?: string;
  /** Its `code`, such as `ECONNREFUSED`; at most 200 characters. */
  readonly code?: string | number;
  /** A copy of a thrown object that has no stack, if it is not circular and at most 10,000 characters long as JSON. */
  readonly thrown?: JsonValue;
  /** Its cause, the cause of that, and so on. */
  readonly causes?: readonly InnerError[];
  /** The errors of an `AggregateError`, or of another error with a list `errors`. */
  readonly errors?: readonly InnerError[];
  /** Causes or errors were left out, because there are too many. */
  readonly truncated?: true;
};

/** An error behind a thrown one. Its `type` has at most 200 characters, its `value` 5,000. Its causes follow it if it is one. */
export type InnerError = ErrorData & { readonly type: string; readonly value: string };

/** The longest texts of an error. */
interface Limits {
  readonly type: number;
  readonly value: number;
  readonly stack: number;
}

/**
 * In JSON, a character takes up to six. With these limits, those of `readErrorTree` and `copyAsJson`, the data is at most 3.8
 * million characters long, which is less than an event may have.
 */
const OUTERMOST: Limits = { type: 1_000, value: 100_000, stack: 100_000 };
const INNER: Limits = { type: 200, value: 5_000, stack: 10_000 };
const MAX_CODE_LENGTH = 200;

/**
 * Reads the members of an event from whatever was thrown: an error of any realm, with its causes and those that it stands for,
 * or any other value.
 *
 * - The type and the value are those of the thrown error itself. The value of an error without a message is that of its first inner
 *   error, or its `code`: Node's error for a host that refuses connections on all of its addresses has no message of its own.
 * - An object with a string `message` counts as an error. Another one has a value that says what it is without its data, such as
 *   `Object with keys: id, reason`, and a copy in the event's data.
 * - At most 10 causes after each other, 20 errors of one `AggregateError`, and 30 errors behind the thrown one are read.
 *
 * Never throws, and reads each property at most once: no getter runs twice, and neither `toString` nor `toJSON` at all. A property
 * whose getter throws counts as absent. Texts that are too long are shortened, so that `digest` takes the event. Other properties
 * of errors with a stack are not copied: HTTP clients keep credentials there.
 *
 * @param error - what was thrown, or what a promise was rejected with
 * @example
 * ```ts
 * import { createIssueTracker, createMemoryStore, eventFromError } from "issue-lifecycle";
 *
 * const tracker = createIssueTracker({ store: createMemoryStore() });
 * await tracker.projects.save({ id: "shop" });
 * try {
 *   throw new Error("payment failed", { cause: new TypeError("card is undefined") });
 * } catch (error) {
 *   await tracker.digest({ projectId: "shop", release: "1.0.0", ...eventFromError(error) });
 * }
 * ```
 */
export function eventFromError(error: unknown): ErrorEvent {
  const reader = new PropertyReader();
  const tree = readErrorTree(error, reader);
  return {
    ...titleOf(tree, OUTERMOST),
    platform: "javascript",
    frames: tree.stack === undefined ? [] : inAppFrames(traceOf(tree, tree.stack).calls),
    data: { ...dataOf(tree, OUTERMOST, reader), ...causeDataOf(tree, reader) },
  };
}

function titleOf(node: ErrorNode, limits: Limits): { type: string; value: string } {
  return { type: shorten(node.type, limits.type), value: shorten(valueOf(node), limits.value) };
}

function traceOf({ type, text }: ErrorNode, stack: string): StackTrace {
  return splitStack(stack, type, text);
}

/** What a node says without its causes. */
function dataOf(node: ErrorNode, limits: Limits, reader: PropertyReader): ErrorData {
  const { stack, code, inner } = node;
  const thrown = stack === undefined && typeof node.value === "object" ? copyAsJson(node.value, reader) : undefined;
  return {
    ...(stack === undefined ? {} : { stack: shortenStack(traceOf(node, stack), limits.stack) }),
    ...(code === undefined ? {} : { code: typeof code === "string" ? shorten(code, MAX_CODE_LENGTH) : code }),
    ...(thrown === undefined || thrown === null ? {} : { thrown }),
    ...(inner.errors.length === 0 ? {} : { errors: inner.errors.map((each) => innerError(each, reader)) }),
    ...(inner.truncated ? { truncated: true } : {}),
  };
}

function causeDataOf(node: ErrorNode, reader: PropertyReader): ErrorData {
  const causes = causesOf(node);
  if (causes.length === 0) return {};
  return { causes: causes.map((cause) => ({ ...titleOf(cause, INNER), ...dataOf(cause, INNER, reader) })) };
}

function innerError(node: ErrorNode, reader: PropertyReader): InnerError {
  return { ...titleOf(node, INNER), ...dataOf(node, INNER, reader), ...causeDataOf(node, reader) };
}
