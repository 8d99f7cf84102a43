import { describe, expect, it, vi } from "vitest";
import { toFastifyPlugin, toNodeHandler, type WebHandler } from "../../src/node/index.ts";
import { event, open, origin, serve, serveNode } from "./servers.ts";

const SECRET = "the password is hunter2";

describe("an error of the handler", () => {
  it.each<[string, WebHandler]>([
    [
      "is thrown",
      () => {
        throw new Error(SECRET);
      },
    ],
    ["is a rejection", async () => Promise.reject(new Error(SECRET))],
    ["comes of the answer's body at once", () => new Response(ReadableStream.from(failing()))],
    ["is an answer that is used already", async () => used()],
  ])(
    "that %s is answered with status 500 and reported, and the client does not see its message",
    async (_name, handler) => {
      const reported: unknown[] = [];
      const port = await serve(handler, { onError: (error) => reported.push(error) });
      const answer = await fetch(origin(port));
      expect(answer.status).toBe(500);
      expect(await answer.text()).toBe("Internal Server Error");
      expect(reported).toEqual([expect.any(Error)]);
      expect((await fetch(origin(port))).status).toBe(500);
    },
  );

  it.each([undefined, null, "ok", {}, Response.error()])("is an answer such as %s", async (answer) => {
    const reported: unknown[] = [];
    const handler = Reflect.apply(toNodeHandler, undefined, [
      async () => answer,
      { onError: (error: unknown) => reported.push(error) },
    ]);
    expect((await fetch(origin(await serveNode(handler)))).status).toBe(500);
    expect(reported).toMatchObject([{ message: expect.stringContaining("must return a Response") }]);
  });

  it("goes to the console by default", async () => {
    const log = vi.spyOn(console, "error").mockReturnValue();
    const error = new Error(SECRET);
    const port = await serve(async () => Promise.reject(error));
    expect((await fetch(origin(port))).status).toBe(500);
    expect(log.mock.calls).toEqual([[expect.stringContaining("issue-lifecycle"), error]]);
    log.mockRestore();
  });

  it("is answered though onError fails", async () => {
    const log = vi.spyOn(console, "error").mockReturnValue();
    const port = await serve(async () => Promise.reject(new Error(SECRET)), {
      onError() {
        throw new Error("The logger is broken.");
      },
    });
    expect((await fetch(origin(port))).status).toBe(500);
    log.mockRestore();
  });

  it("is reported after the client has gone away, if it is another than the signal's reason", async () => {
    const [asked, gone, reported] = [event(), event(), event<unknown>()];
    const error = new Error(SECRET);
    const port = await serve(
      async (request) => {
        request.signal.addEventListener("abort", () => gone.happen());
        asked.happen();
        await gone.happened;
        throw error;
      },
      { onError: reported.happen },
    );
    const socket = open(port);
    socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    await asked.happened;
    socket.destroy();
    expect(await reported.happened).toBe(error);
  });
});

it("an answer of somebody else, such as a middleware for timeouts, is left as it is", async () => {
  const cancelled = event<unknown>();
  const late = event();
  const handler = toNodeHandler(async () => {
    await late.happened;
    return new Response(new ReadableStream({ cancel: cancelled.happen }));
  });
  const port = await serveNode((request, response) => {
    handler(request, response);
    response.writeHead(503).end("too late");
  });
  const answer = await fetch(origin(port));
  expect([answer.status, await answer.text()]).toEqual([503, "too late"]);
  late.happen();
  await cancelled.happened;
});

it("a write to a response that the host has just destroyed is no uncaught error", async () => {
  const begun = event();
  const port = await serveNode((request, response) => {
    const parts = (async function* () {
      yield Buffer.from("one");
      await begun.happened;
      response.destroy();
      yield Buffer.from("two");
    })();
    toNodeHandler(() => new Response(ReadableStream.from(parts)))(request, response);
  });
  const answer = await fetch(origin(port));
  begun.happen();
  await expect(answer.text()).rejects.toThrow("terminated");
});

it("a thousand requests at a time are answered, each with its own body", async () => {
  const port = await serve(async (request) => new Response(await request.text()));
  const numbers = Array.from({ length: 1000 }, (_each, index) => String(index));
  const answers = await Promise.all(
    numbers.map(async (body) => (await fetch(origin(port), { method: "POST", body })).text()),
  );
  expect(answers).toEqual(numbers);
});

it.each([toNodeHandler, toFastifyPlugin])("what is no handler and no option is refused: %s", (mount) => {
  expect(() => Reflect.apply(mount, undefined, [{}])).toThrow("handler: got an object; allowed is a function.");
  const given = [() => new Response("ok"), { onErorr: () => undefined }];
  expect(() => Reflect.apply(mount, undefined, given)).toThrow(
    'options: got "onErorr"; allowed is only the member onError',
  );
});

async function* failing(): AsyncGenerator<Uint8Array> {
  throw new Error(SECRET);
}

async function used(): Promise<Response> {
  const answer = new Response("ok");
  await answer.text();
  return answer;
}
