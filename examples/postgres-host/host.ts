import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { createIssueTracker, type AlertSink, type IssueTracker } from "issue-lifecycle";
import { kyselyStore, postgresDialect } from "issue-lifecycle/kysely";
import type { Kysely } from "kysely";
import { migrateAll, SCHEMA, type ShopTables } from "./database.ts";
import { Shop } from "./shop.ts";

/** The parts of the app. */
export interface HostOptions {
  readonly db: Kysely<ShopTables>;
  readonly alertSink: AlertSink;
  /** The version of the app. */
  readonly release: string;
  /** The port; 0 for any free one. */
  readonly port: number;
}

/** A running app. */
export interface Host {
  readonly tracker: IssueTracker;
  readonly url: string;
  /** Waits for requests and deliveries in flight. Leaves the database open. */
  close(): Promise<void>;
}

/** The response to a request. */
interface HttpResponse {
  readonly status: number;
  readonly body: object;
}

/** How long events are kept, but for those that histories name. */
const KEEP_EVENTS_MS = 90 * 86_400_000;

/** Starts a web shop that keeps its orders and its issues in one database. */
export async function startHost({ db, alertSink, release, port }: HostOptions): Promise<Host> {
  await migrateAll(db);
  const store = kyselyStore({ db, dialect: postgresDialect, schema: SCHEMA });
  const tracker = createIssueTracker({ store, alertSink });
  await tracker.projects.save({ id: "shop" });
  const shop = new Shop(db, tracker, release);

  async function respond({ method = "", url = "" }: IncomingMessage): Promise<HttpResponse> {
    const { pathname, searchParams } = new URL(url, "http://shop");
    const route = `${method} ${pathname}`;
    if (route !== "POST /orders") return { status: 404, body: {} };
    try {
      return { status: 201, body: { order: await shop.order(searchParams) } };
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const id = randomUUID();
      return { status: 500, body: { request: id, issue: await shop.recordFailure({ id, route, error }) } };
    }
  }

  const server = createServer((request, response) => {
    const responded = respond(request).catch((error: unknown): HttpResponse => {
      console.error("  A failure could not be recorded:", error instanceof Error ? error.message : error);
      return { status: 500, body: {} };
    });
    void responded.then(({ status, body }) => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
  });
  await once(server.listen(port, "127.0.0.1"), "listening");

  tracker.start({ evict: { olderThanMs: KEEP_EVENTS_MS } });

  const close = async (): Promise<void> => {
    const closed = once(server, "close");
    server.close();
    await closed;
    await tracker.close();
  };
  return { tracker, url: urlOf(server.address()), close };
}

function urlOf(address: ReturnType<ReturnType<typeof createServer>["address"]>): string {
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return `http://127.0.0.1:${String(address.port)}`;
}
