// TypeORM on pg, mysql2 and better-sqlite3.
import { fromTypeOrm } from "issue-lifecycle/kysely";
import "reflect-metadata";
import { DataSource, EntitySchema } from "typeorm";

/** @type {EntitySchema<{ id: string }>} */
const Order = new EntitySchema({
  name: "Order",
  tableName: "orders",
  columns: { id: { type: "bigint", primary: true } },
});

/** @type {(place: import("../place.ts").Place) => import("typeorm").DataSourceOptions} */
function optionsFor({ kind, url }) {
  const entities = [Order];
  switch (kind) {
    case "postgres":
      return { type: "postgres", url, entities, poolSize: 1 };
    case "mysql":
      return { type: "mariadb", url, entities, poolSize: 1 };
    case "sqlite":
      return { type: "better-sqlite3", database: url, entities };
  }
}

/** @type {(place: import("../place.ts").Place) => Promise<import("../checks.ts").LibraryHost>} */
export async function open(place) {
  const dataSource = await new DataSource(optionsFor(place)).initialize();
  return {
    transaction: (work) =>
      dataSource.transaction((manager) =>
        work({
          client: fromTypeOrm(manager),
          insert: (id) => manager.insert(Order, { id: String(id) }),
        }),
      ),
    ids: async () => (await dataSource.manager.find(Order, { order: { id: "asc" } })).map(({ id }) => Number(id)),
    refused: [
      () => fromTypeOrm(dataSource.manager),
      () => fromTypeOrm(dataSource.createQueryRunner().manager),
      // @ts-expect-error: it is no manager.
      () => fromTypeOrm(dataSource),
    ],
    close: () => dataSource.destroy(),
  };
}
