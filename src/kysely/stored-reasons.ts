import { requireBoolean, requireObject, requireOneOf } from "../core/input.ts";
import type { UnmuteReason } from "../core/mute.ts";
import type { RegressionReason } from "../core/regression.ts";
import { parseVolumeCondition } from "../core/volume-condition.ts";
import { count, instant, text } from "./stored-members.ts";

/** Why a mute ended, from what was stored. */
export function parseUnmuteReason(value: unknown): UnmuteReason {
  const given = requireObject("reason", value);
  const kind = requireOneOf("reason.kind", given["kind"], ["by-person", "deadline-passed", "volume-reached"]);
  switch (kind) {
    case "by-person":
      return { kind };
    case "deadline-passed": {
      const noticedBy = requireOneOf("reason.noticedBy", given["noticedBy"], ["event", "clock"]);
      return { kind, deadline: instant(given, "deadline"), noticedBy };
    }
    case "volume-reached": {
      const sinceMute = requireBoolean("reason.sinceMute", given["sinceMute"]);
      return { kind, condition: parseVolumeCondition(given["condition"]), count: count(given, "count"), sinceMute };
    }
  }
}

/** Why an event was a regression, from what was stored. */
export function parseRegressionReason(value: unknown): RegressionReason {
  const given = requireObject("reason", value);
  const kind = requireOneOf("reason.kind", given["kind"], ["resolved-plainly", "fixed-in-release"]);
  if (kind === "resolved-plainly") return { kind, resolvedAt: instant(given, "resolvedAt") };
  return { kind, release: text(given, "release"), fixedIn: text(given, "fixedIn") };
}
