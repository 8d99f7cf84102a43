import { invalidInput, isUuid } from "../core/input.ts";
import { NO_ID } from "./rows/damage.ts";

/** A position among all turning points, in the order of their keys. */
export interface HistoryPosition {
  readonly issue_id: string;
  readonly number: number;
}

/** The text of the position of a turning point. */
export function historyPositionText({ issue_id, number }: HistoryPosition): string {
  return `${issue_id} ${String(number)}`;
}

/** The position of a text; that before all turning points for `null`. */
export function readHistoryPosition(after: string | null): HistoryPosition {
  if (after === null) return { issue_id: NO_ID, number: 0 };
  const [id = "", number = "", ...others] = after.split(" ");
  if (isUuid(id) && /^\d+$/u.test(number) && others.length === 0) return { issue_id: id, number: Number(number) };
  throw invalidInput("after", after, "the `next` of the step before");
}
