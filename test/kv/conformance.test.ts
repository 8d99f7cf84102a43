import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ClassicLevel } from "classic-level";
import { onTestFinished } from "vitest";
import { openLmdbEngine } from "../../examples/lmdb-store/lmdb-engine.ts";
import { createKeyValueStore } from "../../src/kv/index.ts";
import { keyValueStoreOn } from "../../src/kv/key-value-store.ts";
import { CONFORMANCE_CASES, registerConformance } from "../../src/testing/index.ts";
import { quickRunner } from "../support/conformance-runner.ts";
import { temporaryDatabase } from "../support/files.ts";
import { LARGE, rounds } from "../support/effort.ts";
import {
  checking,
  levelEngine,
  memoryEngine,
  optimisticEngine,
  rawReader,
  SqliteEngine,
} from "../support/key-value-engines.ts";

const IS_FULL = rounds({ quick: 0, full: 1 }) > 0;

const BYTES = { keyEncoding: "view", valueEncoding: "view" } as const;

const LACKS = { "host-transactions": "a transaction of an engine belongs to the store" };

registerConformance(quickRunner(), {
  name: "a sorted map",
  lacks: LACKS,
  open: async () => {
    const engine = checking(memoryEngine());
    return {
      store: createKeyValueStore(engine),
      openSecond: async () => createKeyValueStore(engine),
      raw: rawReader(engine),
    };
  },
});

if (IS_FULL) {
  registerConformance(quickRunner(), {
    name: "SQLite of Node",
    lacks: LACKS,
    open: async () => {
      const filename = temporaryDatabase();
      const open = (): SqliteEngine => {
        const engine = new SqliteEngine(filename);
        onTestFinished(() => engine.close());
        return engine;
      };
      const engine = open();
      return {
        store: createKeyValueStore(checking(engine)),
        openSecond: async () => createKeyValueStore(open()),
        raw: rawReader(open()),
      };
    },
  });

  registerConformance(quickRunner(), {
    name: "LMDB",
    lacks: LACKS,
    open: async () => {
      const engine = openLmdbEngine(temporaryDatabase());
      const checked = checking(engine);
      return {
        store: createKeyValueStore(checked),
        openSecond: async () => createKeyValueStore(checked),
        raw: rawReader(engine),
        dispose: () => engine.close(),
      };
    },
  });

  const sameForAll = (): Uint8Array => new Uint8Array(16);

  registerConformance(quickRunner(), {
    name: "a sorted map, where all long texts have the same hash",
    lacks: LACKS,
    open: async () => {
      const engine = checking(memoryEngine());
      return {
        store: keyValueStoreOn(engine, sameForAll),
        openSecond: async () => keyValueStoreOn(engine, sameForAll),
        raw: rawReader(engine, sameForAll),
      };
    },
  });

  registerConformance(quickRunner(), {
    name: "an engine that detects conflicts at the commit",
    lacks: LACKS,
    open: async () => {
      const engine = checking(optimisticEngine());
      return {
        store: createKeyValueStore(engine),
        openSecond: async () => createKeyValueStore(engine),
        raw: rawReader(engine),
      };
    },
  });

  // The large cases take half a minute each on LevelDB, and look no different there.
  const only = CONFORMANCE_CASES.map(({ id }) => id).filter((id) => !LARGE.test(id));
  registerConformance(
    quickRunner(),
    {
      name: "LevelDB",
      lacks: { ...LACKS, "raw-reader": "one process has it open" },
      open: async () => {
        const directory = await mkdtemp(join(tmpdir(), "level-"));
        const database = new ClassicLevel<Uint8Array, Uint8Array>(directory, BYTES);
        const engine = checking(levelEngine(database));
        return {
          store: createKeyValueStore(engine),
          openSecond: async () => createKeyValueStore(engine),
          dispose: async () => {
            await database.close();
            await rm(directory, { recursive: true });
          },
        };
      },
    },
    { only },
  );
}
