/**
 * A triage page for people, to mount in a host: issues, releases, alerts and settings, rendered on the server.
 *
 * @module board
 */
export { createBoard, type Board } from "./board.ts";
export type { BoardOptions, BoardTracker } from "./board-options.ts";
export type { BoardUser } from "./viewer.ts";
