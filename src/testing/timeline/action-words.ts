import {
  parseReopenRequest,
  parseResolveRequest,
  type ReopenRequest,
  type ResolveRequest,
} from "../../core/command.ts";
import type { NewEvent } from "../../core/event.ts";
import { shorten } from "../../core/text.ts";
import { MAX_USER_ID_LENGTH } from "../../core/user-id.ts";
import type { CommandOptions } from "../../tracker/commands.ts";

/** The longest comment that a line repeats in full. */
const MAX_COMMENT = 200;

/** Who gave a command, and their comment: ` by ann ("known")`. */
export function givenBy({ by, comment }: CommandOptions): string {
  const author = typeof by === "string" && by.length <= MAX_USER_ID_LENGTH ? ` by ${by}` : "";
  const words = typeof comment === "string" && comment !== "" ? ` ("${shorten(comment, MAX_COMMENT)}")` : "";
  return author + words;
}

/** An event that was digested, with what it carries: `event of 2.1.0 in staging (user ann, count 25)`. */
export function eventAction({ release, environment, userId, count }: Partial<NewEvent>): string {
  const of = release === undefined ? "" : ` of ${release === "" ? "no release" : release}`;
  const where = environment === undefined || environment === "" ? "" : ` in ${environment}`;
  const details = [
    ...(userId === undefined ? [] : [`user ${userId}`]),
    ...(count === undefined ? [] : [`count ${String(count)}`]),
  ];
  return `event${of}${where}${details.length === 0 ? "" : ` (${details.join(", ")})`}`;
}

/** What a resolve command asks for: `resolve in 2.1.0`. */
export function resolveAction(request: ResolveRequest): string {
  const claim = validOrUndefined(() => parseResolveRequest({ in: request.in }));
  switch (claim?.kind) {
    case "by-next":
      return "resolve in the next release";
    case "by-latest":
      return "resolve in the latest release";
    case "by-release":
      return `resolve in ${claim.release}`;
    case "plain":
    case undefined:
      return "resolve";
  }
}

/** What a reopen command asks for: `reopen (withdrawing the fix claimed in 2.1.0)`. */
export function reopenAction(request: ReopenRequest): string {
  const withdraw = validOrUndefined(() => parseReopenRequest({ withdraw: request.withdraw })) ?? false;
  if (withdraw === false) return "reopen";
  if (withdraw === true) return "reopen (withdrawing all claims)";
  return `reopen (withdrawing the ${withdraw.length === 1 ? "fix" : "fixes"} claimed in ${withdraw.join(", ")})`;
}

/** What a function returns; `undefined` if it throws: the tracker refuses the request when the step is played. */
function validOrUndefined<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
