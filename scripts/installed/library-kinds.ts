import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beside, checkTypes, onServer, program, type Check, type HostKind } from "./check.ts";
import type { Host } from "./host.ts";
import { run } from "./run.ts";

/** A kind of database that a host's library is tried on. */
type DatabaseKind = "postgres" | "mysql" | "sqlite";

const NAMES: Readonly<Record<DatabaseKind, string>> = {
  postgres: "PostgreSQL",
  mysql: "MySQL or MariaDB",
  sqlite: "SQLite",
};

/** The programs in a host's folder. */
const FOLDER = "orms";

/** The arguments of the program that runs the checks of a library's adapter. */
export function libraryProgram(library: string, kind: DatabaseKind): string[] {
  return [join(FOLDER, "run.ts"), library, kind];
}

/** The checks of a library's adapter. */
function adapter(library: string, ...kinds: DatabaseKind[]): Check[] {
  return kinds.map((kind) => {
    const check = program(`transactions of ${library} on ${NAMES[kind]}`, ...libraryProgram(library, kind));
    return kind === "sqlite" ? check : onServer(kind, check);
  });
}

/** Whether the library's own types are what the adapter takes, and what it refuses. */
function types(...libraries: string[]): Check {
  return {
    title: `strict types: ${libraries.join(", ")}`,
    run: (host) =>
      checkTypes(
        host,
        libraries.map((library) => join(FOLDER, "libraries", `${library}.mjs`)),
        LOOSER,
      ),
  };
}

/** Libraries' own types are not as strict, and the programs are JavaScript with types in comments. */
const LOOSER = { allowJs: true, checkJs: true, skipLibCheck: true, allowImportingTsExtensions: true };

/** What the page about a host's transactions says of a library: a block of code that is marked with the library's name. */
function documented(library: string, kind: DatabaseKind): Check[] {
  const file = join(FOLDER, "documented", `${library}.ts`);
  const runs = program(`the documented code for ${library} runs`, join(FOLDER, "documented.mjs"), library, kind);
  return [
    {
      title: `the documented code for ${library} compiles`,
      run: async (host) => {
        const block = new RegExp(`^\`\`\`ts ${library}\n(.*?)^\`\`\`$`, "msu").exec(readFileSync(PAGE, "utf8"));
        if (block?.[1] === undefined) throw new Error(`${PAGE} has no block of code that is marked with ${library}.`);
        host.write(file, block[1]);
        await checkTypes(host, [file], LOOSER);
      },
    },
    kind === "sqlite" ? runs : onServer(kind, runs),
  ];
}

const PAGE = join("docs", "host-transactions.md");

/** What hosts of every library install: the drivers, through which this library works too, and what checks types. */
const DRIVERS = ["kysely", "pg", "mysql2"];
const TYPES = ["typescript@6", "@types/node@22", "@types/pg", "@types/better-sqlite3"];

const queryBuilders: HostKind = {
  title: "Drizzle, Knex and postgres.js",
  manifest: { type: "module" },
  install: beside("drizzle-orm", "knex", "postgres", "better-sqlite3@13", ...DRIVERS, ...TYPES),
  checks: [
    types("drizzle", "drizzle-postgres-js", "knex", "postgres-js", "postgres-js-reserved"),
    ...adapter("drizzle", "postgres", "mysql", "sqlite"),
    ...adapter("drizzle-postgres-js", "postgres"),
    ...adapter("knex", "postgres", "mysql", "sqlite"),
    ...adapter("postgres-js", "postgres"),
    ...adapter("postgres-js-reserved", "postgres"),
    ...documented("postgres-js", "postgres"),
    ...documented("drizzle", "postgres"),
    ...documented("drizzle-sqlite", "sqlite"),
    ...documented("knex", "postgres"),
  ],
};

/** On servers. It needs better-sqlite3 12, which has to be compiled. */
const typeorm: HostKind = {
  title: "TypeORM",
  manifest: { type: "module" },
  install: beside("typeorm", "reflect-metadata", ...DRIVERS, ...TYPES),
  checks: [types("typeorm"), ...adapter("typeorm", "postgres", "mysql"), ...documented("typeorm", "postgres")],
};

const prisma: HostKind = {
  title: "Prisma 7",
  manifest: { type: "module" },
  install: beside(
    ...["prisma", "@prisma/client", "@prisma/adapter-pg", "@prisma/adapter-mariadb"].map((name) => `${name}@7`),
    ...DRIVERS,
    ...TYPES,
  ),
  checks: [
    { title: "its clients are generated", run: generateClients },
    types("prisma"),
    ...adapter("prisma", "postgres", "mysql"),
    ...documented("prisma", "postgres"),
  ],
};

/** Generates Prisma's clients. The engine for migrations, which Prisma would download, is not used. */
async function generateClients(host: Host): Promise<void> {
  const cli = join("node_modules", "prisma", "build", "index.js");
  const variables = { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath };
  for (const name of ["postgres", "mysql"]) {
    const schema = join(FOLDER, "prisma", `${name}.prisma`);
    await run(process.execPath, [cli, "generate", "--schema", schema], { folder: host.folder, variables });
  }
  host.write(
    join(FOLDER, "documented", "generated", "client.ts"),
    `export { PrismaClient } from "../../prisma/postgres/client.ts";\n`,
  );
}

/** Hosts whose own transactions a library makes. */
export const libraryKinds: readonly HostKind[] = [prisma, queryBuilders, typeorm];
