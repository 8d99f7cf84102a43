/**
 * Reads the events that Sentry SDKs of any language send. Needs no Node: it runs in a browser too.
 *
 * @module sentry
 * @example
 * ```ts
 * import type { IssueTracker } from "issue-lifecycle";
 * import { readSentryEnvelope } from "issue-lifecycle/sentry";
 *
 * // The body of a POST to /api/<project>/envelope/, decompressed.
 * async function receive(tracker: IssueTracker, body: Uint8Array): Promise<void> {
 *   const envelope = readSentryEnvelope(body, { projectId: "shop", receivedAt: Date.now() });
 *   await tracker.digest(envelope.events);
 *   for (const { error } of envelope.refused) console.warn(error.message);
 * }
 * ```
 */
export { MAX_ENVELOPE_HEADER_BYTES, readSentryEnvelopeHeader } from "./envelope-header.ts";
export { MAX_ENVELOPE_ITEMS, type RefusedSentryItem } from "./envelope-items.ts";
export type { SentryContext } from "./input.ts";
export { MAX_JSON_NESTING } from "./json-limits.ts";
export { readSentryEnvelope, type SentryEnvelope, type SkippedSentryItem } from "./read-envelope.ts";
export { readSentryEvent } from "./read-event.ts";
export { readSecurityReport, type SecurityReports, type SkippedSecurityReport } from "./read-security-report.ts";
