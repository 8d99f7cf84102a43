import { crashFunctionOf } from "./crash-frame.ts";
import { entriesOf } from "./entry-list.ts";
import { asObject, memberOf, type JsonObject } from "./json-object.ts";
import { logMessageOf, stripped } from "./log-message.ts";
import { textOf } from "./written-out.ts";

/** What an event reports: an error, or a log message. */
export interface WhatHappened {
  /** The class of the error, or `""` for a log message. */
  readonly type: string;
  /** What the error or log message says; `""` for nothing. */
  readonly value: string;
}

const UNKNOWN = "<unknown>";

/**
 * What a payload reports: the last exception of its chain, which is the outermost one, else its log message.
 *
 * A *synthetic* exception is one that an SDK made up to hang a stack trace on: it is named for the function it crashed
 * in.
 *
 * @throws `IssueLifecycleError` `invalid-input` for a type, value or message that no text can be made of
 */
export function whatHappened(payload: JsonObject, field: string): WhatHappened {
  const exceptions = entriesOf(payload["exception"]);
  if (exceptions === undefined) return { type: "", value: logMessageOf(payload, field) };
  const exception = asObject(exceptions.at(-1));
  if (exception === undefined) return { type: UNKNOWN, value: "" };
  const type = textOf(`${field}.exception.type`, exception["type"]);
  const value = textOf(`${field}.exception.value`, exception["value"]);
  const isSynthetic = Boolean(memberOf(exception["mechanism"], "synthetic"));
  if (type === "") {
    // JavaScript SDKs hang the stack trace of a log message on such an exception. To name that for the function which
    // logged would throw all messages of one function together.
    const message = logMessageOf(payload, field);
    if (message !== "" && (isSynthetic || stripped(value) === message)) return { type: "", value: message };
  }
  if (isSynthetic) return { type: crashFunctionOf(payload, exception) ?? UNKNOWN, value: "" };
  return { type: type || "Error", value };
}
