import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createConnection, type RowDataPacket } from "mysql2/promise";
import pg from "pg";

/*
 * Finds the servers on this machine that tests can join, a browser, and Debian's languages that have a Sentry SDK, and prints shell
 * assignments: the variables that name them, and `servers`, which says what they are. A server that does not let us in, or has no
 * database "test", is as good as none, and so is a language without the SDK.
 */
const POSTGRES_URL = "postgres://postgres@127.0.0.1:5432/test";
const MYSQL_URL = "mysql://root@127.0.0.1:3306/test";
const CHROMIUM_PATH = "/usr/bin/chromium";
// What comes first in PATH may be another version, which does not have Debian's packages.
const PYTHON_PATH = "/usr/bin/python3";
const RUBY_PATH = "/usr/bin/ruby";
const GO_PATH = "/usr/bin/go";

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

async function outputOf(program: string, args: readonly string[]): Promise<string> {
  const env = { PATH: "/usr/bin:/bin", HOME: tmpdir(), GOPATH: "/usr/share/gocode", GO111MODULE: "off" };
  const { stdout } = await promisify(execFile)(program, args, { env });
  return stdout.trim();
}

async function chromiumVersion(): Promise<string> {
  return `Chromium ${/[\d.]+/u.exec(await outputOf(CHROMIUM_PATH, ["--version"]))?.[0] ?? ""}`;
}

async function pythonSdkVersion(): Promise<string> {
  const program = "import sentry_sdk; print(sentry_sdk.VERSION)";
  return `sentry-python ${await outputOf(PYTHON_PATH, ["-c", program])}`;
}

async function rubySdkVersion(): Promise<string> {
  return `sentry-ruby ${await outputOf(RUBY_PATH, ["-r", "sentry-ruby", "-e", "puts Sentry::VERSION"])}`;
}

async function goSdkVersion(): Promise<string> {
  const folder = await outputOf(GO_PATH, ["list", "-f", "{{.Dir}}", "github.com/getsentry/sentry-go"]);
  const source = await readFile(join(folder, "sentry.go"), "utf8");
  return `sentry-go ${/Version = "([^"]+)"/u.exec(source)?.[1] ?? ""}`;
}

const found: string[] = [];
for (const { variable, url, ask } of [
  { variable: "ISSUE_LIFECYCLE_TEST_POSTGRES_URL", url: POSTGRES_URL, ask: postgresVersion },
  { variable: "ISSUE_LIFECYCLE_TEST_MYSQL_URL", url: MYSQL_URL, ask: mysqlVersion },
  { variable: "ISSUE_LIFECYCLE_TEST_CHROMIUM", url: CHROMIUM_PATH, ask: chromiumVersion },
  { variable: "ISSUE_LIFECYCLE_TEST_PYTHON", url: PYTHON_PATH, ask: pythonSdkVersion },
  { variable: "ISSUE_LIFECYCLE_TEST_RUBY", url: RUBY_PATH, ask: rubySdkVersion },
  { variable: "ISSUE_LIFECYCLE_TEST_GO", url: GO_PATH, ask: goSdkVersion },
]) {
  try {
    found.push(await ask());
    console.log(`export ${variable}=${url}`);
  } catch (error) {
    console.error(`${variable}: none found (${error instanceof Error ? error.message : String(error)})`);
  }
}
console.log(`servers='${found.join(", ") || "no server"}'`);
