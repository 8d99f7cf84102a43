import * as Sentry from "@sentry/browser";
import { BUGS } from "./bugs.ts";

/*
 * The script of a page of a shop: every bug happens once, one after the other, and the SDK's own handlers report it. The test's
 * bundler defines the constants.
 */
declare const DSN: string;
declare const RELEASE: string;

let bug = "";
let reported: () => void = () => undefined;

Sentry.init({
  dsn: DSN,
  release: RELEASE,
  environment: "production",
  maxBreadcrumbs: 0,
  beforeSend: (event) => {
    reported();
    return { ...event, tags: { bug } };
  },
});

for (const [name, happen] of Object.entries(BUGS)) {
  bug = name;
  const isReported = new Promise<void>((resolve) => {
    reported = resolve;
  });
  // In a task of its own, whose uncaught errors reach the SDK's handlers.
  setTimeout(happen);
  await isReported;
}
