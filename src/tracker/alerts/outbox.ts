import {
  invalidInput,
  isUuid,
  orElse,
  refuseOtherMembers,
  requireArray,
  requireInstant,
  requireObject,
  requireOneOf,
  requireText,
  requireUuid,
} from "../../core/input.ts";
import type { Instant } from "../../core/instant.ts";
import { SYSTEM } from "../../core/turning-point.ts";
import {
  DUE_AT_ONCE,
  OUTBOX_STATUSES,
  outboxPositionOf,
  type OutboxCounts,
  type OutboxEntry,
  type OutboxPosition,
  type OutboxStatus,
} from "../../ports/alert-outbox.ts";
import type { IssueStore } from "../../ports/issue-store.ts";
import { MAX_USER_ID_LENGTH } from "../command-context.ts";
import { invalidCursor, pageOf, parsePage, type Page, type PageOptions } from "../page.ts";

/** Which alerts to list. */
export interface OutboxListOptions extends PageOptions {
  /** The state they are in. Default `"pending"`. */
  readonly status?: OutboxStatus;
}

/** Why alerts are discarded. */
export interface DiscardOptions {
  /** Why nobody needs to hear of them, 1 to {@link MAX_DISCARD_REASON_LENGTH} characters. */
  readonly reason: string;
  /** The host's id of the user who discards them, 1 to {@link MAX_USER_ID_LENGTH} characters. Default: the system. */
  readonly by?: string;
}

/** Which alerts to forget. */
export interface AlertEvictionInput {
  /** Dead alerts that died, and discarded ones that were discarded, before this instant go. */
  readonly endedBefore: Instant;
}

/** The longest reason, in UTF-16 code units. */
export const MAX_DISCARD_REASON_LENGTH = 1_000;
/** The most alerts that are driven again or discarded by one call. */
export const MAX_CHOSEN_ALERTS = 1_000;

/** What is in the outbox: alerts that were not delivered yet, or will not be. */
export interface Outbox {
  /** How many alerts are due, waiting for another attempt, being delivered, dead, and discarded. */
  counts(): Promise<OutboxCounts>;
  /**
   * Alerts in one state, with their attempts and last errors, page by page: the longest due first; dead and discarded ones the
   * longest so first.
   *
   * @throws {@link IssueLifecycleError} `invalid-input`
   */
  list(options?: OutboxListOptions): Promise<Page<OutboxEntry>>;
  /**
   * Makes alerts due now, with all their attempts before them: dead and discarded ones, and pending ones that wait for too long. One
   * that is being delivered may so be delivered twice.
   *
   * @param ids - at most {@link MAX_CHOSEN_ALERTS}; or `"dead"` for all dead ones
   * @returns how many there were
   * @throws {@link IssueLifecycleError} `invalid-input`
   */
  redrive(ids: readonly string[] | "dead"): Promise<number>;
  /**
   * Sets alerts aside, with a reason, for nobody to hear of: pending and dead ones. They are kept and listed, and can be driven
   * again. One that is being delivered may be delivered all the same.
   *
   * @param ids - at most {@link MAX_CHOSEN_ALERTS}
   * @returns how many there were
   * @throws {@link IssueLifecycleError} `invalid-input`
   */
  discard(ids: readonly string[], options: DiscardOptions): Promise<number>;
  /**
   * Forgets alerts that ended a while ago, dead or discarded, in short transactions.
   *
   * @returns how many there were
   * @throws {@link IssueLifecycleError} `invalid-input`
   */
  evict(input: AlertEvictionInput): Promise<number>;
}

/** How many alerts one transaction changes. */
const CHUNK = 500;

/**
 * The use-cases on the outbox.
 *
 * @param wake - called when alerts were driven again
 */
export function createOutbox(store: IssueStore, now: () => Instant, wake: () => void): Outbox {
  async function redriveSome(ids: readonly string[], status: OutboxStatus | null): Promise<number> {
    const redrive = { ids, status, dueAt: DUE_AT_ONCE };
    const redriven = await store.transaction((transaction) => transaction.redriveAlerts(redrive));
    if (redriven.length > 0) wake();
    return redriven.length;
  }

  return {
    async counts() {
      const at = now();
      return store.read((reader) => reader.countAlerts(at));
    },
    async list(options = {}) {
      const { status, limit, after } = parseListOptions(options);
      const entries = await store.read((reader) => reader.pageAlerts({ status, after, limit: limit + 1 }));
      return pageOf(listOf(status), entries, limit, writePosition);
    },
    async redrive(ids) {
      if (ids !== "dead") return redriveSome(parseIds(ids), null);
      // Those that die again meanwhile are left alone: they are behind where this began.
      const diedUntil = now();
      let redriven = 0;
      for (;;) {
        const dead = await store.read((reader) => reader.pageAlerts({ status: "dead", after: null, limit: CHUNK }));
        const old = dead.filter((entry) => outboxPositionOf(entry).at <= diedUntil);
        const some =
          old.length === 0
            ? 0
            : await redriveSome(
                old.map(({ alert }) => alert.id),
                "dead",
              );
        if (some === 0) return redriven;
        redriven += some;
      }
    },
    async discard(ids, options) {
      const chosen = parseIds(ids);
      const { reason, by } = parseDiscardOptions(options);
      const discard = { ids: chosen, discardedAt: now(), reason, by };
      return (await store.transaction((transaction) => transaction.discardAlerts(discard))).length;
    },
    async evict(input) {
      const given = requireObject("eviction", input);
      const endedBefore = requireInstant("eviction.endedBefore", given["endedBefore"]);
      let evicted = 0;
      for (;;) {
        const some = await store.transaction((each) => each.evictAlerts({ endedBefore, limit: CHUNK }));
        evicted += some;
        if (some < CHUNK) return evicted;
      }
    },
  };
}

function parseIds(value: unknown): readonly string[] {
  const given = requireArray("ids", value);
  if (given.length > MAX_CHOSEN_ALERTS) throw invalidInput("ids", value, `at most ${String(MAX_CHOSEN_ALERTS)} ids`);
  return [...new Set(given.map((id, index) => requireUuid(`ids[${String(index)}]`, id)))];
}

function parseDiscardOptions(options: unknown) {
  const given = requireObject("options", options);
  refuseOtherMembers("options", given, ["reason", "by"] satisfies (keyof DiscardOptions)[]);
  const reason = requireText("options.reason", given["reason"], 1, MAX_DISCARD_REASON_LENGTH);
  const by =
    given["by"] === undefined
      ? SYSTEM
      : ({ kind: "user", id: requireText("options.by", given["by"], 1, MAX_USER_ID_LENGTH) } as const);
  return { reason, by };
}

function parseListOptions(options: unknown) {
  const given = requireObject("options", options);
  refuseOtherMembers("options", given, ["status", "limit", "cursor"] satisfies (keyof OutboxListOptions)[]);
  const status = requireOneOf("options.status", orElse(given["status"], "pending"), OUTBOX_STATUSES);
  const { limit, position } = parsePage(listOf(status), options);
  return { status, limit, after: readPosition(position) };
}

function listOf(status: OutboxStatus): string {
  return `alerts ${status}`;
}

function writePosition(entry: OutboxEntry): string {
  const { at, id } = outboxPositionOf(entry);
  return `${String(at)}:${id}`;
}

function readPosition(position: string | null): OutboxPosition | null {
  if (position === null) return null;
  const [at = "", id = "", ...rest] = position.split(":");
  if (rest.length > 0 || !/^\d{1,16}$/u.test(at) || !isUuid(id)) throw invalidCursor(position);
  return { at: Number(at), id };
}
