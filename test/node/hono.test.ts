import { Hono } from "hono";
import { expect, it } from "vitest";
import { origin, serve } from "./servers.ts";

it("an application of Hono is a handler as it is", async () => {
  const app = new Hono().post("/errors/:project", async (context) =>
    context.json({ project: context.req.param("project"), body: await context.req.text() }),
  );
  const port = await serve(app.fetch);
  const answer = await fetch(`${origin(port)}/errors/shop`, { method: "POST", body: "{}" });
  expect(await answer.json()).toEqual({ project: "shop", body: "{}" });
});
