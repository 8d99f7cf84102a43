import { bucketOf, KEPT_BUCKETS } from "../calendar.ts";
import { IssueLifecycleError } from "../errors.ts";
import { requireBoolean } from "../input.ts";
import { count, integer, looseObject, object, oneOf, optional, type Shape } from "../shape.ts";
import { pluralize } from "../text.ts";
import { fromTheMute, judgedAt, type ConditionRule } from "./condition-rule.ts";

/**
 * A condition that is met by events of `users` different users or more: in calendar days (UTC), or since the mute. Only events
 * with a `userId` have a user.
 */
export interface UsersCondition {
  readonly kind: "users";
  /** The number of different users that meets the condition, 1 to {@link MAX_USERS}. */
  readonly users: number;
  /**
   * How many days count, the current one included, 1 to 30. Without it the users since the mute count; a watch, which has no
   * beginning, needs it.
   */
  readonly days?: number | undefined;
}

/** That a {@link UsersCondition} was met. */
export interface UsersReached {
  readonly kind: "users-reached";
  readonly condition: UsersCondition;
  /** The number of users that counted. */
  readonly count: number;
  /** Whether only users who occurred after the mute counted. */
  readonly sinceMute: boolean;
}

/** The highest number of users that a condition can ask for. */
export const MAX_USERS = 10_000;

const MEMBERS = { kind: oneOf(["users"]), users: integer(1, MAX_USERS), days: optional(integer(1, 1_000_000)) };
const anyUsersCondition = object<UsersCondition>(MEMBERS, `{ kind: "users", users: 10, days: 1 }`);

/** The shape of a condition that a caller gives. */
export const usersConditionInput: Shape<UsersCondition> = (field, value) => {
  const { days, ...condition } = anyUsersCondition(field, value);
  if (days === undefined) return condition;
  if (days <= KEPT_BUCKETS.day) return { ...condition, days };
  throw new IssueLifecycleError(
    "condition-out-of-range",
    `${field}.days: got ${String(days)}; ${pluralize(KEPT_BUCKETS.day, "day")} are kept and can be asked for. Ask for the users since the mute, without days.`,
    { field: `${field}.days` },
  );
};

/** The stored form of a condition. */
export const usersConditionShape: Shape<UsersCondition> = looseObject<UsersCondition>(MEMBERS);

/** The stored form of {@link UsersReached}. */
export const usersReachedMembers = { condition: usersConditionShape, count, sinceMute: requireBoolean };

/** How a condition on users is judged. */
export function usersRule(condition: UsersCondition): ConditionRule {
  const { users: needed, days } = condition;
  return {
    window: days === undefined ? { period: "total", nrOfPeriods: 1 } : { period: "day", nrOfPeriods: days },
    countsUsers: true,
    isSinceMute: days === undefined,
    asRequested: condition,
    asMuted: () => condition,
    standing: (evidence) => {
      const fromDay = days === undefined ? null : bucketOf("day", judgedAt(evidence)) - days + 1;
      const sinceMute = days === undefined || evidence.countedFrom > 0;
      return { count: evidence.users.count({ fromDay, sinceMute, limit: needed }), needed, usual: 0 };
    },
    // An event has one user, whatever its count.
    eventsUntilMet: ({ count: found }) => needed - found,
    reason: ({ count: found }, { countedFrom }) => ({
      kind: "users-reached",
      condition,
      count: found,
      sinceMute: days === undefined || countedFrom > 0,
    }),
    describe: () => `${pluralize(needed, "user")} or more ${describeDays(days)}`,
    describeTimeless: (sinceMute) => describeUsers(condition, sinceMute),
    describeStanding: ({ count: found }, sinceMute) =>
      `${String(found)} of ${pluralize(needed, "user")}${sinceMute && days !== undefined ? " since the mute" : ""} ${describeDays(days)}`,
  };
}

function describeDays(days: number | undefined): string {
  if (days === undefined) return "since the mute";
  if (days === 1) return "in the current day";
  return `in the current day and the ${days === 2 ? "one" : String(days - 1)} before it`;
}

/** The condition in words that stay true later: "10 users or more in one calendar day". */
function describeUsers({ users, days }: UsersCondition, sinceMute: boolean): string {
  const met = `${pluralize(users, "user")} or more`;
  if (days === undefined) return `${met} since the mute`;
  const window = days === 1 ? "one calendar day" : `${pluralize(days, "calendar day")} in a row`;
  return `${met} in ${window}${fromTheMute(sinceMute)}`;
}

/** {@link UsersReached} as a sentence. */
export function describeUsersReached({ condition, sinceMute }: UsersReached): string {
  return `It occurred for ${describeUsers(condition, sinceMute)}.`;
}
