import { invalidInput, readMember } from "../../core/input.ts";
import type { DatabaseKind } from "../dialects/dialect.ts";
import type { TransactionClient } from "../host/transaction-client.ts";
import { fromLibrary } from "./driver-client.ts";
import { hasFunctions } from "./driver-objects.ts";

/** The part of a TypeORM query runner that this library uses. */
interface TypeOrmQueryRunner {
  readonly isTransactionActive: boolean;
  /** Returns the driver's connection. */
  connect(): Promise<unknown>;
}

/** The part of a TypeORM `EntityManager` that this library uses. */
export interface TypeOrmManager {
  /** Only the manager of a transaction has one. @internal */
  readonly queryRunner?: TypeOrmQueryRunner | undefined;
  /** @internal */
  readonly connection: { readonly options: { readonly type: string } };
}

const KINDS = new Map<string, DatabaseKind>([
  ["postgres", "postgres"],
  ["mysql", "mysql"],
  ["mariadb", "mysql"],
  ["better-sqlite3", "sqlite"],
]);

/**
 * Makes a transaction of TypeORM usable for `tracker.withTransaction`, on data sources of the types `postgres`, `mysql`,
 * `mariadb` and `better-sqlite3`.
 *
 * @param manager - of `dataSource.transaction(...)`, or of a query runner on which you have started a transaction
 * @throws `IssueLifecycleError` `invalid-input`, also for a manager outside of a transaction, and for other data sources
 * @example
 * ```js
 * await dataSource.transaction(async (manager) => {
 *   await manager.insert(Failure, { message });
 *   await tracker.withTransaction(fromTypeOrm(manager)).digest({ projectId: "shop", type: "PaymentError", value: message });
 * });
 * ```
 */
export function fromTypeOrm(manager: TypeOrmManager): TransactionClient {
  const field = "manager";
  const runner = hasFunctions(field, manager, ["getRepository"]) ? manager.queryRunner : undefined;
  if (!isActive(runner)) {
    const allowed = "the manager of a transaction of TypeORM: dataSource.transaction((manager) => ...)";
    throw invalidInput(field, manager, allowed);
  }
  const { type } = manager.connection.options;
  const kind = KINDS.get(type);
  if (kind === undefined) {
    const allowed = `a transaction on a data source of the type ${[...KINDS.keys()].join(", ")}; this one is ${type}`;
    throw invalidInput(field, manager, allowed);
  }
  return fromLibrary({
    field,
    kind,
    connection: runner,
    acquired: runner.connect(),
    hasEnded: () => !runner.isTransactionActive,
  });
}

function isActive(runner: unknown): runner is TypeOrmQueryRunner {
  if (!hasFunctions("manager.queryRunner", runner, ["connect"])) return false;
  return readMember("manager.queryRunner", runner, "isTransactionActive") === true;
}
