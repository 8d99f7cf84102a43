/**
 * Takes the events that Sentry SDKs of any language send: a web-standard handler, and the functions that read bodies. It loads without
 * Node, in a browser too; only to decompress bodies the handler needs `node:zlib`, which Bun and Deno have as well.
 *
 * @module sentry
 * @example
 * ```ts
 * import type { IssueTracker } from "issue-lifecycle";
 * import { createSentryIntake } from "issue-lifecycle/sentry";
 *
 * // For Hono, Next, Bun and Deno; toNodeHandler() of issue-lifecycle/node mounts it in Express and node:http.
 * export function intakeOf(tracker: IssueTracker): (request: Request) => Promise<Response> {
 *   return createSentryIntake({ tracker, projects: [{ id: "shop", number: 1, keys: ["2f0c7d"] }] });
 * }
 * ```
 */
export { createSentryIntake, type SentryIntake } from "./intake/sentry-intake.ts";
export { sentryDsn, type SentryIntakeOptions, type SentryProject } from "./intake/intake-options.ts";
export type { SentryRefusal } from "./intake/refusal.ts";
export { MAX_ENVELOPE_HEADER_BYTES, readSentryEnvelopeHeader } from "./envelope-header.ts";
export { MAX_ENVELOPE_ITEMS, type RefusedSentryItem } from "./envelope-items.ts";
export type { SentryContext } from "./input.ts";
export { MAX_JSON_NESTING } from "./json-limits.ts";
export { readSentryEnvelope, type SentryEnvelope, type SkippedSentryItem } from "./read-envelope.ts";
export { readSentryEvent } from "./read-event.ts";
export { readSecurityReport, type SecurityReports, type SkippedSecurityReport } from "./read-security-report.ts";
