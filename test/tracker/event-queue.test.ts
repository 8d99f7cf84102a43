import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { IssueLifecycleError, type NewEvent } from "../../src/index.ts";
import { EventQueue } from "../../src/tracker/event-queue.ts";
import { rounds } from "../support/effort.ts";

const BUSY = new IssueLifecycleError("store-busy", "busy", { retryable: true });
const INVALID = new IssueLifecycleError("invalid-input", "invalid");

const eventOf = (name: string): NewEvent => ({ projectId: "shop", type: name });

/** A timer that fires at once, so that no test waits. */
const atOnce = (_durationMs: number, callback: () => void) => {
  const timer = setImmediate(callback);
  return () => {
    clearImmediate(timer);
  };
};

/** A timer that never fires, and the pauses that it was asked for. */
function stopped() {
  const pauses: number[] = [];
  const setTimer = (durationMs: number) => {
    pauses.push(durationMs);
    return () => undefined;
  };
  return { pauses, setTimer };
}

function codesOf(errors: readonly unknown[]): string[] {
  return errors.map((error) => (IssueLifecycleError.is(error) ? error.code : "none"));
}

describe("a queue of events", () => {
  test("digests each event, or reports that it is lost, whatever fails meanwhile; in their order where nothing fails", async () => {
    const isEvent = fc.record({ isPoison: fc.nat(9).map((number) => number === 0) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(isEvent, { minLength: 1, maxLength: 60 }), { maxLength: 8 }),
        fc.array(fc.constantFrom("done", "failed", "done, and failed"), { maxLength: 12 }),
        async (calls, outcomes) => {
          const stored = new Map<string, string>();
          const errors: unknown[] = [];
          const left = [...outcomes];
          const digest = async (events: readonly NewEvent[]): Promise<void> => {
            await Promise.resolve();
            const outcome = left.shift() ?? "done";
            if (outcome === "failed") throw BUSY;
            if (events.some(({ value }) => value === "poison")) throw INVALID;
            for (const { id = "", type = "" } of events) stored.set(id, stored.get(id) ?? type);
            if (outcome === "done, and failed") throw BUSY;
          };
          const queue = new EventQueue({ digest, setTimer: atOnce, onError: (error) => errors.push(error) });
          const all = calls.flatMap((call, number) =>
            call.map(({ isPoison }, index) => ({ name: `${String(number)}-${String(index)}`, isPoison })),
          );
          const added = calls.map((call, number) =>
            queue.add(
              call.map(({ isPoison }, index) => ({
                ...eventOf(`${String(number)}-${String(index)}`),
                ...(isPoison && { value: "poison" }),
              })),
            ),
          );
          expect(queue.length).toBe(all.length);
          await Promise.all(added);
          await queue.settled();
          expect(queue.length).toBe(0);
          const good = all.filter(({ isPoison }) => !isPoison).map(({ name }) => name);
          const names = [...stored.values()];
          expect(good).toEqual(expect.arrayContaining(names));
          const lost = codesOf(errors).filter((code) => code === "events-lost");
          expect(lost.length).toBeGreaterThanOrEqual(all.length - names.length);
          if (outcomes.some((outcome) => outcome !== "done")) return;
          expect(names).toEqual(good);
          expect(lost).toHaveLength(all.length - good.length);
        },
      ),
      { numRuns: rounds({ quick: 60, full: 500 }) },
    );
  });

  test("reports an outage once, and tries again after pauses that get longer, up to a minute", async () => {
    const pauses: number[] = [];
    const errors: unknown[] = [];
    let attempts = 0;
    const queue = new EventQueue({
      digest: async () => {
        if (++attempts < 10) throw BUSY;
      },
      setTimer: (durationMs, callback) => {
        pauses.push(durationMs);
        return atOnce(durationMs, callback);
      },
      onError: (error) => errors.push(error),
    });
    await queue.add([eventOf("E")]);
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
    expect(errors).toEqual([BUSY]);
  });

  test("tries once more when it ends, and then reports how many events are lost", async () => {
    const { setTimer, pauses } = stopped();
    const errors: unknown[] = [];
    let attempts = 0;
    const queue = new EventQueue({
      digest: async () => {
        attempts++;
        throw BUSY;
      },
      setTimer: (durationMs, callback) => (durationMs === 7 ? atOnce(durationMs, callback) : setTimer(durationMs)),
      onError: (error) => errors.push(error),
    });
    const added = queue.add(Array.from({ length: 60 }, (_, index) => eventOf(String(index))));
    const later = queue.add([eventOf("later")]);
    await expect.poll(() => pauses).toEqual([1_000]);
    await queue.end(7);
    await Promise.all([added, later]);
    expect(attempts).toBe(2);
    expect(errors.map((error) => (error instanceof Error ? error.message : ""))).toEqual([
      "busy",
      "61 events could not be digested. They were not digested within 7 ms.",
    ]);
    expect(queue.length).toBe(0);
  });

  test("loses an event that fails again and again while others succeed, and digests those behind it", async () => {
    const digested: string[] = [];
    const errors: unknown[] = [];
    const digest = async (events: readonly NewEvent[]): Promise<void> => {
      if (events.some(({ type }) => type === "too large")) throw BUSY;
      digested.push(...events.map(({ type = "" }) => type));
    };
    const queue = new EventQueue({ digest, setTimer: atOnce, onError: (error) => errors.push(error) });
    const first = queue.add([eventOf("too large")]);
    await expect.poll(() => errors).toEqual([BUSY]);
    await Promise.all([first, queue.add([eventOf("one")]), queue.add([eventOf("other")])]);
    expect(digested).toEqual(["one", "other"]);
    expect(codesOf(errors)).toEqual(["store-busy", "events-lost"]);
  });

  test("loses the rest of a batch together where the tracker is closed while its events are digested one by one", async () => {
    const errors: unknown[] = [];
    let calls = 0;
    const digest = async (events: readonly NewEvent[]): Promise<void> => {
      if (events.length > 1) throw INVALID;
      if (++calls > 1) throw new IssueLifecycleError("closed", "closed");
    };
    const queue = new EventQueue({ digest, setTimer: atOnce, onError: (error) => errors.push(error) });
    await queue.add(["one", "two", "three"].map(eventOf));
    expect(errors).toMatchObject([{ code: "events-lost", message: "2 events could not be digested. closed" }]);
  });

  test("begins no pause once it has ended, which would keep the process alive", async () => {
    const { setTimer, pauses } = stopped();
    let fail: () => void = () => undefined;
    let isOther = false;
    const queue = new EventQueue({
      digest: async ([first, second]) => {
        if (second !== undefined) throw INVALID;
        if (first?.type === "one") throw BUSY;
        isOther = true;
        await new Promise<void>((resolve) => {
          fail = resolve;
        });
        throw BUSY;
      },
      setTimer: (durationMs, callback) => (durationMs === 7 ? atOnce(durationMs, callback) : setTimer(durationMs)),
      onError: () => undefined,
    });
    const added = queue.add([eventOf("one"), eventOf("other")]);
    await expect.poll(() => isOther).toBe(true);
    await queue.end(7);
    fail();
    await added;
    expect(pauses).toEqual([]);
    expect(queue.length).toBe(0);
  });

  test("loses all events together once the tracker is closed", async () => {
    const errors: unknown[] = [];
    const queue = new EventQueue({
      digest: async () => {
        throw new IssueLifecycleError("closed", "closed");
      },
      setTimer: atOnce,
      onError: (error) => errors.push(error),
    });
    await queue.add([eventOf("one"), eventOf("other")]);
    expect(errors).toMatchObject([{ code: "events-lost", message: "2 events could not be digested. closed" }]);
  });
});
