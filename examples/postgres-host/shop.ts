import type { IssueTracker } from "issue-lifecycle";
import type { Kysely } from "kysely";
import type { ShopTables } from "./database.ts";
import { inTransaction } from "./in-transaction.ts";

/** A request that failed. */
export interface FailedRequest {
  /** The id of the request and of its event: if it is recorded again, it is a duplicate. */
  readonly id: string;
  /** The method and the path. */
  readonly route: string;
  readonly error: Error;
}

/** What the app does. */
export class Shop {
  readonly #db: Kysely<ShopTables>;
  readonly #tracker: IssueTracker;
  readonly #release: string;

  constructor(db: Kysely<ShopTables>, tracker: IssueTracker, release: string) {
    this.#db = db;
    this.#tracker = tracker;
    this.#release = release;
  }

  /** Stores an order and its payment in one transaction. */
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
   * Records a failed request, in one transaction: a row of the shop, and an event of the tracker.
   *
   * @returns the id of the issue
   */
  async recordFailure({ id, route, error: { name, message } }: FailedRequest): Promise<string> {
    const event = { projectId: "shop", id, type: name, value: message, transaction: route, release: this.#release };
    const issueId = await inTransaction(this.#db, async (transaction) => {
      const outcome = await this.#tracker.withTransaction(transaction).digest(event);
      const issue_id = outcome.kind === "digested" ? outcome.issue.id : outcome.issueId;
      await transaction.insertInto("failures").values({ request_id: id, message, issue_id }).execute();
      return issue_id;
    });
    // Delivers the alert of the committed transaction. The request does not wait for it.
    this.#tracker.alerts.wake();
    return issueId;
  }
}
