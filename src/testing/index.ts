/**
 * What tests need: of a host (a clock that is set by hand, a sink that remembers), and of a store (its conformance to the
 * port).
 *
 * @module testing
 */
export { buildEvent, buildIssue, BUILT_AT } from "./builders.ts";
export type { CaseContext, ConformanceCase } from "./conformance/case.ts";
export { AssertionFailure, expectEqual } from "./assertion/assertion.ts";
export {
  CONFORMANCE_CASES,
  describeConformance,
  runConformance,
  type ConformanceOptions,
  type ConformanceOutcome,
  type ConformanceReport,
  type ConformanceResult,
} from "./conformance/conformance.ts";
export { registerConformance, type TestRunner } from "./conformance/register.ts";
export type { ConformanceCapability, ConformanceSubject, OpenedStore, RawReader } from "./conformance/subject.ts";
export { createRecordingSink, type RecordingSink } from "./recording-sink.ts";
export { toSnapshot } from "./snapshot.ts";
export type { Duration } from "./timeline/duration.ts";
export type { TimelineEntry, TimelineProgress } from "./timeline/entry.ts";
export type { Story } from "./timeline/story.ts";
export { Timeline, timeline, type Repetition, type TimelineEvent, type TimelineOptions } from "./timeline/timeline.ts";
export { createVirtualClock, type VirtualClock } from "./virtual-clock.ts";
