import { writeSync } from "node:fs";
import { setImmediate as nextTurn, setTimeout as pause } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { createErrorCapture, type ErrorCapture } from "../../src/capture/index.ts";
import { createIssueTracker, type IssueTracker } from "../../src/index.ts";
import { openSqliteStore } from "../../src/sqlite/index.ts";

/*
 * A process in which something goes wrong: node worker.ts <with or without> <what> <file>. With capture it captures that into the database
 * file. It prints what listeners of it are called with to standard output.
 */
const [capturing, what = "", filename = ""] = process.argv.slice(2);

const print = (...words: unknown[]): void => {
  writeSync(1, `${words.join(" ")}\n`);
};

async function openTracker(): Promise<IssueTracker> {
  return createIssueTracker({ store: await openSqliteStore({ filename }) });
}

/** A tracker whose store is never reached. */
const hangs: Pick<IssueTracker, "digest"> = { digest: () => new Promise<never>(() => undefined) };

async function captureErrors(): Promise<ErrorCapture> {
  const tracker = what.startsWith("hang") ? hangs : await openTracker();
  const capture = createErrorCapture({ tracker, projectId: "shop", timeoutMs: what.startsWith("hang") ? 50 : 20_000 });
  capture.process();
  return capture;
}

const capture = capturing === "with" ? await captureErrors() : undefined;

/** Works outside of what awaits this module. */
const inTurn = (work: () => void): void => {
  setImmediate(work);
};

function throwBoom(): never {
  throw new TypeError("boom");
}

const throwValue = (value: unknown): void => {
  inTurn(() => {
    throw value;
  });
};

const rejectWith = (value: unknown): void => {
  inTurn(() => {
    void Promise.resolve().then(() => {
      throw value;
    });
  });
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message.slice(0, 20) : typeof error);

process.on("exit", (code) => {
  print("exit", code, process.exitCode);
});
process.on("uncaughtExceptionMonitor", (error: unknown, origin) => {
  print("monitor", messageOf(error), origin);
});

/** Lets the process live on until a pending error would have ended it. */
const livesOn = (): void => {
  process.on("uncaughtException", (error: unknown, origin) => {
    print("host", messageOf(error), origin);
  });
};

const WORK: Readonly<Record<string, () => unknown>> = {
  throw: () => {
    inTurn(throwBoom);
  },
  "throw-at-once": throwBoom,
  "throw-null": () => {
    throwValue(null);
  },
  "throw-text": () => {
    throwValue("boom");
  },
  "throw-frozen": () => {
    throwValue(Object.freeze(new Error("boom")));
  },
  "throw-proxy": () => {
    throwValue(
      new Proxy(
        {},
        {
          get() {
            throw new Error("trap");
          },
          ownKeys() {
            throw new Error("trap");
          },
        },
      ),
    );
  },
  reject: () => {
    rejectWith(new TypeError("boom"));
  },
  "reject-text": () => {
    rejectWith("boom");
  },
  "reject-undefined": () => {
    rejectWith(undefined);
  },
  "host-listens": () => {
    livesOn();
    inTurn(throwBoom);
  },
  "host-listens-once": () => {
    process.once("uncaughtException", (error: unknown) => {
      print("once", messageOf(error));
      throwValue(new Error("second"));
    });
    inTurn(throwBoom);
  },
  "host-stops-listening": () => {
    livesOn();
    process.removeAllListeners("uncaughtException");
    inTurn(throwBoom);
  },
  "host-counts": () => {
    livesOn();
    print("listeners", process.listenerCount("uncaughtException"));
    inTurn(throwBoom);
  },
  "host-listens-to-rejections": () => {
    process.on("unhandledRejection", (reason) => {
      print("rejection", messageOf(reason));
    });
    rejectWith(new TypeError("boom"));
  },
  "host-listens-to-one-rejection": () => {
    process.once("unhandledRejection", (reason) => {
      print("rejection", messageOf(reason));
      rejectWith(new Error("second"));
    });
    rejectWith(new TypeError("boom"));
  },
  "host-stops-listening-to-rejections": () => {
    const listener = (): void => undefined;
    process.on("unhandledRejection", listener);
    process.removeListener("unhandledRejection", listener);
    rejectWith(new TypeError("boom"));
  },
  "host-has-a-callback": () => {
    process.setUncaughtExceptionCaptureCallback((error) => {
      print("callback", messageOf(error));
    });
    inTurn(throwBoom);
  },
  "exit-code": () => {
    process.on("exit", () => {
      process.exitCode = 7;
    });
    inTurn(throwBoom);
  },
  /** While the end waits. */
  "hang-and-throw-again": () => {
    process.once("uncaughtExceptionMonitor", () => {
      if (capture !== undefined) throwValue(new Error("second"));
    });
    inTurn(throwBoom);
  },
  "hang-and-exit": () => {
    process.once("uncaughtExceptionMonitor", () => {
      if (capture !== undefined) setImmediate(() => process.exit(0));
    });
    inTurn(throwBoom);
  },
  "hang-and-listen": () => {
    process.once("uncaughtExceptionMonitor", () => {
      if (capture === undefined) return;
      setImmediate(() => {
        livesOn();
        process.on("unhandledRejection", () => undefined);
      });
    });
    inTurn(throwBoom);
  },
  "hang-and-close": () => {
    process.once("uncaughtExceptionMonitor", () => {
      setImmediate(() => void capture?.close());
    });
    inTurn(throwBoom);
  },
  hang: () => {
    inTurn(throwBoom);
  },
  stopped: () => {
    capture?.process()();
    inTurn(throwBoom);
  },
  "two-captures": async () => {
    if (capture !== undefined) {
      const slow = createErrorCapture({
        tracker: {
          digest: async (...given: readonly unknown[]) => {
            await pause(300);
            print("slow", given.length);
            return Promise.reject(new Error("lost"));
          },
        },
        projectId: "other",
        onError: () => undefined,
      });
      slow.process();
    }
    inTurn(throwBoom);
  },
  "in-a-thread": () => {
    const worker = new Worker(new URL(import.meta.url), {
      argv: [capturing, "throw", filename],
      execArgv: process.execArgv,
    });
    worker.on("error", (error) => {
      print("error of the thread", messageOf(error));
    });
    worker.on("exit", (code) => {
      print("exit of the thread", code);
    });
  },
  nothing: () => undefined,
};

// In a turn of its own, so that the stack of an error does not depend on what was awaited before.
await nextTurn();
await WORK[what]?.();
