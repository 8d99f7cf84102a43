/**
 * The store on any ordered key-value store with transactions, and what an engine has to implement for it.
 *
 * @module kv
 */
export { createBatchEngine } from "./batch-engine.ts";
export type { BatchStorage, KeyChange } from "./batch-engine.ts";
export { MAX_ATTEMPTS, MAX_KEY_BYTES, MAX_RANGE_LIMIT } from "./engine.ts";
export type { KeyRange, KeyValueEngine, KeyValueEntry, KeyValueReader, KeyValueTransaction } from "./engine.ts";
export { createKeyValueStore } from "./key-value-store.ts";
