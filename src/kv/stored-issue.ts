import { DEFAULT_EVENT_LEVEL, EVENT_LEVELS } from "../core/event-level.ts";
import { requireBoolean, requireInstant } from "../core/input.ts";
import {
  issuePartsShape,
  issueStateShape,
  wakeTimeOf,
  watchedConditionsShape,
  type Issue,
  type IssueState,
  type IssueStatus,
} from "../core/issue.ts";
import {
  anyText,
  arrayOf,
  count,
  looseObject,
  nullable,
  oneOf,
  optional,
  withDefault,
  type Shape,
} from "../core/shape.ts";
import { corruptIssue } from "../core/unreadable.ts";
import type { UnreadableIssue } from "../ports/issue-store.ts";
import { jsonBytes, readJson } from "./values.ts";

/**
 * By what an issue is found: the keys that lead to it follow from this. It can be read where the rest cannot, such as the state of an
 * issue that a newer version of this library stored.
 */
export interface IssuePlace {
  readonly projectId: string;
  /** The internal number of its project. */
  readonly project: number;
  readonly number: number;
  /** See {@link STATUS_CODES}. */
  readonly status: number;
  readonly lastSeenAt: number;
  readonly eventCount: number;
  /** When the clock has something to do for it; `null` for never. */
  readonly wakeAt: number | null;
  /** Whether it is resolved by the next release. */
  readonly awaitsNext: boolean;
}

/** How the states are stored. */
export const STATUS_CODES: Readonly<Record<IssueStatus, number>> = {
  open: 0,
  muted: 1,
  resolved: 2,
  discarded: 3,
  merged: 4,
};

/** The members of an issue that its place has not. */
type IssueDetails = Omit<Issue, "id" | keyof IssuePlace>;

interface IssueRecord {
  readonly place: IssuePlace;
  readonly details: IssueDetails;
}

const placeShape: Shape<IssuePlace> = looseObject<IssuePlace>({
  projectId: anyText,
  project: count,
  number: count,
  status: count,
  lastSeenAt: requireInstant,
  eventCount: count,
  wakeAt: nullable(requireInstant),
  awaitsNext: requireBoolean,
});

const detailsShape: Shape<IssueDetails> = looseObject<IssueDetails>({
  title: anyText,
  transaction: anyText,
  level: withDefault(oneOf(EVENT_LEVELS), DEFAULT_EVENT_LEVEL),
  firstSeenAt: requireInstant,
  lastEventNumber: withDefault(count, 0),
  userCount: count,
  environments: arrayOf(anyText),
  watch: nullable(watchedConditionsShape),
  latestEventId: anyText,
  lastSeenIn: optional(anyText),
  seenNumber: count,
  turningPointCount: count,
  parts: withDefault(nullable(issuePartsShape), null),
  state: issueStateShape,
});

const placedShape = looseObject<Pick<IssueRecord, "place">>({ place: placeShape });
const recordShape = looseObject<IssueRecord>({ place: placeShape, details: detailsShape });

/** An issue as it was read. */
export interface ReadIssue {
  readonly entry: Issue | UnreadableIssue;
  /** `undefined` if it cannot be read. */
  readonly place: IssuePlace | undefined;
}

/** The place of an issue. */
export function placeOf(issue: Issue, project: number): IssuePlace {
  const { projectId, number, lastSeenAt, eventCount, state } = issue;
  return { projectId, project, number, lastSeenAt, eventCount, ...placeOfState(state) };
}

function placeOfState(state: IssueState): Pick<IssuePlace, "status" | "wakeAt" | "awaitsNext"> {
  return {
    status: STATUS_CODES[state.status],
    wakeAt: wakeTimeOf(state) ?? null,
    awaitsNext: state.status === "resolved" && state.resolution.kind === "by-next",
  };
}

/** The value of an issue. */
export function issueBytes(issue: Issue, place: IssuePlace): Uint8Array {
  const { id: _id, projectId: _projectId, number: _number, lastSeenAt: _at, eventCount: _count, ...details } = issue;
  return jsonBytes({ place, details } satisfies IssueRecord);
}

/** The issue of a value, or what stands for one that cannot be read. */
export function readIssue(id: string, bytes: Uint8Array): ReadIssue {
  try {
    const { place, details } = readJson("an issue", bytes, recordShape);
    const { projectId, number, lastSeenAt, eventCount } = place;
    if (!isConsistent(place, details.state)) throw new Error("Its parts contradict each other.");
    return { entry: { id, projectId, number, lastSeenAt, eventCount, ...details }, place };
  } catch (error) {
    const place = readPlace(bytes);
    const { projectId = "", number } = place ?? {};
    return { entry: { id, projectId, number, error: corruptIssue(id, error) }, place };
  }
}

function readPlace(bytes: Uint8Array): IssuePlace | undefined {
  try {
    return readJson("an issue's place", bytes, placedShape).place;
  } catch {
    return undefined;
  }
}

/** Whether an issue is found by what its state says. */
function isConsistent(place: IssuePlace, state: IssueState): boolean {
  const { status, wakeAt, awaitsNext } = placeOfState(state);
  return place.status === status && place.wakeAt === wakeAt && place.awaitsNext === awaitsNext;
}
