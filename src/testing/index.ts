/**
 * For the tests of hosts: builders, timelines, a virtual clock and a recording sink. For the tests of stores: the conformance
 * suite.
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
export type {
  ConformanceCapability,
  ConformanceSubject,
  HostTransaction,
  OpenedStore,
  RawReader,
} from "./conformance/subject.ts";
export { createRecordingSink, type RecordingSink } from "./recording-sink.ts";
export { toSnapshot } from "./snapshot.ts";
export type { Duration, Time } from "./timeline/duration.ts";
export type { TimelineEntry, TimelineProgress, TimelineTurningPoint } from "./timeline/entry.ts";
export type { TimelineResult } from "./timeline/result.ts";
export {
  Timeline,
  timeline,
  type Repetition,
  type TimelineEvent,
  type TimelineOptions,
  type TimelineProject,
} from "./timeline/timeline.ts";
export { createVirtualClock, type VirtualClock } from "./virtual-clock.ts";
