/**
 * What tests need: of a host (a clock that is set by hand, a sink that remembers), and of a store (its conformance to the
 * port).
 *
 * @module testing
 */
export type { CaseContext, ConformanceCase } from "./conformance/case.ts";
export { ConformanceFailure } from "./conformance/check.ts";
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
export { createVirtualClock, type VirtualClock } from "./virtual-clock.ts";
