import { describe, expect, test } from "vitest";
import { eventFromError } from "../../src/core/thrown-error.ts";
import { MAX_FRAMES } from "../../src/core/stack-frame.ts";

/** The frames of an error with this stack, as `function@file`. */
function framesOf(stack: string, message = "no"): string[] {
  return eventFromError({ name: "Error", message, stack }).frames.map(
    ({ function: name = "", file = "" }) => `${name}@${file}`,
  );
}

/** The frames of V8's lines for calls, the newest first. */
function v8Frames(...calls: readonly string[]): string[] {
  return framesOf(["Error: no", ...calls.map((call) => `    at ${call}`)].join("\n"));
}

describe("the frames of an error", () => {
  test("are the calls of a real stack, the oldest first", () => {
    class Cart {
      pay(): never {
        throw new Error("no");
      }
    }
    class GiftCart extends Cart {}
    const checkOut = (): void => {
      new GiftCart().pay();
    };
    const frames = framesThrownBy(checkOut).filter(({ file }) => file === import.meta.filename);
    expect(frames.map(({ function: name }) => name).slice(-2)).toEqual(["checkOut", "pay"]);
  });

  test("have files without lines, columns and queries; file URLs are paths", () => {
    expect(
      v8Frames(
        "a (/srv/a.js:1:2)",
        "b (file:///srv/my%20shop/b.js?update=7:1:2)",
        "c (file:///C:/shop/c.js:1:2)",
        "d (C:\\shop\\d.js:1:2)",
        "e (\\\\?\\C:\\shop\\e.js:1:2)",
        "f (https://shop.example/f.js?v=1#top:1:2)",
        "g (webpack-internal:///./src/g.js:1:2)",
        "h (/srv/100%/h.js:1)",
        "i (file:///srv/100%/i.js:1:2)",
        "/srv/my (new) shop/j.js:1:2",
        "k (/srv/my (new) shop/k.js:1:2)",
        "l (/srv/c#/l.js:1:2)",
        "m (wasm://wasm/0a1b:wasm-function[7]:0x1f)",
      ).toReversed(),
    ).toEqual([
      "a@/srv/a.js",
      "b@/srv/my shop/b.js",
      "c@C:/shop/c.js",
      "d@C:\\shop\\d.js",
      "e@\\\\?\\C:\\shop\\e.js",
      "f@https://shop.example/f.js",
      "g@webpack-internal:///./src/g.js",
      "h@/srv/100%/h.js",
      "i@/srv/100%/i.js",
      "@/srv/my (new) shop/j.js",
      "k@/srv/my (new) shop/k.js",
      "l@/srv/c#/l.js",
      "m@wasm://wasm/0a1b",
    ]);
  });

  test("have names without what differs between calls of one function", () => {
    expect(
      v8Frames(
        "async pay (/a.js:1:2)",
        "async Cart.pay (/a.js:1:2)",
        "GiftCart.pay [as onclick] (/a.js:1:2)",
        "new Cart (/a.js:1:2)",
        "Object.<anonymous> (/a.js:1:2)",
        "Cart.<anonymous> (/a.js:1:2)",
        "Cart.#pay (/a.js:1:2)",
        "Cart.[Symbol.iterator] (/a.js:1:2)",
        "get total [as total] (/a.js:1:2)",
        "async /a.js:1:2",
      ).toReversed(),
    ).toEqual(
      ["pay", "pay", "pay", "Cart", "", "", "#pay", "[Symbol.iterator]", "get total", ""].map(
        (name) => `${name}@/a.js`,
      ),
    );
  });

  test("are those of the host's own code only", () => {
    expect(
      v8Frames(
        "own (/srv/a.js:1:2)",
        "query (/srv/node_modules/pg/client.js:1:2)",
        "query (C:\\shop\\node_modules\\pg\\client.js:1:2)",
        "Module._compile (node:internal/modules/cjs/loader:1:2)",
        "emit (node:events:1:2)",
        "Array.map (<anonymous>)",
        "Array.map (native)",
        "processTicksAndRejections (native:7:39)",
        "loadAndEvaluateModule (bun:main:1:2)",
        "run (ext:core/01_core.js:1:2)",
        "async Promise.all (index 0)",
        "eval (eval at run (/srv/a.js:1:2), <anonymous>:1:1)",
        "evalmachine.<anonymous>:1:6",
        "<anonymous>:1:1",
        "nowhere (:1:2)",
        "x (data:text/javascript,throw 1:1:1)",
      ),
    ).toEqual(["own@/srv/a.js"]);
  });

  test("are read as Firefox and Safari write them", () => {
    const stack = [
      "pay@https://shop.example/cart.js:3:14",
      "Cart/total<@https://shop.example/cart.js?v=2:3:14",
      "Cart/<@https://shop.example/@shop/cart.js:3:14",
      "async*load@https://shop.example/cart.js:3:14",
      "promise callback*start@https://shop.example/cart.js:3:14",
      "async stop@https://shop.example/cart.js:3:14",
      "map@[native code]",
      "anonymous@https://shop.example/cart.js line 3 > Function:1:1",
      "@https://shop.example/cart.js:3:14",
      "eval code",
      "global code@https://shop.example/main.js:1:1",
    ].join("\n");
    // The stack begins with the first call, whatever the message.
    expect(framesOf(stack, "pay")).toEqual(framesOf(stack));
    expect(framesOf(stack).toReversed()).toEqual([
      "pay@https://shop.example/cart.js",
      "total@https://shop.example/cart.js",
      "@https://shop.example/@shop/cart.js",
      "load@https://shop.example/cart.js",
      "start@https://shop.example/cart.js",
      "stop@https://shop.example/cart.js",
      "@https://shop.example/cart.js",
      "@https://shop.example/main.js",
    ]);
  });

  test.each([
    ["has several lines that look like calls", "a\n    at fake (/fake.js:1:2)\nb", "Error"],
    ["looks like calls of Firefox", "fake@/fake.js:1:2\nfake@/fake.js:1:2", "Error"],
    ["follows a name with a code", "no\n    at fake (/fake.js:1:2)", "TypeError [ERR_FAKE]"],
    ["follows a name with a colon", "no\n    at fake (/fake.js:1:2)", "shop: cart: Error"],
  ])("do not come from a message that %s", (_, message, name) => {
    const stack = `${name}: ${message}\n    at own (/srv/a.js:1:2)`;
    const given = name.startsWith("shop") ? name : "Error";
    const { frames } = eventFromError({ name: given, message, stack });
    expect(frames).toEqual([{ function: "own", file: "/srv/a.js" }]);
  });

  test("do not come from the stack of a cause that a library appended", () => {
    const stack = "Error: no\n    at own (/srv/a.js:1:2)\nCaused by: Error: why\n    at other (/srv/b.js:1:2)";
    expect(framesOf(stack)).toEqual(["own@/srv/a.js"]);
  });

  test("are found behind a message that was changed after the stack was made", () => {
    expect(framesOf("Error: before\n    at own (/srv/a.js:1:2)", "after")).toEqual(["own@/srv/a.js"]);
    expect(framesOf("Error: before\nat noon\nor later\n    at own (/srv/a.js:1:2)", "after")).toEqual([
      "own@/srv/a.js",
    ]);
  });

  test("are the newest ones of a deep recursion", () => {
    const calls = Array.from({ length: 1_000 }, (_, index) => `f${String(index)} (/a.js:1:2)`);
    const frames = v8Frames(...calls);
    expect(frames).toHaveLength(MAX_FRAMES);
    expect([frames[0], frames.at(-1)]).toEqual([`f${String(MAX_FRAMES - 1)}@/a.js`, "f0@/a.js"]);
  });

  test.each(
    Object.entries({
      "blank lines": " \n",
      blanks: " ",
      "empty calls": "    at \n",
      colons: ":",
      digits: "1",
      positions: ":1",
      "a call without an end": "at (",
      "calls of packages": "    at a (/node_modules/a.js:1:2)\n",
      "calls of Firefox": "@\n",
      "evaluated code": " line 1 > ",
      WebAssembly: ":wasm-function[1",
      message: "Error: ",
    }),
  )("are looked for in linear time, in megabytes of %s", (_, part) => {
    const before = performance.now();
    const stack = part.repeat(4_000_000 / part.length);
    framesOf(stack, stack.slice(7));
    framesOf(`Error: a${stack}`, `b${stack}`);
    // It takes about 0.1 seconds; quadratic time would be hours.
    expect(performance.now() - before).toBeLessThan(10_000);
  });
});

function framesThrownBy(call: () => void): readonly { function?: string; file?: string }[] {
  try {
    call();
  } catch (error) {
    return eventFromError(error).frames;
  }
  throw new Error("nothing was thrown");
}
