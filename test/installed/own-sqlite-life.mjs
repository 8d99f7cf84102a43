// An issue's life in memory, and in a file by the runtime's own SQLite.
import { liveInFile, liveInMemory } from "./life.mjs";
import { openOwnSqlite } from "./own-sqlite.mjs";

await liveInMemory();
await liveInFile(openOwnSqlite);
