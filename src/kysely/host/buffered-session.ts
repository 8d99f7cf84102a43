import type { CompiledQuery } from "kysely";
import { Session } from "../connections/session.ts";
import type { StoreDialect } from "../dialects/dialect.ts";
import type { RowsStatement, Statement, Values } from "../statements/statement.ts";
import type { HostCall, Write } from "./host-call.ts";

/** A session in a host's transaction. Keeps the writes, so that all of them run in one step: before a read, or at the end. */
export class BufferedSession extends Session {
  readonly #call: HostCall;
  #writes: Write[] = [];

  constructor(call: HostCall, dialect: StoreDialect) {
    super(call.connection, dialect);
    this.#call = call;
  }

  override async write<Input extends Values>(
    statement: RowsStatement<Input, unknown>,
    input: readonly Input[],
  ): Promise<void> {
    for (const query of statement.bind(input)) this.#writes.push({ query, mustChange: false });
  }

  override async change<Bound extends Values>(statement: Statement<Bound, unknown>, values: Bound): Promise<void> {
    this.#writes.push({ query: statement.bind(values), mustChange: false });
  }

  override async requireChange<Bound extends Values>(
    statement: Statement<Bound, unknown>,
    values: Bound,
  ): Promise<void> {
    this.#writes.push({ query: statement.bind(values), mustChange: true });
  }

  override async rows<Row>(query: CompiledQuery<Row>): Promise<readonly Row[]> {
    if (this.#writes.length > 0) {
      await this.flush();
      await this.#enter(query);
    }
    return super.rows(query);
  }

  async #enter(query: CompiledQuery): Promise<void> {
    try {
      await this.#call.enter();
    } catch (error) {
      throw this.failureOf([query], error);
    }
  }

  /** Runs the writes that were kept. */
  async flush(): Promise<void> {
    const writes = this.#writes;
    if (writes.length === 0) return;
    this.#writes = [];
    try {
      await this.#call.write(writes);
    } catch (error) {
      throw this.failureOf(
        writes.map(({ query }) => query),
        error,
      );
    }
  }
}
