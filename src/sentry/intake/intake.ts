import { IssueLifecycleError } from "../../core/errors.ts";
import { requireText } from "../../core/input.ts";
import type { NewEvent } from "../../core/event.ts";
import type { Instant } from "../../core/instant.ts";
import { MAX_PROJECT_ID_LENGTH } from "../../core/project.ts";
import { pluralize } from "../../core/text.ts";
import { systemClock } from "../../ports/clock.ts";
import { eachWithPauses } from "../../ports/pause.ts";
import type { DigestOutcome } from "../../tracker/digest.ts";
import { EventQueue } from "../../tracker/event-queue.ts";
import {
  allowedOrigin,
  limitHeaders,
  preflightAnswer,
  printable,
  quotaUsedUp,
  refusedAnswer,
  takenAnswer,
  type AllowedOrigin,
} from "./answers.ts";
import { readBody, roomFor, tooLarge, type BodyLimits } from "./body.ts";
import { Deadline } from "./deadline.ts";
import { decodeBody, decodeOldBody } from "./decoding.ts";
import { type CheckedIntakeOptions, type CheckedProject } from "./intake-options.ts";
import { Quotas } from "./quotas.ts";
import { readRequest, type ReadRequest } from "./read-request.ts";
import { busy, RefusedRequest } from "./refusal.ts";
import { Room } from "./room.ts";
import { keyInEnvelope, keyOf, routeOf, type Route } from "./route.ts";

/** About how many bytes an event takes besides its payload, and a request besides its body. */
const EVENT_BYTES = 2_048;

/** A request that is being answered, and what is known of it so far. */
interface Call {
  readonly request: Request;
  project: CheckedProject | undefined;
  allowed: AllowedOrigin;
}

/** Answers the requests of Sentry SDKs, and knows those that are on their way. */
export class Intake {
  readonly #options: CheckedIntakeOptions;
  readonly #setTimer: NonNullable<CheckedIntakeOptions["clock"]["setTimer"]>;
  readonly #room: Room;
  readonly #quotas: Quotas;
  readonly #queue: EventQueue;
  readonly #answering = new Set<Promise<unknown>>();
  #isClosing = false;

  constructor(options: CheckedIntakeOptions) {
    const { tracker, clock, maxBufferedBytes, onError } = options;
    this.#options = options;
    this.#setTimer = clock.setTimer?.bind(clock) ?? systemClock.setTimer;
    this.#room = new Room(maxBufferedBytes);
    this.#quotas = new Quotas();
    this.#queue = new EventQueue({ digest: (events) => tracker.digest(events), setTimer: this.#setTimer, onError });
  }

  async handle(request: Request): Promise<Response> {
    const answering = this.#answer({ request, project: undefined, allowed: "*" });
    this.#answering.add(answering);
    try {
      return await answering;
    } finally {
      this.#answering.delete(answering);
    }
  }

  quotaOpensAt(projectId: string): Instant | null {
    const id = requireText("projectId", projectId, 1, MAX_PROJECT_ID_LENGTH);
    return this.#quotas.lastOpensAt(id, this.#options.clock.now());
  }

  async close(timeoutMs: number): Promise<void> {
    this.#isClosing = true;
    await this.#queue.end(timeoutMs, Promise.allSettled(this.#answering));
  }

  async #answer(call: Call): Promise<Response> {
    try {
      return await this.#take(call);
    } catch (error) {
      const refusal = error instanceof RefusedRequest ? error : this.#failed(error);
      this.#report(call, refusal.status, refusal.message, refusal.cause);
      return refusedAnswer(refusal, call.allowed);
    }
  }

  async #take(call: Call): Promise<Response> {
    const { request } = call;
    if (this.#isClosing) throw busy("The intake is being closed.");
    const route = routeOf(request.url);
    const project = await this.#findProject(route.reference);
    if (project === undefined) throw new RefusedRequest(404, "There is no such project.");
    call.project = project;
    const origin = request.headers.get("origin");
    call.allowed = allowedOrigin(origin, project.origins);
    if (request.method === "OPTIONS") return preflightAnswer(call.allowed);
    if (request.method !== "POST") {
      throw new RefusedRequest(405, "The method is not POST.", { headers: { allow: "POST, OPTIONS" } });
    }
    if (origin !== null && call.allowed === "none") throw new RefusedRequest(403, "Pages of this origin may not send.");
    const key = keyOf(route, request.headers);
    if (key !== undefined || route.endpoint !== "envelope") {
      requireKeyOf(project, key);
      this.#requireOpen(project);
    }
    return this.#takeBody(call, route, project, key === undefined);
  }

  async #takeBody(call: Call, route: Route, project: CheckedProject, isKeyInBody: boolean): Promise<Response> {
    const receivedAt = this.#options.clock.now();
    const { headers } = call.request;
    const { keepPayload, maxBodyBytes: maxBytes, maxDecodedBytes, maxEventBytes, timeoutMs } = this.#options;
    const place = this.#room.enter();
    const deadline = new Deadline(timeoutMs, this.#setTimer);
    let settled = Promise.resolve();
    try {
      const body = await readBody(call.request, { place, deadline, maxBytes });
      const limits = { place, deadline, maxBytes: maxDecodedBytes };
      const decoded = await decodeBody(body, headers.get("content-encoding"), limits);
      const text = route.endpoint === "store" ? await this.#decodeOld(decoded, limits) : decoded;
      const context = { projectId: project.id, receivedAt, keepPayload };
      const read = await readOrRefuse(() => {
        if (isKeyInBody) requireKeyOf(project, keyInEnvelope(text));
        return readRequest(route, text, context, maxEventBytes);
      });
      this.#requireOpen(project);
      await roomFor((1 + read.events.length) * EVENT_BYTES, limits);
      deadline.cancel();
      ({ settled } = await this.#store(call, project, read));
      return takenAnswer(read.id, call.allowed, this.#headersAfter(project, read));
    } finally {
      deadline.cancel();
      void settled.then(() => {
        place.leave();
      });
    }
  }

  async #findProject(reference: string): Promise<CheckedProject | undefined> {
    const deadline = new Deadline(this.#options.timeoutMs, this.#setTimer);
    try {
      return await deadline.wait(this.#options.projects(reference), () => busy("The project was not found in time."));
    } finally {
      deadline.cancel();
    }
  }

  /** A body that is too large is refused before it is looked at: it has a third more characters as base64. */
  async #decodeOld(body: Uint8Array, limits: BodyLimits): Promise<Uint8Array> {
    const { maxEventBytes } = this.#options;
    if (body.length > Math.ceil(maxEventBytes * 1.5)) throw tooLarge(maxEventBytes, "once it is decoded");
    return decodeOldBody(body, { ...limits, maxBytes: maxEventBytes });
  }

  /**
   * Stores what was read, or has it stored in the background.
   *
   * @returns what settles when its events are stored
   */
  async #store(call: Call, project: CheckedProject, read: ReadRequest): Promise<{ settled: Promise<void> }> {
    const { events, refused } = read;
    const [first] = refused;
    if (events.length === 0 && first !== undefined) {
      throw new RefusedRequest(400, first.error.message, { cause: first.error });
    }
    for (const { error } of refused) this.#report(call, 200, error.message, error);
    const now = this.#options.clock.now();
    this.#quotas.add(project, events.length, now);
    if (this.#options.acknowledge === "received") return { settled: this.#queue.add(events) };
    let stored = 0;
    try {
      stored = await this.#digest(events);
    } finally {
      this.#quotas.takeBack(project, events.length - stored, now);
    }
    return { settled: Promise.resolve() };
  }

  /**
   * Digests events one by one, so that checking many does not keep the process from other work; the tracker lets them share transactions.
   *
   * @returns how many were not stored before
   */
  async #digest(events: readonly NewEvent[]): Promise<number> {
    const digesting: Promise<readonly DigestOutcome[]>[] = [];
    await eachWithPauses(events, (event) => {
      const outcomes = this.#options.tracker.digest([event]);
      // It may fail before the others were begun.
      outcomes.catch(() => undefined);
      digesting.push(outcomes);
    });
    await Promise.allSettled(digesting);
    const outcomes = (await Promise.all(digesting)).flat();
    const unreadable = outcomes.filter(({ kind }) => kind === "refused").length;
    // The tracker has reported why.
    if (unreadable > 0) throw new RefusedRequest(500, `${pluralize(unreadable, "event")} could not be stored.`);
    return outcomes.filter(({ kind }) => kind === "digested").length;
  }

  #requireOpen(project: CheckedProject): void {
    const now = this.#options.clock.now();
    const opensAt = this.#quotas.opensAt(project, now);
    if (opensAt !== null) throw quotaUsedUp(opensAt, now);
  }

  /** Tells the client at once if its request has used up the quota, and which of its items could not be read. */
  #headersAfter(project: CheckedProject, { refused: [first] }: ReadRequest): Record<string, string> {
    const now = this.#options.clock.now();
    const opensAt = this.#quotas.opensAt(project, now);
    return {
      ...(opensAt !== null && limitHeaders(opensAt, now)),
      ...(first !== undefined && { "x-sentry-error": printable(first.error.message) }),
    };
  }

  #report(call: Call, status: number, message: string, cause: unknown): void {
    const error = IssueLifecycleError.is(cause) && cause.code === "invalid-input" ? cause : null;
    this.#options.onRefused({ status, projectId: call.project?.id ?? null, message, error });
  }

  /** The answer to a request that failed, through no fault of the client. Its text says nothing of the cause. */
  #failed(error: unknown): RefusedRequest {
    this.#options.onError(error);
    if (!IssueLifecycleError.is(error)) return new RefusedRequest(500, "The request could not be handled.");
    if (error.code === "unknown-project") return new RefusedRequest(404, "There is no such project.");
    if (error.retryable || error.code === "closed") return busy("The event could not be stored now.");
    return new RefusedRequest(500, "The event could not be stored.");
  }
}

function requireKeyOf({ keys }: CheckedProject, key: string | undefined): void {
  if (key === undefined) throw new RefusedRequest(401, "The request has no key: sentry_key, X-Sentry-Auth or a DSN.");
  if (!keys.includes(key)) throw new RefusedRequest(403, "The key is of no DSN of this project.");
}

/** Reads what a client sent; what cannot be read is the client's fault. */
async function readOrRefuse<Result>(read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof RefusedRequest) throw cause;
    const message = IssueLifecycleError.is(cause) ? cause.message : "The body cannot be read.";
    throw new RefusedRequest(400, message, { cause });
  }
}
