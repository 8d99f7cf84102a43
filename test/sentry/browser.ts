import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { listen } from "../sinks/servers.ts";
import { startIntake, type LocalIntake, type Posted } from "./intake.ts";
import { buildPages, type PageBuild, type ShopRelease } from "./pages.ts";
import { BUGS } from "./pages/bugs.ts";

/** The path of the browser that the environment names. */
export const CHROMIUM = process.env["ISSUE_LIFECYCLE_TEST_CHROMIUM"];

/** Pages that are opened one after the other. Each makes every error once. */
export interface Visit {
  readonly release: ShopRelease;
  /** Their paths. */
  readonly pages: readonly string[];
}

/** What was posted during a visit, and the addresses in it, which are others each time. */
export interface Posts {
  readonly bodies: readonly Uint8Array[];
  readonly shop: string;
  readonly intake: string;
}

/** Opens pages in a browser, and returns the envelopes with events that their SDK posts. */
export async function visit(executable: string, { release, pages }: Visit): Promise<Posts> {
  const intake = await startIntake();
  const build = await buildPages(release, intake.dsn);
  const errors = Object.keys(BUGS).length;
  return openPages({ executable, intake, build, pages, postsOfPage: errors, isWanted: hasEvent });
}

/** Opens pages that violate their own Content Security Policy, and returns the reports that the browser posts. */
export async function visitPolicy(executable: string, pages: readonly string[]): Promise<Posts> {
  const intake = await startIntake();
  const paths = pages.map((page) => `/policy${page}`);
  const build = { file: "none.js", script: "" };
  return openPages({ executable, intake, build, pages: paths, postsOfPage: VIOLATIONS, isWanted: isReport });
}

interface OpenPages {
  readonly executable: string;
  readonly intake: LocalIntake;
  readonly build: PageBuild;
  readonly pages: readonly string[];
  /** How many wanted requests each page makes. */
  readonly postsOfPage: number;
  readonly isWanted: (posted: Posted) => boolean;
}

async function openPages({ executable, intake, build, pages, postsOfPage, isWanted }: OpenPages): Promise<Posts> {
  const shop = await startShop(build, intake);
  try {
    await inBrowser(executable, async (open) => {
      for (const [index, page] of pages.entries()) {
        await open(`${shop.origin}${page}`);
        await intake.until((posted) => posted.filter(isWanted).length >= postsOfPage * (index + 1));
      }
    });
    const bodies = intake.posted.filter(isWanted).map(({ body }) => body);
    return { bodies, shop: shop.origin, intake: intake.origin };
  } finally {
    await shop.close();
    await intake.close();
  }
}

/** Sessions come in envelopes of their own. */
function hasEvent({ path, body }: Posted): boolean {
  return path === "/api/1/envelope/" && new TextDecoder().decode(body).includes('\n{"type":"event"}\n');
}

function isReport({ path }: Posted): boolean {
  return path === "/api/1/security/";
}

const VIOLATIONS = 3;
/** A page with an image of another host, a script in the page, and one in an attribute. */
const VIOLATING_PAGE = `<!doctype html><title>Shop</title>
<img src="https://evil.example/pixel.png" onerror="void 0">
<script>void 0</script>
`;

interface Shop {
  readonly origin: string;
  close(): Promise<void>;
}

/** Serves the pages of the shop, at any path, and their script. */
async function startShop({ file, script }: PageBuild, intake: LocalIntake): Promise<Shop> {
  const server = createServer(({ url = "" }, response) => {
    if (url === `/assets/${file}`) {
      response.writeHead(200, { "content-type": "text/javascript" }).end(script);
    } else if (url.startsWith("/assets/") || url === "/favicon.ico") {
      response.writeHead(404).end();
    } else if (url.startsWith("/policy/")) {
      const policy = `default-src 'self'; report-uri ${intake.origin}/api/1/security/?sentry_key=public`;
      response.writeHead(200, { "content-type": "text/html", "content-security-policy": policy }).end(VIOLATING_PAGE);
    } else {
      const page = `<!doctype html><title>Shop</title><script type="module" src="/assets/${file}"></script>`;
      response.writeHead(200, { "content-type": "text/html" }).end(page);
    }
  });
  const origin = `http://127.0.0.1:${String(await listen(server))}`;
  return {
    origin,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"];

/** Runs work in a browser with an empty profile, each address in a page of its own. */
async function inBrowser(executablePath: string, work: (open: (url: string) => Promise<void>) => Promise<void>) {
  const profile = mkdtempSync(join(tmpdir(), "issue-lifecycle-browser-"));
  try {
    const context = await chromium.launchPersistentContext(profile, { executablePath, headless: true, args: FLAGS });
    try {
      await work(async (url) => {
        const page = await context.newPage();
        await page.goto(url);
      });
    } finally {
      await context.close();
    }
  } finally {
    rmSync(profile, { recursive: true, force: true });
  }
}
