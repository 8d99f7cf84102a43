import { fingerprintKey, formerFingerprintKey, joinParts } from "./grouping-key.ts";
import { DEFAULT_GROUP, type GroupingStrategy } from "./grouping.ts";
import { messagePattern } from "./message-pattern.ts";
import { nonBlankLines } from "./text.ts";
import { LOG_MESSAGE, titleOf, titleOfLines, wholeTitleOf } from "./title.ts";

/**
 * The grouping of versions before 0.2: by the title and the transaction, or by the fingerprint, in which `{{ default }}` stands
 * for the two.
 *
 * The key has the full texts, so that long messages that differ only at their end are different issues; the title is
 * shortened. {@link DEFAULT_GROUPING} replaces it: it takes over the issues that this one made.
 */
export const titleGrouping: GroupingStrategy = {
  version: "title/1",
  group({ type, value, transaction, fingerprint }) {
    const operation = transaction === "" ? "<no transaction>" : transaction;
    const defaultKey = joinParts([wholeTitleOf(type, value), operation]);
    const key = fingerprint.length === 0 ? defaultKey : formerFingerprintKey(defaultKey, fingerprint);
    return { key, title: titleOf(type, value) };
  },
};

/** How many lines of a value form the key. Later ones are most often a copy of data, such as a query or a document. */
const LINES = 2;

/**
 * The default grouping: by the type and the pattern of the value, or by the fingerprint, in which `{{ default }}` stands for
 * the two.
 *
 * The pattern is that of the first two lines that are not blank. What changes from one occurrence to the next, such as numbers,
 * quoted values, addresses, paths and dates, is replaced, so that `order 12 failed` and `order 13 failed` are one issue. The
 * transaction is not part of the key, because browser SDKs send the path of the page. The title is the first line as it is.
 */
export const DEFAULT_GROUPING: GroupingStrategy = {
  version: "title/2",
  group({ type, value, fingerprint }) {
    const lines = nonBlankLines(value, LINES);
    const parts = [type === "" ? LOG_MESSAGE : type, ...lines.map(messagePattern)];
    const [firstType = ""] = nonBlankLines(type, 1);
    const defaultKey = joinParts(parts);
    const isDefault = fingerprint.every((part) => part === DEFAULT_GROUP) && fingerprint.length <= 1;
    const key = isDefault ? defaultKey : fingerprintKey(defaultKey, fingerprint);
    return { key, title: titleOfLines(firstType, lines[0] ?? "") };
  },
  replaces: [titleGrouping],
};
