import { invalidInput, requireBoolean } from "../../core/input.ts";
import { MAX_PROJECT_ID_LENGTH } from "../../core/project.ts";
import { quotaInput, type Quota } from "../../core/quota.ts";
import {
  arrayOf,
  callback,
  integer,
  object,
  oneOf,
  optional,
  text,
  withDefault,
  type Shape,
} from "../../core/shape.ts";
import { requireClock, systemClock, type Clock } from "../../ports/clock.ts";
import { requireErrorReporter } from "../../ports/error-reporter.ts";
import { reporterTo } from "../../ports/reporter.ts";
import { requireTracker } from "../../tracker/require-tracker.ts";
import type { IssueTracker } from "../../tracker/tracker.ts";
import type { SentryRefusal } from "./refusal.ts";

/** A project to which Sentry SDKs may send. */
export interface SentryProject {
  /** Its id in the tracker. A DSN may name the project by it. */
  readonly id: string;
  /**
   * Its number in DSNs: from 1, and unique. SDKs of JavaScript, Python, Go and others take no other name of a project. Default: none; then
   * DSNs name the project by its id.
   */
  readonly number?: number;
  /**
   * The public keys of its DSNs, 1 to 100 of 1 to 200 letters, digits, "_" and "-". Each request must come with one. They are no
   * secrets: those of an SDK in a browser can be read by everybody.
   */
  readonly keys: readonly string[];
  /**
   * The origins of the pages that may send, such as `https://shop.example` or `capacitor://localhost`. Default: of any page. Other clients have
   * no origin.
   */
  readonly origins?: readonly string[];
  /**
   * How many events are taken: once this process has taken so many, requests are refused until the quota is open again. The request that
   * reaches a quota is taken whole. Default: any number.
   */
  readonly quotas?: readonly Quota[];
}

/** The options of {@link createSentryIntake}. */
export interface SentryIntakeOptions {
  /** Digests the events. */
  readonly tracker: Pick<IssueTracker, "digest">;
  /**
   * The projects; or a function that finds one by how a DSN names it: by its `number` in digits, or its `id`. It is called for each request,
   * and returns `undefined` or `null` for a project that does not exist.
   */
  readonly projects:
    | readonly SentryProject[]
    | ((reference: string) => SentryProject | null | undefined | Promise<SentryProject | null | undefined>);
  /**
   * When a request is answered: once its events are committed; or once they are `received`, checked and waiting in memory, which is faster
   * for clients. A process that is killed loses those; others that are lost, such as of a project that the tracker does not know, are reported
   * to `onError`. Default `"committed"`.
   */
  readonly acknowledge?: "committed" | "received";
  /** Whether to keep an event's payload as its `data`. Default `true`. */
  readonly keepPayload?: boolean;
  /** The largest body, in bytes as it is sent. Default 5 MiB. */
  readonly maxBodyBytes?: number;
  /** The largest body, in bytes once it is decompressed. Default 20 MiB. */
  readonly maxDecodedBytes?: number;
  /** The largest event, in bytes of JSON; also the largest body at `/store/` and `/security/`. Default 1 MiB, which is Sentry's own limit. */
  readonly maxEventBytes?: number;
  /**
   * How many bytes of bodies are kept at a time, of all requests, from their arrival to their commit; one more request may be beyond it. Beyond
   * that, bodies are not read until others are done. Default 64 MiB.
   */
  readonly maxBufferedBytes?: number;
  /** How long the project of a request may take to be found, and then its body to arrive and to find room, in milliseconds. Default 10 seconds. */
  readonly timeoutMs?: number;
  /** Receives each request, and each item of one, that is refused, such as to count them. Default: none; the answer says it to the client anyway. */
  readonly onRefused?: (refusal: SentryRefusal) => unknown;
  /**
   * Receives failures that are no client's fault: of the store, or a project that the tracker does not know. Default: writes them to the
   * console.
   */
  readonly onError?: (error: unknown) => void;
  /** Default: the system's clock. Give it the tracker's. */
  readonly clock?: Clock;
}

const MIB = 1_048_576;
/** The longest time that system timers measure is 2^31 - 1 ms. */
const MAX_TIMEOUT_MS = 3_600_000;

const ORIGIN = /^[a-z][a-z\d+.-]{0,50}:\/\/[^\s/?#@]{1,300}$/u;
const KEY = /^[\w-]{1,200}$/u;

const sentryProject = object(
  {
    id: text(1, MAX_PROJECT_ID_LENGTH),
    number: optional(integer(1, Number.MAX_SAFE_INTEGER)),
    keys: arrayOf(requireKey, 1, 100, `{ keys: ["2f0c7d"] }`),
    origins: optional(arrayOf(requireOrigin, 1, 1_000, `{ origins: ["https://shop.example"] }`)),
    quotas: withDefault(arrayOf(quotaInput, 0, 20, `{ quotas: [{ volume: 10_000, period: "day" }] }`), []),
  } satisfies Record<keyof SentryProject, Shape<unknown>>,
  `{ id: "shop", number: 1, keys: ["2f0c7d"] }`,
);

/** A checked {@link SentryProject}. */
export type CheckedProject = ReturnType<typeof sentryProject>;

/** Finds a project by how a DSN names it. */
type FindProject = (reference: string) => Promise<CheckedProject | undefined>;

const projectFinder = callback<(reference: string) => unknown>();
const projectList = arrayOf(sentryProject, 1, 100_000, `[{ id: "shop", number: 1, keys: ["2f0c7d"] }]`);

/** The shape of the option `projects`. */
const projects: Shape<FindProject> = (field, value) => {
  if (typeof value === "function") {
    const find = projectFinder(field, value);
    return async (reference) => {
      const found: unknown = await find(reference);
      return found === undefined || found === null ? undefined : sentryProject(`${field}()`, found);
    };
  }
  const byReference = new Map<string, CheckedProject>();
  for (const [index, project] of projectList(field, value).entries()) {
    for (const reference of referencesOf(project)) {
      if (byReference.has(reference)) {
        throw invalidInput(`${field}[${String(index)}]`, reference, "an id and a number that no other project has");
      }
      byReference.set(reference, project);
    }
  }
  return async (reference) => byReference.get(reference);
};

/** How DSNs may name a project. */
function referencesOf({ id, number }: CheckedProject): Set<string> {
  return new Set(number === undefined ? [id] : [id, String(number)]);
}

const intakeOptions = object(
  {
    tracker: requireTracker("digest"),
    projects,
    acknowledge: withDefault(oneOf(["committed", "received"]), "committed"),
    keepPayload: withDefault(requireBoolean, true),
    maxBodyBytes: withDefault(integer(1, 1_024 * MIB), 5 * MIB),
    maxDecodedBytes: withDefault(integer(1, 1_024 * MIB), 20 * MIB),
    maxEventBytes: withDefault(integer(1, 1_024 * MIB), MIB),
    maxBufferedBytes: withDefault(integer(1, 1_024 * 1_024 * MIB), 64 * MIB),
    timeoutMs: withDefault(integer(1, MAX_TIMEOUT_MS), 10_000),
    onRefused: optional(callback<(refusal: SentryRefusal) => unknown>()),
    onError: requireErrorReporter,
    clock: withDefault(requireClock, systemClock),
  } satisfies Record<keyof SentryIntakeOptions, Shape<unknown>>,
  `{ tracker, projects: [{ id: "shop", number: 1, keys: ["2f0c7d"] }] }`,
);

/** Checked {@link SentryIntakeOptions}. */
export type CheckedIntakeOptions = ReturnType<typeof parseIntakeOptions>;

/** Checks {@link SentryIntakeOptions} and fills in the defaults. */
export function parseIntakeOptions(options: unknown) {
  const checked = intakeOptions("options", options);
  const onRefused = reporterTo(checked.onRefused, checked.onError);
  const { maxBodyBytes, maxDecodedBytes, maxBufferedBytes } = checked;
  const largest = maxBodyBytes + maxDecodedBytes;
  if (maxBufferedBytes < largest) {
    const allowed = `at least ${String(largest)}, maxBodyBytes and maxDecodedBytes together, so that each body that is allowed fits`;
    throw invalidInput("options.maxBufferedBytes", maxBufferedBytes, allowed);
  }
  return { ...checked, onRefused };
}

/**
 * The DSN by which SDKs send to a project.
 *
 * @param url - where the intake is mounted, such as `https://shop.example/errors`
 * @param project - named by its number if it has one, else by its id, with the first of its keys
 * @throws `IssueLifecycleError` `invalid-input`
 * @example
 * ```ts
 * import { sentryDsn } from "issue-lifecycle/sentry";
 *
 * sentryDsn("https://shop.example/errors", { id: "shop", number: 1, keys: ["2f0c7d"] }); // https://2f0c7d@shop.example/errors/1
 * ```
 */
export function sentryDsn(url: string, project: SentryProject): string {
  const { id, number, keys } = sentryProject("project", project);
  const parsed = typeof url === "string" && URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/u.test(parsed.protocol) || parsed.username !== "") {
    throw invalidInput("url", url, `the URL of the intake, as in "https://shop.example/errors"`);
  }
  const path = parsed.pathname.replace(/\/$/u, "");
  return `${parsed.protocol}//${keys[0] ?? ""}@${parsed.host}${path}/${encodeURIComponent(number ?? id)}`;
}

function requireKey(field: string, value: unknown): string {
  if (typeof value === "string" && KEY.test(value)) return value;
  throw invalidInput(field, value, `1 to 200 letters, digits, "_" and "-", as in "2f0c7d"`);
}

function requireOrigin(field: string, value: unknown): string {
  if (typeof value === "string" && ORIGIN.test(value)) return value;
  throw invalidInput(field, value, `an origin without a path, as in "https://shop.example"`);
}
