import { hasPosition } from "./call-location.ts";

/** A line of a stack. */
export interface Call {
  /** The function's name; `""` if it has none. */
  readonly name: string;
  /** Where it is, such as `file:///srv/shop/cart.js:3:14`. */
  readonly location: string;
}

const V8_CALL = /^[ \t]*at /mu;

/** The calls of a stack without its head, the newest first. Takes linear time, whatever the text. */
export function callsOf(text: string): Iterable<Call> {
  return V8_CALL.test(text) ? v8Calls(text) : geckoCalls(text);
}

/**
 * The calls as V8 writes them, for Node, Deno, Bun and Chromium: `at Cart.pay (/srv/cart.js:3:14)`, `at /srv/cart.js:3:14`. They
 * end at the first line that is none: what follows may be the stack of a cause that a library appended.
 */
function* v8Calls(text: string): Generator<Call> {
  let begun = false;
  for (const line of linesOf(text)) {
    if (line.startsWith("at ")) {
      const call = v8Call(line.slice("at ".length));
      begun ||= hasPosition(call.location);
      yield call;
    } else if (begun) return;
  }
}

function v8Call(line: string): Call {
  const call = line.replace(/^async /u, "");
  const bracket = call.endsWith(")") ? call.indexOf(" (") : -1;
  if (bracket === -1) return { name: "", location: call };
  return { name: stableV8Name(call.slice(0, bracket)), location: call.slice(bracket + 2, -1) };
}

/**
 * The part of a function's name that is always the same. V8 puts the class of `this` before it, which in an inherited method is any
 * subclass, and behind it the property that the function was called by.
 */
function stableV8Name(name: string): string {
  const alias = name.indexOf(" [as ");
  const method = (alias === -1 ? name : name.slice(0, alias)).replace(/^new /u, "");
  // The name of a method that a symbol names, such as `[Symbol.iterator]`, has a dot of its own.
  const symbol = method.indexOf("[");
  const own = method.slice(method.lastIndexOf(".", symbol === -1 ? method.length : symbol) + 1);
  return own.startsWith("<") ? "" : own;
}

/** The calls as Firefox and Safari write them: `pay@https://shop.example/cart.js:3:14`. */
function* geckoCalls(text: string): Generator<Call> {
  for (const line of linesOf(text)) {
    const at = line.indexOf("@");
    if (at !== -1) yield { name: stableGeckoName(line.slice(0, at)), location: line.slice(at + 1) };
  }
}

const NAMELESS: ReadonlySet<string> = new Set(["anonymous", "eval code", "global code", "module code"]);

/** Without how it was called (`async*pay`, `async pay`) and what it is defined in (`Cart/pay<`). */
function stableGeckoName(name: string): string {
  const called = name.slice(Math.max(name.lastIndexOf("*"), name.lastIndexOf("/")) + 1).replace(/^async /u, "");
  const own = called.endsWith("<") ? called.slice(0, -1) : called;
  return NAMELESS.has(own) ? "" : own;
}

/** The longest line that is read whole. */
const MAX_LINE_LENGTH = 10_000;

function* linesOf(text: string): Generator<string> {
  for (let start = 0; start < text.length;) {
    const found = text.indexOf("\n", start);
    const end = found === -1 ? text.length : found;
    yield text.slice(start, Math.min(end, start + MAX_LINE_LENGTH)).trim();
    start = end + 1;
  }
}
