import { invalidInput, refuseOtherMembers, requireObject, requireOneOf, requireText } from "./input.ts";
import type { Instant } from "./instant.ts";
import { parseMuteRequest, type MuteRequest, type MuteTerms } from "./mute-request.ts";
import { MAX_RELEASE_LENGTH } from "./release.ts";

/** How a person says that an issue is fixed. */
export interface ResolveRequest {
  /**
   * Where. Absent: fixed, and any later event is a regression. `"latest-release"`: fixed in the project's latest release.
   * `"next-release"`: fixed in the next latest release, whichever that will be. Or a release, which nobody needs to have
   * seen yet.
   */
  readonly in?: "latest-release" | "next-release" | NamedRelease;
}

/** A release by its name. */
export interface NamedRelease {
  /** The release as the host writes it; at most {@link MAX_RELEASE_LENGTH} characters. */
  readonly release: string;
}

/** What a person can do to an issue. */
export type Command =
  | ({
      /** Say that it is fixed. */
      readonly kind: "resolve";
    } & ResolveRequest)
  | {
      /** Say that it is not fixed after all. */
      readonly kind: "reopen";
    }
  | ({
      /** Stop hearing of it, for ever or until something happens. */
      readonly kind: "mute";
    } & MuteRequest)
  | {
      /** Hear of it again. */
      readonly kind: "unmute";
    }
  | {
      /** Write a comment into its history. */
      readonly kind: "annotate";
      /** The comment: 1 to {@link MAX_COMMENT_LENGTH} characters that are not all blank. */
      readonly comment: string;
    }
  | {
      /** Forget it and its history. A later event of the same group opens a new issue. */
      readonly kind: "delete";
    };

/** The names of the commands. */
export type CommandKind = Command["kind"];

/** All commands' names. */
export const COMMAND_KINDS = [
  "resolve",
  "reopen",
  "mute",
  "unmute",
  "annotate",
  "delete",
] as const satisfies CommandKind[];

/** The longest comment on a turning point, in UTF-16 code units. */
export const MAX_COMMENT_LENGTH = 10_000;

/** A {@link Command} that was checked. */
export type CheckedCommand =
  | {
      /** See {@link Command}. */
      readonly kind: "resolve";
      /** Where it is said to be fixed. */
      readonly claim: ResolveClaim;
    }
  | {
      /** See {@link Command}. */
      readonly kind: "mute";
      /** Until what. */
      readonly terms: MuteTerms;
    }
  | {
      /** See {@link Command}. */
      readonly kind: "annotate";
      /** The comment. */
      readonly comment: string;
    }
  | {
      /** See {@link Command}. */
      readonly kind: "reopen" | "unmute" | "delete";
    };

/** Where an issue is said to be fixed: a {@link ResolveRequest} that was checked. */
export type ResolveClaim =
  | {
      /** Anywhere, in the next latest release, or in the latest. */
      readonly kind: "plain" | "by-next" | "by-latest";
    }
  | {
      /** In a release. */
      readonly kind: "by-release";
      /** The release. */
      readonly release: string;
    };

/**
 * Checks a command from anywhere.
 *
 * @param command - what was asked
 * @param now - when, for the mute's deadline
 * @throws {@link IssueLifecycleError} `invalid-input`, `condition-out-of-range` or `deadline-passed`
 */
export function parseCommand(command: unknown, now: Instant): CheckedCommand {
  const { kind: givenKind, ...given } = requireObject("command", command);
  const kind = requireOneOf("command.kind", givenKind, COMMAND_KINDS);
  switch (kind) {
    case "resolve":
      refuseOtherMembers("resolve", given, ["in"]);
      return { kind, claim: parseClaim(given["in"]) };
    case "mute":
      return { kind, terms: parseMuteRequest(given, now) };
    case "annotate":
      refuseOtherMembers("annotate", given, ["comment"]);
      return { kind, comment: parseComment("command.comment", given["comment"]) };
    case "reopen":
    case "unmute":
    case "delete":
      refuseOtherMembers(kind, given, []);
      return { kind };
  }
}

function parseClaim(value: unknown): ResolveClaim {
  if (value === undefined) return { kind: "plain" };
  if (typeof value === "object") {
    const { release } = requireObject("resolve.in", value);
    return { kind: "by-release", release: requireText("resolve.in.release", release, 0, MAX_RELEASE_LENGTH) };
  }
  const word = requireOneOf("resolve.in", value, ["latest-release", "next-release"]);
  return { kind: word === "latest-release" ? "by-latest" : "by-next" };
}

function parseComment(field: string, value: unknown): string {
  const comment = requireText(field, value, 1, MAX_COMMENT_LENGTH);
  if (comment.trim() === "") throw invalidInput(field, comment, "a comment that is not blank");
  return comment;
}
