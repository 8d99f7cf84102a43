import type { CompiledQuery } from "kysely";
import type { RowsStatement, Statement, Values } from "../statements/statement.ts";
import type { Write } from "./round-trips.ts";
import { Session } from "./session.ts";

/** A session that keeps the writes, so that they run together: before a read, or at the end. */
export abstract class BufferedSession extends Session {
  #writes: Write[] = [];

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
    await this.prepare();
    return super.rows(query);
  }

  override async execute(query: CompiledQuery): Promise<number> {
    await this.prepare();
    return super.execute(query);
  }

  /** Runs the writes that were kept. */
  abstract flush(): Promise<void>;

  /** Makes ready for another statement, which sees the writes that were kept. */
  protected abstract prepare(): Promise<void>;

  protected get keepsWrites(): boolean {
    return this.#writes.length > 0;
  }

  /** The writes that were kept. They are not kept any longer. */
  protected takeWrites(): readonly Write[] {
    const writes = this.#writes;
    this.#writes = [];
    return writes;
  }
}
