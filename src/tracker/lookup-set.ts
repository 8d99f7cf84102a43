/** A reference to look up, shared by all events of a batch that have it, and the result. */
export interface Lookup<Ref, Found> {
  readonly ref: Ref;
  found: Found | undefined;
}

/** Distinct lookups. Project id and text are never joined into one key: two pairs could give the same key. */
export class LookupSet<Ref, Found> {
  readonly #all: Lookup<Ref, Found>[] = [];
  readonly #byProject = new Map<string, Map<string, Lookup<Ref, Found>>>();
  readonly #makeRef: (projectId: string, text: string) => Ref;

  constructor(makeRef: (projectId: string, text: string) => Ref) {
    this.#makeRef = makeRef;
  }

  get size(): number {
    return this.#all.length;
  }

  /** The lookup of a text in a project: a new one, or the one that was added before. */
  add(projectId: string, text: string): Lookup<Ref, Found> {
    let ofProject = this.#byProject.get(projectId);
    if (ofProject === undefined) {
      ofProject = new Map();
      this.#byProject.set(projectId, ofProject);
    }
    let lookup = ofProject.get(text);
    if (lookup === undefined) {
      lookup = { ref: this.#makeRef(projectId, text), found: undefined };
      ofProject.set(text, lookup);
      this.#all.push(lookup);
    }
    return lookup;
  }

  refs(): Ref[] {
    return this.#all.map(({ ref }) => ref);
  }

  /** Sets the results, which are in the order of {@link LookupSet.refs}. */
  fill(found: readonly (Found | undefined)[]): void {
    this.#all.forEach((lookup, index) => {
      lookup.found = found[index];
    });
  }
}
