import { once } from "node:events";
import { writeSync } from "node:fs";
import { createServer } from "node:http";
import { createIssueTracker } from "../../src/index.ts";
import { toNodeHandler } from "../../src/node/index.ts";
import { createSentryIntake } from "../../src/sentry/index.ts";
import { openSqliteStore } from "../../src/sqlite/index.ts";

/*
 * A host with an intake, as a guide would write it: node intake-worker.ts <file> <acknowledge>. Prints its port, and ends on SIGTERM.
 */
const [filename = "", acknowledge = ""] = process.argv.slice(2);
const tracker = createIssueTracker({ store: await openSqliteStore({ filename }) });
await tracker.projects.save({ id: "shop" });
const intake = createSentryIntake({
  tracker,
  projects: [{ id: "shop", number: 1, keys: ["2f0c7d"] }],
  acknowledge: acknowledge === "received" ? "received" : "committed",
});
const server = createServer(toNodeHandler(intake));
server.listen(0, "127.0.0.1");
await once(server, "listening");
const address = server.address();
writeSync(1, `${String(typeof address === "object" ? address?.port : address)}\n`);

await once(process, "SIGTERM");
server.close();
await intake.close();
server.closeAllConnections();
await tracker.close();
writeSync(1, "closed\n");
