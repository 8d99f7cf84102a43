import { wakeTimeOf, type Issue } from "../../../src/core/issue.ts";
import type { MemoryTables } from "../../../src/memory/memory-tables.ts";
import type { LoadRequest, LockSelection } from "../../../src/ports/issue-store.ts";
import { onTables } from "./rewriting.ts";
import type { Mutant } from "./harness.ts";

type Selected<Name extends string> = Extract<LockSelection, Readonly<Record<Name, unknown>>>;

/** A memory store that selects issues in another way. */
function selecting<Name extends "awaitingNextIn" | "wakesUntil" | "fixedIn">(
  name: Name,
  select: (selection: Selected<Name>, issues: readonly Issue[], tables: MemoryTables) => readonly Issue[],
): Mutant["open"] {
  const isOwn = (selection: LockSelection): selection is Selected<Name> => name in selection;
  return onTables((inner, tables) => ({
    load: async (request: LoadRequest) => {
      const { issues: selection } = request;
      if (selection === undefined || !isOwn(selection)) return inner.load(request);
      const ids = select(selection, [...tables.issues.values()], tables).map(({ id }) => id);
      const { details } = request;
      // The map returns issues by their ids in the order in which these are given.
      return inner.load({ ...request, issues: { ids }, ...(details && { details }) });
    },
  }));
}

const isWaiting = ({ state }: Issue): boolean => state.status === "resolved" && state.resolution.kind === "by-next";
const isResolved = ({ state }: Issue): boolean => state.status === "resolved";
const byNumber = (one: Issue, other: Issue): number => one.number - other.number;
const byId = (one: Issue, other: Issue): number => (one.id < other.id ? -1 : 1);
const byText = (one: Issue, other: Issue): number => (String(one.number) < String(other.number) ? -1 : 1);
const wakeOf = ({ state }: Issue): number => wakeTimeOf(state) ?? Infinity;
const byWake = (one: Issue, other: Issue): number => wakeOf(one) - wakeOf(other);

const inProject = (issues: readonly Issue[], projectId: string, after = 0): Issue[] =>
  issues.filter((issue) => issue.projectId === projectId && issue.number > after);

const awaiting: readonly Mutant[] = [
  {
    name: "takes issues that are resolved plainly for waiting ones",
    seenBy: "awaiting-next",
    open: selecting("awaitingNextIn", ({ awaitingNextIn, after, limit }, issues) =>
      inProject(issues, awaitingNextIn, after)
        .filter(
          (issue) =>
            isResolved(issue) && issue.state.status === "resolved" && issue.state.resolution.kind !== "by-release",
        )
        .sort(byNumber)
        .slice(0, limit),
    ),
  },
  {
    name: "takes issues that are resolved in a release for waiting ones",
    seenBy: "awaiting-next",
    open: selecting("awaitingNextIn", ({ awaitingNextIn, after, limit }, issues) =>
      inProject(issues, awaitingNextIn, after)
        .filter((issue) => issue.state.status === "resolved" && issue.state.resolution.kind !== "plain")
        .sort(byNumber)
        .slice(0, limit),
    ),
  },
  {
    name: "has waiting issues in the order of their numbers as texts",
    seenBy: "awaiting-next",
    open: selecting("awaitingNextIn", ({ awaitingNextIn, after, limit }, issues) =>
      inProject(issues, awaitingNextIn, after).filter(isWaiting).sort(byText).slice(0, limit),
    ),
  },
  {
    name: "has waiting issues in the order of their ids",
    seenBy: "awaiting-next",
    open: selecting("awaitingNextIn", ({ awaitingNextIn, after, limit }, issues) =>
      inProject(issues, awaitingNextIn, after).filter(isWaiting).sort(byId).slice(0, limit),
    ),
  },
  {
    name: "has waiting issues in the order in which they were resolved",
    seenBy: "awaiting-next",
    open: selecting("awaitingNextIn", ({ awaitingNextIn, after, limit }, issues) =>
      inProject(issues, awaitingNextIn, after)
        .filter(isWaiting)
        .sort((one, other) =>
          one.state.status === "resolved" && other.state.status === "resolved"
            ? one.state.resolvedAt - other.state.resolvedAt || byNumber(one, other)
            : 0,
        )
        .slice(0, limit),
    ),
  },
  {
    name: "limits waiting issues before it orders them",
    seenBy: "awaiting-next",
    open: selecting("awaitingNextIn", ({ awaitingNextIn, after, limit }, issues) =>
      inProject(issues, awaitingNextIn, after).filter(isWaiting).sort(byId).slice(0, limit).sort(byNumber),
    ),
  },
  {
    name: "selects waiting issues of all projects",
    seenBy: "awaiting-next",
    open: selecting("awaitingNextIn", ({ after, limit }, issues) =>
      issues
        .filter((issue) => isWaiting(issue) && issue.number > after)
        .sort(byNumber)
        .slice(0, limit),
    ),
  },
  {
    name: "selects all waiting issues, whatever the limit",
    seenBy: "awaiting-next",
    open: selecting("awaitingNextIn", ({ awaitingNextIn, after }, issues) =>
      inProject(issues, awaitingNextIn, after).filter(isWaiting).sort(byNumber),
    ),
  },
  {
    name: "begins again with the first waiting issue, whatever number it is to go on after",
    seenBy: "awaiting-next",
    open: selecting("awaitingNextIn", ({ awaitingNextIn, limit }, issues) =>
      inProject(issues, awaitingNextIn).filter(isWaiting).sort(byNumber).slice(0, limit),
    ),
  },
  {
    name: "goes on with the waiting issue that it ended with",
    seenBy: "awaiting-next",
    open: selecting("awaitingNextIn", ({ awaitingNextIn, after, limit }, issues) =>
      inProject(issues, awaitingNextIn, after - 1)
        .filter(isWaiting)
        .sort(byNumber)
        .slice(0, limit),
    ),
  },
  {
    name: "limits the issues of a project before it looks which of them wait",
    seenBy: "awaiting-next",
    open: selecting("awaitingNextIn", ({ awaitingNextIn, after, limit }, issues) =>
      inProject(issues, awaitingNextIn, after).filter(isResolved).sort(byNumber).slice(0, limit).filter(isWaiting),
    ),
  },
];

const waking: readonly Mutant[] = [
  {
    name: "wakes issues in the order of their numbers",
    seenBy: "waking-order",
    open: selecting("wakesUntil", ({ wakesUntil, limit }, issues) =>
      issues
        .filter((issue) => wakeOf(issue) <= wakesUntil)
        .sort(byNumber)
        .slice(0, limit),
    ),
  },
  {
    name: "wakes issues of one time in the order of their numbers",
    seenBy: "waking-order",
    open: selecting("wakesUntil", ({ wakesUntil, limit }, issues) =>
      issues
        .filter((issue) => wakeOf(issue) <= wakesUntil)
        .sort((one, other) => byWake(one, other) || byNumber(one, other))
        .slice(0, limit),
    ),
  },
  {
    name: "wakes the last of too many issues",
    seenBy: "waking-order",
    open: selecting("wakesUntil", ({ wakesUntil, limit }, issues) =>
      issues
        .filter((issue) => wakeOf(issue) <= wakesUntil)
        .sort((one, other) => byWake(one, other) || byId(one, other))
        .slice(-limit),
    ),
  },
  {
    name: "wakes issues of one project only",
    seenBy: "waking-order",
    open: selecting("wakesUntil", ({ wakesUntil, limit }, issues) => {
      const due = issues
        .filter((issue) => wakeOf(issue) <= wakesUntil)
        .sort((one, other) => byWake(one, other) || byId(one, other));
      return due.filter(({ projectId }) => projectId === due[0]?.projectId).slice(0, limit);
    }),
  },
  {
    name: "wakes issues whose mute ends with the next event",
    seenBy: "waking-order",
    open: selecting("wakesUntil", ({ wakesUntil, limit }, issues) => {
      const at = (issue: Issue): number =>
        issue.state.status === "muted" ? (issue.state.mute.deadline?.at ?? Infinity) : wakeOf(issue);
      return issues
        .filter((issue) => at(issue) <= wakesUntil)
        .sort((one, other) => at(one) - at(other) || byId(one, other))
        .slice(0, limit);
    }),
  },
  {
    name: "wakes issues to the second",
    seenBy: "waking-order",
    open: selecting("wakesUntil", ({ wakesUntil, limit }, issues) => {
      const second = (issue: Issue): number => Math.floor(wakeOf(issue) / 1_000);
      return issues
        .filter((issue) => second(issue) <= Math.floor(wakesUntil / 1_000))
        .sort((one, other) => second(one) - second(other) || byId(one, other))
        .slice(0, limit);
    }),
  },
];

/** The issues with a mark that passes a test. */
function marked(
  issues: readonly Issue[],
  tables: MemoryTables,
  passes: (mark: { readonly orderKey: string; readonly last: string; readonly fixedAt: number | null }) => boolean,
): Issue[] {
  return issues.filter(({ id }) => tables.ofIssue.get(id)?.marks.some(passes) === true);
}

const fixed: readonly Mutant[] = [
  {
    name: "selects fixed issues of every project",
    seenBy: "fixed-in",
    open: selecting("fixedIn", ({ fixedIn, limit }, issues, tables) =>
      marked(issues, tables, (mark) => mark.orderKey === fixedIn.orderKey && mark.last === "fixed").slice(0, limit),
    ),
  },
  {
    name: "selects issues that are fixed in any release",
    seenBy: "fixed-in",
    open: selecting("fixedIn", ({ fixedIn, limit }, issues, tables) =>
      marked(inProject(issues, fixedIn.projectId), tables, ({ last }) => last === "fixed").slice(0, limit),
    ),
  },
  {
    name: "selects issues that are fixed in a release that begins with the same order key",
    seenBy: "fixed-in",
    open: selecting("fixedIn", ({ fixedIn, limit }, issues, tables) =>
      marked(
        inProject(issues, fixedIn.projectId),
        tables,
        (mark) => mark.orderKey.startsWith(fixedIn.orderKey) && mark.last === "fixed",
      ).slice(0, limit),
    ),
  },
  {
    name: "selects issues that have a mark at the release and a fix anywhere",
    seenBy: "fixed-in",
    open: selecting("fixedIn", ({ fixedIn, limit }, issues, tables) =>
      marked(
        marked(inProject(issues, fixedIn.projectId), tables, ({ orderKey }) => orderKey === fixedIn.orderKey),
        tables,
        ({ last }) => last === "fixed",
      ).slice(0, limit),
    ),
  },
  {
    name: "selects resolved issues only among those that are fixed in a release",
    seenBy: "fixed-in",
    open: selecting("fixedIn", ({ fixedIn, limit }, issues, tables) =>
      marked(
        inProject(issues, fixedIn.projectId).filter(isResolved),
        tables,
        (mark) => mark.orderKey === fixedIn.orderKey && mark.last === "fixed",
      ).slice(0, limit),
    ),
  },
  {
    name: "limits the marks of a release before it looks which of them are fixes",
    seenBy: "fixed-in",
    open: selecting("fixedIn", ({ fixedIn, limit }, issues, tables) =>
      marked(
        marked(inProject(issues, fixedIn.projectId), tables, ({ orderKey }) => orderKey === fixedIn.orderKey).slice(
          0,
          limit,
        ),
        tables,
        (mark) => mark.orderKey === fixedIn.orderKey && mark.last === "fixed",
      ),
    ),
  },
];

export const selectionMutants: readonly Mutant[] = [...awaiting, ...waking, ...fixed];
