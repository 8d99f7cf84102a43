import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { createConnection, type RowDataPacket } from "mysql2/promise";
import pg from "pg";

/*
 * Finds the servers on this machine that tests can join, and a browser, and prints shell assignments: the variables that name
 * them, and `servers`, which says what they are. A server that does not let us in, or has no database "test", is as good as none.
 */
const POSTGRES_URL = "postgres://postgres@127.0.0.1:5432/test";
const MYSQL_URL = "mysql://root@127.0.0.1:3306/test";
const CHROMIUM_PATH = "/usr/bin/chromium";

async function postgresVersion(): Promise<string> {
  const client = new pg.Client({ connectionString: POSTGRES_URL, connectionTimeoutMillis: 2_000 });
  await client.connect();
  try {
    const { rows } = await client.query<{ server_version: string }>("show server_version");
    return `PostgreSQL ${rows[0]?.server_version.split(" ")[0] ?? ""}`;
  } finally {
    await client.end();
  }
}

async function mysqlVersion(): Promise<string> {
  const connection = await createConnection({ uri: MYSQL_URL, connectTimeout: 2_000 });
  try {
    const [rows] = await connection.query<RowDataPacket[]>("select version() as version");
    const version = String(rows[0]?.["version"]);
    return version.includes("MariaDB") ? `MariaDB ${version.split("-")[0] ?? ""}` : `MySQL ${version}`;
  } finally {
    await connection.end();
  }
}

async function chromiumVersion(): Promise<string> {
  const { stdout } = await promisify(execFile)(CHROMIUM_PATH, ["--version"]);
  return `Chromium ${/[\d.]+/u.exec(stdout)?.[0] ?? ""}`;
}

const found: string[] = [];
for (const { variable, url, ask } of [
  { variable: "ISSUE_LIFECYCLE_TEST_POSTGRES_URL", url: POSTGRES_URL, ask: postgresVersion },
  { variable: "ISSUE_LIFECYCLE_TEST_MYSQL_URL", url: MYSQL_URL, ask: mysqlVersion },
  { variable: "ISSUE_LIFECYCLE_TEST_CHROMIUM", url: CHROMIUM_PATH, ask: chromiumVersion },
]) {
  try {
    found.push(await ask());
    console.log(`export ${variable}=${url}`);
  } catch (error) {
    console.error(`${variable}: none found (${error instanceof Error ? error.message : String(error)})`);
  }
}
console.log(`servers='${found.join(", ") || "no server"}'`);
