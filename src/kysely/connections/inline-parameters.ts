import type { CompiledQuery } from "kysely";

/** How a database writes values in SQL. */
export interface Literals {
  /** Finds quoted names, quoted texts, and placeholders. */
  readonly tokens: RegExp;
  readonly text: (value: string) => string;
  readonly bytes: (hex: string) => string;
}

/** On PostgreSQL: the same whatever `standard_conforming_strings` is. */
export const POSTGRES_LITERALS: Literals = {
  tokens: /"(?:[^"]|"")*"|'(?:[^']|'')*'|\$(?<number>\d+)/gu,
  text: (value) => `E'${value.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`,
  bytes: (hex) => `decode('${hex}', 'hex')`,
};

/** On MySQL and MariaDB, without the SQL mode NO_BACKSLASH_ESCAPES, which the store refuses. */
export const MYSQL_LITERALS: Literals = {
  tokens: /`(?:[^`]|``)*`|'(?:[^'\\]|\\.|'')*'|\?/gsu,
  text: (value) => `'${value.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`,
  bytes: (hex) => `x'${hex}'`,
};

/** The text of a query with its values in place of the placeholders. */
export function inlineParameters({ sql, parameters }: CompiledQuery, literals: Literals): string {
  let next = 0;
  return sql.replaceAll(literals.tokens, (token, ...rest: unknown[]) => {
    if (token !== "?" && !token.startsWith("$")) return token;
    const number = token === "?" ? next++ : Number(rest[0]) - 1;
    return literalOf(parameters[number], literals);
  });
}

function literalOf(value: unknown, { text, bytes }: Literals): string {
  if (value === null) return "null";
  if (typeof value === "number") return value < 0 ? `(${String(value)})` : String(value);
  if (value instanceof Uint8Array) return bytes(Buffer.from(value).toString("hex"));
  if (typeof value === "string") return text(value);
  throw new Error(`A statement has a parameter of the type ${typeof value}.`);
}
