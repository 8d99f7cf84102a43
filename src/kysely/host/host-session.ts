import { BufferedSession } from "../connections/buffered-session.ts";
import type { StoreDialect } from "../dialects/dialect.ts";
import type { HostCall } from "./host-call.ts";

/** A session in a host's transaction. */
export class HostSession extends BufferedSession {
  readonly #call: HostCall;

  constructor(call: HostCall, dialect: StoreDialect) {
    super(call.connection, dialect);
    this.#call = call;
  }

  async flush(): Promise<void> {
    await this.#flush();
  }

  protected async prepare(): Promise<void> {
    if (await this.#flush()) await this.translating([], () => this.#call.enter());
  }

  /** Returns whether there was something to write. */
  async #flush(): Promise<boolean> {
    const writes = this.takeWrites();
    if (writes.length === 0) return false;
    await this.translating(
      writes.map(({ query }) => query),
      () => this.#call.write(writes),
    );
    return true;
  }
}
