import type { IssueTracker } from "issue-lifecycle";
import type { Kysely } from "kysely";
import type { ShopTables } from "./database.ts";
import { inTransaction } from "./in-transaction.ts";

/** A request that went wrong. */
export interface FailedRequest {
  /** The request's id, which is the event's too: what is noted again by mistake is counted once. */
  readonly id: string;
  /** What was asked for. */
  readonly route: string;
  readonly error: Error;
}

/** What the app does, whoever asks for it. */
export class Shop {
  readonly #db: Kysely<ShopTables>;
  readonly #tracker: IssueTracker;
  readonly #release: string;

  constructor(db: Kysely<ShopTables>, tracker: IssueTracker, release: string) {
    this.#db = db;
    this.#tracker = tracker;
    this.#release = release;
  }

  /** Takes an order and the money for it, in one transaction: both, or neither. */
  async order(request: URLSearchParams): Promise<number> {
    const customer = request.get("customer");
    const coupon = request.get("coupon");
    if (customer === null) throw new TypeError("there is no customer");
    if (coupon !== null) throw new Error(`there is no coupon ${coupon}`);
    return this.#db.transaction().execute(async (transaction) => {
      const total = Number(request.get("total"));
      const order = transaction.insertInto("orders").values({ customer, total }).returning("id");
      const { id } = await order.executeTakeFirstOrThrow();
      if (total > 1_000) throw new RangeError("the payment was refused");
      return id;
    });
  }

  /**
   * Notes that a request went wrong: a row of the shop's and an event of the tracker's, in one transaction: both, or neither.
   *
   * @returns the id of the issue
   */
  async note({ id, route, error: { name, message } }: FailedRequest): Promise<string> {
    const event = { projectId: "shop", id, type: name, value: message, transaction: route, release: this.#release };
    const issueId = await inTransaction(this.#db, async (transaction) => {
      const outcome = await this.#tracker.withTransaction(transaction).digest(event);
      const issue_id = outcome.kind === "digested" ? outcome.issue.id : outcome.issueId;
      await transaction.insertInto("failures").values({ request_id: id, message, issue_id }).execute();
      return issue_id;
    });
    // Now that it is committed, people may hear of it; the request does not wait for that.
    this.#tracker.alerts.wake();
    return issueId;
  }
}
