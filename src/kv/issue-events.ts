import { requireBoolean } from "../core/input.ts";
import type { EventPosition, IssueEventPageRequest, StoredEvent } from "../ports/issue-store.ts";
import { compareBytes, endOf } from "./bytes.ts";
import { idPart, namedPart, numberAt, NUMBER_BYTES, requireIdPart, type TextHash } from "./key-parts.ts";
import { KEYS } from "./keys.ts";
import type { KeyBounds, Session } from "./session.ts";
import { TextMap } from "./text-map.ts";

/** What places an event in the list of its issue. */
type PlacedEvent = Pick<StoredEvent, "id" | "issueId" | "number">;

/** The ids of the events of issues, by the numbers of the events. */
export class IssueEvents {
  readonly #session: Session;
  readonly #hash: TextHash;

  constructor(session: Session, hash: TextHash) {
    this.#session = session;
    this.#hash = hash;
  }

  /** Adds an event. Does nothing if it is there. */
  async add(project: number, { id, issueId, number }: PlacedEvent): Promise<void> {
    await this.#numbered(KEYS.eventsWithNumber(project, requireIdPart(issueId), number)).put(id, true);
  }

  /** Removes an event. */
  async remove(project: number, { id, issueId, number }: PlacedEvent): Promise<void> {
    await this.#numbered(KEYS.eventsWithNumber(project, requireIdPart(issueId), number)).remove(id);
  }

  /** The events of an issue after a position, in the order of their numbers. */
  async *inOrder(
    project: number,
    { issueId, descending, after, limit }: Omit<IssueEventPageRequest, "projectId">,
  ): AsyncGenerator<EventPosition> {
    const issue = idPart(issueId);
    if (issue === undefined) return;
    const prefix = KEYS.eventsOfIssue(project, issue);
    // Events without a number may share the key of the position: those of the key that come before it are left out.
    const shared =
      after?.number === 0 ? this.#numbered(KEYS.eventsWithNumber(project, issue, 0)).keyOf(after.id) : null;
    const passed = after === null ? null : (shared ?? KEYS.eventsWithNumber(project, issue, after.number));
    const bounds = boundsFrom(prefix, passed, { descending, isIncluded: shared !== null });
    for await (const [key, bytes] of this.#session.scan(bounds, { reverse: descending, expected: limit })) {
      const isShared = shared !== null && compareBytes(key, shared) === 0;
      const ids = this.#numbered(key.slice(0, prefix.length + NUMBER_BYTES))
        .entriesOf(key, bytes)
        .map(({ text }) => text);
      for (const id of descending ? ids.reverse() : ids) {
        const isPassed = isShared && after !== null && (descending ? id >= after.id : id <= after.id);
        if (!isPassed) yield { number: numberAt(key, prefix.length), id };
      }
    }
  }

  #numbered(prefix: Uint8Array): TextMap<boolean> {
    return new TextMap(this.#session, {
      name: "an event of an issue",
      prefix,
      partOf: (id) => namedPart(id, this.#hash),
      shape: requireBoolean,
    });
  }
}

/** The keys of a prefix that come after others, in an order. */
function boundsFrom(
  prefix: Uint8Array,
  passed: Uint8Array | null,
  { descending, isIncluded }: { readonly descending: boolean; readonly isIncluded: boolean },
): KeyBounds {
  const all = { from: prefix, to: endOf(prefix) };
  if (passed === null) return all;
  if (descending) return { ...all, to: isIncluded ? endOf(passed) : passed };
  return { ...all, from: isIncluded ? passed : endOf(passed) };
}
