import { createHash } from "node:crypto";
import type { PostgresPool } from "kysely";
import { isOutdatedPlan } from "../dialects/failures.ts";

/** How many statements are prepared on a connection at most. The server keeps the plans of all of them, about 0.2 MB each. */
const MOST_NAMES = 60;

/** How often a statement has to be run before it is prepared: batches have texts of many sizes, most of which are rare. */
const RUNS_BEFORE = 5;

/** Of how many statements the runs are counted. */
const MOST_COUNTED = 200;

/** Ends a select whose best plan depends on how many rows are wanted: it is planned at each call. */
const LIMIT = /\blimit \$\d/u;

/** A pool of node-postgres whose connections parse and plan a statement once, and then run it by its name. */
export function preparingPool(pool: PostgresPool): PostgresPool {
  const names = new StatementNames();
  // Kysely knows a client by its identity.
  const preparing = new WeakMap<object, Awaited<ReturnType<PostgresPool["connect"]>>>();
  return {
    options: pool.options,
    ...(pool.Client !== undefined && { Client: pool.Client }),
    end: () => pool.end(),
    async connect() {
      const client = await pool.connect();
      const known = preparing.get(client) ?? new Proxy(client, { get: (target, member) => memberOf(target, member) });
      preparing.set(client, known);
      return known;
    },
  };

  function memberOf(client: object, member: string | symbol): unknown {
    const value: unknown = Reflect.get(client, member);
    if (member !== "query" || typeof value !== "function") return value;
    return (...given: readonly unknown[]): unknown => {
      const [text, values] = given;
      const isPlain = typeof text === "string" && Array.isArray(values) && values.length > 0;
      const name = isPlain ? names.nameOf(text) : undefined;
      if (!isPlain || name === undefined) return Reflect.apply(value, client, given);
      return run(name, text, () => Reflect.apply(value, client, [{ name, text, values }]));
    };
  }

  async function run(name: string, text: string, query: () => unknown): Promise<unknown> {
    try {
      return await query();
    } catch (error) {
      if (isOutdatedPlan(error)) names.replace(name, text);
      throw error;
    }
  }
}

/** The names of the statements that are run most often. */
class StatementNames {
  readonly #names = new Map<string, string>();
  readonly #runs = new Map<string, number>();
  #replaced = 0;

  /** The name of a statement; `undefined` for one that is not prepared. */
  nameOf(text: string): string | undefined {
    const known = this.#names.get(text);
    if (known !== undefined) return known;
    if (this.#names.size === MOST_NAMES || LIMIT.test(text)) return undefined;
    const runs = (this.#runs.get(text) ?? 0) + 1;
    if (this.#runs.size === MOST_COUNTED) this.#runs.clear();
    this.#runs.set(text, runs);
    if (runs <= RUNS_BEFORE) return undefined;
    this.#runs.delete(text);
    return this.#name(text);
  }

  /** Gives a statement another name, because the plan by this one is outdated. Other connections may say so later. */
  replace(name: string, text: string): void {
    if (this.#names.get(text) !== name) return;
    this.#replaced++;
    this.#name(text);
  }

  #name(text: string): string {
    const hash = createHash("sha256")
      .update(`${String(this.#replaced)} ${text}`)
      .digest("hex");
    const name = `issue_lifecycle_${hash.slice(0, 32)}`;
    this.#names.set(text, name);
    return name;
  }
}
