import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { createIssueTracker, createMemoryStore, type IssueTracker } from "../../src/index.ts";
import { Scenario } from "../support/scenario.ts";
import { openEmbedded } from "../support/sqlite-image.ts";
import { accessibilityProblems, CHROMIUM, launch, serveBoard } from "./browser.ts";
import { playShop } from "./shop-story.ts";

/** With it the pictures of the guide are written: what a browser draws depends on the fonts of a machine. */
const WRITES_PICTURES = process.env["ISSUE_LIFECYCLE_WRITE_PICTURES"] === "1";

const PAGES = {
  list: "",
  all: "?tab=all",
  filtered: "?level=error&sign=regressed&project=shop",
  "nothing found": "?q=nowhere",
  "first run": "?project=blog",
  issue: "?issue=SHOP-1",
  "issue that came back": "?issue=SHOP-2&span=24h",
  "resolved issue": "?issue=SHOP-4&span=12m",
  mute: "?issue=SHOP-1&do=mute",
  "mute of several": "?do=mute&id=SHOP-2&id=SHOP-3",
  releases: "?view=releases&project=shop",
  alerts: "?view=alerts&status=dead",
  "no alerts": "?view=alerts",
  projects: "?view=projects",
  project: "?view=project&project=shop",
  connect: "?view=connect&project=shop",
  "not found": "?issue=SHOP-99",
};

async function keyOf(row: Locator): Promise<string> {
  return (await row.getAttribute("data-key")) ?? "";
}

/** The pages whose pictures the guide shows. */
const PICTURES: ReadonlySet<string> = new Set(["list", "issue", "mute"]);

const EVIL = `</title><script>window.pwned=1</script><img src=x onerror=window.pwned=1>"'>\u202E<svg onload=window.pwned=1>`;

describe.runIf(CHROMIUM !== undefined)("the board in a browser", { timeout: 120_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
    return () => browser.close();
  });

  /** Opens an address as somebody, and fails for each error of the page. */
  async function open(
    url: string,
    options: Parameters<Browser["newContext"]>[0] & { user?: string } = {},
  ): Promise<Page> {
    const { user = "ann", ...more } = options;
    const context = await browser.newContext(more);
    await context.addCookies([{ name: "user", value: user, url }]);
    return follow(context, url);
  }

  async function follow(context: BrowserContext, url: string): Promise<Page> {
    const page = await context.newPage();
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("dialog", (dialog) => problems.push(`a dialog: ${dialog.message()}`));
    page.on("console", (message) => {
      if (message.type() === "error" && !message.text().includes("404")) problems.push(message.text());
    });
    await page.goto(url);
    return page;
  }

  const problems: string[] = [];
  beforeEach(() => {
    problems.length = 0;
    return async () => {
      for (const context of browser.contexts()) await context.close();
      expect(problems).toEqual([]);
    };
  });

  describe("on the first run", () => {
    test("from the first event of an SDK to a click on Resolve", async () => {
      const tracker = createIssueTracker({ store: await openEmbedded(), alertSink: () => undefined });
      await tracker.projects.save({ id: "shop" });
      const server = await serveBoard({ tracker });
      const page = await open(server.url);
      await page.getByText("Waiting for the first event").waitFor();
      expect(await page.locator("code.dsn").textContent()).toBe(server.dsn);

      const program = fileURLToPath(new URL("../../examples/demo/shop.ts", import.meta.url));
      const shop = fork(program, [server.dsn, "shop@1.0.0"]);
      await once(shop, "message");
      shop.send({ what: "checkout", times: 1 });
      // The page shows it by itself.
      await page.getByRole("link", { name: "TypeError: there is no cart to check out" }).click({ timeout: 30_000 });
      await page.getByRole("heading", { name: "TypeError: there is no cart to check out", level: 1 }).waitFor();
      await page.getByText("const cart = carts.get(customer);").first().waitFor();
      await page.locator("summary", { hasText: "Resolve" }).click();
      await page.locator(".menu button[value=resolve]").click();
      await page.locator(".sentence .state.resolved").waitFor();
      expect((await tracker.issues.get("SHOP-1"))?.state).toMatchObject({ resolution: { kind: "plain" } });
      shop.disconnect();
      await server.close();
      await tracker.close();
    });
  });

  describe("with six weeks of a shop", () => {
    /** A shop of its own for each test. */
    async function beginShop(): Promise<{ readonly tracker: IssueTracker; readonly url: string }> {
      const story = await Scenario.begin(createMemoryStore(), {
        alertSink: () => Promise.reject(new Error("connect ECONNREFUSED 10.0.0.7:443")),
        alerts: { maxAttempts: 1 },
        onError: () => undefined,
      });
      await playShop(story);
      await story.tracker.projects.save({ id: "blog" });
      const server = await serveBoard({ tracker: story.tracker, clock: story.clock });
      onTestFinished(async () => {
        await server.close();
        await story.tracker.close();
      });
      return { tracker: story.tracker, url: server.url };
    }

    test("every page is accessible, in both schemes, and fits on a phone; its pictures are those of the guide", async () => {
      const { url } = await beginShop();
      const views = [
        { colorScheme: "light", viewport: { width: 1_280, height: 800 } },
        { colorScheme: "dark", viewport: { width: 390, height: 800 } },
      ] as const;
      for (const view of views) {
        const context = await browser.newContext(view);
        for (const [name, query] of Object.entries(PAGES)) {
          const page = await follow(context, `${url}${query}`);
          expect([name, await accessibilityProblems(page)]).toEqual([name, []]);
          const overflow = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth");
          expect([name, overflow]).toEqual([name, 0]);
          if (view.colorScheme === "light" && PICTURES.has(name)) {
            const path = fileURLToPath(new URL(`../../docs/images/board-${name}.png`, import.meta.url));
            const image = await page.screenshot({ fullPage: true, ...(WRITES_PICTURES && { path }) });
            expect(image.length).toBeGreaterThan(10_000);
          }
          await page.close();
        }
      }
    });

    test("nothing of a hostile event runs, or leaves its place", async () => {
      const { tracker, url } = await beginShop();
      const frame = { function: EVIL, filename: EVIL, lineno: 1, in_app: true, context_line: EVIL };
      const data = {
        exception: { values: [{ type: EVIL, value: EVIL, stacktrace: { frames: [frame] } }] },
        [EVIL]: EVIL,
      };
      const event = { type: EVIL, value: EVIL, transaction: EVIL, release: EVIL, environment: EVIL, data };
      await tracker.digest({ projectId: "blog", ...event });
      await tracker.issues.annotate("BLOG-1", EVIL, { by: EVIL });
      const context = await browser.newContext();
      for (const query of [
        "?issue=BLOG-1",
        "?tab=all",
        "?view=releases&project=blog",
        "?view=alerts&status=dead",
        "?issue=BLOG-1&do=mute",
      ]) {
        const page = await follow(context, `${url}${query}`);
        await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true");
        expect(await page.evaluate("window.pwned")).toBeUndefined();
        expect(await page.locator("main img, main script, main svg[onload]").count()).toBe(0);
        expect(await accessibilityProblems(page)).toEqual([]);
        await page.close();
      }
    });

    test("keys move, select, resolve, mute and search", async () => {
      const { tracker, url } = await beginShop();
      const page = await open(url);
      const rows = page.locator(".issues > li[data-key]");
      const [first, second] = [await keyOf(rows.nth(0)), await keyOf(rows.nth(1))];
      for (const key of ["j", "j", "k", "j", "x"]) await page.keyboard.press(key);
      expect(await rows.nth(1).locator("input").isChecked()).toBe(true);
      await page.getByText("1 selected").waitFor();
      await page.keyboard.press("?");
      await page.getByRole("dialog", { name: "Keys" }).waitFor();
      await page.keyboard.press("Escape");
      // The mute as a dialog: what it would have done follows what is entered.
      await page.keyboard.press("m");
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("heading", { name: `Mute ${second}` }).waitFor();
      const before = await dialog.locator(".preview").textContent();
      await dialog.getByRole("spinbutton", { name: "events" }).fill("3");
      await expect.poll(() => dialog.locator(".preview").textContent()).not.toBe(before);
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "detached" });
      await page.keyboard.press("e");
      await page.locator(`[data-key="${second}"]`).waitFor({ state: "detached" });
      await page.locator(".select-all").waitFor();
      await expect.poll(async () => (await tracker.issues.get(second))?.state.status).toBe("resolved");
      expect((await tracker.issues.get(first))?.state.status).toBe("open");
      await page.keyboard.press("/");
      await page.keyboard.type("invalid time");
      await page.keyboard.press("Enter");
      await page.waitForURL(/q=invalid/u);
      expect(await rows.count()).toBe(1);
      await page.keyboard.press("j");
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { level: 1, name: "RangeError: Invalid time value" }).waitFor();
      await page.keyboard.press("u");
      await page.getByRole("navigation", { name: "State" }).waitFor();
    });

    test("keys for issues do nothing among alerts", async () => {
      const { tracker, url } = await beginShop();
      const page = await open(`${url}?view=alerts&status=dead`);
      const first = page.locator(".issues > li[data-key]").first();
      for (const key of ["j", "m", "e"]) await page.keyboard.press(key);
      expect(await first.locator("input").isChecked()).toBe(false);
      expect(page.url()).toContain("view=alerts");
      const { dead } = await tracker.alerts.counts();
      await page.keyboard.press("x");
      await page.getByText("1 selected").waitFor();
      await page.getByLabel("Reason").fill("a test");
      await page.getByLabel("Reason").press("Enter");
      await page.getByRole("button", { name: "Discard", exact: true }).click();
      await page.getByText("1 alert was discarded.").waitFor();
      expect(await tracker.alerts.counts()).toMatchObject({ dead: dead - 1, discarded: 1 });
    });

    test("all of it works without a script", async () => {
      const { tracker, url } = await beginShop();
      const page = await open(url, { javaScriptEnabled: false });
      await page.getByLabel("Select SHOP-3").check();
      await page.getByLabel("Select SHOP-6").check();
      await page.getByRole("button", { name: "Resolve", exact: true }).click();
      expect(await page.locator("[data-key=SHOP-3]").count()).toBe(0);
      expect((await tracker.issues.get("SHOP-6"))?.state.status).toBe("resolved");
      await page.getByRole("link", { name: /Resolved/u }).click();
      await page.goto(`${url}?tab=all`);
      await page.getByLabel("Select SHOP-3").check();
      await page.getByRole("button", { name: "Unmute" }).click();
      await page.getByText("The issue could not be unmuted, because the issue is not muted.").waitFor();
      await page.getByLabel("Select SHOP-3").check();
      await page.getByRole("button", { name: "Reopen" }).click();
      await page.goto(`${url}?issue=SHOP-3`);
      await page.getByRole("link", { name: "Mute…" }).click();
      await page.getByRole("spinbutton", { name: "events" }).fill("1");
      await page.getByRole("button", { name: "Try the rule" }).click();
      await page.getByText(/In the last 30 days this rule would have alerted you/u).waitFor();
      await page.getByLabel("Comment").fill("rare");
      await page.getByLabel("For ever").check();
      await page.getByRole("button", { name: "Mute", exact: true }).click();
      await page.locator(".sentence .state.muted").waitFor();
      await page.locator("#comment").fill("and still rare");
      await page.getByRole("button", { name: "Add" }).click();
      await page.getByText("and still rare").waitFor();
      await page.getByRole("button", { name: "Unmute" }).click();
      await page.locator(".sentence .state.open").waitFor();
    });

    test("two people see what the other does, and are told what came too late", async () => {
      const { tracker, url } = await beginShop();
      const address = `${url}?issue=SHOP-2`;
      await tracker.issues.mute("SHOP-2");
      const [ann, ben, list] = [
        await open(address),
        await open(address, { user: "ben", javaScriptEnabled: false }),
        await open(`${url}?tab=muted`),
      ];
      await ann.getByRole("button", { name: "Unmute" }).click();
      await ann.locator(".sentence .state.open").waitFor();
      await ben.getByRole("button", { name: "Unmute" }).click();
      await ben.getByText("The issue could not be unmuted, because the issue is not muted.").waitFor();
      // The page of the issue changes by itself, too, for somebody who may change it.
      await tracker.issues.mute("SHOP-2", { by: "ben" });
      await ann.locator(".sentence .state.muted").waitFor({ timeout: 30_000 });
      await tracker.issues.unmute("SHOP-2", { by: "ben" });
      // But not while she writes a comment.
      await ann.locator(".sentence .state.open").waitFor({ timeout: 30_000 });
      await ann.locator("#comment").fill("I am looking at");
      await tracker.issues.annotate("SHOP-2", "so am I", { by: "ben" });
      await ann.getByRole("button", { name: "1 issue changed. Show" }).waitFor({ timeout: 30_000 });
      expect(await ann.locator("#comment").inputValue()).toBe("I am looking at");
      // A list that is open changes by itself.
      await list.locator("[data-key=SHOP-2]").waitFor({ state: "detached", timeout: 30_000 });
      // But not under the hands of somebody who selects or writes: there it offers to.
      await list.goto(url);
      await list.getByLabel("Select SHOP-2").check();
      await tracker.issues.mute("SHOP-2", { by: "ben" });
      await list.getByRole("button", { name: "1 issue changed. Show" }).click({ timeout: 30_000 });
      await list.locator("[data-key=SHOP-2]").waitFor({ state: "detached" });
    });
  });

  test("a hundred thousand issues are pages of fifty", async () => {
    const { tracker } = await Scenario.begin(await openEmbedded(), { alertSink: "elsewhere" });
    for (let done = 0; done < 100_000; done += 5_000) {
      const events = Array.from({ length: 5_000 }, (_, index) => ({
        projectId: "shop",
        type: `Error${String(done + index)}`,
        fingerprint: [String(done + index)],
      }));
      await tracker.digest(events);
    }
    const server = await serveBoard({ tracker });
    const page = await open(server.url);
    await page.getByRole("link", { name: "Open 9,999+" }).waitFor();
    const rows = page.locator(".issues > li[data-key]");
    expect(await rows.count()).toBe(50);
    await page.getByRole("link", { name: "Next" }).click();
    await page.getByRole("link", { name: "Previous" }).waitFor();
    expect(await rows.count()).toBe(50);
    await page.getByLabel("Search").fill("shop-77");
    await page.keyboard.press("Enter");
    await expect.poll(() => rows.first().getAttribute("data-key")).toBe("SHOP-77");
    await page.close();
    await server.close();
    await tracker.close();
  });
});
