import type { IssueUser } from "../../ports/issue-store.ts";
import type { RowOf } from "../schema/columns.ts";
import { TABLES, type TableRow } from "../schema/tables.ts";
import { tolerant, undamaged } from "./damage.ts";

/** The row of a user. */
export function userRow({ issueId, user, lastDay, lastTurn }: IssueUser): TableRow<"issue_users"> {
  return { issue_id: issueId, user_hash: user, last_day: lastDay, last_turn: lastTurn };
}

/** The columns that are read of a user. */
export const USER_COLUMNS = {
  issue_id: TABLES.issue_users.issue_id,
  user_hash: TABLES.issue_users.user_hash,
  ...tolerant({ last_day: TABLES.issue_users.last_day, last_turn: TABLES.issue_users.last_turn }),
};

/** A user of whom it cannot be read when they occurred last is one who did not; their next event repairs the row. */
export function userOf({ issue_id, user_hash, last_day, last_turn }: RowOf<typeof USER_COLUMNS>): IssueUser {
  return {
    issueId: issue_id,
    user: user_hash,
    lastDay: undamaged(last_day) ?? -1,
    lastTurn: undamaged(last_turn) ?? -1,
  };
}
