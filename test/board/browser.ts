import { once } from "node:events";
import { createServer } from "node:http";
import axe from "axe-core";
import { chromium, type Browser, type Page } from "playwright-core";
import { createBoard, type BoardOptions, type BoardUser } from "../../src/board/index.ts";
import { toNodeHandler } from "../../src/node/index.ts";
import { createSentryIntake, sentryDsn } from "../../src/sentry/index.ts";
import { listen } from "../sinks/servers.ts";

/** The path of the browser that the environment names. */
export const CHROMIUM = process.env["ISSUE_LIFECYCLE_TEST_CHROMIUM"];

const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"];

/** Starts the browser. */
export function launch(): Promise<Browser> {
  return chromium.launch({ ...(CHROMIUM !== undefined && { executablePath: CHROMIUM }), args: FLAGS });
}

/** A server with a board at /admin/board, and an intake beside it. */
export interface BoardServer {
  /** The address of the board. */
  readonly url: string;
  readonly dsn: string;
  close(): Promise<void>;
}

/** Serves a board to whoever the cookie `user` names, who may see and change everything. */
export async function serveBoard(
  options: Pick<BoardOptions, "tracker" | "clock"> & {
    readonly tracker: Parameters<typeof createSentryIntake>[0]["tracker"];
  },
): Promise<BoardServer> {
  const project = { id: "shop", number: 1, keys: ["2f0c7d"] };
  let origin = "";
  const board = createBoard({ ...options, authorize: userOf, dsn: () => sentryDsn(`${origin}/errors`, project) });
  const intake = createSentryIntake({ ...options, projects: [project] });
  const [showBoard, takeEvents] = [toNodeHandler(board), toNodeHandler(intake)];
  const server = createServer((request, response) => {
    const handle = request.url?.startsWith("/admin/board") === true ? showBoard : takeEvents;
    handle(request, response);
  });
  origin = `http://127.0.0.1:${String(await listen(server))}`;
  return {
    url: `${origin}/admin/board`,
    dsn: sentryDsn(`${origin}/errors`, project),
    async close() {
      server.close();
      await intake.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

function userOf(request: Request): BoardUser {
  const name = /user=(\w+)/u.exec(request.headers.get("cookie") ?? "")?.[1] ?? "ann";
  return { id: name, name: `${name}@shop.test`, projects: "all", mayChange: true };
}

/** What axe finds wrong with a page: the rules, and where. */
export async function accessibilityProblems(page: Page): Promise<readonly string[]> {
  // The page's policy forbids to add a script; the debugger may run one.
  await page.evaluate(axe.source);
  const results: unknown = await page.evaluate("axe.run()");
  return violationsIn(results);
}

function violationsIn(results: unknown): readonly string[] {
  if (typeof results !== "object" || results === null || !("violations" in results)) throw new Error("axe did not run");
  const { violations } = results;
  if (!Array.isArray(violations)) throw new Error("axe did not run");
  return violations.map((each: { id: string; nodes: { html: string; failureSummary: string }[] }) => {
    const [node] = each.nodes;
    return `${each.id}: ${node?.html ?? ""} ${node?.failureSummary ?? ""}`;
  });
}
