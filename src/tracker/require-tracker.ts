import { invalidInput, readMember, requireObject } from "../core/input.ts";
import type { Shape } from "../core/shape.ts";
import type { IssueTracker } from "./tracker.ts";

type Member = Extract<keyof IssueTracker, string>;

/** The parts of a tracker, which are objects; its other members are methods. */
const PARTS: ReadonlySet<Member> = new Set(["issues", "events", "users", "actors", "releases", "projects", "alerts"]);

/** The shape of a tracker, of which only these members are used. */
export function requireTracker<Name extends Member>(...names: readonly Name[]): Shape<Pick<IssueTracker, Name>> {
  return (field, value) => {
    const allowed = "a tracker, as createIssueTracker() returns one";
    const tracker = requireObject(field, value, allowed);
    if (hasMembers(field, tracker, names)) return tracker;
    throw invalidInput(field, value, allowed);
  };
}

function hasMembers<Name extends Member>(
  field: string,
  value: object,
  names: readonly Name[],
): value is Pick<IssueTracker, Name> {
  return names.every((name) => {
    const member = readMember(`${field}.${name}`, value, name);
    return PARTS.has(name) ? typeof member === "object" && member !== null : typeof member === "function";
  });
}
