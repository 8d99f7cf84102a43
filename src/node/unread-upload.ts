import type { Exchange } from "./exchange.ts";
import { mayHaveBody } from "./request-body.ts";

/** The bytes of an upload that are read and thrown away after its answer. */
const MAX_DISCARDED_BYTES = 64 * 1024 * 1024;

/** The milliseconds for which an upload is read and thrown away after its answer. */
const MAX_DISCARD_MS = 5_000;

/** Whether a part of the request's body has not arrived yet. */
export function isUploading({ request }: Exchange): boolean {
  return !request.complete && !request.readableEnded && mayHaveBody(request);
}

/**
 * Reads the rest of an upload and throws it away, within the limits. The answer has been written, and the connection is about to close:
 * if data that nobody has read were left, the operating system would reset the connection, and some clients lose the answer then,
 * because they only read it when they have sent everything.
 */
export function discardUpload({ request, response }: Exchange): Promise<void> {
  return new Promise((resolve) => {
    let bytes = 0;
    const stop = () => {
      clearTimeout(timer);
      request.off("data", onData).off("end", stop).pause();
      response.off("close", stop);
      resolve();
    };
    const onData = (chunk: Uint8Array) => {
      bytes += chunk.byteLength;
      if (bytes > MAX_DISCARDED_BYTES) stop();
    };
    const timer = setTimeout(stop, MAX_DISCARD_MS);
    request.unpipe().on("data", onData).on("end", stop).on("error", stop).resume();
    response.on("close", stop);
  });
}
