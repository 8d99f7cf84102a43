import { IssueLifecycleError } from "../core/errors.ts";
import { describeRefusal } from "../core/refusal.ts";
import { isResponse } from "../ports/web-response.ts";
import { act } from "./act.ts";
import { givenIn } from "./address.ts";
import { parseBoardOptions, type BoardOptions, type CheckedBoardOptions } from "./board-options.ts";
import { readForm } from "./read-form.ts";
import { assetResponse, dataResponse, errorPage, pageResponse, type PageContent } from "./frame.ts";
import { changesSince } from "./live.ts";
import { alertsPage } from "./pages/alerts-page.ts";
import { connectPage } from "./pages/connect.ts";
import { readEvent } from "./pages/issue-event.ts";
import { issuePage } from "./pages/issue-page.ts";
import { listPage } from "./pages/list-page.ts";
import { mutePage } from "./pages/mute-page.ts";
import { projectPage } from "./pages/project-page.ts";
import { projectsPage } from "./pages/projects-page.ts";
import { releasesPage } from "./pages/releases-page.ts";
import { isSentByOwnPage } from "./same-origin.ts";
import { Forbidden, NotFound, refusalIn, Scope } from "./scope.ts";
import { CursorSeal } from "./sealed-cursor.ts";
import { parseViewer } from "./viewer.ts";

/** A triage page: answers requests of browsers. Never rejects. */
export type Board = (request: Request) => Promise<Response>;

/**
 * Creates a triage page: lists of issues, each issue with its history and events, commands with a preview of what a mute would have done,
 * releases, alerts and settings. A web-standard handler for Hono, Next, Bun and Deno, and by `issue-lifecycle/node` for Express, Fastify
 * and `node:http`. It has one path, any one at which you mount it; the query says which page it is.
 *
 * Pages work without a script; with it they change by themselves when issues do, and have keys. Whatever events contain, nothing of it
 * runs in a page.
 *
 * @throws `IssueLifecycleError` `invalid-input`
 * @example
 * ```ts
 * import { createServer } from "node:http";
 * import { createIssueTracker, createMemoryStore } from "issue-lifecycle";
 * import { createBoard } from "issue-lifecycle/board";
 * import { toNodeHandler } from "issue-lifecycle/node";
 *
 * const tracker = createIssueTracker({ store: createMemoryStore() });
 * const board = createBoard({
 *   tracker,
 *   // Whoever has this cookie; a real host looks up its session.
 *   authorize: (request) =>
 *     request.headers.get("cookie")?.includes("session=ann") === true
 *       ? { id: "ann", projects: "all", mayChange: true }
 *       : new Response("Log in first.", { status: 401 }),
 * });
 * createServer(toNodeHandler(board)).listen(3000);
 * ```
 */
export function createBoard(options: BoardOptions): Board {
  const checked = parseBoardOptions(options);
  const seal = new CursorSeal();
  return async (request) => {
    try {
      const response = await answer(checked, seal, request);
      return request.method === "HEAD" ? new Response(null, response) : response;
    } catch (error) {
      checked.onError(error);
      return pageResponse({ boardTitle: checked.title, viewer: null }, failure(error));
    }
  };
}

const METHODS = ["GET", "HEAD", "POST"];

async function answer(options: CheckedBoardOptions, seal: CursorSeal, request: Request): Promise<Response> {
  const parameters = new URL(request.url).searchParams;
  const asset = parameters.get("asset");
  if (asset !== null) return assetResponse(asset);
  const person: unknown = await options.authorize(request);
  if (isResponse(person)) return person;
  const viewer = person === undefined || person === null ? null : parseViewer(person);
  const answered =
    viewer === null
      ? errorPage(403, "You may not look at these issues", "Log in as somebody who may.")
      : await contentOf(new Scope(options, viewer, seal), request, parameters);
  return answered instanceof Response ? answered : pageResponse({ boardTitle: options.title, viewer }, answered);
}

async function contentOf(scope: Scope, request: Request, parameters: URLSearchParams): Promise<Response | PageContent> {
  if (!METHODS.includes(request.method)) {
    const page = errorPage(405, "That cannot be done here", "Pages are read by GET, and forms are sent by POST.");
    return { ...page, headers: { allow: METHODS.join(", ") } };
  }
  try {
    if (request.method !== "POST") return await readPage(scope, parameters);
    if (!isSentByOwnPage(request)) throw new Forbidden("The form was not sent by a page of this board.");
    return await act(scope, { address: parameters, form: await readForm(request) });
  } catch (error) {
    if (error instanceof NotFound) return errorPage(404, "Not found", error.message);
    if (error instanceof Forbidden) return errorPage(403, "You may not do that", error.message);
    const refusal = refusalIn(error);
    if (refusal === undefined) throw error;
    return errorPage(400, "That cannot be shown", refusal.message);
  }
}

async function readPage(scope: Scope, parameters: URLSearchParams): Promise<Response | PageContent> {
  const issue = givenIn(parameters, "issue");
  const project = givenIn(parameters, "project") ?? "";
  const since = givenIn(parameters, "since");
  if (since !== undefined) return dataResponse(JSON.stringify(await changesSince(scope, since)));
  if (parameters.get("do") === "mute") return mutePage(scope, parameters);
  if (issue !== undefined)
    return parameters.get("do") === "download"
      ? download(scope, issue, parameters)
      : issuePage(scope, parameters, issue);
  switch (parameters.get("view")) {
    case null:
      return listPage(scope, parameters);
    case "releases":
      return releasesPage(scope, parameters);
    case "alerts":
      return alertsPage(scope, parameters);
    case "projects":
      return projectsPage(scope);
    case "project":
      return projectPage(scope, parameters, project);
    case "connect":
      return connectPage(scope, project);
    default:
      throw new NotFound("There is no such page.");
  }
}

/** What is stored of an event, as a file. */
async function download(scope: Scope, id: string, parameters: URLSearchParams): Promise<Response> {
  const issue = await scope.issue(id);
  const event = await readEvent(scope, issue, givenIn(parameters, "event"));
  if (event === undefined || event === "unreadable") throw new NotFound("There is no such event.");
  return dataResponse(JSON.stringify(event), `${issue.friendlyId}-event.json`);
}

function failure(error: unknown): PageContent {
  if (IssueLifecycleError.is(error) && error.retryable) {
    return errorPage(503, "Try again in a moment", describeRefusal(error));
  }
  return errorPage(
    500,
    "Something failed",
    "The board could not answer. Whoever runs it can find the reason in its log.",
  );
}
