import type { CheckedEvent } from "../core/event.ts";
import type { Issue } from "../core/issue.ts";
import type { Release } from "../core/release.ts";
import type { EventRef, GroupRef, ReleaseRef, StoredProject, StoreTransaction } from "../ports/issue-store.ts";
import { unknownProject } from "./unknown.ts";

/** Something a batch asks of the store, shared by all events that ask for the same, and what the store says to it. */
export interface Asked<Ref, Answer> {
  readonly ref: Ref;
  answer: Answer | undefined;
}

/** An event of a batch with what the store has to say about it. */
export interface BatchEntry {
  readonly event: CheckedEvent;
  readonly project: StoredProject;
  /** Answered with the id of its issue if the event is stored already. */
  readonly identity: Asked<EventRef, string>;
  /** Answered with the group's issue. */
  readonly group: Asked<GroupRef, Issue>;
  /** Answered with the release, if it was heard of. */
  readonly release: Asked<ReleaseRef, Release>;
  /** Whether an earlier event of the batch has the same id. */
  readonly repeats: boolean;
}

/** Asks the store for all that a batch needs; events that ask for the same share one answer. */
export async function loadBatch(
  transaction: StoreTransaction,
  batch: readonly CheckedEvent[],
  strategy: string,
): Promise<BatchEntry[]> {
  const identities = new Questions<EventRef, string>((projectId, id) => ({ projectId, id }));
  const groups = new Questions<GroupRef, Issue>((projectId, key) => ({ projectId, strategy, key }));
  const releases = new Questions<ReleaseRef, Release>((projectId, version) => ({ projectId, version }));
  const asked = batch.map((event) => {
    const askedBefore = identities.asked.length;
    const identity = identities.ask(event.projectId, event.id);
    const repeats = identities.asked.length === askedBefore;
    const group = groups.ask(event.projectId, event.groupingKey);
    return { event, identity, group, release: releases.ask(event.projectId, event.release), repeats };
  });
  const snapshot = await transaction.loadForDigest({
    events: identities.refs(),
    groups: groups.refs(),
    releases: releases.refs(),
  });
  identities.answer(snapshot.duplicateOf);
  groups.answer(snapshot.issues);
  releases.answer(snapshot.releases);
  return asked.map((entry) => {
    const { projectId, field } = entry.event;
    const project = snapshot.projects.get(projectId);
    if (project === undefined) throw unknownProject(`${field}.projectId`, projectId);
    return { ...entry, project };
  });
}

/** Gathers questions without repetition. Texts are never joined to one: no two pairs can look the same. */
class Questions<Ref, Answer> {
  readonly asked: Asked<Ref, Answer>[] = [];
  readonly #byProject = new Map<string, Map<string, Asked<Ref, Answer>>>();
  readonly #makeRef: (projectId: string, text: string) => Ref;

  constructor(makeRef: (projectId: string, text: string) => Ref) {
    this.#makeRef = makeRef;
  }

  ask(projectId: string, text: string): Asked<Ref, Answer> {
    let ofProject = this.#byProject.get(projectId);
    if (ofProject === undefined) {
      ofProject = new Map();
      this.#byProject.set(projectId, ofProject);
    }
    let asked = ofProject.get(text);
    if (asked === undefined) {
      asked = { ref: this.#makeRef(projectId, text), answer: undefined };
      ofProject.set(text, asked);
      this.asked.push(asked);
    }
    return asked;
  }

  refs(): Ref[] {
    return this.asked.map(({ ref }) => ref);
  }

  answer(answers: readonly (Answer | undefined)[]): void {
    this.asked.forEach((asked, index) => {
      asked.answer = answers[index];
    });
  }
}
