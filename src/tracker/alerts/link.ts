import type { Alert } from "../../core/alert.ts";
import { invalidInput } from "../../core/input.ts";

const MAX_LINK_LENGTH = 2_000;

/**
 * The link that a host's function gives for an alert, or `null`.
 *
 * @throws what the function throws, or `IssueLifecycleError` `invalid-input` for what is no URL that people can follow
 */
export function linkFor(alert: Alert, linkTo: (alert: Alert) => unknown): string | null {
  const link = linkTo(alert);
  // Nobody waits for one, and nobody has to hear of its failure besides that.
  if (link instanceof Promise) link.catch(() => undefined);
  if (link === null || link === undefined) return null;
  if (typeof link === "string" && link.length <= MAX_LINK_LENGTH && /^https?:\/\//iu.test(link) && URL.canParse(link)) {
    return link;
  }
  throw invalidInput(
    "alerts.linkTo()",
    link,
    `an http: or https: URL of at most ${String(MAX_LINK_LENGTH)} characters`,
  );
}
