import { compare } from "semver";

/** A fix claim or an occurrence in a release, in the order in which the tracker received them. */
interface Happening {
  readonly what: "fixed" | "seen";
  readonly release: string;
  /** When it was claimed, or when it occurred. */
  readonly at: number;
}

type State =
  | { readonly kind: "open" }
  | {
      readonly kind: "resolved";
      readonly by: "plain" | "release" | "next";
      readonly at: number;
      readonly fixes: string[];
    };

/** An issue of the first edition. */
interface FirstEditionIssue {
  readonly happenings: Happening[];
  state: State;
}

/** How the first edition resolves an issue. */
export type FirstEditionResolve = "plain" | "next" | "latest" | { readonly release: string };

/**
 * The rules for regressions as the first edition had them, for one package of releases with three numbers: a walk through
 * all releases in order, in which claims begin to hold and occurrences end that.
 */
export class FirstEdition {
  readonly issues = new Map<string, FirstEditionIssue>();
  readonly #known = new Set<string>();
  /** Whether an event that occurred before the resolution, or before the claim that decides, leaves a mark. */
  readonly #oldEventsLeaveMarks: boolean;

  constructor({ oldEventsLeaveMarks }: { readonly oldEventsLeaveMarks: boolean }) {
    this.#oldEventsLeaveMarks = oldEventsLeaveMarks;
  }

  digest(group: string, release: string, occurredAt: number): string {
    this.#makeKnown(release);
    const issue = this.issues.get(group);
    const seen: Happening = { what: "seen", release, at: occurredAt };
    if (issue === undefined) {
      this.issues.set(group, { happenings: [seen], state: { kind: "open" } });
      return "created";
    }
    const outcome = this.#judge(issue, release, occurredAt);
    if (this.#oldEventsLeaveMarks || !this.#isOld(issue, release, occurredAt)) issue.happenings.push(seen);
    if (outcome !== "counted") issue.state = { kind: "open" };
    return outcome;
  }

  /** Whether a command is applied. */
  resolve(group: string, how: FirstEditionResolve, now: number): boolean {
    const issue = this.issues.get(group);
    if (issue === undefined) return false;
    const { state } = issue;
    if (how === "plain" || how === "next") {
      if (state.kind === "resolved") return false;
      issue.state = { kind: "resolved", by: how, at: now, fixes: [] };
      return true;
    }
    const release = how === "latest" ? this.#latest() : how.release;
    const fixes = state.kind === "resolved" && state.by === "release" ? state.fixes : [];
    if (release === undefined || fixes.includes(release)) return false;
    issue.happenings.push({ what: "fixed", release, at: now });
    const at = state.kind === "resolved" ? state.at : now;
    issue.state = { kind: "resolved", by: "release", at, fixes: [...fixes, release] };
    return true;
  }

  reopen(group: string): boolean {
    const issue = this.issues.get(group);
    if (issue?.state.kind !== "resolved") return false;
    issue.state = { kind: "open" };
    return true;
  }

  #latest(): string | undefined {
    return [...this.#known].sort(compare).at(-1);
  }

  #makeKnown(release: string): void {
    if (this.#known.has(release)) return;
    this.#known.add(release);
    if (this.#latest() !== release) return;
    for (const issue of this.issues.values()) {
      const { state } = issue;
      if (state.kind !== "resolved" || state.by !== "next") continue;
      issue.happenings.push({ what: "fixed", release, at: state.at });
      issue.state = { ...state, by: "release", fixes: [release] };
    }
  }

  #judge(issue: FirstEditionIssue, release: string, occurredAt: number): string {
    const { state } = issue;
    if (state.kind === "open" || occurredAt < state.at || state.by === "next") return "counted";
    if (state.by === "plain") return "regressed: plainly";
    const fix = this.#fixIn(issue, release);
    return fix !== undefined && occurredAt >= fix.at ? `regressed: fixed in ${fix.release}` : "counted";
  }

  /** The fix claim that holds in a release. */
  #fixIn({ happenings }: FirstEditionIssue, release: string): Happening | undefined {
    let fix: Happening | undefined;
    const releases = new Set(happenings.map((each) => each.release));
    for (const each of [...releases].filter((one) => compare(one, release) <= 0).sort(compare)) {
      for (const happening of happenings.filter((one) => one.release === each)) {
        if (happening.what === "fixed") fix = happening;
        else if (fix?.release !== each || happening.at >= fix.at) fix = undefined;
      }
    }
    return fix;
  }

  #isOld(issue: FirstEditionIssue, release: string, occurredAt: number): boolean {
    if (issue.state.kind === "resolved" && occurredAt < issue.state.at) return true;
    const fix = this.#fixIn(issue, release);
    return fix !== undefined && occurredAt < fix.at;
  }
}
