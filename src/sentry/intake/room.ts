/** Bytes that a request wants to keep, and has to wait for. */
interface Waiting {
  readonly place: Place;
  readonly bytes: number;
  readonly admit: () => void;
}

/** Requests that take no more than this, as most events do, may fill the room. */
const SMALL_BYTES = 65_536;

/** The part of the room that large ones may fill, so that they cannot keep out the small ones. */
const PART_OF_LARGE = 0.75;

/**
 * The memory for the bodies of requests. What does not fit has to wait until others leave. One request at a time may take more than there is, so
 * that requests that wait in the middle of their bodies never wait for each other alone: memory is bounded by the room and the largest request.
 */
export class Room {
  readonly #maxBytes: number;
  readonly #waiting = new Set<Waiting>();
  #taken = 0;
  /** The place that may take more than there is. */
  #beyond: Place | undefined;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The place of a request, with nothing in it. */
  enter(): Place {
    return new Place(this);
  }

  /** For {@link Place}: waits until bytes fit. */
  take(place: Place, bytes: number): Promise<void> {
    return new Promise((resolve) => {
      const waiting: Waiting = {
        place,
        bytes,
        admit: () => {
          this.#waiting.delete(waiting);
          this.#taken += bytes;
          place.taken += bytes;
          resolve();
        },
      };
      this.#waiting.add(waiting);
      this.#admit();
    });
  }

  /** For {@link Place}: gives its bytes back, and stops waiting for more. */
  give(place: Place): void {
    for (const waiting of this.#waiting) if (waiting.place === place) this.#waiting.delete(waiting);
    this.#taken -= place.taken;
    place.taken = 0;
    if (this.#beyond === place) this.#beyond = undefined;
    this.#admit();
  }

  /** Admits what fits, in the order in which it came; then the first that does not, unless another place is beyond the limit already. */
  #admit(): void {
    for (const { place, bytes, admit } of this.#waiting) {
      // Where the room is full, only that place may go on.
      if (this.#taken >= this.#maxBytes && this.#beyond === undefined) break;
      const maxBytes = place.taken + bytes <= SMALL_BYTES ? this.#maxBytes : this.#maxBytes * PART_OF_LARGE;
      if (place === this.#beyond || this.#taken + bytes <= maxBytes) admit();
    }
    if (this.#beyond !== undefined) return;
    const [first] = this.#waiting;
    this.#beyond = first?.place;
    first?.admit();
  }
}

/** What one request keeps in a room. */
export class Place {
  readonly #room: Room;
  /** How many bytes; for the room to change. */
  taken = 0;

  constructor(room: Room) {
    this.#room = room;
  }

  /** Keeps more bytes. Waits until they fit. */
  take(bytes: number): Promise<void> {
    return this.#room.take(this, bytes);
  }

  /** Gives all of them back. What still waits is never admitted. */
  leave(): void {
    this.#room.give(this);
  }
}
