import { invalidInput, readMember, requireBoolean, requireObject, requireOneOf, requireText } from "./input.ts";
import type { Condition } from "./conditions/condition.ts";
import { parseDiscardRequest, type DiscardRequest } from "./discard.ts";
import type { InstantInput } from "./instant.ts";
import type { MuteTerms } from "./mute.ts";
import { parseMuteRequest, type MuteRequest } from "./mute-request.ts";
import { MAX_RELEASE_LENGTH } from "./release-order.ts";
import { arrayOf, object, text, withDefault, withoutMembers, type Shape } from "./shape.ts";
import { parseIssueWatch, type WatchRequest } from "./watch.ts";

/** A request to resolve an issue. */
export interface ResolveRequest {
  /**
   * Where the issue is fixed. `"latest-release"`: in the latest release of the line in which the issue was last seen.
   * `"next-release"`: in the next one that becomes the latest of such a line. Or a named release. Default: no release; any
   * later event is a regression.
   */
  readonly in?: "latest-release" | "next-release" | NamedRelease;
}

/** A release by its name. */
export interface NamedRelease {
  /**
   * The release, at most {@link MAX_RELEASE_LENGTH} characters. It is known, or comes in a line of versions or numbers of which
   * releases are known; in a project that knows no release it may be any.
   */
  readonly release: string;
  /** Whether to claim a fix also in a release that cannot be compared with those that are known. Default `false`. */
  readonly announce?: boolean;
}

/** A request to reopen an issue. */
export interface ReopenRequest {
  /**
   * Fix claims to withdraw, because they were wrong: `true` for those of the present resolution, or a list of releases. They
   * decide about no event afterwards. Default `false`: they stay.
   */
  readonly withdraw?: boolean | readonly string[];
}

/** A command to an issue. */
export type Command =
  | ({ readonly kind: "resolve" } & ResolveRequest)
  | ({ readonly kind: "reopen" } & ReopenRequest)
  | ({ readonly kind: "mute" } & MuteRequest)
  | { readonly kind: "unmute" }
  | ({ readonly kind: "discard" } & DiscardRequest)
  | { readonly kind: "undiscard" }
  | ({ readonly kind: "watch" } & WatchRequest)
  | {
      /** Adds a comment to the issue's history. */
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
  "discard",
  "undiscard",
  "watch",
  "annotate",
  "delete",
] as const satisfies CommandKind[];

/** The longest comment on a turning point, in UTF-16 code units. */
export const MAX_COMMENT_LENGTH = 10_000;

const IN_A_RELEASE = `{ in: { release: "1.0.0" } }`;

/** A validated {@link Command}. */
export type CheckedCommand =
  | { readonly kind: "resolve"; readonly claim: ResolveClaim }
  | { readonly kind: "mute"; readonly terms: MuteTerms }
  | { readonly kind: "discard"; readonly conditions: readonly Condition[] }
  | { readonly kind: "watch"; readonly conditions: readonly Condition[] | null }
  | { readonly kind: "annotate"; readonly comment: string }
  | { readonly kind: "reopen"; readonly withdraw: boolean | readonly string[] }
  | { readonly kind: "unmute" | "undiscard" | "delete" };

/** A {@link ResolveRequest} that was checked: where the issue is claimed to be fixed. */
export type ResolveClaim =
  | { readonly kind: "plain" | "by-next" | "by-latest" }
  | { readonly kind: "by-release"; readonly release: string; readonly announce: boolean };

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
    case "discard":
      return { kind, conditions: parseDiscardRequest(request) };
    case "watch":
      return { kind, conditions: parseIssueWatch(request) };
    case "annotate":
      return { kind, comment: annotation("annotate", request).comment };
    case "reopen":
      return { kind, withdraw: parseReopenRequest(request) };
    case "unmute":
    case "undiscard":
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

/**
 * Checks a reopen request.
 *
 * @param request - a {@link ReopenRequest}, unchecked
 * @throws {@link IssueLifecycleError} `invalid-input`
 */
export function parseReopenRequest(request: unknown): boolean | readonly string[] {
  return reopenRequest("reopen", request).withdraw;
}

/** The most releases whose claims one command withdraws. */
const MAX_WITHDRAWN = 100;

const withdrawnReleases = arrayOf(text(1, MAX_RELEASE_LENGTH), 1, MAX_WITHDRAWN, `["2.1.0"]`);

const reopenRequest = object(
  { withdraw: parseWithdraw } satisfies Record<keyof ReopenRequest, Shape<unknown>>,
  "{ withdraw: true }",
);

function parseWithdraw(field: string, value: unknown): boolean | readonly string[] {
  if (value === undefined) return false;
  return typeof value === "boolean" ? value : withdrawnReleases(field, value);
}

const namedRelease = object(
  {
    release: text(0, MAX_RELEASE_LENGTH),
    announce: withDefault(requireBoolean, false),
  } satisfies Record<keyof NamedRelease, Shape<unknown>>,
  IN_A_RELEASE,
);
const resolveRequest = object({ in: parseClaim } satisfies Record<keyof ResolveRequest, Shape<unknown>>, IN_A_RELEASE);

function parseClaim(field: string, value: unknown): ResolveClaim {
  if (value === undefined) return { kind: "plain" };
  if (value === "latest-release") return { kind: "by-latest" };
  if (value === "next-release") return { kind: "by-next" };
  if (typeof value === "object" && value !== null) {
    const { release, announce } = namedRelease(field, value);
    return { kind: "by-release", release: release.trim(), announce };
  }
  throw invalidInput(field, value, `"latest-release", "next-release" or a release, as in ${IN_A_RELEASE}`);
}

function requireComment(field: string, value: unknown): string {
  const comment = requireText(field, value, 1, MAX_COMMENT_LENGTH);
  if (comment.trim() === "") throw invalidInput(field, comment, "a comment that is not blank");
  return comment;
}
