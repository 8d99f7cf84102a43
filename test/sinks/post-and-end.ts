/* A process that posts once to the port given as its argument, and then has nothing left to do. */
import { createWebhookSecret, webhookSink } from "../../src/sinks/index.ts";
import { attemptOf, issueAlertOf } from "./samples.ts";
import { CA } from "./servers.ts";

const sink = webhookSink({
  url: `https://127.0.0.1:${String(process.argv[2])}/`,
  secrets: createWebhookSecret(),
  ca: CA,
  allowAddresses: ["127.0.0.1"],
});
await sink(issueAlertOf(), attemptOf());
