import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { expect, onTestFinished } from "vitest";
import { createIssueTracker, createMemoryStore, type IssueTracker, type TrackedIssue } from "../../../src/index.ts";
import { toNodeHandler } from "../../../src/node/index.ts";
import {
  createSentryIntake,
  sentryDsn,
  type SentryIntakeOptions,
  type SentryProject,
  type SentryRefusal,
} from "../../../src/sentry/index.ts";
import { listen } from "../../sinks/servers.ts";

/** The project of the server, unless a test has another one. */
export const PROJECT: SentryProject = { id: "shop", number: 1, keys: ["2f0c7d"] };

/** A request that came to the intake, other than one by which a browser asks whether it may send. */
interface Arrival {
  readonly path: string;
  /** How its body was compressed; `""` if it was not. */
  readonly encoding: string;
  /** The status of the answer. */
  readonly status: () => number;
  /** The header `X-Sentry-Rate-Limits` of the answer. */
  readonly rateLimits: () => unknown;
}

/** A server of `node:http` whose intake is mounted at `/errors`. */
export interface IntakeServer {
  readonly port: number;
  /** Where the intake is mounted. */
  readonly url: string;
  readonly dsn: string;
  readonly tracker: IssueTracker;
  readonly server: Server;
  readonly arrivals: readonly Arrival[];
  readonly refusals: readonly SentryRefusal[];
  /** The issues of the project, by their titles. */
  issues(): Promise<ReadonlyMap<string, TrackedIssue>>;
}

/** Starts a server for one test. The test fails if the intake or the handler reports an error. */
export async function startIntakeServer(
  options: Partial<SentryIntakeOptions> = {},
  project: SentryProject = PROJECT,
): Promise<IntakeServer> {
  const tracker = createIssueTracker({ store: createMemoryStore() });
  await tracker.projects.save({ id: project.id });
  const arrivals: Arrival[] = [];
  const refusals: SentryRefusal[] = [];
  const errors: unknown[] = [];
  const onError = (error: unknown) => errors.push(error);
  const intake = createSentryIntake({
    tracker,
    projects: [project],
    onRefused: (refusal) => refusals.push(refusal),
    onError,
    ...options,
  });
  const handle = toNodeHandler(intake, { onError });
  const server = createServer((request, response) => {
    if (request.url?.startsWith("/errors/") !== true) {
      response.writeHead(404).end();
      return;
    }
    if (request.method === "POST") arrivals.push(arrivalOf(request, response));
    handle(request, response);
  });
  const port = await listen(server);
  onTestFinished(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, "close");
    await intake.close();
    await tracker.close();
    expect(errors).toStrictEqual([]);
  });
  const url = `http://127.0.0.1:${String(port)}/errors`;
  return {
    port,
    url,
    dsn: sentryDsn(url, project),
    tracker,
    server,
    arrivals,
    refusals,
    async issues() {
      const { items } = await tracker.issues.list({ projectId: project.id, limit: 100 });
      return new Map(items.map((issue) => [issue.title, issue]));
    },
  };
}

function arrivalOf({ url = "", headers }: IncomingMessage, response: ServerResponse): Arrival {
  return {
    path: url.replace(/\?.*/u, ""),
    encoding: headers["content-encoding"] ?? "",
    status: () => response.statusCode,
    rateLimits: () => response.getHeader("x-sentry-rate-limits"),
  };
}
