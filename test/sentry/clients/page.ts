import * as Sentry from "@sentry/browser";
import { optionsOf, perform } from "./javascript-tasks.ts";

/*
 * The script of a page that reports to an intake, and writes the ids of its events to the console. The test's bundler defines the
 * constants.
 */
declare const DSN: string;
declare const TASK: string;

Sentry.init(optionsOf(DSN, TASK));
console.log((await perform(TASK, Sentry)).join("\n"));
