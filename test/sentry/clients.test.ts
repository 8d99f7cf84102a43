import { describe, expect, test } from "vitest";
import { createVirtualClock } from "../../src/testing/virtual-clock.ts";
import { chromiumAt, goAt, pythonAt, rubyAt, runNode, type Run } from "./clients/programs.ts";
import { PROJECT, startIntakeServer } from "./clients/server.ts";

/** A client with an SDK. */
interface Client {
  readonly name: string;
  /** `undefined` where the environment does not name it. */
  readonly run: Run | undefined;
  readonly title: string;
  /** The encodings of requests with little and with much data. */
  readonly encodings: { readonly small: string; readonly large: string };
}

/** A client at the path that a variable of the environment names. */
function at(variable: string, clientAt: (path: string) => Run): Run | undefined {
  const path = process.env[variable];
  return path === undefined ? undefined : clientAt(path);
}

const CLIENTS: readonly Client[] = [
  { name: "Node", run: runNode, title: "PaymentError: payment failed", encodings: { small: "", large: "gzip" } },
  {
    name: "a browser, on a page of another origin",
    run: at("ISSUE_LIFECYCLE_TEST_CHROMIUM", chromiumAt),
    title: "PaymentError: payment failed",
    encodings: { small: "", large: "" },
  },
  {
    name: "Python",
    run: at("ISSUE_LIFECYCLE_TEST_PYTHON", pythonAt),
    title: "PaymentError: payment failed",
    encodings: { small: "gzip", large: "gzip" },
  },
  {
    name: "Ruby",
    run: at("ISSUE_LIFECYCLE_TEST_RUBY", rubyAt),
    title: "PaymentError: payment failed",
    encodings: { small: "", large: "gzip" },
  },
  {
    name: "Go",
    run: at("ISSUE_LIFECYCLE_TEST_GO", goAt),
    title: "main.paymentError: payment failed",
    encodings: { small: "", large: "" },
  },
];

/** The same expectations for each client. */
function describeClient({ title, encodings }: Client, perform: Run): void {
  test("sends errors and messages, and they are issues under the SDK's own ids", async () => {
    const { dsn, issues, tracker, refusals, arrivals } = await startIntakeServer();
    const ids = await perform(dsn, "report");
    expect(ids).toHaveLength(6);
    const found = await issues();
    expect([...found.keys()].sort()).toStrictEqual([title, "checkout opened"].sort());
    for (const issue of found.values()) {
      expect(issue).toMatchObject({ eventCount: 3, userCount: 2, environments: ["production"] });
      expect((await tracker.releases.latest(issue.projectId))?.name).toBe("shop@1.4.0");
    }
    for (const [index, id] of ids.entries()) {
      const issue = found.get(index % 2 === 0 ? title : "checkout opened");
      const event = await tracker.events.get("shop", id);
      expect(event).toMatchObject({ id, issueId: issue?.id, release: "shop@1.4.0", environment: "production" });
    }
    expect(refusals).toStrictEqual([]);
    expect(new Set(arrivals.map(({ status }) => status()))).toStrictEqual(new Set([200]));
    expect(arrivals.filter(({ path }) => !path.startsWith("/errors/api/1/"))).toStrictEqual([]);
    expect(new Set(arrivals.map(({ encoding }) => encoding))).toStrictEqual(new Set([encodings.small]));
  });

  test("sends much data, compressed as it does, and it is read", async () => {
    const { dsn, issues, tracker, refusals, arrivals } = await startIntakeServer();
    const [id = ""] = await perform(dsn, "large");
    expect([...(await issues()).keys()]).toStrictEqual([title]);
    expect(JSON.stringify((await tracker.events.get("shop", id))?.data).length).toBeGreaterThan(100_000);
    expect(arrivals.map(({ encoding }) => encoding)).toContain(encodings.large);
    expect(refusals).toStrictEqual([]);
  });

  describe("whose project has a quota", () => {
    const project = { ...PROJECT, quotas: [{ volume: 2, period: "hour" as const }] };
    const clock = createVirtualClock(Date.UTC(2026, 10, 23, 9));

    test("stops when it has used it up", async () => {
      const { dsn, issues, arrivals } = await startIntakeServer({ clock }, project);
      expect(await perform(dsn, "one-by-one")).toHaveLength(6);
      expect(arrivals.map(({ status, rateLimits }) => [status(), rateLimits()])).toStrictEqual([
        [200, undefined],
        [200, "3600:error;default;security:project:quota"],
      ]);
      expect([...(await issues()).values()].map(({ eventCount }) => eventCount)).toStrictEqual([1, 1]);
    });

    test("stops at the first 429 where others have used it up", async () => {
      const { dsn, issues, arrivals, url } = await startIntakeServer({ clock }, project);
      for (const message of ["one", "other"]) {
        const answer = await fetch(`${url}/api/1/store/?sentry_key=2f0c7d`, {
          method: "POST",
          body: JSON.stringify({ message }),
        });
        expect(answer.status).toBe(200);
      }
      expect(await perform(dsn, "one-by-one")).toHaveLength(6);
      expect(arrivals.slice(2).map(({ status, rateLimits }) => [status(), rateLimits()])).toStrictEqual([
        [429, "3600:error;default;security:project:quota"],
      ]);
      expect([...(await issues()).keys()].sort()).toStrictEqual(["one", "other"]);
    });
  });

  test("is refused with a wrong key, and nothing is stored", async () => {
    const { dsn, issues, arrivals, refusals } = await startIntakeServer();
    expect(await perform(dsn.replace("2f0c7d", "3a1d8e"), "one-by-one")).toHaveLength(6);
    expect(arrivals.map(({ status }) => status())).toStrictEqual([403, 403, 403, 403, 403, 403]);
    expect(refusals).toHaveLength(6);
    expect([...(await issues())]).toStrictEqual([]);
  });
}

for (const client of CLIENTS) {
  const { run } = client;
  if (run === undefined) continue;
  describe(`an SDK in ${client.name}`, () => {
    describeClient(client, run);
  });
}
