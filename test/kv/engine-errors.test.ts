import { describe, expect, onTestFinished, test, vi } from "vitest";
import { IssueLifecycleError, type IssueStore } from "../../src/index.ts";
import { KEYS } from "../../src/kv/keys.ts";
import {
  createKeyValueStore,
  MAX_ATTEMPTS,
  type KeyRange,
  type KeyValueEngine,
  type KeyValueTransaction,
} from "../../src/kv/index.ts";
import { jsonBytes } from "../../src/kv/values.ts";
import { memoryEngine } from "../support/key-value-engines.ts";
import { failureOf } from "../support/scenario.ts";

const PROJECT = {
  id: "shop",
  slug: "shop",
  alerts: { "new-issue": true, regression: true, unmute: true, loud: true },
  watch: { conditions: [] },
  stateEnvironments: null,
  autoResolveAfterMs: null,
};

const busy = new IssueLifecycleError("store-busy", "Another process is writing.", { retryable: true });
const conflict = new IssueLifecycleError("store-conflict", "Another process was faster.", { retryable: true });

type Method = keyof KeyValueTransaction | "begin";

/** An engine of which one method fails, the first so many times. */
function failing(method: Method, error: unknown, times = Infinity) {
  const engine = memoryEngine();
  const calls: Method[] = [];
  let left = times;
  const enter = (called: Method): void => {
    calls.push(called);
    if (called !== method || left === 0) return;
    left--;
    throw error;
  };
  const wrapped: KeyValueEngine = {
    async begin(mode) {
      enter("begin");
      const transaction = await engine.begin(mode);
      const methods = (["get", "range", "put", "remove", "commit", "rollback"] as const).map((name) => [
        name,
        (...given: never[]): unknown => {
          enter(name);
          return Reflect.apply(transaction[name], transaction, given);
        },
      ]);
      return Object.assign({ ...transaction }, Object.fromEntries(methods));
    },
  };
  return { engine: wrapped, calls };
}

function save(store: IssueStore): Promise<void> {
  return store.transaction((transaction) => transaction.write({ projects: [PROJECT] }));
}

async function projectIds(store: IssueStore): Promise<string[]> {
  return (await store.read((reader) => reader.findProjects({ after: null, limit: 1_000 }))).map(
    ({ project }) => project.id,
  );
}

describe("an engine that is busy, or has a conflict", () => {
  test.each([
    ["begin", busy],
    ["get", busy],
    ["put", conflict],
    ["commit", conflict],
  ] as const)("at %s runs the work again", async (method, error) => {
    const { engine, calls } = failing(method, error, 3);
    const store = createKeyValueStore(engine);
    let runs = 0;
    await store.transaction(async (transaction) => {
      runs++;
      await transaction.write({ projects: [PROJECT] });
    });
    expect(await projectIds(store)).toEqual(["shop"]);
    expect(calls.filter((each) => each === "rollback")).toHaveLength(method === "begin" ? 0 : 3);
    // The version of the keys is read, and stored, before the work begins.
    expect(runs).toBe(method === "commit" ? 4 : 1);
  });

  test("for ever gets its error passed on, after the documented number of attempts", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0);
    onTestFinished(() => void vi.restoreAllMocks());
    const { engine, calls } = failing("commit", conflict);
    expect(await failureOf(save(createKeyValueStore(engine)))).toBe(conflict);
    expect(calls.filter((each) => each === "commit")).toHaveLength(MAX_ATTEMPTS);
  });

  test("runs the work again even if the work has not passed the error on", async () => {
    const { engine } = failing("range", busy, 1);
    const store = createKeyValueStore(engine);
    await save(store);
    let runs = 0;
    await store.read(async (reader) => {
      runs++;
      await reader.findProjects({ after: null, limit: 1_000 }).catch(() => undefined);
    });
    expect(runs).toBe(2);
  });

  test("and cannot roll back, is not tried again", async () => {
    const { engine, calls } = failing("put", conflict, 1);
    const broken: KeyValueEngine = {
      begin: async (mode) => ({
        ...(await engine.begin(mode)),
        rollback: () => Promise.reject(new Error("the disk is gone")),
      }),
    };
    expect(await failureOf(save(createKeyValueStore(broken)))).toBe(conflict);
    expect(calls.filter((each) => each === "begin")).toHaveLength(1);
  });
});

describe("any other error", () => {
  test.each(["begin", "get", "put", "commit"] as const)(
    "of the engine at %s is a failure of the store, with its cause",
    async (method) => {
      const cause = new Error("the disk is full");
      const { engine, calls } = failing(method, cause, 1);
      const store = createKeyValueStore(engine);
      expect(await failureOf(save(store))).toMatchObject({ code: "store-failed", retryable: false, cause });
      expect(calls.filter((each) => each === "begin")).toHaveLength(1);
      expect(await projectIds(store)).toEqual([]);
    },
  );

  test("of this library is passed on as it is", async () => {
    const lost = new IssueLifecycleError("store-failed", "The connection is lost.", { retryable: true });
    const { engine, calls } = failing("get", lost, 1);
    expect(await failureOf(save(createKeyValueStore(engine)))).toBe(lost);
    expect(calls.filter((each) => each === "begin")).toHaveLength(1);
  });

  test.each([new Error("mine"), conflict])(
    "of the work is passed on unchanged, and the work is not run again: %s",
    async (error) => {
      const { engine, calls } = failing("rollback", new Error("the disk is gone"), 1);
      const store = createKeyValueStore(engine);
      const work = vi.fn(() => Promise.reject(error));
      expect(await failureOf(store.transaction(work))).toBe(error);
      expect([work.mock.calls.length, calls.filter((each) => each === "commit").length]).toEqual([1, 0]);
    },
  );
});

describe("an engine that does not keep its contract", () => {
  const reading = (wrong: Partial<Record<keyof KeyValueTransaction, unknown>>): KeyValueEngine => ({
    begin: async (mode) => Object.assign({ ...(await failing("begin", busy, 0).engine.begin(mode)) }, wrong),
  });

  test.each([
    [
      "a transaction without a method",
      { range: undefined },
      "engine.begin().range: got undefined; allowed is a function.",
    ],
    ["a text as a value", { get: () => "text" }, 'engine.get(): got "text"; allowed is a Uint8Array.'],
    ["null for no value", { get: () => null }, "engine.get(): got null; allowed is a Uint8Array."],
    ["no array", { range: () => "text" }, 'engine.range(): got "text"; allowed is an array'],
    [
      "too many entries",
      { range: ({ limit }: { limit: number }) => Array.from({ length: limit + 1 }, () => []) },
      "engine.range(): got an array of 201; ",
    ],
    [
      "entries that are no pairs",
      { range: () => [{}] },
      "engine.range()[0]: got an object; allowed is an array of 2 to 2 elements.",
    ],
    [
      "texts as keys",
      { range: () => [["key", new Uint8Array()]] },
      'engine.range()[0][0]: got "key"; allowed is a Uint8Array.',
    ],
    [
      "no values",
      { range: ({ from }: KeyRange) => [[from, undefined]] },
      "engine.range()[0][1]: got undefined; allowed is a Uint8Array.",
    ],
    [
      "a key before the requested range",
      { range: () => [[new Uint8Array(), new Uint8Array()]] },
      'engine.range()[0][0]: got ""; allowed is a key from ',
    ],
    [
      "a key after the requested range",
      { range: ({ to }: KeyRange) => [[to, new Uint8Array()]] },
      /engine\.range\(\)\[0\]\[0\]: got "[0-9a-f]+"; allowed is a key from [0-9a-f]+ on, before [0-9a-f]+\./u,
    ],
    [
      "keys in another order",
      { range: ({ from }: KeyRange) => [from, from].map((key) => [key, new Uint8Array()]) },
      /engine\.range\(\)\[1\]\[0\]: got "[0-9a-f]+"; allowed is a key after the previous one, [0-9a-f]+\./u,
    ],
  ])("and returns %s is named in the error", async (_what, wrong, message) => {
    const failure = await failureOf(projectIds(createKeyValueStore(reading(wrong))));
    expect(failure).toMatchObject({
      code: "store-failed",
      message: typeof message === "string" ? expect.stringContaining(message) : expect.stringMatching(message),
    });
  });

  test.each([
    [{}, "engine.begin: got undefined; allowed is a function."],
    [
      { begin: () => undefined, concurrent: "writes" },
      'engine.concurrent: got "writes"; allowed is one of "none", "reads", "all".',
    ],
    [undefined, "engine: got undefined; allowed is an object."],
  ])("because it is none is refused: %j", (engine, message) => {
    const create = (): unknown => Reflect.apply(createKeyValueStore, undefined, [engine]);
    expect(create).toThrow(expect.objectContaining({ code: "invalid-input", message }));
  });
});

describe("transactions of one engine object", () => {
  test.each([
    ["none", 1],
    ["reads", 3],
    ["all", 4],
  ] as const)("take turns, those of two stores too, unless they may be concurrent: %s", async (concurrent, most) => {
    let open = 0;
    const engine: KeyValueEngine = {
      concurrent,
      begin: (mode) => {
        open++;
        return failing("begin", busy, 0).engine.begin(mode);
      },
    };
    const [one, other] = [createKeyValueStore(engine), createKeyValueStore(engine)];
    const gate = Promise.withResolvers<undefined>();
    const waiting = (): Promise<undefined> => gate.promise;
    const work = [one.transaction(waiting), other.transaction(waiting), one.read(waiting), other.read(waiting)];
    for (let turn = 0; turn < 50; turn++) await Promise.resolve();
    expect(open).toBe(most);
    gate.resolve(undefined);
    await Promise.all(work);
    expect(open).toBe(work.length);
  });

  test("go on after one has failed", async () => {
    const store = createKeyValueStore(memoryEngine());
    const failed = store.transaction(() => Promise.reject(new Error("mine")));
    const saved = save(store);
    expect(await failureOf(failed)).toMatchObject({ message: "mine" });
    await saved;
    expect(await projectIds(store)).toEqual(["shop"]);
  });

  test("refuse what is called after their end", async () => {
    const store = createKeyValueStore(memoryEngine());
    const late = await store.transaction(async (transaction) => transaction);
    expect(await failureOf(late.write({ projects: [PROJECT] }))).toMatchObject({ code: "transaction-ended" });
    expect(await projectIds(store)).toEqual([]);
  });
});

describe("closing a store", () => {
  test("waits for transactions, refuses later calls, may be done twice, and leaves the engine to others", async () => {
    const engine = memoryEngine();
    const [closing, other] = [createKeyValueStore(engine), createKeyValueStore(engine)];
    const saving = save(closing);
    const order: string[] = [];
    void saving.then(() => order.push("saved"));
    await closing.close().then(() => order.push("closed"));
    await closing.close();
    expect(order).toEqual(["saved", "closed"]);
    expect(await failureOf(projectIds(closing))).toMatchObject({ code: "closed" });
    expect(await failureOf(save(closing))).toMatchObject({ code: "closed" });
    expect(await projectIds(other)).toEqual(["shop"]);
  });
});

describe("the version of the stored keys", () => {
  const storing = async (value: Uint8Array): Promise<IssueStore> => {
    const engine = memoryEngine();
    const transaction = await engine.begin("write");
    await transaction.put(KEYS.layout, value);
    await transaction.commit();
    return createKeyValueStore(engine);
  };

  test("is refused if it is newer", async () => {
    const store = await storing(jsonBytes({ version: 3 }));
    const newer = { code: "schema-newer", message: expect.stringContaining("version 3") };
    expect(await failureOf(projectIds(store))).toMatchObject(newer);
    expect(await failureOf(save(store))).toMatchObject(newer);
  });

  test("is reported if it is damaged", async () => {
    const store = await storing(Uint8Array.of(0xff));
    expect(await failureOf(projectIds(store))).toMatchObject({ code: "corrupt-data" });
  });

  test("is stored by the first transaction that may write, and by no read", async () => {
    const engine = memoryEngine();
    const store = createKeyValueStore(engine);
    const stored = async (): Promise<unknown> => {
      const transaction = await engine.begin("read");
      const value = await transaction.get(KEYS.layout);
      await transaction.commit();
      return value;
    };
    await projectIds(store);
    expect(await stored()).toBeUndefined();
    await store.transaction(async () => undefined);
    expect(await stored()).toEqual(jsonBytes({ version: 2 }));
  });
});
