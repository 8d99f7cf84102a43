import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { formatInstant, volumeCondition, type Alert, type DigestOutcome, type IssueTracker } from "issue-lifecycle";
import { startHost, type Host } from "./host.ts";

/*
 * Tells the life of an issue: a shop fails and reports by the real Sentry SDK, a host app digests that into a SQLite
 * file, and Ann does what people do. Ends with exit code 0 only if everything happened as told.
 */
const startedAt = performance.now();
const alerts: Alert[] = [];
const outcomes: DigestOutcome[] = [];

/** The wall clock; it lags behind for the last minutes of an hour, so that the story stays within one calendar hour. */
const lagMs = new Date().getUTCMinutes() >= 58 ? 3 * 60_000 : 0;
const clock = { now: () => Date.now() - lagMs };

function tell(line: string): void {
  console.log(`${((performance.now() - startedAt) / 1_000).toFixed(1).padStart(5)}s  ${line}`);
}

/** Says what must be true now; the story ends where it is not. */
function insist(what: string, isTrue: boolean): void {
  if (!isTrue) throw new Error(`The story does not hold: ${what}.`);
  tell(`       ok: ${what}`);
}

function open(filename: string): Promise<Host> {
  return startHost({
    filename,
    clock,
    onDigest: (outcome) => outcomes.push(outcome),
    alertSink: (alert) => {
      alerts.push(alert);
      tell(`  ALERT  ${alert.subject}`);
      tell(`         ${alert.text}`);
    },
  });
}

/** A running shop of some release. */
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

  /** Lets something go wrong so many times, and waits until it was reported, digested and told. */
  async fails(tracker: IssueTracker, what: string, times: number): Promise<void> {
    tell(`${this.#release}: ${what} goes wrong ${times === 1 ? "once" : `${String(times)} times`}`);
    const before = outcomes.length;
    this.#process.send({ what, times });
    await once(this.#process, "message");
    await tracker.settled();
    insist(`the host digested ${String(times)}`, outcomes.length - before === times);
  }

  stop(): void {
    this.#process.kill();
  }
}

async function story(filename: string): Promise<void> {
  const host = await open(filename);
  const { tracker } = host;
  tell(`The host app listens for Sentry SDKs, and keeps its issues in ${filename}`);
  const old = await Shop.deploy("shop@1.0.0", host.dsn);
  try {
    await old.fails(tracker, "checkout", 1);
    const issue = await theIssue(tracker);
    insist("a new issue raised an alert", kinds() === "new-issue");

    tell(`Ann mutes ${issue.friendlyId} until it gets loud: 5 events or more in an hour`);
    await tracker.issues.mute(issue.id, {
      conditions: [volumeCondition(5, "hour")],
      by: "ann",
      comment: "known, rare",
    });
    await old.fails(tracker, "checkout", 3);
    const progress = await tracker.issues.muteProgress(issue.id);
    tell(`       ${progress?.conditions[0]?.text ?? ""}`);
    insist("it stays quiet", kinds() === "new-issue");

    tell("A storm");
    await old.fails(tracker, "checkout", 20);
    insist("one alert says that the mute ended, and why", kinds() === "new-issue unmute");

    tell("Ann resolves it in the next release");
    await tracker.issues.resolve(issue.id, { in: "next-release", by: "ann", comment: "carts are checked now" });
    await old.fails(tracker, "checkout", 1);
    insist("an event of the old release is no regression", (await theIssue(tracker)).state.status === "resolved");

    await comesBack(host, issue.id);
    await cleanUp(host, old);
    await showHistory(tracker, issue.id);
  } finally {
    old.stop();
  }
  await restart(host, filename);
}

async function comesBack({ tracker, dsn }: Host, issueId: string): Promise<void> {
  tell("Release shop@1.1.0 is deployed");
  const fixed = await Shop.deploy("shop@1.1.0", dsn);
  try {
    await fixed.fails(tracker, "checkout", 1);
  } finally {
    fixed.stop();
  }
  insist(
    "the next release is known to be 1.1.0, and the issue came back in it",
    kinds() === "new-issue unmute regression",
  );
  const [last, before] = (await tracker.issues.history(issueId)).items;
  insist("its history says so", last?.turn.kind === "regressed" && before?.turn.kind === "next-materialized");
}

async function cleanUp({ tracker }: Host, shop: Shop): Promise<void> {
  for (const message of ["stock is negative", "mail was not sent", "price is missing"])
    await shop.fails(tracker, message, 1);
  const filter = { projectId: "1", status: "open" } as const;
  tell("Ann resolves all that is open, at once");
  const { applied, refused } = await tracker.issues.bulk(
    { filter },
    { kind: "resolve" },
    { by: "ann", comment: "spring cleaning" },
  );
  insist("four issues were resolved, none refused", applied === 4 && refused === 0);
  insist("nothing is open", (await tracker.issues.list(filter)).items.length === 0);
}

async function showHistory(tracker: IssueTracker, issueId: string): Promise<void> {
  const { items } = await tracker.issues.history(issueId);
  tell("The history of the issue, newest first:");
  for (const { at, turn, by, comment } of items) {
    const who = by.kind === "user" ? by.id : "the system";
    tell(`       ${formatInstant(at)}  ${turn.kind.padEnd(18)} by ${who}${comment === "" ? "" : `: ${comment}`}`);
  }
  const expected = "resolved regressed next-materialized resolved unmuted muted first-seen";
  insist("it is complete", items.map(({ turn }) => turn.kind).join(" ") === expected);
}

async function restart(host: Host, filename: string): Promise<void> {
  const before = await everything(host.tracker);
  await host.close();
  const after = await open(filename);
  tell("The host app was restarted");
  insist("everything is still there", isDeepStrictEqual(await everything(after.tracker), before));
  insist("no alert is left over", (await after.tracker.alerts.list()).items.length === 0);
  await after.close();
}

async function everything(tracker: IssueTracker): Promise<unknown> {
  const { items } = await tracker.issues.list({ projectId: "1" });
  const histories = await Promise.all(items.map(({ id }) => tracker.issues.history(id)));
  const counts = await Promise.all(items.map(({ id }) => tracker.issues.eventCounts(id, { period: "day" })));
  return { items, histories, counts, releases: await tracker.releases.list("1") };
}

async function theIssue(tracker: IssueTracker) {
  const issue = await tracker.issues.getByFriendlyId("SHOP-1");
  if (issue === undefined) throw new Error("The story does not hold: there is no issue SHOP-1.");
  return issue;
}

function kinds(): string {
  return alerts.map(({ reason }) => reason.kind).join(" ");
}

const folder = mkdtempSync(join(tmpdir(), "issue-lifecycle-demo-"));
try {
  await story(join(folder, "issues.sqlite"));
  tell("The story held.");
} finally {
  rmSync(folder, { recursive: true });
}
