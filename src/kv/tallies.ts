import { throttledShape } from "../core/alert-shape.ts";
import { requireInstant } from "../core/input.ts";
import { anyText, count, looseObject, nullable, type Shape } from "../core/shape.ts";
import {
  NOTHING_THROTTLED,
  type AlertTally,
  type TallyScope,
  type TallySelection,
  type Throttled,
} from "../ports/alert-outbox.ts";
import { endOf } from "./bytes.ts";
import { idPart, requireIdPart } from "./key-parts.ts";
import { KEYS } from "./keys.ts";
import type { Projects } from "./projects.ts";
import { within, type Session } from "./session.ts";
import { jsonBytes, NO_BYTES, orElse, readJson, unlessDamaged } from "./values.ts";

const tallyShapeWith = (throttled: Shape<Throttled>): Shape<AlertTally> =>
  looseObject<AlertTally>({
    projectId: anyText,
    issueId: nullable(anyText),
    startsAt: requireInstant,
    endsAt: requireInstant,
    admitted: count,
    throttled,
  });

/** Throttled alerts that cannot be read are left out: they must not stop the others. */
const tallyShape = tallyShapeWith(orElse(throttledShape, NOTHING_THROTTLED));

const wholeTallyShape = tallyShapeWith(throttledShape);

/** The tallies of notifications, by scope and by the ends of their periods. */
export class Tallies {
  readonly #session: Session;
  readonly #projects: Projects;

  constructor(session: Session, projects: Projects) {
    this.#session = session;
    this.#projects = projects;
  }

  /** The selected tallies. */
  async select(selection: TallySelection): Promise<AlertTally[]> {
    const tallies: AlertTally[] = [];
    for (const key of await this.#keys(selection)) {
      const tally = await this.#at(key);
      if (tally !== undefined) tallies.push(tally);
    }
    return tallies;
  }

  /** The tally of a value, with all that it throttled. */
  storedIn(bytes: Uint8Array): AlertTally {
    return readJson("a tally", bytes, wholeTallyShape);
  }

  /** Saves a tally. */
  async save(tally: AlertTally): Promise<void> {
    const { internalNumber } = await this.#projects.require(tally.projectId);
    const issue = tally.issueId === null ? NO_BYTES : requireIdPart(tally.issueId);
    const key = KEYS.tally(internalNumber, issue);
    const before = await this.#at(key);
    if (before !== undefined) await this.#session.remove(KEYS.tallyByEnd(before.endsAt, internalNumber, issue));
    await this.#session.put(key, jsonBytes(tally));
    await this.#session.put(KEYS.tallyByEnd(tally.endsAt, internalNumber, issue), key);
  }

  /** Removes a tally. */
  async remove(scope: TallyScope): Promise<void> {
    const project = await this.#projects.numberOf(scope.projectId);
    const issue = scope.issueId === null ? NO_BYTES : idPart(scope.issueId);
    if (project === undefined || issue === undefined) return;
    const key = KEYS.tally(project, issue);
    const before = await this.#at(key);
    if (before !== undefined) await this.#session.remove(KEYS.tallyByEnd(before.endsAt, project, issue));
    await this.#session.remove(key);
  }

  /** Removes the tallies of a project, by its internal number. */
  async removeOf(project: number): Promise<void> {
    for await (const [key] of this.#session.scan(within(KEYS.talliesOfProject(project)))) {
      const before = await this.#at(key);
      if (before !== undefined) {
        const issue = before.issueId === null ? NO_BYTES : requireIdPart(before.issueId);
        await this.#session.remove(KEYS.tallyByEnd(before.endsAt, project, issue));
      }
      await this.#session.remove(key);
    }
  }

  /** The keys of the selected tallies. */
  async #keys(selection: TallySelection): Promise<Uint8Array[]> {
    if ("scopes" in selection) return this.#keysOf(selection.scopes);
    const { limit } = selection;
    const entries =
      "endedAt" in selection
        ? await this.#session.range({ from: KEYS.tallies, to: endOf(KEYS.talliesEndingAt(selection.endedAt)) }, limit)
        : await this.#session.range(
            { from: endOf(KEYS.talliesEndingAt(selection.endsAfter)), to: endOf(KEYS.tallies) },
            limit,
            true,
          );
    return entries.map(([, key]) => key);
  }

  async #keysOf(scopes: readonly TallyScope[]): Promise<Uint8Array[]> {
    const keys: Uint8Array[] = [];
    for (const { projectId, issueId } of scopes) {
      const project = await this.#projects.numberOf(projectId);
      const issue = issueId === null ? NO_BYTES : idPart(issueId);
      if (project !== undefined && issue !== undefined) keys.push(KEYS.tally(project, issue));
    }
    return keys;
  }

  /** A tally; `undefined` if there is none, or it cannot be read: counting then begins anew. */
  async #at(key: Uint8Array): Promise<AlertTally | undefined> {
    const bytes = await this.#session.get(key);
    return bytes && unlessDamaged(() => readJson("a tally", bytes, tallyShape), undefined);
  }
}
