import { requireInstant } from "../core/input.ts";
import { anyText, count, looseObject, nullable, type Shape } from "../core/shape.ts";
import type { PendingRelease } from "../ports/issue-store.ts";
import { KEYS } from "./keys.ts";
import type { Projects } from "./projects.ts";
import { within, type KeyBounds, type Session } from "./session.ts";
import { jsonBytes, readJson } from "./values.ts";

const pendingReleaseShape: Shape<PendingRelease> = looseObject<PendingRelease>({
  projectId: anyText,
  name: anyText,
  line: anyText,
  number: count,
  at: requireInstant,
  eventId: nullable(anyText),
  reached: count,
});

/** The pending releases, by project and number. */
export class PendingReleases {
  readonly #session: Session;
  readonly #projects: Projects;

  constructor(session: Session, projects: Projects) {
    this.#session = session;
    this.#projects = projects;
  }

  /** Those of some projects, or of all. */
  async find(projectIds: readonly string[] | "all"): Promise<PendingRelease[]> {
    if (projectIds === "all") return this.#within(within(KEYS.allPendingReleases));
    const found: PendingRelease[] = [];
    for (const id of projectIds) {
      const project = await this.#projects.numberOf(id);
      if (project !== undefined) found.push(...(await this.#within(within(KEYS.pendingReleases(project)))));
    }
    return found;
  }

  async save(pending: PendingRelease): Promise<void> {
    const { internalNumber } = await this.#projects.require(pending.projectId);
    const { projectId, name, line, number, at, eventId, reached } = pending;
    const value = { projectId, name, line, number, at, eventId, reached };
    await this.#session.put(KEYS.pendingRelease(internalNumber, number), jsonBytes(value));
  }

  async remove({ projectId, number }: Pick<PendingRelease, "projectId" | "number">): Promise<void> {
    const project = await this.#projects.numberOf(projectId);
    if (project !== undefined) await this.#session.remove(KEYS.pendingRelease(project, number));
  }

  async #within(bounds: KeyBounds): Promise<PendingRelease[]> {
    const found: PendingRelease[] = [];
    for await (const [, value] of this.#session.scan(bounds, { expected: 1 })) {
      found.push(readJson("a pending release", value, pendingReleaseShape));
    }
    return found;
  }
}
