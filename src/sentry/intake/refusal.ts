import type { IssueLifecycleError } from "../../core/errors.ts";

/** A request that was refused, or an item of one that could not be read. */
export interface SentryRefusal {
  /** The status of the answer, such as 413; 200 for an item of a request whose other items were taken. */
  readonly status: number;
  /** The project of the request; `null` if it is unknown. */
  readonly projectId: string | null;
  /** What was wrong, in one sentence. */
  readonly message: string;
  /** The `invalid-input` about a body or item that could not be read; else `null`. */
  readonly error: IssueLifecycleError | null;
}

/** What ends the handling of a request: an answer other than 200. */
export class RefusedRequest extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, details: { headers?: Record<string, string>; cause?: unknown } = {}) {
    super(message, { cause: details.cause });
    this.name = "RefusedRequest";
    this.status = status;
    this.headers = details.headers ?? {};
  }
}

/** The refusal of a request that may succeed a little later. */
export function busy(message: string): RefusedRequest {
  return new RefusedRequest(503, message, { headers: { "retry-after": "1" } });
}
