import { anyText } from "../core/shape.ts";
import type { GroupRef } from "../ports/issue-store.ts";
import { storeConflict } from "./errors.ts";
import { idPart, namedPart, numberAt, NUMBER_BYTES, requireIdPart, type TextHash } from "./key-parts.ts";
import { KEYS } from "./keys.ts";
import type { Projects } from "./projects.ts";
import { within, type Session } from "./session.ts";
import { TextMap } from "./text-map.ts";

/** The groups of events, each with the id of its issue. An issue lists the keys of its groups, so that they can be removed. */
export class Groups {
  readonly #session: Session;
  readonly #projects: Projects;
  readonly #hash: TextHash;

  constructor(session: Session, projects: Projects, hash: TextHash) {
    this.#session = session;
    this.#projects = projects;
    this.#hash = hash;
  }

  /** The id of a group's issue. */
  async issueIdOf(group: GroupRef): Promise<string | undefined> {
    const project = await this.#projects.numberOf(group.projectId);
    return project === undefined ? undefined : this.#ofProject(project).get(nameOf(group));
  }

  /** Adds a group to an issue. */
  async add(issueId: string, group: GroupRef): Promise<void> {
    const { internalNumber } = await this.#projects.require(group.projectId);
    const groups = this.#ofProject(internalNumber);
    const name = nameOf(group);
    if ((await groups.get(name)) !== undefined) throw storeConflict("a group of an issue");
    await groups.put(name, issueId);
    const issue = requireIdPart(issueId);
    const prefix = KEYS.groupsOfIssue(issue);
    const [last] = await this.#session.range(within(prefix), 1, true);
    const number = last === undefined ? 1 : numberAt(last[0], last[0].length - NUMBER_BYTES) + 1;
    await this.#session.put(KEYS.groupOfIssue(issue, number), groups.keyOf(name));
  }

  /** Removes all groups of an issue. */
  async removeOf(issueId: string): Promise<void> {
    const issue = idPart(issueId);
    if (issue === undefined) return;
    const prefix = KEYS.groupsOfIssue(issue);
    const bounds = within(prefix);
    for await (const [, group] of this.#session.scan(bounds)) {
      // Each key names its project.
      await this.#ofProject(0).removeAt(group, ([, id]) => id === issueId);
    }
    await this.#session.removeAll(bounds);
  }

  #ofProject(project: number): TextMap<string> {
    const partOf = (text: string): Uint8Array => namedPart(text, this.#hash);
    return new TextMap(this.#session, { name: "a group", prefix: KEYS.groups(project), partOf, shape: anyText });
  }
}

/** A text that names a group in its project: the length says where the strategy ends. */
function nameOf({ strategy, key }: GroupRef): string {
  return `${String(strategy.length)} ${strategy}${key}`;
}
