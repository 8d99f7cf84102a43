import * as Sentry from "@sentry/node";
import { optionsOf, perform } from "./javascript-tasks.ts";

/*
 * A program that reports to an intake: `node client.ts DSN TASK`. Prints the ids of its events, one a line.
 */
const [, , dsn = "", task = ""] = process.argv;
Sentry.init(optionsOf(dsn, task));
for (const id of await perform(task, Sentry)) console.log(id);
