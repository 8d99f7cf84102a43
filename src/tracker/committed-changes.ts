import type { Issue } from "../core/issue.ts";
import type { TurningPoint } from "../core/turning-point.ts";
import type { IssueStore, StoreChanges, StoreTransaction } from "../ports/issue-store.ts";
import type { CommittedChanges } from "../ports/tracker-hooks.ts";

/**
 * A store that reports what its transactions changed about issues, after each commit. All that a tracker writes, also in the background,
 * goes through its store, so this is the one place that sees it.
 *
 * @param report - never throws
 */
export function reportingCommits(store: IssueStore, report: (changes: CommittedChanges) => void): IssueStore {
  return {
    async transaction(work) {
      let written = new WrittenChanges();
      const result = await store.transaction((transaction) => {
        // After a conflict the work runs again: what it wrote before was rolled back.
        written = new WrittenChanges();
        return work(written.writtenTo(transaction));
      });
      const changes = written.committed();
      if (changes !== undefined) report(changes);
      return result;
    },
    read: (work) => store.read(work),
    close: () => store.close(),
  };
}

/** What a transaction writes about issues. */
class WrittenChanges {
  readonly #created = new Map<string, Issue>();
  readonly #changed = new Map<string, Issue>();
  readonly #deleted = new Set<string>();
  readonly #turningPoints: TurningPoint[] = [];

  /** The transaction, whose writes are noted. */
  writtenTo(transaction: StoreTransaction): StoreTransaction {
    const write = async (changes: StoreChanges): Promise<void> => {
      await transaction.write(changes);
      this.#add(changes);
    };
    return new Proxy(transaction, {
      get(target, name): unknown {
        if (name === "write") return write;
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== "function") return member;
        return (...given: unknown[]): unknown => Reflect.apply(member, target, given);
      },
    });
  }

  #add({ newIssues = [], updates = [], deletedIssues = [], turningPoints = [] }: StoreChanges): void {
    for (const { issue } of newIssues) this.#created.set(issue.id, issue);
    for (const { after } of updates) (this.#created.has(after.id) ? this.#created : this.#changed).set(after.id, after);
    for (const id of deletedIssues) {
      this.#created.delete(id);
      this.#changed.delete(id);
      this.#deleted.add(id);
    }
    for (const each of turningPoints) this.#turningPoints.push(each);
  }

  /** What is changed when the transaction is committed; `undefined` if it is nothing about issues. */
  committed(): CommittedChanges | undefined {
    const turningPoints = this.#turningPoints.filter(({ issueId }) => !this.#deleted.has(issueId));
    if (this.#created.size + this.#changed.size + this.#deleted.size + turningPoints.length === 0) return undefined;
    return {
      created: [...this.#created.values()],
      changed: [...this.#changed.values()],
      deleted: [...this.#deleted],
      turningPoints,
    };
  }
}
