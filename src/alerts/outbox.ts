import { MAX_USER_ID_LENGTH } from "../core/user-id.ts";
import { IssueLifecycleError } from "../core/errors.ts";
import { invalidInput, isUuid, requireInstant, requireUuid } from "../core/input.ts";
import type { Instant, InstantInput } from "../core/instant.ts";
import {
  PAGE_MEMBERS,
  pageOf,
  readCursor,
  readNumber,
  type CursorFormat,
  type Page,
  type PageOptions,
  type UnreadableAt,
} from "../core/page.ts";
import { arrayOf, object, oneOf, optional, text, withDefault, type Shape } from "../core/shape.ts";
import { SYSTEM } from "../core/turning-point.ts";
import { isUnreadable } from "../core/unreadable.ts";
import {
  compareOutboxPositions,
  OUTBOX_STATUSES,
  outboxPositionOf,
  type OutboxCounts,
  type OutboxEntry,
  type OutboxPageRequest,
  type OutboxPosition,
  type OutboxStatus,
} from "../ports/alert-outbox.ts";
import type { Clock } from "../ports/clock.ts";
import type { IssueStore } from "../ports/issue-store.ts";
import { storeRepeats } from "../ports/progress.ts";

/** Which alerts to list. */
export interface OutboxListOptions extends PageOptions {
  /** The state they are in. Default `"pending"`. */
  readonly status?: OutboxStatus;
}

/** Why alerts are discarded, and by whom. */
export interface DiscardOptions {
  /** Why they need not be delivered, 1 to 1,000 characters. */
  readonly reason: string;
  /** Your id of the user who discards them, 1 to 200 characters. Default: the system. */
  readonly by?: string;
}

/** Which alerts to delete. */
export interface AlertEvictionInput {
  /** Dead and discarded alerts that died or were discarded before this are deleted. */
  readonly endedBefore: InstantInput;
}

/** The longest reason, in UTF-16 code units. */
const MAX_DISCARD_REASON_LENGTH = 1_000;
/** The most ids that one call accepts. */
const MAX_CHOSEN_ALERTS = 1_000;

/**
 * The stored alerts: those that were not delivered yet, and those that will not be. On a store without an outbox every method
 * fails with `no-outbox`.
 */
export interface Outbox {
  /** The number of alerts by their state. */
  counts(): Promise<OutboxCounts>;
  /**
   * The alerts in one state, page by page, with their attempts and last errors: pending ones by when they are due, dead and
   * discarded ones by when they died or were discarded, earliest first. Those that this version cannot read are listed with
   * their ids: they are not delivered, and can be discarded.
   *
   * @throws {@link IssueLifecycleError} `invalid-input`, `no-outbox`
   */
  list(options?: OutboxListOptions): Promise<Page<OutboxEntry>>;
  /**
   * Makes alerts due now, with no attempt counted: dead and discarded ones, and pending ones that wait for a retry. Those that
   * are older than {@link AlertOptions.maxAgeMs} are delivered too. An alert whose delivery is in flight may be delivered twice.
   *
   * @param ids - at most 1,000; or `"dead"` for all dead ones
   * @returns how many alerts were found
   * @throws {@link IssueLifecycleError} `invalid-input`, `no-outbox`
   */
  redrive(ids: readonly string[] | "dead"): Promise<number>;
  /**
   * Discards pending and dead alerts, with a reason: they are kept and listed, but not delivered unless they are redriven. An
   * alert whose delivery is in flight may still be delivered.
   *
   * @param ids - at most 1,000
   * @returns how many alerts were found
   * @throws {@link IssueLifecycleError} `invalid-input`, `no-outbox`
   */
  discard(ids: readonly string[], options: DiscardOptions): Promise<number>;
  /**
   * Deletes dead and discarded alerts, in short transactions.
   *
   * @returns how many were deleted
   * @throws {@link IssueLifecycleError} `invalid-input`, `no-outbox`
   */
  evict(input: AlertEvictionInput): Promise<number>;
}

/** How many alerts one transaction changes. */
const CHUNK = 500;

const listOptions = object({
  status: withDefault(oneOf(OUTBOX_STATUSES), "pending"),
  ...PAGE_MEMBERS,
} satisfies Record<keyof OutboxListOptions, Shape<unknown>>);

const discardOptions = object(
  {
    reason: text(1, MAX_DISCARD_REASON_LENGTH),
    by: optional(text(1, MAX_USER_ID_LENGTH)),
  } satisfies Record<keyof DiscardOptions, Shape<unknown>>,
  'discard(ids, { reason: "a load test", by: "ann" })',
);

const evictionInput = object(
  { endedBefore: requireInstant } satisfies Record<keyof AlertEvictionInput, Shape<unknown>>,
  "evict({ endedBefore: Date.now() - 90 * 24 * 3_600_000 })",
);

const chosenIds = arrayOf(requireUuid, 0, MAX_CHOSEN_ALERTS, "items.map(({ alert }) => alert.id)");

/** Ids without duplicates. */
function parseIds(ids: unknown): readonly string[] {
  return [...new Set(chosenIds("ids", ids))];
}

/**
 * Creates the methods on stored alerts.
 *
 * @param wake - is called after alerts were redriven
 */
export function createOutbox(store: IssueStore, clock: Clock, wake: () => void): Outbox {
  /** Returns which alerts were redriven. */
  async function redriveSome(ids: readonly string[], from: OutboxStatus | null): Promise<readonly string[]> {
    const move = { to: "pending", ids, from, dueAt: clock.now() } as const;
    const moved = await store.transaction(async (transaction) => outboxOf(transaction).move(move));
    if (moved.length > 0) wake();
    return moved;
  }

  /** Redrives the alerts that are dead now, once each, also if they die again meanwhile. */
  async function redriveDead(): Promise<number> {
    const diedUntil = clock.now();
    const redriven = new Set<string>();
    for (let after: OutboxPosition | null = null; ;) {
      const request: OutboxPageRequest = { status: "dead", after, limit: CHUNK };
      const page = await store.read(async (reader) => outboxOf(reader).page(request));
      const dead = page.map(positionOf).filter(({ at }) => at <= diedUntil);
      const ids = dead.flatMap(({ id }) => (redriven.has(id) ? [] : [id]));
      if (ids.length > 0) for (const id of await redriveSome(ids, "dead")) redriven.add(id);
      const last = dead.at(-1);
      if (last === undefined || dead.length < CHUNK) return redriven.size;
      if (after !== null && compareOutboxPositions(last, after) <= 0) throw storeRepeats("a page of dead alerts");
      after = last;
    }
  }

  return {
    async counts() {
      const now = clock.now();
      return store.read(async (reader) => outboxOf(reader).count(now));
    },
    async list(options = {}) {
      const { status, limit, cursor } = listOptions("options", options);
      const format = alertCursors(status);
      const request = { status, after: readCursor(format, cursor), limit: limit + 1 };
      const entries = await store.read(async (reader) => outboxOf(reader).page(request));
      return pageOf<OutboxEntry, OutboxPosition>(format, entries, limit, outboxPositionOf);
    },
    async redrive(ids) {
      if (ids === "dead") return redriveDead();
      if (typeof ids === "string") throw invalidInput("ids", ids, 'an array of ids, or "dead" for all dead alerts');
      return (await redriveSome(parseIds(ids), null)).length;
    },
    async discard(ids, options) {
      const chosen = parseIds(ids);
      const { reason, by } = discardOptions("options", options);
      const actor = by === undefined ? SYSTEM : ({ kind: "user", id: by } as const);
      const move = { to: "discarded", ids: chosen, at: clock.now(), reason, by: actor } as const;
      return (await store.transaction(async (transaction) => outboxOf(transaction).move(move))).length;
    },
    async evict(input) {
      return evictEnded(store, evictionInput("eviction", input).endedBefore, clock);
    },
  };
}

/** Removes alerts that ended before an instant, in steps of a transaction each. Returns how many. */
async function evictEnded(store: IssueStore, endedBefore: Instant, clock: Clock): Promise<number> {
  const eviction = { endedBefore, limit: CHUNK };
  let evicted = 0;
  for (let left: number | undefined; ;) {
    const removed = await store.transaction(async (transaction) => outboxOf(transaction).evict(eviction));
    evicted += removed;
    if (removed < CHUNK) return evicted;
    if (left === undefined) {
      const { dead, discarded } = await store.read(async (reader) => outboxOf(reader).count(clock.now()));
      left = dead + discarded;
    } else left -= removed;
    if (left < 0) throw storeRepeats("alerts that ended");
  }
}

function outboxOf<Access>({ outbox }: { readonly outbox?: Access }): Access {
  if (outbox !== undefined) return outbox;
  throw new IssueLifecycleError(
    "no-outbox",
    "This store has no outbox: its tracker delivers alerts directly and keeps none.",
  );
}

function positionOf(entry: OutboxEntry | UnreadableAt<OutboxPosition>): OutboxPosition {
  return isUnreadable(entry) ? entry.position : outboxPositionOf(entry);
}

/** Cursors of lists of alerts. */
function alertCursors(status: OutboxStatus): CursorFormat<OutboxPosition> {
  return {
    list: `alerts ${status}`,
    write: ({ at, id }) => `${String(at)}:${id}`,
    read: (text) => {
      const [first = "", id = "", ...rest] = text.split(":");
      const at = readNumber(first);
      return at === undefined || !isUuid(id) || rest.length > 0 ? undefined : { at, id };
    },
  };
}
