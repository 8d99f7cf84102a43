/**
 * A store that keeps everything in memory.
 *
 * @module memory
 */
export { createMemoryStore } from "./memory-store.ts";
