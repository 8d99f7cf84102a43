/**
 * What tests of a host need: a clock that is set by hand, and a sink that remembers.
 *
 * @module testing
 */
export { createRecordingSink, type RecordingSink } from "./recording-sink.ts";
export { createVirtualClock, type VirtualClock } from "./virtual-clock.ts";
