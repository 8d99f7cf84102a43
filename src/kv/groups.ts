import { anyText } from "../core/shape.ts";
import type { GroupRef } from "../ports/issue-store.ts";
import { LONG_KEY_LENGTH, longKeyHash, storedKeyOf, type StoredGroup } from "../ports/stored-entries.ts";
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
    return project === undefined ? undefined : this.#find(this.#ofProject(project), group);
  }

  /** Adds a group to an issue. */
  async add(issueId: string, group: GroupRef): Promise<void> {
    const { internalNumber } = await this.#projects.require(group.projectId);
    const groups = this.#ofProject(internalNumber);
    if ((await this.#find(groups, group)) !== undefined) throw storeConflict("a group of an issue");
    await this.#put(groups, issueId, nameOf(group));
  }

  /** Adds a group of another store, which may be known by its hash alone. */
  async restore({ issueId, projectId, strategy, key }: StoredGroup): Promise<void> {
    const { internalNumber } = await this.#projects.require(projectId);
    const name = typeof key === "string" ? nameOf({ strategy, key }) : hashedNameOf(strategy, key.sha256);
    await this.#put(this.#ofProject(internalNumber), issueId, name);
  }

  /** The groups at a key. */
  storedAt(key: Uint8Array, bytes: Uint8Array, projectId: string): StoredGroup[] {
    return this.#ofProject(0)
      .wholeEntriesOf(key, bytes)
      .map(({ text, value: issueId }) => ({ issueId, projectId, ...groupNamed(text) }));
  }

  /** A long key may be known by its hash alone. */
  async #find(groups: TextMap<string>, { strategy, key }: GroupName): Promise<string | undefined> {
    const id = await groups.get(nameOf({ strategy, key }));
    if (id !== undefined || key.length < LONG_KEY_LENGTH) return id;
    return groups.get(hashedNameOf(strategy, longKeyHash({ strategy, key })));
  }

  async #put(groups: TextMap<string>, issueId: string, name: string): Promise<void> {
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

type GroupName = Pick<GroupRef, "strategy" | "key">;

/** A text that names a group in its project: the length says where the strategy ends. */
function nameOf({ strategy, key }: GroupName): string {
  return `${String(strategy.length)} ${strategy}${key}`;
}

/** The name of a group of which only the hash is known. */
function hashedNameOf(strategy: string, sha256: string): string {
  return `${HASHED}${nameOf({ strategy, key: sha256 })}`;
}

/** Other names begin with a digit. */
const HASHED = "#";

/** The group of a name. */
function groupNamed(name: string): Pick<StoredGroup, "strategy" | "key"> {
  const plain = name.startsWith(HASHED) ? name.slice(HASHED.length) : name;
  const start = plain.indexOf(" ") + 1;
  const end = start + Number(plain.slice(0, start));
  const [strategy, key] = [plain.slice(start, end), plain.slice(end)];
  return { strategy, key: plain === name ? storedKeyOf({ strategy, key }) : { sha256: key } };
}
