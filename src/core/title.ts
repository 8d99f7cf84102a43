import { firstLine, shorten } from "./text.ts";

const MAX_TYPE_IN_TITLE = 128;
const MAX_VALUE_IN_TITLE = 1_024;
/** What stands for the type of a log message. */
export const LOG_MESSAGE = "Log Message";
/** What stands for the text of a log message without one. */
export const NO_LOG_MESSAGE = "<no log message>";

/**
 * The title of an error: the first lines of its type and of its value, `TypeError: x is undefined`; only the type if the
 * value is empty. The title of a log message is its first line.
 */
export function titleOf(type: string, value: string): string {
  const line = firstLine(value);
  if (isLogMessage(type) || value === "") return titleOfLines(firstLine(type), line);
  return `${shorten(firstLine(type), MAX_TYPE_IN_TITLE)}: ${shorten(line, MAX_VALUE_IN_TITLE)}`;
}

/** The title of an error whose type and value are one line each. */
export function titleOfLines(type: string, value: string): string {
  const line = shorten(value, MAX_VALUE_IN_TITLE);
  if (isLogMessage(type)) return line === "" ? NO_LOG_MESSAGE : line;
  const shortType = shorten(type, MAX_TYPE_IN_TITLE);
  return line === "" ? shortType : `${shortType}: ${line}`;
}

function isLogMessage(type: string): boolean {
  return type === "" || type === LOG_MESSAGE;
}

/** The title of `title/1`, as a part of its keys: whole, and the same for all log messages without a text. */
export function wholeTitleOf(type: string, value: string): string {
  const line = firstLine(value);
  if (isLogMessage(type)) return `${LOG_MESSAGE}: ${line === "" ? NO_LOG_MESSAGE : line}`;
  return value === "" ? type : `${type}: ${line}`;
}
