import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectTo, type Address } from "../support/connections.ts";
import { SERVERS, SQLITE, type DatabaseKind } from "../support/databases.ts";
import { openWire } from "../support/wire.ts";

/** A kind of database whose places outlive a test. */
type Kind = Pick<DatabaseKind, "name" | "dialect" | "makePlace">;

const sqliteFile: Kind = {
  ...SQLITE,
  makePlace: async () => {
    const folder = mkdtempSync(join(tmpdir(), "issue-lifecycle-scale-"));
    const address: Address = { kind: "sqlite", where: join(folder, "issues.sqlite") };
    const db = connectTo(address);
    return {
      dialect: SQLITE.dialect,
      schema: undefined,
      connect: () => db,
      openWire: () => openWire(address),
      drop: async () => {
        await db.destroy();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
};

/** SQLite, and the servers that the environment names. */
export const KINDS: readonly Kind[] = [sqliteFile, ...SERVERS];
