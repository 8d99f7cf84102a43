import { beforeEach, describe, expect, test } from "vitest";
import { createBoard } from "../../src/board/index.ts";
import { IssueLifecycleError } from "../../src/index.ts";
import { ANN, Visitor } from "./visitor.ts";

let visitor: Visitor;
beforeEach(async () => {
  visitor = await Visitor.begin();
  const { tracker } = visitor.story;
  await tracker.projects.save({ id: "bank" });
  await tracker.digest([
    { projectId: "shop", id: "e1", type: "ShopError", release: "1.0.0" },
    { projectId: "bank", id: "b1", type: "BankError", release: "7.0.0" },
  ]);
  return () => tracker.close();
});

/** Every page about something of the project "bank". */
const PAGES_OF_BANK = [
  "?issue=BANK-1",
  "?issue=BANK-1&do=mute",
  "?issue=BANK-1&do=download&event=b1",
  "?do=mute&id=BANK-1",
  "?project=bank",
  "?view=releases&project=bank",
  "?view=project&project=bank",
  "?view=connect&project=bank",
  // An event of another issue, by the id of an issue that may be seen.
  "?issue=SHOP-1&event=b1",
  "?issue=SHOP-1&do=download&event=b1",
];

describe("authorize()", () => {
  test("lets nobody see anything without a user", async () => {
    visitor.user = null;
    for (const query of ["", "?issue=SHOP-1", "?view=alerts", "?since=feed:0"]) {
      const { status, html } = await visitor.get(query);
      expect(status).toBe(403);
      expect(html).not.toContain("ShopError");
    }
    expect((await visitor.post("?issue=SHOP-1", { action: "resolve" })).status).toBe(403);
    expect(await visitor.story.status((await visitor.story.tracker.issues.get("SHOP-1"))?.id ?? "")).toBe("open");
  });

  test("may answer itself, such as by a redirect to a login", async () => {
    visitor.user = new Response(null, { status: 302, headers: { location: "/login" } });
    const { status, headers } = await visitor.get("?issue=SHOP-1");
    expect([status, headers.get("location")]).toEqual([302, "/login"]);
  });

  test("that fails, or says something else than a user, is reported, and lets nobody in", async () => {
    const wrong: unknown[] = [{ id: "ann" }, { ...ANN, projects: "some" }, { ...ANN, admin: true }, true];
    for (const user of wrong) {
      visitor.user = Reflect.apply((given: never) => given, undefined, [user]);
      const { status, html } = await visitor.get("");
      expect(status).toBe(500);
      expect(html).not.toContain("ShopError");
    }
    expect(visitor.errors).toHaveLength(wrong.length);
    expect(visitor.errors).toMatchObject(wrong.map(() => ({ code: "invalid-input" })));
  });

  test("has no default", () => {
    const { tracker } = visitor.story;
    expect(() => Reflect.apply(createBoard, undefined, [{ tracker }])).toThrow(
      expect.objectContaining({ code: "invalid-input", field: "options.authorize" }),
    );
  });
});

describe("somebody who may see some projects", () => {
  beforeEach(() => {
    visitor.user = { ...ANN, projects: ["shop"] };
  });

  test("sees nothing of others: they do not exist", async () => {
    for (const query of PAGES_OF_BANK) {
      const { status, html } = await visitor.get(query);
      expect([query, status]).toEqual([query, 404]);
      expect(html).not.toContain("BankError");
    }
    for (const query of ["", "?tab=all", "?q=Bank", "?q=BANK-1", "?view=projects", "?view=alerts", "?view=releases"]) {
      const { status, html } = await visitor.get(query);
      expect([query, status]).toEqual([query, 200]);
      expect(html).not.toContain("BankError");
      expect(html).not.toContain("BANK-1</span>");
    }
  });

  test("changes nothing of others", async () => {
    const { tracker } = visitor.story;
    const before = await tracker.issues.get("BANK-1");
    for (const [query, fields] of [
      ["?issue=BANK-1", { action: "resolve" }],
      ["?view=releases&project=bank", { action: "retire", version: "7.0.0" }],
      ["?view=project&project=bank", { action: "save-project" }],
      ["?view=project&project=bank", { action: "evict", keep: "1" }],
    ] as const) {
      expect((await visitor.post(query, fields)).status).toBe(404);
    }
    expect(await tracker.issues.get("BANK-1")).toEqual(before);
    // In a selection one of others is as one that does not exist.
    const mixed = await visitor.post("", { action: "resolve", id: [before?.id ?? "", "SHOP-1", "NO-1"] });
    expect(mixed.text).toContain("1 issue was changed, and 2 issues were not.");
    expect(mixed.text).not.toContain("BANK-1");
    expect(await tracker.issues.get("BANK-1")).toEqual(before);
    expect((await tracker.releases.list("bank")).items).toMatchObject([{ version: "7.0.0", standing: "known" }]);
  });

  test("sees only own alerts, and does not change what is in the outbox of all", async () => {
    const dead = await Visitor.begin(
      {},
      { alertSink: () => Promise.reject(new Error("no")), alerts: { maxAttempts: 1 }, onError: () => undefined },
    );
    const { tracker } = dead.story;
    await tracker.projects.save({ id: "bank" });
    await tracker.digest([
      { projectId: "shop", type: "ShopError" },
      { projectId: "bank", type: "BankError" },
    ]);
    await tracker.settled();
    dead.user = { ...ANN, projects: ["shop"] };
    const { text } = await dead.get("?view=alerts&status=dead");
    expect(text).toContain("ShopError");
    expect(text).not.toContain("BankError");
    const { items } = await tracker.alerts.list({ status: "dead" });
    const ids = items.map(({ alert }) => alert.id);
    expect((await dead.post("?view=alerts", { action: "redrive", id: ids })).status).toBe(403);
    expect((await tracker.alerts.counts()).dead).toBe(2);
    await tracker.close();
  });

  test("sees no page of an outbox that begins with alerts of others, and no unreadable issue of theirs", async () => {
    const shop = await Visitor.begin({}, { alertSink: "elsewhere", alerts: { limits: null } });
    const { tracker } = shop.story;
    await tracker.projects.save({ id: "bank" });
    const events = Array.from({ length: 150 }, (_, index) => ({ projectId: "bank", type: `Bank${String(index)}` }));
    await tracker.digest([...events, { projectId: "shop", type: "Own" }]);
    shop.user = { ...ANN, projects: ["shop"] };
    const { text, html } = await shop.get("?view=alerts");
    expect(text).toContain("Own New issue SHOP-1");
    expect(html).not.toContain('rel="next"');
    shop.user = { ...ANN, projects: [] };
    expect((await shop.get("")).text).toContain("No project yet");
    await tracker.close();
    const corrupt = Promise.reject(new IssueLifecycleError("corrupt-data", "damaged"));
    corrupt.catch(() => undefined);
    const issues = { ...visitor.story.tracker.issues, get: () => corrupt };
    const damaged = createBoard({
      tracker: { ...visitor.story.tracker, issues },
      authorize: () => visitor.user,
      onError: () => undefined,
    });
    const statusOf = async (): Promise<number> =>
      (await damaged(new Request("https://shop.test/?issue=BANK-1"))).status;
    expect(await statusOf()).toBe(404);
    visitor.user = ANN;
    expect(await statusOf()).toBe(500);
  });

  test("gets only own changes", async () => {
    const { tracker } = visitor.story;
    const placeIn = (html: string): string => /data-feed="([^"]+)"/u.exec(html)?.[1] ?? "";
    const since = async (
      place: string,
    ): Promise<{ readonly next: string; readonly issues: readonly string[] | null }> =>
      JSON.parse((await visitor.get(`?since=${encodeURIComponent(place)}`)).html);
    const before = placeIn((await visitor.get("")).html);
    await tracker.issues.annotate("BANK-1", "secret");
    await tracker.issues.annotate("SHOP-1", "seen");
    const { issues, next } = await since(before);
    expect(issues).toEqual(["SHOP-1"]);
    // A place says nothing of how much happened in other projects.
    expect([before, next].join(" ")).toMatch(/^[\da-f]+ [\da-f]+$/u);
    expect(next).toHaveLength(before.length);
    expect((await since(next)).issues).toEqual([]);
    // One of another process, or one that was changed, cannot be read: then the page is read again.
    for (const place of ["feed:1", "00".repeat(60), `${next.slice(0, -2)}00`])
      expect((await since(place)).issues).toBeNull();
  });
});

describe("somebody who may only look", () => {
  test("gets pages without anything that changes", async () => {
    visitor.user = { ...ANN, mayChange: false };
    for (const query of ["", "?issue=SHOP-1", "?view=releases", "?view=alerts", "?view=project&project=shop"]) {
      const { status, html } = await visitor.get(query);
      expect(status).toBe(200);
      expect(html).not.toMatch(/<button[^>]*name="action"/u);
      expect(html).not.toContain('name="id"');
    }
    expect((await visitor.get("?issue=SHOP-1&do=mute")).status).toBe(403);
    expect((await visitor.post("?issue=SHOP-1", { action: "resolve" })).status).toBe(403);
    expect((await visitor.story.tracker.issues.get("SHOP-1"))?.state.status).toBe("open");
  });
});

describe("forms", () => {
  const resolve = (headers: Readonly<Record<string, string>>) =>
    visitor.post("?issue=SHOP-1", { action: "resolve" }, headers);

  test.each<[string, Readonly<Record<string, string>>]>([
    ["a page of another site", { "sec-fetch-site": "cross-site", origin: "https://evil.test" }],
    ["a page of another origin of the same site", { "sec-fetch-site": "same-site", origin: "https://blog.shop.test" }],
    ["an address that was typed", { "sec-fetch-site": "none" }],
    ["an older browser, from another page", { origin: "https://evil.test" }],
    ["a page without an origin", { origin: "null" }],
    ["a client that says nothing", {}],
  ])("from %s are refused", async (_what, headers) => {
    const { status, text } = await resolve(headers);
    expect(status).toBe(403);
    expect(text).toContain("not sent by a page of this board");
    expect((await visitor.story.tracker.issues.get("SHOP-1"))?.state.status).toBe("open");
  });

  test.each<[string, Readonly<Record<string, string>>]>([
    ["the board's own pages", { "sec-fetch-site": "same-origin" }],
    ["an older browser, from the board's own page", { origin: "https://shop.test" }],
    ["an older browser, behind a proxy that ends TLS", { origin: "http://shop.test", host: "shop.test" }],
  ])("from %s are taken", async (_what, headers) => {
    const { status, headers: answered } = await resolve(headers);
    expect([status, answered.get("location")]).toEqual([303, "?issue=SHOP-1&done=resolve&n=1"]);
    expect((await visitor.story.tracker.issues.get("SHOP-1"))?.state.status).toBe("resolved");
  });

  test("of another kind, or that are too large, are refused", async () => {
    const own = { "sec-fetch-site": "same-origin" };
    const json = { method: "POST", body: "{}", headers: { ...own, "content-type": "application/json" } };
    expect((await visitor.send("?issue=SHOP-1", json)).status).toBe(400);
    const large = await visitor.post("?issue=SHOP-1", { action: "annotate", comment: "x".repeat(300_000) });
    expect([large.status, large.text]).toEqual([400, expect.stringContaining("200,000 bytes")]);
    const typed = {
      method: "POST",
      body: "action=annotate&comment=a%0D%0Ab",
      headers: { ...own, "content-type": "Application/X-WWW-Form-Urlencoded; charset=UTF-8" },
    };
    expect((await visitor.send("?issue=SHOP-1", typed)).status).toBe(303);
    expect((await visitor.story.tracker.issues.history("SHOP-1")).items[0]?.comment).toBe("a\nb");
    const deleted = await visitor.send("", { method: "DELETE" });
    expect([deleted.status, deleted.headers.get("allow")]).toEqual([405, "GET, HEAD, POST"]);
    expect((await visitor.post("?view=nowhere", { action: "resolve", id: "SHOP-1" })).status).toBe(404);
    expect((await visitor.story.tracker.issues.get("SHOP-1"))?.state.status).toBe("open");
    expect((await visitor.post("", { action: "explode", id: "SHOP-1" })).status).toBe(404);
  });
});
