import { invalidInput, requireInstant } from "../core/input.ts";
import type { UnreadableAt } from "../core/page.ts";
import { anyText, looseObject, nullable, type Shape } from "../core/shape.ts";
import { SYSTEM, turnShape, type Turn, type TurningPoint } from "../core/turning-point.ts";
import { corruptData } from "../core/unreadable.ts";
import type { EventForgettingRequest, EventForgettingStep } from "../ports/issue-store.ts";
import { bytesOfHex, endOf, hexOf, keyAfter } from "./bytes.ts";
import { idAt, idPart, numberAt, NUMBER_BYTES, requireIdPart } from "./key-parts.ts";
import { KEYS } from "./keys.ts";
import type { Session } from "./session.ts";
import { jsonBytes, NO_BYTES, readJson } from "./values.ts";

/** A turning point as it is stored by its issue and number. */
interface TurningPointRecord {
  readonly turn: Turn;
  readonly at: number;
  /** The user who caused it; `null` for the system. */
  readonly user: string | null;
  readonly eventId: string | null;
  readonly comment: string;
}

const recordShape: Shape<TurningPointRecord> = looseObject<TurningPointRecord>({
  turn: turnShape,
  at: requireInstant,
  user: nullable(anyText),
  eventId: nullable(anyText),
  comment: anyText,
});

/** An issue's turning points with numbers below `before`, highest first. */
export async function pageHistory(
  session: Session,
  issueId: string,
  before: number | null,
  limit: number,
): Promise<(TurningPoint | UnreadableAt<number>)[]> {
  const issue = idPart(issueId);
  if (issue === undefined) return [];
  const from = KEYS.turningPoints(issue);
  const to = before === null ? endOf(from) : KEYS.turningPoint(issue, before);
  const entries = await session.range({ from, to }, limit, true);
  return entries.map(([key, bytes]) => turningPointOf(issueId, numberAt(key, key.length - NUMBER_BYTES), bytes));
}

/** The turning point of a key, or what stands for one that cannot be read; `undefined` if it is not stored. */
export async function turningPointAt(
  session: Session,
  key: Uint8Array,
): Promise<TurningPoint | UnreadableAt<number> | undefined> {
  const bytes = await session.get(key);
  if (bytes === undefined) return undefined;
  return turningPointOf(idAt(key, 1), numberAt(key, key.length - NUMBER_BYTES), bytes);
}

/**
 * The turning point at a key.
 *
 * @throws `IssueLifecycleError` `corrupt-data`
 */
export function storedTurningPoint(key: Uint8Array, bytes: Uint8Array): TurningPoint {
  const point = turningPointOf(
    idAt(key, KEYS.allTurningPoints.length),
    numberAt(key, key.length - NUMBER_BYTES),
    bytes,
  );
  if ("error" in point) throw point.error;
  return point;
}

function turningPointOf(issueId: string, number: number, bytes: Uint8Array): TurningPoint | UnreadableAt<number> {
  try {
    const { user, ...others } = readJson("a turning point", bytes, recordShape);
    return { issueId, number, ...others, by: user === null ? SYSTEM : { kind: "user", id: user } };
  } catch (error) {
    return { id: String(number), error: corruptData(`Turning point ${String(number)}`, "", error), position: number };
  }
}

/** The value of a turning point by another user, if it is one by `user`. */
export function withActor(bytes: Uint8Array, user: string, by: string): Uint8Array | undefined {
  const record = unlessRejected(bytes);
  return record?.user === user ? jsonBytes({ ...record, user: by }) : undefined;
}

/** A turning point, unless it cannot be read: then it stays as it is. */
function unlessRejected(bytes: Uint8Array): TurningPointRecord | undefined {
  try {
    return readJson("a turning point", bytes, recordShape);
  } catch {
    return undefined;
  }
}

/**
 * One step through all turning points by their keys, in which those of a project forget events.
 *
 * @param projectOf - the project of an issue
 */
export async function forgetEvents(
  session: Session,
  { projectId, ids, after, limit }: EventForgettingRequest,
  projectOf: (issueId: string) => Promise<string | undefined>,
): Promise<EventForgettingStep> {
  const prefix = KEYS.allTurningPoints;
  const last = after === null ? undefined : bytesOfHex(after);
  if (after !== null && last === undefined) throw invalidInput("after", after, "the `next` of the step before");
  const forgotten = new Set(ids);
  const entries = await session.range({ from: last === undefined ? prefix : keyAfter(last), to: endOf(prefix) }, limit);
  for (const [key, bytes] of entries) {
    const record = unlessRejected(bytes);
    if (record === undefined || record.eventId === null || !forgotten.has(record.eventId)) continue;
    if ((await projectOf(idAt(key, prefix.length))) !== projectId) continue;
    await session.put(key, jsonBytes({ ...record, eventId: null } satisfies TurningPointRecord));
  }
  const end = entries.at(-1)?.[0];
  return { next: end === undefined || entries.length < limit ? null : hexOf(end) };
}

/** Adds a turning point, which waits for its position in the feed under a key of its own: so no two transactions write the same key. */
export async function addTurningPoint(session: Session, point: TurningPoint): Promise<void> {
  const { issueId, number, turn, at, by, eventId, comment } = point;
  const record: TurningPointRecord = { turn, at, user: by.kind === "user" ? by.id : null, eventId, comment };
  const key = KEYS.turningPoint(requireIdPart(issueId), number);
  await session.put(key, jsonBytes(record));
  await waitForFeed(session, key);
}

/** Lets the turning point of a key wait for its position in the feed. */
export async function waitForFeed(session: Session, key: Uint8Array): Promise<void> {
  await session.put(KEYS.waitingForFeed(key.slice(1)), NO_BYTES);
}
