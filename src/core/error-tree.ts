import type { PropertyReader } from "./property-reader.ts";
import { MAX_ERRORS, readThrown, type ThrownValue } from "./thrown-value.ts";

/** A thrown value with the errors behind it. */
export interface ErrorNode extends ThrownValue {
  readonly value: unknown;
  readonly inner: {
    readonly cause: ErrorNode | undefined;
    readonly errors: readonly ErrorNode[];
    /** Whether a cause or errors were left out because there are too many. */
    readonly truncated: boolean;
  };
}

/** The most errors between a thrown one and the deepest that is read. */
const MAX_CAUSES = 10;
/** The most errors that are read behind a thrown one. */
const MAX_INNER_ERRORS = 30;

/** A node whose inner errors are being read. */
interface GrowingNode extends ThrownValue {
  readonly value: unknown;
  readonly parent: GrowingNode | undefined;
  readonly depth: number;
  readonly inner: { cause: GrowingNode | undefined; errors: GrowingNode[]; truncated: boolean };
}

/**
 * Reads a thrown value and the errors behind it, those nearest to it first: at most {@link MAX_INNER_ERRORS}, and none deeper
 * than {@link MAX_CAUSES}. A circular cause ends where it begins again. Never throws.
 */
export function readErrorTree(value: unknown, reader: PropertyReader): ErrorNode {
  const root = nodeOf(value, undefined, reader);
  const nodes = [root];
  const add = (parent: GrowingNode, inner: unknown): GrowingNode | undefined => {
    if (isCircular(parent, inner)) return undefined;
    if (parent.depth === MAX_CAUSES || nodes.length > MAX_INNER_ERRORS) {
      parent.inner.truncated = true;
      return undefined;
    }
    const node = nodeOf(inner, parent, reader);
    nodes.push(node);
    return node;
  };
  // The list grows while it is read.
  for (const node of nodes) {
    if (node.cause !== undefined) node.inner.cause = add(node, node.cause);
    node.inner.errors.push(...node.errors.slice(0, MAX_ERRORS).flatMap((inner) => add(node, inner) ?? []));
    if (node.errors.length > MAX_ERRORS) node.inner.truncated = true;
  }
  return root;
}

function nodeOf(value: unknown, parent: GrowingNode | undefined, reader: PropertyReader): GrowingNode {
  return {
    ...readThrown(value, reader),
    value,
    parent,
    depth: parent === undefined ? 0 : parent.depth + 1,
    inner: { cause: undefined, errors: [], truncated: false },
  };
}

/** Whether an object is the node's own or one above it. */
function isCircular(node: GrowingNode, value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  for (let above: GrowingNode | undefined = node; above !== undefined; above = above.parent) {
    if (above.value === value) return true;
  }
  return false;
}

/** The causes of a node: its own, the cause of that, and so on. */
export function causesOf(node: ErrorNode): ErrorNode[] {
  const causes: ErrorNode[] = [];
  for (let next = node.inner.cause; next !== undefined; next = next.inner.cause) causes.push(next);
  return causes;
}

/** What failed: the node's text, or if that is blank the first one among its errors and its cause, or else its code. */
export function valueOf(node: ErrorNode): string {
  if (node.text.trim() !== "") return node.text;
  const { cause, errors } = node.inner;
  for (const inner of cause === undefined ? errors : [...errors, cause]) {
    const value = valueOf(inner);
    if (value !== "") return value;
  }
  return node.code === undefined ? "" : String(node.code);
}
