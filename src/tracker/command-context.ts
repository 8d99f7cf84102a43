import { MAX_COMMENT_LENGTH } from "../core/command.ts";
import { orElse, refuseOtherMembers, requireObject, requireText } from "../core/input.ts";
import { SYSTEM, type Actor } from "../core/turning-point.ts";

/** Who gives a command, and what they have to say about it. */
export interface CommandOptions {
  /** The host's id of the user who gives it, 1 to {@link MAX_USER_ID_LENGTH} characters. Default: the system. */
  readonly by?: string;
  /** A comment for the history, at most {@link MAX_COMMENT_LENGTH} characters. Default: none. */
  readonly comment?: string;
}

/** The longest user id, in UTF-16 code units. */
export const MAX_USER_ID_LENGTH = 200;

/** A {@link CommandOptions} that was checked. */
export interface CheckedOptions {
  readonly by: Actor;
  readonly comment: string;
}

/** Checks who gives a command. */
export function parseCommandOptions(options: unknown): CheckedOptions {
  const given = requireObject("options", options);
  refuseOtherMembers("options", given, ["by", "comment"]);
  const by: Actor =
    given["by"] === undefined
      ? SYSTEM
      : { kind: "user", id: requireText("options.by", given["by"], 1, MAX_USER_ID_LENGTH) };
  return { by, comment: requireText("options.comment", orElse(given["comment"], ""), 0, MAX_COMMENT_LENGTH) };
}
