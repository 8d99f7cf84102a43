import { invalidInput, readMember, requireObject, requireOneOf, requireText } from "./input.ts";
import type { InstantInput } from "./instant.ts";
import type { MuteTerms } from "./mute.ts";
import { parseMuteRequest, type MuteRequest } from "./mute-request.ts";
import { MAX_RELEASE_LENGTH } from "./release.ts";
import { object, text, withoutMembers, type Shape } from "./shape.ts";

/** A request to resolve an issue. */
export interface ResolveRequest {
  /**
   * Where the issue is fixed. `"latest-release"`: in the project's latest release. `"next-release"`: in the release that
   * becomes the latest next. Or a named release, which does not need to be known yet. Default: no release; any later event
   * is a regression.
   */
  readonly in?: "latest-release" | "next-release" | NamedRelease;
}

/** A release by its name. */
export interface NamedRelease {
  /** The release as its events name it; at most {@link MAX_RELEASE_LENGTH} characters. */
  readonly release: string;
}

/** A command to an issue. */
export type Command =
  | ({ readonly kind: "resolve" } & ResolveRequest)
  | { readonly kind: "reopen" }
  | ({ readonly kind: "mute" } & MuteRequest)
  | { readonly kind: "unmute" }
  | {
      /** Adds a comment to the history. */
      readonly kind: "annotate";
      /** 1 to {@link MAX_COMMENT_LENGTH} characters, not all white space. */
      readonly comment: string;
    }
  | {
      /** Deletes the issue and its history. A later event of the same group opens a new issue. */
      readonly kind: "delete";
    };

/** The kind of a command. */
export type CommandKind = Command["kind"];

/** All kinds of commands. */
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

/** The longest id of a user, in UTF-16 code units. */
export const MAX_USER_ID_LENGTH = 200;

const IN_A_RELEASE = `{ in: { release: "1.0.0" } }`;

/** A validated {@link Command}. */
export type CheckedCommand =
  | { readonly kind: "resolve"; readonly claim: ResolveClaim }
  | { readonly kind: "mute"; readonly terms: MuteTerms }
  | { readonly kind: "annotate"; readonly comment: string }
  | { readonly kind: "reopen" | "unmute" | "delete" };

/** A {@link ResolveRequest} that was checked: where the issue is claimed to be fixed. */
export type ResolveClaim =
  { readonly kind: "plain" | "by-next" | "by-latest" } | { readonly kind: "by-release"; readonly release: string };

/**
 * Checks a command.
 *
 * @param command - a {@link Command}, unchecked
 * @param now - the time of the command, for a mute's deadline
 * @throws {@link IssueLifecycleError} `invalid-input`, `condition-out-of-range` or `deadline-passed`
 */
export function parseCommand(command: unknown, now: InstantInput): CheckedCommand {
  const given = requireObject("command", command, `an object, as in { kind: "resolve" }`);
  const kind = requireOneOf("command.kind", readMember("command.kind", given, "kind"), COMMAND_KINDS);
  const request = withoutMembers("command", given, ["kind"]);
  switch (kind) {
    case "resolve":
      return { kind, claim: parseResolveRequest(request) };
    case "mute":
      return { kind, terms: parseMuteRequest(request, now) };
    case "annotate":
      return { kind, comment: annotation("annotate", request).comment };
    case "reopen":
    case "unmute":
    case "delete":
      nothing(kind, request);
      return { kind };
  }
}

const annotation = object({ comment: requireComment }, `{ comment: "Seen in the nightly job only" }`);
const nothing = object({});

/**
 * Checks a resolve request.
 *
 * @param request - a {@link ResolveRequest}, unchecked
 * @throws {@link IssueLifecycleError} `invalid-input`
 */
export function parseResolveRequest(request: unknown): ResolveClaim {
  return resolveRequest("resolve", request).in;
}

const namedRelease = object<NamedRelease>({ release: text(0, MAX_RELEASE_LENGTH) }, IN_A_RELEASE);
const resolveRequest = object({ in: parseClaim } satisfies Record<keyof ResolveRequest, Shape<unknown>>, IN_A_RELEASE);

function parseClaim(field: string, value: unknown): ResolveClaim {
  if (value === undefined) return { kind: "plain" };
  if (value === "latest-release") return { kind: "by-latest" };
  if (value === "next-release") return { kind: "by-next" };
  if (typeof value === "object" && value !== null)
    return { kind: "by-release", release: namedRelease(field, value).release };
  throw invalidInput(field, value, `"latest-release", "next-release" or a release, as in ${IN_A_RELEASE}`);
}

function requireComment(field: string, value: unknown): string {
  const comment = requireText(field, value, 1, MAX_COMMENT_LENGTH);
  if (comment.trim() === "") throw invalidInput(field, comment, "a comment that is not blank");
  return comment;
}
