import type { Deadline } from "./deadline.ts";
import { busy, RefusedRequest } from "./refusal.ts";
import type { Place } from "./room.ts";

/** What limits a body while it is read and decoded. */
export interface BodyLimits {
  readonly place: Place;
  readonly deadline: Deadline;
  /** The most bytes. */
  readonly maxBytes: number;
}

/**
 * Reads the body of a request, only as fast as there is room for it, and stops at a limit.
 *
 * @throws a refusal with status 413 beyond `maxBytes`; at the deadline 408, or 503 if there was no room; 400 if the client ends it early
 */
export async function readBody(request: Request, limits: BodyLimits): Promise<Uint8Array> {
  const announced = request.headers.get("content-length") ?? "";
  if (/^\d+$/u.test(announced) && Number(announced) > limits.maxBytes)
    throw tooLarge(limits.maxBytes, "as it was sent");
  const reader: ReadableStreamDefaultReader<Uint8Array> | undefined = request.body?.getReader();
  if (reader === undefined) return new Uint8Array();
  const chunks = new Chunks(limits, "as it was sent");
  const isLate = (): RefusedRequest => new RefusedRequest(408, "The body was not complete in time.");
  try {
    for (;;) {
      const { done, value } = await limits.deadline.wait(reader.read(), isLate);
      if (done) return chunks.joined();
      await chunks.add(value);
    }
  } catch (error) {
    // The client may go on sending for ever.
    reader.cancel(error).catch(() => undefined);
    if (error instanceof RefusedRequest) throw error;
    throw new RefusedRequest(400, "The body ended before it was complete.", { cause: error });
  }
}

/** About how many bytes an array takes besides its content: a body may come byte by byte. */
const PART_BYTES = 256;

/**
 * Waits until there is room for bytes.
 *
 * @throws a refusal with status 503 if there is none in time
 */
export function roomFor(bytes: number, { place, deadline }: Pick<BodyLimits, "place" | "deadline">): Promise<void> {
  return deadline.wait(place.take(bytes), () => busy("Too many requests are being handled."));
}

/** The parts of a body. */
export class Chunks {
  readonly #limits: BodyLimits;
  readonly #how: string;
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  /** @param how - says in a refusal what has the limit */
  constructor(limits: BodyLimits, how: string) {
    this.#limits = limits;
    this.#how = how;
  }

  /**
   * Adds a part once there is room for it.
   *
   * @throws a refusal with status 413 beyond the limit, 503 if there is no room in time
   */
  async add(part: Uint8Array): Promise<void> {
    const { maxBytes } = this.#limits;
    this.#length += part.length;
    if (this.#length > maxBytes) throw tooLarge(maxBytes, this.#how);
    await roomFor(part.length + PART_BYTES, this.#limits);
    this.#parts.push(part);
  }

  /** All parts as one. */
  joined(): Uint8Array {
    const [only] = this.#parts;
    if (this.#parts.length === 1 && only !== undefined) return only;
    const bytes = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }
}

/** The refusal of a body that is too large. */
export function tooLarge(maxBytes: number, how: string): RefusedRequest {
  return new RefusedRequest(413, `The body is larger than ${String(maxBytes)} bytes ${how}.`);
}
