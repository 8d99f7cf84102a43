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
import { TABLE_NAMES } from "./tables.ts";

const OWN_TABLES: ReadonlySet<string> = new Set(TABLE_NAMES);

/** Puts a prefix before the names of this library's tables. Only used to compile statements, never to run them. */
export class TablePrefixPlugin implements KyselyPlugin {
  readonly #transformer: PrefixTransformer;

  constructor(prefix: string) {
    this.#transformer = new PrefixTransformer(prefix);
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

class PrefixTransformer extends OperationNodeTransformer {
  readonly #prefix: string;

  constructor(prefix: string) {
    super();
    this.#prefix = prefix;
  }

  protected override transformTable(
    ...[node, queryId]: Parameters<OperationNodeTransformer["transformTable"]>
  ): TableNode {
    const { name } = node.table.identifier;
    return OWN_TABLES.has(name) ? TableNode.create(this.#prefix + name) : super.transformTable(node, queryId);
  }
}
