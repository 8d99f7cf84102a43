import { sql, type Compilable, type RawBuilder, type SqlBool } from "kysely";
import type { StoreDialect } from "../dialects/dialect.ts";
import { INPUT_ROWS, matchesInput } from "../dialects/input-rows.ts";
import { tolerant } from "../rows/damage.ts";
import { ISSUE_COLUMNS, READ_COLUMNS, STATUS_CODES, type ChangeableColumn } from "../rows/issue-row.ts";
import { bytes, integer, ownText, uuid } from "../schema/columns.ts";
import { columnsOf, namesIn, TABLES, type LifecycleDb } from "../schema/tables.ts";
import type { Endings } from "./endings.ts";
import { matchesSearchParameters, SEARCH_PARAMETERS } from "./issue-search.ts";
import type { ManyRows } from "./many-rows.ts";
import { statement } from "./statement.ts";
import { stretchEndStatements, stretchStatements } from "./stretch-statements.ts";

/** The codes of all known states. */
const CODES = Object.values(STATUS_CODES);

/** What is read of an issue to delete it. */
const DELETION_COLUMNS = { id: uuid, project_key: integer, group_hash: bytes };

/** What is read of an issue to delete it in steps: how much belongs to it. */
const ERASURE_COLUMNS = { id: uuid, user_count: integer, turning_point_count: integer };

/** What is read to know that an issue exists: nothing that this version may be unable to read. */
const EXISTENCE_COLUMNS = { id: uuid };

/** The same, to evict its events. */
const EVICTION_COLUMNS = { id: uuid, ...tolerant({ last_event_number: TABLES.issues.last_event_number }) };

/** What is read to know the project of an issue. */
const PROJECT_COLUMNS = { id: uuid, project_key: integer };

/** The parameters of a list of issues in states that this version does not know. */
const UNKNOWN_STATE_PARAMETERS = {
  project_key: integer,
  ...SEARCH_PARAMETERS,
  limit: integer,
};

/** Statements on issues, their groups and their counters. */
export function issueStatements(db: LifecycleDb, many: ManyRows, dialect: StoreDialect, { latest, lock }: Endings) {
  const inUnknownStates = (isBeyond: "<" | ">", status: number) =>
    statement(UNKNOWN_STATE_PARAMETERS, ISSUE_COLUMNS, (parameter) =>
      db
        .selectFrom("issues")
        .select(READ_COLUMNS)
        .where("project_key", "=", parameter("project_key"))
        .where("status", isBeyond, sql.lit(status))
        .where(matchesSearchParameters(dialect, parameter))
        .orderBy("project_key")
        .orderBy("status")
        .orderBy("number")
        .limit(parameter("limit")),
    );
  return {
    byId: many.find("issues", ["id"], ISSUE_COLUMNS),
    existing: many.find("issues", ["id"], EXISTENCE_COLUMNS),
    ofEvicted: many.find("issues", ["id"], EVICTION_COLUMNS),
    lock: many.find("issues", ["id"], ISSUE_COLUMNS, lock),
    projects: many.find("issues", ["id"], PROJECT_COLUMNS),
    byNumber: statement({ project_key: integer, number: integer }, ISSUE_COLUMNS, (parameter) =>
      db
        .selectFrom("issues")
        .select(READ_COLUMNS)
        .where("project_key", "=", parameter("project_key"))
        .where("status", "in", Object.values(STATUS_CODES))
        .where("number", "=", parameter("number")),
    ),
    /** The same, in a state that this version does not know. */
    byNumberInUnknownState: statement({ project_key: integer, number: integer }, ISSUE_COLUMNS, (parameter) => {
      const beyond = (isBeyond: "<" | ">", status: number) =>
        db
          .selectFrom("issues")
          .select(READ_COLUMNS)
          .where("project_key", "=", parameter("project_key"))
          .where("status", isBeyond, sql.lit(status))
          // A sum, for which no index is read: SQLite would look for the number in all states of all projects.
          .where(sql<number>`${sql.ref("number")} + 0`, "=", parameter("number"));
      return beyond("<", Math.min(...CODES)).unionAll(beyond(">", Math.max(...CODES)));
    }),
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
    ...groupLocks(db, many, dialect, lock),
    /** Issues that await the next release, after a number. */
    awaitingNext: statement({ project_key: integer, number: integer, limit: integer }, ISSUE_COLUMNS, (parameter) =>
      db
        .selectFrom("issues")
        .select(READ_COLUMNS)
        .where("awaits_next_in", "=", parameter("project_key"))
        .where("awaits_next_in", "is not", null)
        .where("number", ">", parameter("number"))
        .orderBy("number")
        .limit(parameter("limit"))
        .modifyEnd(latest),
    ),
    /** Issues whose mark for a release is a fix claim, after an id. */
    fixedIn: fixedIn(db, many, latest),
    /** Issues for which the clock has something to do, after a position. */
    toWake: statement({ now: integer, at: integer, id: uuid, limit: integer }, ISSUE_COLUMNS, (parameter) =>
      db
        .selectFrom("issues")
        .select(READ_COLUMNS)
        .where("wake_at", "<=", parameter("now"))
        .where("wake_at", "is not", null)
        .where("wake_at", ">=", parameter("at"))
        .where(sql<SqlBool>`(${sql.ref("wake_at")}, ${sql.ref("id")}) > (${parameter("at")}, ${parameter("id")})`)
        .orderBy("wake_at")
        .orderBy("id")
        .limit(parameter("limit"))
        .modifyEnd(latest),
    ),
    stretch: stretchStatements(db, dialect),
    stretchEnd: stretchEndStatements(db, dialect),
    ...countStatements(many, dialect),
    /** Issues in states that this version does not know: none, unless something else wrote them. */
    belowKnownStates: inUnknownStates("<", Math.min(...CODES)),
    aboveKnownStates: inUnknownStates(">", Math.max(...CODES)),
    insert: many.insert("issues", columnsOf("issues")),
    insertGroups: many.insert("groups", columnsOf("groups")),
    addedGroups: many.findShared("added_groups", "issue_id", TABLES.added_groups, latest),
    insertAddedGroups: many.insert("added_groups", columnsOf("added_groups")),
    openingGroups: many.find("issues", ["id"], { id: TABLES.issues.id, group_hash: TABLES.issues.group_hash }),
    setOpeningGroup: many.update("issues", ["id"], ["group_hash"]),
    deleteAddedGroups: many.delete("added_groups", ["issue_id"]),
    update: updateStatements(many),
    /** Some issues of a project. */
    someOfProject: statement({ project_key: integer, limit: integer }, ERASURE_COLUMNS, (parameter) =>
      db
        .selectFrom("issues")
        .select(namesIn(ERASURE_COLUMNS))
        .where("project_key", "=", parameter("project_key"))
        .orderBy("project_key")
        .orderBy("status")
        .orderBy("number")
        .limit(parameter("limit"))
        .modifyEnd(latest),
    ),
    toDelete: many.find("issues", ["id"], DELETION_COLUMNS, lock),
    delete: many.delete("issues", ["id"]),
    deleteGroups: many.delete("groups", ["project_key", "hash"]),
    counters: many.find("counters", ["issue_id"], TABLES.counters, latest),
    saveCounters: many.save("counters", ["issue_id", "buckets"], { key: ["issue_id"], changing: ["buckets"] }),
    deleteCounters: many.delete("counters", ["issue_id"]),
  };
}

/** What is counted: issues of a project in one state, above a number and up to another one. */
const COUNT_PARAMETERS = { project_key: integer, status: integer, after: integer, up_to: integer, limit: integer };
const COUNTS = { status: integer, count: integer };

/** Counts of issues up to a limit, by the index of their numbers. */
function countStatements(many: ManyRows, dialect: StoreDialect) {
  const [issues, status, number] = [sql.table("issues"), sql.ref("status"), sql.ref("number")];
  const count = (
    parameter: (name: keyof typeof COUNT_PARAMETERS) => RawBuilder<unknown>,
    matching: RawBuilder<unknown>,
  ) => {
    const isOf = sql`${sql.ref("project_key")} = ${parameter("project_key")} and ${status} = ${parameter("status")}`;
    const isWithin = sql`${number} > ${parameter("after")} and ${number} <= ${parameter("up_to")}`;
    const order = sql.join([sql.ref("project_key"), status, number]);
    const found = sql`select 1 as one from ${issues} where ${isOf} and ${isWithin} ${matching} order by ${order} limit ${parameter("limit")}`;
    return sql`select ${parameter("status")} as ${status}, count(*) as ${sql.ref("count")} from (${found}) as found`;
  };
  return {
    count: many.repeated(COUNT_PARAMETERS, COUNTS, (parameter) => count(parameter, sql``)),
    /** The same of issues that match criteria. */
    countMatching: many.repeated({ ...COUNT_PARAMETERS, ...SEARCH_PARAMETERS }, COUNTS, (parameter) =>
      count(parameter, sql`and ${matchesSearchParameters(dialect, parameter)}`),
    ),
  };
}

/** Locks of the issues of groups. */
function groupLocks(db: LifecycleDb, many: ManyRows, dialect: StoreDialect, lock: Endings["lock"]) {
  const { project_key, hash } = TABLES.groups;
  const { name, standing } = TABLES.project_releases;
  const [groupRows, releaseRows] = [many.input({ project_key, hash }), many.input({ project_key, name })];
  const [issues, groups, releases] = [sql.table("issues"), sql.table("groups"), sql.table("project_releases")];
  const found = sql.join(READ_COLUMNS.map((column) => sql`${issues}.${sql.ref(column)}`));
  const isGroup = matchesInput(groups, ["project_key", "hash"]);
  const isRelease = matchesInput(releases, ["project_key", "name"]);
  const announced = sql.lit(standing.encode("announced"));

  // Sub-selects, because the planner would join all rows of a table that is not large.
  const issueId = sql`(select issue_id from ${groups} where ${isGroup})`;
  const lockWhere = (sent: RawBuilder<string>, condition: RawBuilder<unknown>): Compilable => {
    const ids = sql`(select ${issueId} as id from ${groupRows.read(sent)} as ${INPUT_ROWS})`;
    const query = sql`select ${found} from ${dialect.rows.joinShared({ table: issues, input: ids, key: ["id"] })} ${condition} order by ${issues}.id ${lock}`;
    return { compile: () => query.compile(db) };
  };
  return {
    /** Locks issues of groups, by id, after the lock of their projects. */
    lockOfGroups: statement({ groups: groupRows.parameter }, ISSUE_COLUMNS, (parameter) =>
      lockWhere(parameter("groups"), sql``),
    ),
    /** The same, or none if there are groups without an issue or releases that are not stored, or only announced. */
    lockOfGroupsIfComplete: statement(
      { groups: groupRows.parameter, required: groupRows.parameter, releases: releaseRows.parameter },
      ISSUE_COLUMNS,
      (parameter) => {
        const isMissing = sql`select 1 from ${groupRows.read(parameter("required"))} as ${INPUT_ROWS} where ${issueId} is null`;
        const isNew = sql`select 1 from ${releaseRows.read(parameter("releases"))} as ${INPUT_ROWS} where coalesce((select standing from ${releases} where ${isRelease}), ${announced}) = ${announced}`;
        return lockWhere(parameter("groups"), sql`and not exists (${isMissing}) and not exists (${isNew})`);
      },
    ),
  };
}

function fixedIn(db: LifecycleDb, many: ManyRows, latest: Endings["latest"]) {
  const input = { project_key: integer, order_key: ownText, id: uuid, limit: integer };
  const [issues, marks] = [sql.table("issues"), sql.table("release_marks")];
  const columns = sql.join(READ_COLUMNS.map((column) => sql`${issues}.${sql.ref(column)}`));
  const issueId = sql`${marks}.${sql.ref("issue_id")}`;
  return statement(input, ISSUE_COLUMNS, (parameter) => {
    const isOfRelease = sql`${marks}.${sql.ref("project_key")} = ${parameter("project_key")} and ${marks}.${sql.ref("order_key")} = ${parameter("order_key")}`;
    const isAfter = sql`${marks}.${sql.ref("fixed_last")} = 1 and ${issueId} > ${parameter("id")}`;
    const found = sql`select ${columns} from ${marks} ${many.join} ${issues} on ${issues}.${sql.ref("id")} = ${issueId} where ${isOfRelease} and ${isAfter} order by ${issueId} limit ${parameter("limit")} ${latest}`;
    return { compile: () => found.compile(db) };
  });
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
