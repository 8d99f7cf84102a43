import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createIssueTracker, type AlertSink, type Clock, type IssueTracker } from "issue-lifecycle";
import { createBoard } from "issue-lifecycle/board";
import { createErrorCapture, type ErrorCapture } from "issue-lifecycle/capture";
import { toNodeHandler } from "issue-lifecycle/node";
import { createSentryIntake, sentryDsn } from "issue-lifecycle/sentry";
import { openSqliteStore } from "issue-lifecycle/sqlite";

/** The parts of the app. */
export interface HostOptions {
  readonly filename: string;
  readonly clock: Clock;
  readonly alertSink: AlertSink;
  /** Hears how many events were digested. */
  readonly onDigested: (events: number) => void;
}

/** A running app. */
export interface Host {
  readonly tracker: IssueTracker;
  /** Captures the app's own errors. */
  readonly capture: ErrorCapture;
  /** The address for Sentry SDKs. */
  readonly dsn: string;
  /** The address of the board, for a browser. */
  readonly boardUrl: string;
  close(): Promise<void>;
}

const PROJECT = { id: "1", number: 1, keys: ["public"] };

/**
 * Starts an app that receives events of Sentry SDKs over HTTP, captures its own errors, keeps the issues in a SQLite file, and shows them on a
 * board.
 */
export async function startHost({ filename, clock, alertSink, onDigested }: HostOptions): Promise<Host> {
  const tracker = createIssueTracker({
    store: await openSqliteStore({ filename }),
    alertSink,
    clock,
    hooks: {
      ended(operation) {
        if (operation.outcome === "succeeded") for (const { digested } of operation.events) onDigested(digested);
      },
    },
  });
  await tracker.projects.save({ id: PROJECT.id, slug: "shop" });

  const intake = createSentryIntake({ tracker, projects: [PROJECT], clock });
  const capture = createErrorCapture({ tracker, projectId: PROJECT.id, clock });
  let origin = "";
  const board = createBoard({
    tracker,
    clock,
    // Everybody is Ann here: the server listens to this machine alone. A real app looks up who is logged in.
    authorize: () => ({ id: "ann", projects: "all", mayChange: true }),
    dsn: () => sentryDsn(origin, PROJECT),
  });
  const [takeEvents, showBoard] = [toNodeHandler(intake), toNodeHandler(board)];
  const server = createServer((request, response) => {
    const handle = request.url?.startsWith("/board") === true ? showBoard : takeEvents;
    handle(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${String(portOf(server.address()))}`;
  return {
    tracker,
    capture,
    dsn: sentryDsn(origin, PROJECT),
    boardUrl: `${origin}/board`,
    async close() {
      server.close();
      await intake.close();
      server.closeAllConnections();
      await capture.close();
      await tracker.close();
    },
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return address.port;
}
