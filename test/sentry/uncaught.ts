import * as Sentry from "@sentry/node";

/*
 * A program whose errors nobody catches: `node uncaught.ts DSN`. The SDK reports them, and the last one ends the program.
 */
const [, , dsn = ""] = process.argv;
Sentry.init({ dsn, release: "shop@2.1.0", environment: "production", serverName: "web-1", maxBreadcrumbs: 0 });

const REASONS = [new RangeError("out of stock"), "the disk is full", { code: 7, reason: "locked" }, undefined];
for (const reason of REASONS) void reject(reason);

async function reject(reason: unknown): Promise<never> {
  throw reason;
}

setImmediate(function checkDisk() {
  // eslint-disable-next-line @typescript-eslint/only-throw-error -- programs throw anything
  throw "the disk is broken";
});
