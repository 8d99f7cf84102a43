import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { afterAll } from "vitest";
import { listen } from "../../sinks/servers.ts";

/** What a client is to do: see `javascript-tasks.ts`. */
type Task = "report" | "one-by-one" | "large";

/** Runs a client to its end, and returns the ids of its events. */
export type Run = (dsn: string, task: Task) => Promise<readonly string[]>;

const PROGRAMS = {
  node: fileURLToPath(new URL("client.ts", import.meta.url)),
  python: fileURLToPath(new URL("client.py", import.meta.url)),
  ruby: fileURLToPath(new URL("client.rb", import.meta.url)),
  go: fileURLToPath(new URL("client.go", import.meta.url)),
  page: fileURLToPath(new URL("page.ts", import.meta.url)),
};

/** A client of Node. */
export const runNode: Run = (dsn, task) => run(process.execPath, ["--no-warnings", PROGRAMS.node, dsn, task]);

/** A client of Debian's Python. */
export function pythonAt(python: string): Run {
  return (dsn, task) => run(python, [PROGRAMS.python, dsn, task]);
}

/** A client of Debian's Ruby. */
export function rubyAt(ruby: string): Run {
  return (dsn, task) => run(ruby, [PROGRAMS.ruby, dsn, task]);
}

/** A client of Debian's Go, which is compiled once. */
export function goAt(go: string): Run {
  const folder = temporaryFolder();
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const program = join(folder, "client");
  let compiled: Promise<unknown> | undefined;
  return async (dsn, task) => {
    compiled ??= run(go, ["build", "-o", program, PROGRAMS.go], { GOCACHE: join(folder, "cache") });
    await compiled;
    return run(program, [dsn, task]);
  };
}

/** A page in a browser. Its origin is another one than that of the intake. */
export function chromiumAt(executablePath: string): Run {
  return async (dsn, task) => {
    const script = await buildPage(dsn, task);
    const server = createServer(({ url }, response) => {
      const isPage = url === "/checkout";
      response.writeHead(isPage ? 200 : 404, { "content-type": "text/html" });
      response.end(isPage ? `<!doctype html><title>Shop</title><script type="module">${script}</script>` : "");
    });
    const url = `http://127.0.0.1:${String(await listen(server))}/checkout`;
    try {
      return await firstLinesOn(url, executablePath);
    } finally {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    }
  };
}

async function buildPage(dsn: string, task: Task): Promise<string> {
  const result = await build({
    entryPoints: [PROGRAMS.page],
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    define: { DSN: JSON.stringify(dsn), TASK: JSON.stringify(task) },
    logLevel: "error",
  });
  return result.outputFiles[0]?.text ?? "";
}

const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"];

/** Opens a page, and returns the lines that it first writes to the console. */
async function firstLinesOn(url: string, executablePath: string): Promise<readonly string[]> {
  const profile = temporaryFolder();
  try {
    const context = await chromium.launchPersistentContext(profile, { executablePath, headless: true, args: FLAGS });
    try {
      const page = await context.newPage();
      // The browser itself writes about requests that were refused.
      const written = page.waitForEvent("console", (message) => message.type() === "log");
      const failed = page.waitForEvent("pageerror", { timeout: 0 });
      await page.goto(url);
      const first = await Promise.race([written, failed.then((error) => Promise.reject(error))]);
      return first.text().split("\n");
    } finally {
      await context.close();
    }
  } finally {
    rmSync(profile, { recursive: true, force: true });
  }
}

function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), "issue-lifecycle-client-"));
}

/** Packages of Debian alone: nothing is fetched, and the settings of another installed version do not hold. */
const ENVIRONMENT = { PATH: "/usr/bin:/bin", HOME: tmpdir(), GOPATH: "/usr/share/gocode", GO111MODULE: "off" };

/** Runs a program to its end, and returns the lines that it writes. */
async function run(program: string, args: readonly string[], env = {}): Promise<readonly string[]> {
  const options = { env: { ...ENVIRONMENT, ...env }, timeout: 100_000 };
  const { stdout } = await promisify(execFile)(program, args, options);
  return stdout.split("\n").filter((line) => line !== "");
}
