import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { volumeCondition, type Alert, type IssueTracker } from "issue-lifecycle";
import { formatInstant } from "issue-lifecycle/core";
import { startHost, type Host } from "./host.ts";

/*
 * Follows an issue through its life: a shop reports errors with the real Sentry SDK, an app digests them into a SQLite file,
 * and Ann mutes and resolves the issue. Checks each step, and exits with code 0 only if all checks pass.
 *
 * With --serve it then stays, and shows the story on a board until it is stopped by Ctrl+C.
 */
const startedAt = performance.now();
const alerts: Alert[] = [];
let digested = 0;

/** The wall clock. It is late during the last minutes of an hour, so that all events are in one calendar hour. */
const lagMs = new Date().getUTCMinutes() >= 58 ? 3 * 60_000 : 0;
const clock = { now: () => Date.now() - lagMs };

function log(line: string): void {
  console.log(`${((performance.now() - startedAt) / 1_000).toFixed(1).padStart(5)}s  ${line}`);
}

/** Logs a statement that must be true; fails if it is not. */
function check(what: string, isTrue: boolean): void {
  if (!isTrue) throw new Error(`Check failed: ${what}.`);
  log(`       ok: ${what}`);
}

function open(filename: string): Promise<Host> {
  return startHost({
    filename,
    clock,
    onDigested: (events) => {
      digested += events;
    },
    alertSink: (alert) => {
      alerts.push(alert);
      log(`  ALERT  ${alert.subject}`);
      log(`         ${alert.text}`);
    },
  });
}

/** A running shop of one release. */
class Shop {
  readonly #process: ChildProcess;
  readonly #release: string;

  private constructor(process: ChildProcess, release: string) {
    this.#process = process;
    this.#release = release;
  }

  static async deploy(release: string, dsn: string): Promise<Shop> {
    const child = fork(fileURLToPath(new URL("shop.ts", import.meta.url)), [dsn, release], {
      execArgv: ["--no-warnings"],
    });
    await once(child, "message");
    return new Shop(child, release);
  }

  /** Causes a number of errors, and waits until they are digested and their alerts delivered. */
  async fail(tracker: IssueTracker, what: string, times: number): Promise<void> {
    log(`${this.#release}: ${times === 1 ? "one error" : `${String(times)} errors`} (${what})`);
    const before = digested;
    this.#process.send({ what, times });
    await once(this.#process, "message");
    await tracker.settled();
    check(`${times === 1 ? "one event was" : `${String(times)} events were`} digested`, digested - before === times);
  }

  stop(): void {
    this.#process.kill();
  }
}

async function run(filename: string): Promise<void> {
  const host = await open(filename);
  const { tracker } = host;
  log(`The app receives events of Sentry SDKs and keeps its issues in ${filename}`);
  const old = await Shop.deploy("shop@1.0.0", host.dsn);
  try {
    await old.fail(tracker, "checkout", 1);
    const issue = await theIssue(tracker);
    check("the new issue raised an alert", kinds() === "new-issue");

    log(`Ann mutes ${issue.friendlyId} until it has 5 events or more in an hour`);
    await tracker.issues.mute(issue.id, {
      conditions: [volumeCondition(5, "hour")],
      by: "ann",
      comment: "known, rare",
    });
    await old.fail(tracker, "checkout", 3);
    const progress = await tracker.issues.muteProgress(issue.id);
    log(`       ${progress?.conditions[0]?.text ?? ""}`);
    check("no other alert was raised", kinds() === "new-issue");

    log("Many errors at once");
    await old.fail(tracker, "checkout", 20);
    check("one alert reports the end of the mute, with the reason", kinds() === "new-issue unmute");

    log("Ann resolves the issue in the next release");
    await tracker.issues.resolve(issue.id, { in: "next-release", by: "ann", comment: "carts are checked now" });
    await old.fail(tracker, "checkout", 1);
    check("an event of the old release is no regression", (await theIssue(tracker)).state.status === "resolved");

    await regress(host, issue.id);
    await cleanUp(host, old);
    await showHistory(tracker, issue.id);
  } finally {
    old.stop();
  }
  await restart(host, filename);
}

async function regress({ tracker, dsn }: Host, issueId: string): Promise<void> {
  log("Release shop@1.1.0 is deployed");
  const fixed = await Shop.deploy("shop@1.1.0", dsn);
  try {
    await fixed.fail(tracker, "checkout", 1);
  } finally {
    fixed.stop();
  }
  check(
    "release 1.1.0 is the next release, and the issue has a regression in it",
    kinds() === "new-issue unmute regression",
  );
  const [last, before] = (await tracker.issues.history(issueId)).items;
  check("its history contains both", last?.turn.kind === "regressed" && before?.turn.kind === "next-materialized");
}

async function cleanUp({ tracker, capture }: Host, shop: Shop): Promise<void> {
  for (const message of ["stock is negative", "mail was not sent"]) await shop.fail(tracker, message, 1);
  log("The app itself: one error, captured without an SDK (prices were not loaded)");
  capture.error(new Error("prices were not loaded"), { transaction: "nightly prices" });
  await capture.flush();
  const filter = { projectId: "1", status: "open" } as const;
  log("Ann resolves all open issues with one bulk command");
  const { applied, refused } = await tracker.issues.bulk(
    { filter },
    { kind: "resolve" },
    { by: "ann", comment: "spring cleaning" },
  );
  check("four issues were resolved, and none was refused", applied === 4 && refused === 0);
  check("no issue is open", (await tracker.issues.list(filter)).items.length === 0);
}

async function showHistory(tracker: IssueTracker, issueId: string): Promise<void> {
  const { items } = await tracker.issues.history(issueId);
  log("The history of the issue, newest first:");
  for (const { at, turn, by, comment } of items) {
    const who = by.kind === "user" ? by.id : "the system";
    log(`       ${formatInstant(at)}  ${turn.kind.padEnd(18)} by ${who}${comment === "" ? "" : `: ${comment}`}`);
  }
  const expected = "resolved regressed next-materialized resolved unmuted muted first-seen";
  check("the history is complete", items.map(({ turn }) => turn.kind).join(" ") === expected);
}

async function restart(host: Host, filename: string): Promise<void> {
  const before = await everything(host.tracker);
  await host.close();
  const after = await open(filename);
  log("The app was restarted");
  check(
    "issues, histories, counts and releases are the same",
    isDeepStrictEqual(await everything(after.tracker), before),
  );
  check("no alert is pending", (await after.tracker.alerts.list()).items.length === 0);
  await after.close();
}

async function everything(tracker: IssueTracker): Promise<unknown> {
  const { items } = await tracker.issues.list({ projectId: "1" });
  const histories = await Promise.all(items.map(({ id }) => tracker.issues.history(id)));
  const counts = await Promise.all(items.map(({ id }) => tracker.issues.eventCounts(id, { period: "day" })));
  return { items, histories, counts, releases: await tracker.releases.list("1") };
}

async function theIssue(tracker: IssueTracker) {
  const issue = await tracker.issues.get("SHOP-1");
  if (issue === undefined) throw new Error("Check failed: there is an issue SHOP-1.");
  return issue;
}

function kinds(): string {
  return alerts.map(({ reason }) => reason.kind).join(" ");
}

/** Shows what has happened on a board, with an issue that has just come back, until the process is to end. */
async function serve(filename: string): Promise<void> {
  const host = await open(filename);
  host.capture.error(new Error("prices were not loaded"), { transaction: "nightly prices" });
  await host.capture.flush();
  log(`The board is at ${host.boardUrl} until you press Ctrl+C.`);
  await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  await host.close();
}

const folder = mkdtempSync(join(tmpdir(), "issue-lifecycle-demo-"));
try {
  const filename = join(folder, "issues.sqlite");
  await run(filename);
  log("All checks passed.");
  if (process.argv.includes("--serve")) await serve(filename);
} finally {
  rmSync(folder, { recursive: true });
}
