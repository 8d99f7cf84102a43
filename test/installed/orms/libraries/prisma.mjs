// Prisma 7 with @prisma/adapter-pg and @prisma/adapter-mariadb.
import { PrismaMariaDb } from "@prisma/adapter-mariadb";
import { PrismaPg } from "@prisma/adapter-pg";
import { fromPrisma } from "issue-lifecycle/kysely";
import { setImmediate as turnOfTheEventLoop } from "node:timers/promises";
import { PrismaClient as MysqlClient } from "../prisma/mysql/client.ts";
import { PrismaClient as PostgresClient } from "../prisma/postgres/client.ts";

/** @typedef {import("../checks.ts").LibraryHost} LibraryHost */

/** @type {(place: import("../place.ts").Place) => Promise<LibraryHost>} */
export async function open({ kind, url }) {
  if (kind === "sqlite") throw new Error("There is no adapter for Prisma on SQLite.");
  return { postgres: openPostgres, mysql: openMysql }[kind](url);
}

/** @type {(url: string) => LibraryHost} */
function openPostgres(url) {
  const schema = new URL(url).searchParams.get("options")?.split("=")[1] ?? "";
  const prisma = new PostgresClient({ adapter: new PrismaPg({ connectionString: url, max: 1 }, { schema }) });
  return {
    transaction: (work) =>
      prisma.$transaction(async (transaction) => {
        await work({
          client: fromPrisma(transaction, "postgres"),
          insert: (id) => transaction.order.create({ data: { id } }),
        });
      }),
    ids: async () => (await prisma.order.findMany({ orderBy: { id: "asc" } })).map(({ id }) => Number(id)),
    refused: [
      // @ts-expect-error: it is no transaction.
      () => fromPrisma(prisma, "postgres"),
    ],
    close: () => prisma.$disconnect(),
  };
}

/** @type {(url: string) => LibraryHost} */
function openMysql(url) {
  const address = new URL(url);
  address.protocol = "mariadb:";
  address.searchParams.set("connectionLimit", "1");
  // An extension may delay some statements, but not those after them.
  const prisma = new MysqlClient({ adapter: new PrismaMariaDb(address.href) }).$extends({
    // Without these, a JavaScript file has a client of any type.
    ...{ client: {}, model: {}, result: {} },
    query: {
      $executeRawUnsafe: async ({ args, query }) => {
        await turnOfTheEventLoop();
        return query(args);
      },
    },
  });
  return {
    transaction: async (work) => {
      await prisma.$transaction(async (transaction) => {
        await work({
          client: fromPrisma(transaction, "mysql"),
          insert: (id) => transaction.order.create({ data: { id } }),
        });
      });
    },
    ids: async () => (await prisma.order.findMany({ orderBy: { id: "asc" } })).map(({ id }) => Number(id)),
    refused: [
      // @ts-expect-error: it is no transaction.
      () => fromPrisma(prisma, "mysql"),
    ],
    close: () => prisma.$disconnect(),
  };
}
