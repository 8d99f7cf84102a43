import type { Issue, ReleaseLine, ReleaseTimeline } from "issue-lifecycle/core";
import type {
  AlertLease,
  EventRef,
  GroupRef,
  IssueUserRef,
  OutboxEntry,
  OutboxStatus,
  TallyScope,
} from "issue-lifecycle/store";

/** An issue with its groups: the one that opened it, and those that were added. */
export interface IssueDocument {
  readonly issue: Issue;
  readonly groups: readonly GroupRef[];
}

/** A project's timeline without its count, which the project has: so that it is read at once, however many releases there are. */
export interface TimelineDocument extends Pick<ReleaseTimeline, "latest" | "placedBy"> {
  /** All lines, each with its name. */
  readonly lines: readonly (readonly [name: string, line: ReleaseLine])[];
}

/** An alert, with the lease that can settle it. */
export interface AlertDocument {
  readonly entry: OutboxEntry;
  readonly lease: AlertLease | null;
}

/** A key made of texts. JSON keeps different texts apart, and writes lone surrogates as escapes. */
const key = (...parts: readonly (string | number | null)[]): string => `issue-lifecycle:${JSON.stringify(parts)}`;

/** The keys of all documents and sorted sets. */
export const keys = {
  project: (id: string) => key("project", id),
  /** The id of the project with a slug. */
  slug: (slugKey: string) => key("slug", slugKey),
  /** Slug keys, all of score 0: so they are in the order of their bytes. */
  slugs: key("slugs"),
  issue: (id: string) => key("issue", id),
  /** The id of a group's issue. */
  group: ({ projectId, strategy, key: text }: GroupRef) => key("group", projectId, strategy, text),
  /** Issue ids by number. */
  numbers: (projectId: string) => key("numbers", projectId),
  /** Ids of issues resolved by the next release, by number. */
  awaitingNext: (projectId: string) => key("awaiting-next", projectId),
  /** Ids of issues for which the clock has something to do, by the time of that. */
  toWake: key("to-wake"),
  history: (issueId: string) => key("history", issueId),
  counter: (issueId: string) => key("counter", issueId),
  marks: (issueId: string) => key("marks", issueId),
  user: ({ issueId, user }: IssueUserRef) => key("user", issueId, user),
  /** Users of an issue, by their last day. */
  usersByDay: (issueId: string) => key("users-by-day", issueId),
  /** Users of an issue, by their last turn. */
  usersByTurn: (issueId: string) => key("users-by-turn", issueId),
  /** Ids of issues with a mark at an order key: of score 1 if it is a fix claim, else 0. */
  marked: (projectId: string, orderKey: string) => key("marked", projectId, orderKey),
  release: (projectId: string, name: string) => key("release", projectId, name),
  /** The same release, for its marks. */
  releaseAt: (projectId: string, orderKey: string) => key("release-at", projectId, orderKey),
  /** Names of releases, each as JSON. */
  releases: (projectId: string) => key("releases", projectId),
  timeline: (projectId: string) => key("timeline", projectId),
  event: ({ projectId, id }: EventRef) => key("event", projectId, id),
  /** Event ids, each as JSON. */
  events: (projectId: string) => key("events", projectId),
  alert: (id: string) => key("alert", id),
  /** Ids of alerts in a state, by when they are due, died or were discarded. */
  outbox: (status: OutboxStatus) => key("outbox", status),
  /** Ids of an issue's alerts, by turning point. */
  alertsOf: (issueId: string) => key("alerts-of", issueId),
  tally: ({ projectId, issueId }: TallyScope) => key("tally", projectId, issueId),
  /** Keys of tallies, by the ends of their periods. */
  tallies: key("tallies"),
};
