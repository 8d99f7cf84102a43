import type { Instant } from "../../core/instant.ts";
import { integer, object, withDefault } from "../../core/shape.ts";
import { parseIntakeOptions, type SentryIntakeOptions } from "./intake-options.ts";
import { Intake } from "./intake.ts";

/** Takes the requests of Sentry SDKs, and of browsers about a Content Security Policy. */
export interface SentryIntake extends AsyncDisposable {
  /**
   * Answers a request. Never rejects.
   *
   * | status | when |
   * | --- | --- |
   * | 200 | the events were taken: `{ "id": "<the event's id>" }` |
   * | 204 | a browser asks whether a page may send |
   * | 400 | the body, or all events in it, cannot be read |
   * | 401 | without a key |
   * | 403 | the key is of no DSN of the project, or the page's origin may not send |
   * | 404 | another path, or an unknown project |
   * | 405 | another method than POST and OPTIONS |
   * | 408 | the body did not come in time |
   * | 413 | the body is too large |
   * | 415 | the body is compressed in a way that cannot be undone here |
   * | 429 | the quota of the project is used up; `Retry-After` and `X-Sentry-Rate-Limits` say for how long |
   * | 500, 503 | the events could not be stored; after 503 the same request may succeed |
   *
   * What is refused has a sentence about the reason, as `detail` in JSON and in the header `X-Sentry-Error`.
   */
  (request: Request): Promise<Response>;
  /** When a project may send again that has used up its quota in this process; `null` if it may send now. */
  quotaOpensAt(projectId: string): Instant | null;
  /**
   * Refuses further requests with 503, and waits for those on their way and for what is digested in the background. What is left after
   * `timeoutMs` is lost, and reported to `onError`. Close it after the server, and before the tracker. `await using` closes it too.
   *
   * @param options - `timeoutMs`: 1 millisecond to 1 hour; default 10 seconds
   * @throws `IssueLifecycleError` `invalid-input`
   */
  close(options?: { readonly timeoutMs?: number }): Promise<void>;
}

/**
 * Creates an intake for what Sentry SDKs of any language send: a web-standard handler for Hono, Next, Bun and Deno, and by
 * `issue-lifecycle/node` for Express, Fastify and `node:http`. It may be mounted under any path: with `/errors`, the DSN of project 1 is
 * `https://2f0c7d@shop.example/errors/1`.
 *
 * A request is answered once its events are committed, so that no acknowledged event is lost. Requests that arrive together share
 * transactions.
 *
 * @throws `IssueLifecycleError` `invalid-input`
 * @example
 * ```ts
 * import { createIssueTracker, createMemoryStore } from "issue-lifecycle";
 * import { createSentryIntake } from "issue-lifecycle/sentry";
 *
 * const tracker = createIssueTracker({ store: createMemoryStore() });
 * await tracker.projects.save({ id: "shop" });
 * const intake = createSentryIntake({ tracker, projects: [{ id: "shop", number: 1, keys: ["2f0c7d"] }] });
 *
 * const body = JSON.stringify({ exception: { values: [{ type: "TypeError", value: "cart is undefined" }] } });
 * const url = "https://shop.example/errors/api/1/store/?sentry_key=2f0c7d";
 * const answer = await intake(new Request(url, { method: "POST", body }));
 * console.log(answer.status); // 200
 * ```
 */
export function createSentryIntake(options: SentryIntakeOptions): SentryIntake {
  const intake = new Intake(parseIntakeOptions(options));
  return Object.assign((request: Request) => intake.handle(request), {
    quotaOpensAt: (projectId: string) => intake.quotaOpensAt(projectId),
    close: (given: unknown = {}) => intake.close(closeOptions("options", given).timeoutMs),
    [Symbol.asyncDispose]: () => intake.close(DEFAULT_CLOSE_MS),
  });
}

const DEFAULT_CLOSE_MS = 10_000;
const closeOptions = object(
  { timeoutMs: withDefault(integer(1, 3_600_000), DEFAULT_CLOSE_MS) },
  "{ timeoutMs: 10_000 }",
);
