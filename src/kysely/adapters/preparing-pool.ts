import { createHash } from "node:crypto";
import type { PostgresPool } from "kysely";
import { isOutdatedPlan } from "../dialects/failures.ts";

/** How many statements are prepared on a connection at most. The server keeps the plans of all of them. */
const MOST_NAMES = 200;

/** Ends a select whose best plan depends on how many rows are wanted: it is planned at each call. */
const LIMIT = /\blimit \$\d/u;

/** A pool of node-postgres whose connections parse and plan a statement once, and then run it by its name. */
export function preparingPool(pool: PostgresPool): PostgresPool {
  const names = new StatementNames();
  // Kysely knows a client by its identity.
  const preparing = new WeakMap<object, Awaited<ReturnType<PostgresPool["connect"]>>>();
  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      const client = await pool.connect();
      const known = preparing.get(client) ?? new Proxy(client, { get: (target, member) => memberOf(target, member) });
      preparing.set(client, known);
      return known;
    },
  };

  function memberOf(client: object, name: string | symbol): unknown {
    const member: unknown = Reflect.get(client, name);
    if (name !== "query" || typeof member !== "function") return member;
    return async (text: string, values: readonly unknown[]): Promise<unknown> => {
      const statement = values.length === 0 ? undefined : names.nameOf(text);
      if (statement === undefined) return Reflect.apply(member, client, [text, values]);
      try {
        return await Reflect.apply(member, client, [{ name: statement, text, values }]);
      } catch (error) {
        if (isOutdatedPlan(error)) names.forget(text);
        throw error;
      }
    };
  }
}

/** The names of statements, which are the same in all processes. */
class StatementNames {
  readonly #names = new Map<string, string>();
  #forgotten = 0;

  /** The name of a statement; `undefined` for one that is not prepared. */
  nameOf(text: string): string | undefined {
    const known = this.#names.get(text);
    if (known !== undefined || this.#names.size === MOST_NAMES || LIMIT.test(text)) return known;
    const hash = createHash("sha256")
      .update(`${String(this.#forgotten)} ${text}`)
      .digest("hex")
      .slice(0, 32);
    const name = `issue_lifecycle_${hash}`;
    this.#names.set(text, name);
    return name;
  }

  /** Gives a statement another name from now on. */
  forget(text: string): void {
    this.#names.delete(text);
    this.#forgotten++;
  }
}
