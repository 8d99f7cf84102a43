import {
  OperationNodeTransformer,
  TableNode,
  type KyselyPlugin,
  type PluginTransformQueryArgs,
  type PluginTransformResultArgs,
  type QueryResult,
  type RootOperationNode,
  type UnknownRow,
} from "kysely";
import { FORMER_TABLE_NAMES, TABLE_NAMES } from "./columns.ts";

const OWN_TABLES: ReadonlySet<string> = new Set([...TABLE_NAMES, ...FORMER_TABLE_NAMES]);

/**
 * Puts a prefix before the names of this library's tables, and the schema they are in. Only used to compile statements,
 * never to run them.
 */
export class TableNamesPlugin implements KyselyPlugin {
  readonly #transformer: NamesTransformer;

  constructor(prefix: string, schema: string | undefined) {
    this.#transformer = new NamesTransformer(prefix, schema);
  }

  /** Names the tables in a query. */
  transformQuery({ node, queryId }: PluginTransformQueryArgs): RootOperationNode {
    return this.#transformer.transformNode(node, queryId);
  }

  /** Leaves results alone. */
  async transformResult({ result }: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> {
    return result;
  }
}

class NamesTransformer extends OperationNodeTransformer {
  readonly #prefix: string;
  readonly #schema: string | undefined;

  constructor(prefix: string, schema: string | undefined) {
    super();
    this.#prefix = prefix;
    this.#schema = schema;
  }

  protected override transformTable(
    ...[node, queryId]: Parameters<OperationNodeTransformer["transformTable"]>
  ): TableNode {
    const { name } = node.table.identifier;
    if (!OWN_TABLES.has(name)) return super.transformTable(node, queryId);
    const ownName = this.#prefix + name;
    return this.#schema === undefined ? TableNode.create(ownName) : TableNode.createWithSchema(this.#schema, ownName);
  }
}
