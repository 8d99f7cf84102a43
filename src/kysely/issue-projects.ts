import { IssueLifecycleError } from "../core/errors.ts";
import type { Issue } from "../core/issue.ts";
import type { Session } from "./connections/session.ts";
import type { ProjectKeys } from "./project-keys.ts";
import type { Statements } from "./statements/index.ts";

/** To which projects the issues of a transaction belong. */
export class IssueProjects {
  readonly #session: Session;
  readonly #statements: Statements["issues"];
  readonly #projectKeys: ProjectKeys;
  readonly #ids = new Map<string, string>();
  readonly #keys = new Map<string, number>();

  constructor(session: Session, { issues }: Statements, projectKeys: ProjectKeys) {
    this.#session = session;
    this.#statements = issues;
    this.#projectKeys = projectKeys;
  }

  /** Notes the project of an issue. */
  note({ id, projectId }: Pick<Issue, "id" | "projectId">): void {
    this.#ids.set(id, projectId);
  }

  /** Looks up the keys of issues' projects. The issues must exist. */
  async requireKeys(issueIds: readonly string[]): Promise<(issueId: string) => number> {
    const projectIds = new Set<string>();
    const unknown = new Set<string>();
    for (const id of issueIds) {
      const projectId = this.#ids.get(id);
      if (projectId !== undefined) projectIds.add(projectId);
      else if (!this.#keys.has(id)) unknown.add(id);
    }
    const rows = await this.#session.find(
      this.#statements.projects,
      Array.from(unknown, (id) => ({ id })),
    );
    for (const { id, project_key } of rows) this.#keys.set(id, project_key);
    const keyOf = await this.#projectKeys.requireKeys([...projectIds]);
    return (id) => {
      const projectId = this.#ids.get(id);
      const key = projectId === undefined ? this.#keys.get(id) : keyOf(projectId);
      if (key !== undefined) return key;
      throw new IssueLifecycleError("store-failed", `The store holds no issue ${JSON.stringify(id)}.`);
    };
  }
}
