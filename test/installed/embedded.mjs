// An issue's life in memory and in the embedded SQLite store.
import { openSqliteStore } from "issue-lifecycle/sqlite";
import { liveInFile, liveInMemory } from "./life.mjs";

await liveInMemory();
await liveInFile((filename) => openSqliteStore({ filename }));
