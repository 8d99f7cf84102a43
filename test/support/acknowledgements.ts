/** The operations that processes reported as done. */
export class Acknowledgements {
  /** For each event, as project and id, the issues that it was reported for. */
  readonly issuesOf = new Map<string, Set<string>>();
  /** For each event, how often it was reported as digested. */
  readonly digested = new Map<string, number>();
  /** The friendly ids of issues that were reported as new. */
  readonly created: string[] = [];
  /** The issues and comments of commands that were applied. */
  readonly applied: string[] = [];
  /** The issues that were deleted. */
  readonly deleted: string[] = [];

  /** Reads a line that a process wrote. Issues are named by the digits of their ids. */
  note(line: string): void {
    const [word, ...rest] = line.split(" ");
    switch (word) {
      case "digested":
      case "duplicate": {
        const [project = "", id = "", issue = "", friendlyId] = rest;
        const event = `${project} ${id}`;
        const issues = this.issuesOf.get(event) ?? new Set();
        this.issuesOf.set(event, issues.add(digitsOf(issue)));
        if (word === "digested") this.digested.set(event, (this.digested.get(event) ?? 0) + 1);
        if (friendlyId !== undefined) this.created.push(friendlyId);
        return;
      }
      case "applied": {
        const [issue = "", ...comment] = rest;
        this.applied.push(`${digitsOf(issue)} ${comment.join(" ")}`);
        return;
      }
      case "deleted":
        this.deleted.push(digitsOf(rest[0] ?? ""));
        return;
      default:
        throw new Error(`A process wrote ${JSON.stringify(line)}`);
    }
  }
}

function digitsOf(uuid: string): string {
  return uuid.replaceAll("-", "");
}
