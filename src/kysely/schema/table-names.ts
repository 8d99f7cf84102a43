import {
  Kysely,
  OperationNodeTransformer,
  TableNode,
  type KyselyPlugin,
  type PluginTransformQueryArgs,
  type PluginTransformResultArgs,
  type QueryResult,
  type RootOperationNode,
  type UnknownRow,
} from "kysely";
import { invalidInput } from "../../core/input.ts";
import type { Shape } from "../../core/shape.ts";
import type { StoreDialect, TableNames } from "../dialects/dialect.ts";
import { TABLE_NAMES, type LifecycleDb, type LifecycleTables } from "./tables.ts";

/** The default prefix of this library's tables. */
export const DEFAULT_TABLE_PREFIX = "issue_lifecycle_";

/** A prefix of table names. */
export const tablePrefix: Shape<string> = (field, value) => {
  if (value === undefined) return DEFAULT_TABLE_PREFIX;
  if (typeof value === "string" && /^(?!sqlite_|pg_)[a-z][a-z0-9_]{0,30}$/u.test(value)) return value;
  throw invalidInput(
    field,
    value,
    `1 to 31 lower-case letters, digits and underscores, the first a letter, such as "${DEFAULT_TABLE_PREFIX}"; databases reserve sqlite_ and pg_`,
  );
};

/** Tables of former versions, which migrations still name. */
export const FORMER_TABLE_NAMES = ["alerts", "alert_tallies", "releases", "marks"] as const;

const OWN_TABLES: ReadonlySet<string> = new Set([...TABLE_NAMES, ...FORMER_TABLE_NAMES]);

/** A Kysely instance that compiles statements with the tables' real names. It cannot run them. */
export function statementCompiler(dialect: StoreDialect, names: TableNames): LifecycleDb {
  return new Kysely<LifecycleTables>({ dialect: dialect.compiling, plugins: [new TableNamesPlugin(names)] });
}

/** Adds the prefix and the schema to the names of this library's tables. */
class TableNamesPlugin implements KyselyPlugin {
  readonly #transformer: NamesTransformer;

  constructor(names: TableNames) {
    this.#transformer = new NamesTransformer(names);
  }

  transformQuery({ node, queryId }: PluginTransformQueryArgs): RootOperationNode {
    return this.#transformer.transformNode(node, queryId);
  }

  async transformResult({ result }: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> {
    return result;
  }
}

class NamesTransformer extends OperationNodeTransformer {
  readonly #names: TableNames;

  constructor(names: TableNames) {
    super();
    this.#names = names;
  }

  protected override transformTable(
    ...[node, queryId]: Parameters<OperationNodeTransformer["transformTable"]>
  ): TableNode {
    const { name } = node.table.identifier;
    if (!OWN_TABLES.has(name)) return super.transformTable(node, queryId);
    const { prefix, schema } = this.#names;
    const ownName = prefix + name;
    return schema === undefined ? TableNode.create(ownName) : TableNode.createWithSchema(schema, ownName);
  }
}
