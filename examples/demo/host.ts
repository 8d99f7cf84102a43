import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { createGunzip } from "node:zlib";
import { createIssueTracker, type AlertSink, type Clock, type DigestOutcome, type IssueTracker } from "issue-lifecycle";
import { readSentryEnvelope } from "issue-lifecycle/sentry";
import { openSqliteStore } from "issue-lifecycle/sqlite";

/** The parts of the app. */
export interface HostOptions {
  readonly filename: string;
  readonly clock: Clock;
  readonly alertSink: AlertSink;
  readonly onDigest: (outcome: DigestOutcome) => void;
}

/** A running app. */
export interface Host {
  readonly tracker: IssueTracker;
  /** The address for Sentry SDKs. */
  readonly dsn: string;
  close(): Promise<void>;
}

/** Starts an app that receives events of Sentry SDKs over HTTP and keeps the issues in a SQLite file. */
export async function startHost({ filename, clock, alertSink, onDigest }: HostOptions): Promise<Host> {
  const tracker = createIssueTracker({ store: await openSqliteStore({ filename }), alertSink, clock });
  await tracker.projects.save({ id: "1", slug: "shop" });

  const server = createServer((request, response) => {
    receive(request).then(
      () => response.writeHead(200, { "content-type": "application/json" }).end("{}"),
      (error: unknown) => response.writeHead(400).end(String(error)),
    );
  });

  async function receive(request: IncomingMessage): Promise<void> {
    const projectId = /^\/api\/([^/]+)\/envelope\//u.exec(request.url ?? "")?.[1] ?? "";
    const isCompressed = request.headers["content-encoding"] === "gzip";
    const body = await buffer(isCompressed ? request.pipe(createGunzip()) : request);
    const { events, refused } = readSentryEnvelope(body, { projectId, receivedAt: clock.now() });
    for (const outcome of await tracker.digest(events)) onDigest(outcome);
    for (const { error } of refused) console.warn(error.message);
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    tracker,
    dsn: `http://public@127.0.0.1:${String(portOf(server.address()))}/1`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await tracker.close();
    },
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return address.port;
}
