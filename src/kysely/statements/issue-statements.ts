import type { StoreDialect } from "../dialects/dialect.ts";
import { ISSUE_COLUMNS, READ_COLUMNS, type ChangeableColumn } from "../rows/issue-row.ts";
import { bytes, integer, uuid } from "../schema/columns.ts";
import { columnsOf, TABLES, type LifecycleDb } from "../schema/tables.ts";
import type { Endings } from "./endings.ts";
import type { ManyRows } from "./many-rows.ts";
import { statement } from "./statement.ts";
import { stretchStatements } from "./stretch-statements.ts";

/** What is read of an issue to delete it. */
const DELETION_COLUMNS = { project_key: integer, group_hash: bytes };

/** What is read to know that an issue exists: nothing that this version may be unable to read. */
const EXISTENCE_COLUMNS = { id: uuid };

/** Statements on issues, their groups and their counters. */
export function issueStatements(db: LifecycleDb, many: ManyRows, dialect: StoreDialect, { latest, lock }: Endings) {
  return {
    byId: many.find("issues", ["id"], ISSUE_COLUMNS),
    existing: many.find("issues", ["id"], EXISTENCE_COLUMNS),
    lock: many.find("issues", ["id"], ISSUE_COLUMNS, lock),
    byNumber: statement({ project_key: integer, number: integer }, ISSUE_COLUMNS, (parameter) =>
      db
        .selectFrom("issues")
        .select(READ_COLUMNS)
        .where("project_key", "=", parameter("project_key"))
        .where("status", "in", [0, 1, 2])
        .where("number", "=", parameter("number")),
    ),
    /** The issue of one group. A sub-select, because SQLite would plan a join anew at each call. */
    byGroup: statement({ project_key: integer, hash: bytes }, ISSUE_COLUMNS, (parameter) =>
      db
        .selectFrom("issues")
        .select(READ_COLUMNS)
        .where("id", "=", (eb) =>
          eb
            .selectFrom("groups")
            .select("issue_id")
            .where("project_key", "=", parameter("project_key"))
            .where("hash", "=", parameter("hash")),
        ),
    ),
    groups: many.find("groups", ["project_key", "hash"], TABLES.groups),
    latestGroups: many.find("groups", ["project_key", "hash"], TABLES.groups, latest),
    awaitingNext: statement({ project_key: integer, limit: integer }, ISSUE_COLUMNS, (parameter) =>
      db
        .selectFrom("issues")
        .select(READ_COLUMNS)
        .where("awaits_next_in", "=", parameter("project_key"))
        .where("awaits_next_in", "is not", null)
        .orderBy("number")
        .limit(parameter("limit"))
        .modifyEnd(latest),
    ),
    toWake: statement({ now: integer, limit: integer }, ISSUE_COLUMNS, (parameter) =>
      db
        .selectFrom("issues")
        .select(READ_COLUMNS)
        .where("wake_at", "<=", parameter("now"))
        .where("wake_at", "is not", null)
        .orderBy("wake_at")
        .orderBy("id")
        .limit(parameter("limit"))
        .modifyEnd(latest),
    ),
    stretch: stretchStatements(db, dialect),
    insert: many.insert("issues", columnsOf("issues")),
    insertGroups: many.insert("groups", columnsOf("groups")),
    update: updateStatements(many),
    toDelete: many.find("issues", ["id"], DELETION_COLUMNS),
    delete: many.delete("issues", ["id"]),
    deleteGroups: many.delete("groups", ["project_key", "hash"]),
    counters: many.find("counters", ["issue_id"], TABLES.counters, latest),
    saveCounters: many.save("counters", ["issue_id", "buckets"], { key: ["issue_id"], changing: ["buckets"] }),
    deleteCounters: many.delete("counters", ["issue_id"]),
  };
}

/** Updates of some columns, by their names. */
function updateStatements(many: ManyRows) {
  type Update = ReturnType<typeof many.update<"issues", "id", ChangeableColumn>>;
  const updates = new Map<string, Update>();
  return (columns: readonly ChangeableColumn[]): Update => {
    const name = columns.join();
    const known = updates.get(name) ?? many.update("issues", ["id"], columns);
    updates.set(name, known);
    return known;
  };
}
