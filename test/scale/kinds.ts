import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectTo } from "../support/connections.ts";
import { SERVERS, SQLITE, type DatabaseKind } from "../support/databases.ts";

/** A kind of database whose places outlive a test. */
type Kind = Pick<DatabaseKind, "name" | "dialect" | "makePlace">;

const sqliteFile: Kind = {
  ...SQLITE,
  makePlace: async () => {
    const folder = mkdtempSync(join(tmpdir(), "issue-lifecycle-scale-"));
    const db = connectTo({ kind: "sqlite", where: join(folder, "issues.sqlite") });
    return {
      dialect: SQLITE.dialect,
      schema: undefined,
      connect: () => db,
      drop: async () => {
        await db.destroy();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
};

/** SQLite, and the servers that the environment names. */
export const KINDS: readonly Kind[] = [sqliteFile, ...SERVERS];
