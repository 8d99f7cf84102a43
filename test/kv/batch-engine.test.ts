import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareBytes } from "../../src/kv/bytes.ts";
import { createIssueTracker } from "../../src/index.ts";
import { createBatchEngine, createKeyValueStore, type KeyValueEntry } from "../../src/kv/index.ts";
import { SortedMap } from "../../src/kv/sorted-map.ts";
import { rounds } from "../support/effort.ts";
import { MemoryStorage } from "../support/key-value-engines.ts";
import { failureOf } from "../support/scenario.ts";

const key = fc.uint8Array({ minLength: 1, maxLength: 2, max: 3 });
const bounds = fc.tuple(key, key, fc.boolean(), fc.integer({ min: 1, max: 6 }));

type Step =
  | { readonly kind: "put" | "remove" | "get"; readonly key: Uint8Array }
  | { readonly kind: "range"; readonly bounds: readonly [Uint8Array, Uint8Array, boolean, number] }
  | { readonly kind: "commit" | "rollback" };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constantFrom("put", "remove", "get"), key }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("range"), bounds }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("commit", "rollback") }) },
);

/** A map that does the simplest thing. */
class NaiveMap {
  entries: readonly KeyValueEntry[] = [];

  set(of: Uint8Array, value: Uint8Array | undefined): void {
    const others = this.entries.filter(([each]) => compareBytes(each, of) !== 0);
    this.entries = value === undefined ? others : [...others, [of, value]];
  }

  range(from: Uint8Array, to: Uint8Array, reverse: boolean, limit: number): readonly KeyValueEntry[] {
    const found = this.entries
      .filter(([each]) => compareBytes(each, from) >= 0 && compareBytes(each, to) < 0)
      .sort(([one], [other]) => compareBytes(one, other));
    return (reverse ? found.reverse() : found).slice(0, limit);
  }
}

describe("an engine on a storage without transactions", () => {
  test("reads its own writes over what is stored, and stores them at the commit alone", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60, size: "max" }), async (steps) => {
        const engine = createBatchEngine(new MemoryStorage());
        const model = new NaiveMap();
        let committed = model.entries;
        let transaction = await engine.begin("write");
        for (const [index, each] of steps.entries()) {
          switch (each.kind) {
            case "put":
              await transaction.put(each.key, Uint8Array.of(index));
              model.set(each.key, Uint8Array.of(index));
              break;
            case "remove":
              await transaction.remove(each.key);
              model.set(each.key, undefined);
              break;
            case "get": {
              const expected = model.entries.find(([of]) => compareBytes(of, each.key) === 0);
              expect(await transaction.get(each.key)).toEqual(expected?.[1]);
              break;
            }
            case "range": {
              const [from, to, reverse, limit] = each.bounds;
              const range = { from, to, reverse, limit };
              expect(await transaction.range(range)).toEqual(model.range(from, to, reverse, limit));
              break;
            }
            default:
              await transaction[each.kind]();
              if (each.kind === "rollback") model.entries = committed;
              committed = model.entries;
              transaction = await engine.begin("write");
          }
        }
      }),
      { numRuns: rounds({ quick: 100, full: 2_000 }) },
    );
  });

  test("passes on the changes in the order of their keys, each once", async () => {
    const batches: unknown[] = [];
    const storage = new MemoryStorage();
    const engine = createBatchEngine({
      get: (of) => storage.get(of),
      range: (range) => storage.range(range),
      write: (batch) => void batches.push(batch),
    });
    const transaction = await engine.begin("write");
    for (const first of [3, 1, 2, 1]) await transaction.put(Uint8Array.of(first), Uint8Array.of(first));
    await transaction.remove(Uint8Array.of(2));
    await transaction.commit();
    expect(batches).toEqual([
      [
        { key: Uint8Array.of(1), value: Uint8Array.of(1) },
        { key: Uint8Array.of(2), value: undefined },
        { key: Uint8Array.of(3), value: Uint8Array.of(3) },
      ],
    ]);
  });

  test("refuses a storage that lacks a method", async () => {
    const given: unknown = { get: () => undefined, range: () => [] };
    expect(
      await failureOf(Promise.resolve().then(() => Reflect.apply(createBatchEngine, undefined, [given]))),
    ).toMatchObject({ code: "invalid-input", message: "storage.write: got undefined; allowed is a function." });
  });
});

describe("a sorted map", () => {
  test("of many keys has them in order, however they were added and removed", () => {
    const [map, model] = [new SortedMap<number>(), new NaiveMap()];
    const keyOf = (number: number): Uint8Array => Uint8Array.of(number % 7, number >> 8, number & 0xff);
    const order = Array.from({ length: 2_000 }, (_, index) => (index * 1_237) % 2_000);
    for (const number of order) map.set(keyOf(number), number);
    for (const number of order.slice(0, 1_500)) map.delete(keyOf(number));
    for (const number of order.slice(1_500)) model.set(keyOf(number), Uint8Array.of());
    const all = { from: Uint8Array.of(0), to: Uint8Array.of(255) };
    const expected = model.range(all.from, all.to, false, 2_000).map(([each]) => each);
    const keysOf = (reverse: boolean) => Array.from(map.range({ ...all, reverse }), ({ key: each }) => each);
    expect(keysOf(false)).toEqual(expected);
    expect(keysOf(true)).toEqual([...expected].reverse());
    expect(order.map((number) => map.get(keyOf(number)))).toEqual(
      order.map((number, place) => (place < 1_500 ? undefined : number)),
    );
  });
});

describe("stores on a batch engine", () => {
  test("take turns, also where the engine was copied", async () => {
    const storage = new MemoryStorage();
    const engine = createBatchEngine(storage);
    const trackers = [engine, { ...engine }].map((each) =>
      createIssueTracker({ store: createKeyValueStore(each), alertSink: "elsewhere" }),
    );
    const [tracker] = trackers;
    if (tracker === undefined) throw new Error("two trackers");
    await tracker.projects.save({ id: "shop" });
    const digests = Array.from({ length: 20 }, (_, index) =>
      (trackers[index % 2] ?? tracker).digest({ projectId: "shop", type: "E" }),
    );
    await Promise.all(digests);
    const { items } = await tracker.issues.list({ projectId: "shop" });
    expect(items.map(({ eventCount }) => eventCount)).toEqual([20]);
  });

  test("read what bindings return as a Buffer", async () => {
    const storage = new MemoryStorage();
    const engine = createBatchEngine({
      get: (each) => {
        const value = storage.get(each);
        return value && Buffer.from(value);
      },
      range: (range) => storage.range(range).map(([each, value]) => [Buffer.from(each), Buffer.from(value)] as const),
      write: (batch) => {
        storage.write(batch);
      },
    });
    const tracker = createIssueTracker({ store: createKeyValueStore(engine), alertSink: "elsewhere" });
    await tracker.projects.save({ id: "shop" });
    for (let index = 0; index < 3; index++) await tracker.digest({ projectId: "shop", type: `E ${"x".repeat(index)}` });
    const { items } = await tracker.issues.list({ projectId: "shop" });
    expect(items.map(({ friendlyId }) => friendlyId).sort()).toEqual(["SHOP-1", "SHOP-2", "SHOP-3"]);
    const [first] = items;
    const { items: history } = await tracker.issues.history(first?.id ?? "");
    expect(history.map(({ number }) => number)).toEqual([1]);
  });
});
