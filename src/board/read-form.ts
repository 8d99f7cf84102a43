import { IssueLifecycleError } from "../core/errors.ts";

/** The largest form, in bytes: the ids of a page of issues, and a comment of the longest kind in any script. */
const MAX_FORM_BYTES = 200_000;

/**
 * Reads a form, of which browsers send the fields as in an address.
 *
 * @throws {@link IssueLifecycleError} `invalid-input`
 */
export async function readForm(request: Request): Promise<URLSearchParams> {
  const [type = ""] = (request.headers.get("content-type") ?? "").split(";");
  if (type.trim().toLowerCase() !== "application/x-www-form-urlencoded") throw invalid("a form as browsers send it");
  const decoder = new TextDecoder();
  let [text, bytes] = ["", 0];
  for await (const chunk of request.body ?? []) {
    if (!(chunk instanceof Uint8Array)) throw invalid("a form as browsers send it");
    bytes += chunk.byteLength;
    // To leave the loop ends the body.
    if (bytes > MAX_FORM_BYTES) throw invalid(`a form of at most ${MAX_FORM_BYTES.toLocaleString("en")} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  // Forms write the end of a line as two characters, which are one to whoever typed it.
  return new URLSearchParams((text + decoder.decode()).replaceAll(/%0D%0A/giu, "%0A"));
}

function invalid(allowed: string): IssueLifecycleError {
  return new IssueLifecycleError("invalid-input", `The form could not be read; allowed is ${allowed}.`, {
    field: "form",
  });
}
