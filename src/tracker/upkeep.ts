import { IssueLifecycleError } from "../core/errors.ts";
import { invalidInput } from "../core/input.ts";
import type { Instant } from "../core/instant.ts";
import type { Project } from "../core/project.ts";
import { callback, integer, object, optional, withDefault, type Shape } from "../core/shape.ts";
import type { IssueStore } from "../ports/issue-store.ts";
import { eachProject } from "./each-project.ts";
import type { evictEvents } from "./events.ts";
import { Periodic, type PeriodicParts } from "./periodic.ts";
import type { TickOutcome } from "./tick.ts";
import type { IssueTracker } from "./tracker.ts";
import { tryEach } from "./try-each.ts";

type StartOptions = NonNullable<Parameters<IssueTracker["start"]>[0]>;

/** Which events of a project {@link IssueTracker.start} evicts. */
interface EvictionPolicy {
  readonly olderThanMs?: number | undefined;
  readonly keepPerIssue?: number | undefined;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const policyMembers = object<EvictionPolicy>(
  {
    olderThanMs: optional(integer(1, 3_653 * DAY)),
    keepPerIssue: optional(integer(1, Number.MAX_SAFE_INTEGER)),
  } satisfies Record<keyof EvictionPolicy, Shape<unknown>>,
  "{ olderThanMs: 90 * 86_400_000, keepPerIssue: 1_000 }",
);

const evictionPolicy: Shape<EvictionPolicy> = (field, value) => {
  const policy = policyMembers(field, value);
  if (policy.olderThanMs !== undefined || policy.keepPerIssue !== undefined) return policy;
  throw invalidInput(field, value, "olderThanMs, keepPerIssue or both: without them nothing would be removed");
};

const policyOf = callback<(project: Project) => unknown>();

/** The policy of a project; `null` to evict nothing of it. */
type PolicyOf = (project: Project) => EvictionPolicy | null;

const eviction: Shape<PolicyOf> = (field, value) => {
  if (typeof value !== "function") {
    const policy = evictionPolicy(field, value);
    return () => policy;
  }
  const choose = policyOf(field, value);
  return (project) => {
    const policy = choose(project);
    // One that is asynchronous is refused, and its rejection says no more.
    if (policy instanceof Promise) policy.catch(() => undefined);
    return policy === null ? null : evictionPolicy(`${field}(project)`, policy);
  };
};

const startOptions = object(
  {
    tickEveryMs: withDefault(integer(SECOND, HOUR), MINUTE),
    evict: optional(eviction),
    evictEveryMs: withDefault(integer(MINUTE, 7 * DAY), 6 * HOUR),
  } satisfies Record<keyof StartOptions, Shape<unknown>>,
  "{ evict: { olderThanMs: 90 * 86_400_000 } }",
);

/** What {@link Upkeep} depends on. */
export interface UpkeepParts extends PeriodicParts {
  readonly store: IssueStore;
  readonly now: () => Instant;
  readonly tick: () => Promise<TickOutcome>;
  readonly evict: typeof evictEvents;
}

/** The periodic work of a long-running process: ticks and evictions. Neither waits for the other. */
export class Upkeep {
  readonly #parts: UpkeepParts;
  #works: readonly Periodic[] = [];
  #isClosed = false;
  /** Is set while runs that were ended are in flight. */
  #ending: Promise<void> | undefined;
  /** The unreadable issues that were reported. */
  #reported: ReadonlySet<string> = new Set();

  constructor(parts: UpkeepParts) {
    this.#parts = parts;
  }

  /**
   * Begins, or goes on with other options.
   *
   * @throws {@link IssueLifecycleError} `invalid-input` or `closed`
   */
  start(options: unknown): void {
    const { tickEveryMs, evict, evictEveryMs } = startOptions("options", options);
    if (this.#isClosed) throw new IssueLifecycleError("closed", "The tracker was closed.");
    void this.stop();
    const ticks = new Periodic(this.#parts, tickEveryMs, () => this.#tick());
    const works =
      evict === undefined
        ? [ticks]
        : [ticks, new Periodic(this.#parts, evictEveryMs, (isEnded) => this.#evict(evict, isEnded))];
    this.#works = works;
    const begin = (): void => {
      for (const work of works) work.begin();
    };
    // A run of the earlier ones may be in flight, and runs do not overlap.
    if (this.#ending === undefined) begin();
    else void this.#ending.then(begin);
  }

  /** Begins nothing more, and waits for what is in flight. Never rejects. */
  async stop(): Promise<void> {
    const works = this.#works;
    this.#works = [];
    if (works.length > 0) {
      const ending = Promise.all([this.#ending, ...works.map((work) => work.end())]).then(() => {
        if (this.#ending === ending) this.#ending = undefined;
      });
      this.#ending = ending;
    }
    await this.#ending;
  }

  /** Stops for good. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.stop();
  }

  /** Waits for what is in flight. */
  async settled(): Promise<void> {
    await this.#ending;
    await Promise.all(this.#works.map((work) => work.settled()));
  }

  /** Nobody waits for the outcome, so that each unreadable issue is reported when it is found first. */
  async #tick(): Promise<void> {
    const { unreadable } = await this.#parts.tick();
    for (const { id, error } of unreadable) if (!this.#reported.has(id)) this.#parts.onError(error);
    this.#reported = new Set(unreadable.map(({ id }) => id));
  }

  async #evict(policyOf: PolicyOf, isEnded: () => boolean): Promise<void> {
    const { store, now, evict } = this.#parts;
    await tryEach(eachProject(store, isEnded), async (project) => {
      const policy = isEnded() ? null : policyOf(project);
      if (policy === null) return;
      const { olderThanMs, keepPerIssue: keepNewest = null } = policy;
      const receivedBefore = olderThanMs === undefined ? 0 : Math.max(0, now() - olderThanMs);
      await evict(store, { projectId: project.id, receivedBefore, keepNewest }, isEnded);
    });
  }
}
