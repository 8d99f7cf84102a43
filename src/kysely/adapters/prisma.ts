import { invalidInput, readMember } from "../../core/input.ts";
import type { DriverRow, TransactionClient } from "../host/transaction-client.ts";
import { hasFunctions, isRow } from "./driver-objects.ts";

/** The part of an interactive transaction of Prisma that this library uses. */
export interface PrismaTransaction {
  /** @internal */
  $queryRawUnsafe(sql: string, ...values: unknown[]): PromiseLike<unknown>;
  /** @internal */
  $executeRawUnsafe(sql: string, ...values: unknown[]): PromiseLike<number>;
  /** Only a client that is no transaction has it. @internal */
  readonly $connect?: never;
}

/** The kinds of databases that {@link fromPrisma} takes. */
export type PrismaDatabaseKind = "postgres" | "mysql";

const KINDS = new Set<string>(["postgres", "mysql"] satisfies PrismaDatabaseKind[]);

/**
 * Makes an interactive transaction of Prisma 7 usable for `tracker.withTransaction`, with `@prisma/adapter-pg` and
 * `@prisma/adapter-mariadb`. Prisma rolls it back after its `timeout`, which is 5 seconds by default.
 *
 * On MySQL, give the adapter the option `useTextProtocol: true`: MySQL does not prepare statements such as `savepoint`.
 *
 * @param transaction - of `prisma.$transaction(async (transaction) => ...)`
 * @param kind - the kind of database; `mysql` for MariaDB too
 * @throws `IssueLifecycleError` `invalid-input`, also for a client that is no transaction
 * @example
 * ```js
 * await prisma.$transaction(async (transaction) => {
 *   await transaction.failure.create({ data: { message } });
 *   await tracker
 *     .withTransaction(fromPrisma(transaction, "postgres"))
 *     .digest({ projectId: "shop", type: "PaymentError", value: message });
 * });
 * ```
 */
export function fromPrisma(transaction: PrismaTransaction, kind: PrismaDatabaseKind): TransactionClient {
  if (!isPrismaTransaction(transaction)) {
    const allowed = "an interactive transaction of Prisma: prisma.$transaction(async (transaction) => ...)";
    throw invalidInput("transaction", transaction, allowed);
  }
  if (!KINDS.has(kind)) throw invalidInput("kind", kind, `"postgres" or "mysql", which is MariaDB too`);
  // An extension of Prisma may delay a statement, and then not the next one.
  let last: PromiseLike<unknown> = Promise.resolve();
  const inTurn = <Result>(work: () => PromiseLike<Result>): Promise<Result> => {
    const result = last.then(work).then(undefined, rethrow);
    last = result.then(ignore, ignore);
    return Promise.resolve(result);
  };
  return {
    kind,
    connection: scopeOf(transaction),
    refusesLateUse: true,
    query: async (sql, parameters) => rowsOf(await inTurn(() => transaction.$queryRawUnsafe(sql, ...parameters))),
    execute: (sql, parameters) => inTurn(() => transaction.$executeRawUnsafe(sql, ...parameters)),
  };
}

function isPrismaTransaction(value: unknown): value is PrismaTransaction {
  if (!hasFunctions("transaction", value, ["$queryRawUnsafe", "$executeRawUnsafe"])) return false;
  return readMember("transaction", value, "$connect") === undefined;
}

const SCOPE = Symbol.for("prisma.client.transaction.scope_context");

/** What a transaction and those nested in it have in common, where this version of Prisma lets us see it. */
function scopeOf(transaction: PrismaTransaction): object {
  const scope = memberOf(readMember("transaction", transaction, SCOPE), "scopeState");
  return typeof scope === "object" && scope !== null ? scope : transaction;
}

function rowsOf(result: unknown): readonly DriverRow[] {
  return Array.isArray(result) ? result.filter(isRow) : [];
}

function ignore(): void {
  // Whoever made the call sees the error.
}

/** Prisma's code for a transaction that was committed or rolled back, also by its timeout. */
const TRANSACTION_CLOSED = "P2028";

/** The databases' codes for a savepoint outside of a transaction: of PostgreSQL, and of MySQL and MariaDB. */
const NO_TRANSACTION = { code: "25P01", errno: 1305 };

/** MySQL's number for a statement that it does not prepare. */
const NOT_PREPARABLE = "1295";

/** Codes for what drivers report without one. */
const CODES_BY_KIND = new Map<unknown, string>([
  ["ConnectionClosed", "ECONNRESET"],
  ["SocketTimeout", "ETIMEDOUT"],
  ["DatabaseNotReachable", "ECONNREFUSED"],
]);

/** Throws an error of Prisma as the database's, which Prisma keeps inside of its own. */
function rethrow(cause: unknown): never {
  if (memberOf(cause, "code") === TRANSACTION_CLOSED) {
    throw Object.assign(new Error("Prisma has ended the transaction.", { cause }), NO_TRANSACTION);
  }
  const failure = memberOf(memberOf(memberOf(cause, "meta"), "driverAdapterError"), "cause");
  const original = textOf(memberOf(failure, "originalCode"));
  const isLost = textOf(memberOf(failure, "state")).startsWith("08");
  const code = CODES_BY_KIND.get(memberOf(failure, "kind")) ?? (isLost ? "ECONNRESET" : original);
  if (code === "") throw cause;
  const hint = original === NOT_PREPARABLE ? "; give the adapter the option useTextProtocol: true" : "";
  const message = `${textOf(memberOf(failure, "originalMessage")) || code}${hint}`;
  throw Object.assign(new Error(message, { cause }), { code, errno: Number(original) });
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
