import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createIssueTracker, type AlertSink, type Clock, type IssueTracker } from "issue-lifecycle";
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
  close(): Promise<void>;
}

const PROJECT = { id: "1", number: 1, keys: ["public"] };

/** Starts an app that receives events of Sentry SDKs over HTTP, captures its own errors, and keeps the issues in a SQLite file. */
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
  const server = createServer(toNodeHandler(intake));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    tracker,
    capture,
    dsn: sentryDsn(`http://127.0.0.1:${String(portOf(server.address()))}`, PROJECT),
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
