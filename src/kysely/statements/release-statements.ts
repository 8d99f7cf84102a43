import { sql, type RawBuilder } from "kysely";
import { INPUT_ROWS } from "../dialects/input-rows.ts";
import { LISTED_RELEASE_COLUMNS } from "../rows/release-row.ts";
import { coded, integer, nullable, ownText, text } from "../schema/columns.ts";
import { columnsOf, namesIn, TABLES, type ColumnOf, type LifecycleDb } from "../schema/tables.ts";
import type { Endings } from "./endings.ts";
import { NONE, type ManyRows } from "./many-rows.ts";
import { statement } from "./statement.ts";

/** Statements on releases. */
export function releaseStatements(db: LifecycleDb, many: ManyRows, { latest, lock, share }: Endings) {
  return {
    byName: many.find("project_releases", ["project_key", "name"], TABLES.project_releases),
    /**
     * The same for a transaction that has locked the project, and so may retire them: waits for transactions that save marks for
     * them.
     */
    lockByName: many.find("project_releases", ["project_key", "name"], TABLES.project_releases, lock),
    /** Releases by their places, in which they stay until the transaction ends. */
    inPlace: many.find("project_releases", ["project_key", "order_key"], PLACE_COLUMNS, share),
    page: statement({ project_key: integer, before: ownText, limit: integer }, LISTED_RELEASE_COLUMNS, (parameter) =>
      db
        .selectFrom("project_releases")
        .selectAll()
        .where("project_key", "=", parameter("project_key"))
        .where("order_key", "<", parameter("before"))
        .orderBy("order_key", "desc")
        .limit(parameter("limit")),
    ),
    timelines: timelines(many, latest),
    /** Pending releases of projects, and of all. */
    pending: many.findShared("pending_releases", "project_key", TABLES.pending_releases, latest),
    allPending: statement(NONE, TABLES.pending_releases, () =>
      db.selectFrom("pending_releases").selectAll().orderBy("project_key").orderBy("number"),
    ),
    savePending: many.save("pending_releases", columnsOf("pending_releases"), {
      key: ["project_key", "number"],
      changing: columnsOf("pending_releases").filter((column) => column !== "project_key" && column !== "number"),
    }),
    deletePending: many.delete("pending_releases", ["project_key", "number"]),
    save: many.save("project_releases", columnsOf("project_releases"), {
      key: ["project_key", "name"],
      changing: columnsOf("project_releases").filter((column) => column !== "project_key" && column !== "name"),
    }),
    delete: many.delete("project_releases", ["project_key", "name"]),
    someOfProject: statement({ project_key: integer, limit: integer }, { name: text }, (parameter) =>
      db
        .selectFrom("project_releases")
        .select("name")
        .where("project_key", "=", parameter("project_key"))
        .orderBy("name")
        .limit(parameter("limit"))
        .modifyEnd(latest),
    ),
    deletePendingOfProject: many.delete("pending_releases", ["project_key"]),
  };
}

const RELEASES = sql.table("project_releases");

function column(name: ColumnOf<"project_releases">) {
  return sql`${RELEASES}.${sql.ref(name)}`;
}

const FOUND = sql.join(columnsOf("project_releases").map(column));

const { project_key: projectKey, order_key: orderKey, standing } = TABLES.project_releases;
const PLACE_COLUMNS = { project_key: projectKey, order_key: orderKey, standing };

/** A part of a timeline. */
export type TimelinePart = keyof typeof PART_CODES;

const PART_CODES = { latest: 0, "newest-other": 1, line: 2 } as const;

const part = coded("a part of a timeline", PART_CODES);

/**
 * For each input row a part of a project's timeline: its latest release, which is the newest of those that became the latest of
 * their lines; the newest of all others; or of a line the last known release, or any other if none is known. Each is the first
 * row of an index.
 */
function timelines(many: ManyRows, latest: Endings["latest"]) {
  const input = { place: integer, project_key: integer, part, line: nullable(text) };
  /** The name of the release that is a part. */
  const nameOf = (wanted: RawBuilder<unknown>, project: RawBuilder<unknown>, line: RawBuilder<unknown>) => {
    const named = sql`select ${column("name")} from ${RELEASES} where ${column("project_key")} = ${project}`;
    const ordered: Readonly<Record<TimelinePart, RawBuilder<unknown>>> = {
      latest: sql`${column("became_latest")} = 1 order by ${column("number")} desc`,
      "newest-other": sql`${column("became_latest")} = 0 order by ${column("number")} desc`,
      line: sql`${column("line")} = ${line} order by ${column("standing")} desc, ${column("order_key")} desc`,
    };
    const cases = namesIn(PART_CODES).map(
      (name) =>
        sql`when ${wanted} = ${sql.lit(PART_CODES[name])} then (${named} and ${ordered[name]} limit 1 ${latest})`,
    );
    return sql`case ${sql.join(cases, sql` `)} end`;
  };
  const [place, wantedPart] = [sql.ref("place"), sql.ref("part")];
  return many.other(
    input,
    { ...TABLES.project_releases, place: integer, part },
    (parameter) => {
      const project = parameter("project_key");
      const name = nameOf(parameter("part"), project, parameter("line"));
      return sql`select ${FOUND}, ${parameter("place")} as ${place}, ${parameter("part")} as ${wantedPart} from ${RELEASES} where ${column("project_key")} = ${project} and ${column("name")} = ${name} ${latest}`;
    },
    (rows) => {
      const given = (name: string) => sql`${INPUT_ROWS}.${sql.ref(name)}`;
      const name = nameOf(given("part"), given("project_key"), given("line"));
      const wanted = sql`(select ${place}, ${sql.ref("project_key")}, ${wantedPart}, ${name} as ${sql.ref("name")} from ${rows} as ${INPUT_ROWS})`;
      return sql`select ${FOUND}, wanted.${place}, wanted.${wantedPart} from ${wanted} as wanted ${many.join} ${RELEASES} on ${column("project_key")} = wanted.${sql.ref("project_key")} and ${column("name")} = wanted.${sql.ref("name")} ${latest}`;
    },
  );
}
