import { IssueLifecycleError } from "../core/errors.ts";
import { requireBoolean } from "../core/input.ts";
import { slugKeyOf, type AlertSwitches, type Project } from "../core/project.ts";
import { anyText, arrayOf, count, looseObject, nullable, withDefault, type Shape } from "../core/shape.ts";
import { NO_WATCH, projectWatchShape, type ProjectWatch } from "../core/watch.ts";
import type { ProjectPageRequest, ProjectSelection, StoredProject } from "../ports/issue-store.ts";
import { notStored } from "./errors.ts";
import { namedPart, orderedPart, type TextHash } from "./key-parts.ts";
import { KEYS } from "./keys.ts";
import { nextNumber } from "./numbers.ts";
import type { Session } from "./session.ts";
import { isWhole, TextMap } from "./text-map.ts";
import { orElse, unlessDamaged } from "./values.ts";

/** A project with its internal number. */
export interface NumberedProject extends StoredProject {
  readonly internalNumber: number;
}

/** A project as it is stored by its id. */
interface ProjectRecord extends Omit<Project, "id">, Omit<NumberedProject, "project"> {}

const switchesShape: Shape<AlertSwitches> = looseObject<AlertSwitches>({
  "new-issue": requireBoolean,
  regression: requireBoolean,
  unmute: requireBoolean,
  loud: requireBoolean,
});

const members = {
  internalNumber: count,
  slug: anyText,
  alerts: switchesShape,
  watch: projectWatchShape,
  stateEnvironments: nullable(arrayOf(anyText)),
  // Earlier versions stored none.
  autoResolveAfterMs: withDefault(nullable(count), null),
  issueCount: count,
  releaseCount: count,
};

const projectShape: Shape<ProjectRecord> = looseObject<ProjectRecord>(members);

/**
 * A project in the list of all. Damage costs it what it is watched for, its environments, the resolving of quiet issues, new issues or
 * releases, but not its place in the list: a damaged count is above all numbers.
 */
const listedProjectShape: Shape<ProjectRecord> = looseObject<ProjectRecord>({
  ...members,
  watch: orElse<ProjectWatch>(projectWatchShape, NO_WATCH),
  stateEnvironments: orElse<readonly string[] | null>(members.stateEnvironments, null),
  autoResolveAfterMs: orElse<number | null>(members.autoResolveAfterMs, null),
  issueCount: orElse(count, Number.MAX_SAFE_INTEGER),
  releaseCount: orElse(count, Number.MAX_SAFE_INTEGER),
});

/** The projects. Each is read once in a transaction. */
export class Projects {
  readonly #session: Session;
  readonly #records: TextMap<ProjectRecord>;
  readonly #listed: TextMap<ProjectRecord>;
  /** Ids by slug key. */
  readonly #slugs: TextMap<string>;
  readonly #known = new Map<string, NumberedProject>();

  constructor(session: Session, hash: TextHash) {
    this.#session = session;
    const records = { name: "a project", prefix: KEYS.projects, partOf: (id: string) => namedPart(id, hash) };
    this.#records = new TextMap(session, { ...records, shape: projectShape });
    this.#listed = new TextMap(session, { ...records, shape: listedProjectShape });
    this.#slugs = new TextMap(session, { name: "a slug", prefix: KEYS.slugs, partOf: orderedPart, shape: anyText });
  }

  /** The selected projects. */
  async select(selection: ProjectSelection): Promise<NumberedProject[]> {
    if ("limit" in selection) return this.#page(selection);
    const ids = "ids" in selection ? selection.ids : [(await this.#slugs.get(selection.slugKey)) ?? ""];
    const found = [];
    for (const id of ids) found.push(await this.find(id));
    return found.filter((project) => project !== undefined);
  }

  /** A project. */
  async find(id: string): Promise<NumberedProject | undefined> {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const record = await this.#records.get(id);
    if (record === undefined) return undefined;
    const project = projectOf(id, record);
    this.#known.set(id, project);
    return project;
  }

  /** The internal number of a project. */
  async numberOf(id: string): Promise<number | undefined> {
    return (await this.find(id))?.internalNumber;
  }

  /**
   * A project that is stored.
   *
   * @throws `IssueLifecycleError` `store-failed`
   */
  async require(id: string): Promise<NumberedProject> {
    const project = await this.find(id);
    if (project === undefined) throw notStored("project", id);
    return project;
  }

  /** The projects at a key. */
  storedAt(key: Uint8Array, bytes: Uint8Array): NumberedProject[] {
    return this.#records.wholeEntriesOf(key, bytes).map(({ text, value }) => projectOf(text, value));
  }

  /** The ids of all projects, by their internal numbers. */
  async idsByNumber(): Promise<ReadonlyMap<number, string>> {
    const ids = new Map<number, string>();
    for await (const { internalNumber, project } of this.#ascending()) ids.set(internalNumber, project.id);
    return ids;
  }

  /** Saves a project. Its counts stay. */
  async save(project: Project): Promise<void> {
    const slugKey = slugKeyOf(project.slug);
    const owner = await this.#slugs.get(slugKey);
    if (owner !== undefined && owner !== project.id) {
      throw new IssueLifecycleError("slug-taken", `project.slug: ${project.slug} is the slug of another project.`, {
        field: "project.slug",
      });
    }
    const before = await this.find(project.id);
    if (before !== undefined && slugKeyOf(before.project.slug) !== slugKey) {
      await this.#slugs.remove(slugKeyOf(before.project.slug));
    }
    if (owner === undefined) await this.#slugs.put(slugKey, project.id);
    const numbers = before ?? {
      internalNumber: await nextNumber(this.#session),
      issueCount: 0,
      releaseCount: 0,
    };
    await this.#put({ ...numbers, project });
  }

  /** Removes a project. */
  async remove({ project: { id, slug } }: NumberedProject): Promise<void> {
    await this.#slugs.remove(slugKeyOf(slug));
    await this.#records.remove(id);
    this.#known.delete(id);
  }

  /** Raises the count of a project's issues or releases. */
  async raise(id: string, counts: Partial<Pick<StoredProject, "issueCount" | "releaseCount">>): Promise<void> {
    const before = await this.require(id);
    const issueCount = Math.max(before.issueCount, counts.issueCount ?? 0);
    const releaseCount = Math.max(before.releaseCount, counts.releaseCount ?? 0);
    if (issueCount === before.issueCount && releaseCount === before.releaseCount) return;
    await this.#put({ ...before, issueCount, releaseCount });
  }

  async #page({ after, limit }: ProjectPageRequest): Promise<NumberedProject[]> {
    const projects: NumberedProject[] = [];
    // The slug after which it begins is read, too.
    for await (const project of this.#ascending(after, limit + 1)) {
      projects.push(project);
      if (projects.length === limit) break;
    }
    return projects;
  }

  /** The projects with slug keys after one, of all that can be read. */
  async *#ascending(after: string | null = null, expected = Infinity): AsyncGenerator<NumberedProject> {
    for await (const entry of this.#slugs.ascending(after, expected)) {
      const project = isWhole(entry) ? await this.#findListed(entry.value) : undefined;
      if (project !== undefined) yield project;
    }
  }

  /** A project, unless nothing of it can be read. */
  async #findListed(id: string): Promise<NumberedProject | undefined> {
    const record = await unlessDamaged(() => this.#listed.get(id), undefined);
    return record && projectOf(id, record);
  }

  async #put(project: NumberedProject): Promise<void> {
    const { internalNumber, issueCount, releaseCount } = project;
    const { id, ...others } = project.project;
    await this.#records.put(id, { ...others, internalNumber, issueCount, releaseCount });
    this.#known.set(id, project);
  }
}

function projectOf(
  id: string,
  { internalNumber, issueCount, releaseCount, ...others }: ProjectRecord,
): NumberedProject {
  return { project: { id, ...others }, internalNumber, issueCount, releaseCount };
}

/** A project as the port returns it. */
export function storedProject({ project, issueCount, releaseCount }: NumberedProject): StoredProject {
  return { project, issueCount, releaseCount };
}
