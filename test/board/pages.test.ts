import { beforeEach, describe, expect, test } from "vitest";
import { createBoard } from "../../src/board/index.ts";
import { createMemoryStore, volumeCondition, type Issues } from "../../src/index.ts";
import { DAY, HOUR, MINUTE, Scenario } from "../support/scenario.ts";
import { withoutOutbox } from "../support/without-outbox.ts";
import { ANN, Visitor } from "./visitor.ts";

let visitor: Visitor;
beforeEach(async () => {
  visitor = await Visitor.begin({ userName: (id) => (id === "ben" ? "Ben B." : undefined) });
  return () => visitor.story.tracker.close();
});

/** The friendly ids of the rows of a list, in their order. */
function rowsOf(html: string): string[] {
  return [...html.matchAll(/data-key="([^"]+)"/gu)].map(([, id = ""]) => id);
}

/** The address of a link with these words. */
function linkIn(html: string, words: string): string {
  const [, href = ""] = new RegExp(`<a[^>]*href="([^"]*)"[^>]*>\\s*${words}`, "u").exec(html) ?? [];
  return href.replaceAll("&amp;", "&");
}

describe("the list", () => {
  test("shows the issues of a state by tabs with their counts, each with where, how often, and when", async () => {
    const { story } = visitor;
    await story.event({ type: "A", transaction: "POST /cart", release: "1.0.0", level: "fatal" });
    await story.event({ type: "B" });
    await story.event({ type: "C" });
    await story.tracker.issues.mute("SHOP-2");
    await story.tracker.issues.resolve("SHOP-3");
    const { html, text } = await visitor.get("");
    expect(rowsOf(html)).toEqual(["SHOP-1"]);
    expect(text).toContain("Open 1 Muted 1 Resolved 1 All 3");
    expect(text).toContain("A New SHOP-1 POST /cart fatal 1.0.0 1 events 0 users < 1 min just now");
    expect(rowsOf((await visitor.get("?tab=muted")).html)).toEqual(["SHOP-2"]);
    expect(rowsOf((await visitor.get("?tab=resolved")).html)).toEqual(["SHOP-3"]);
    expect(rowsOf((await visitor.get("?tab=all")).html)).toEqual(["SHOP-3", "SHOP-2", "SHOP-1"]);
    await story.tracker.issues.discard("SHOP-2");
    expect((await visitor.get("")).text).toContain("Discarded 1");
  });

  test("says what is new about an issue", async () => {
    const { story } = visitor;
    await story.tracker.projects.save({ id: "shop", watch: { conditions: [volumeCondition(3, "hour")] } });
    for (const type of ["Old", "Back", "Loud"]) await story.event({ type });
    await story.tracker.issues.resolve("SHOP-2");
    story.clock.advanceBy(2 * DAY);
    await story.event({ type: "Back" });
    await story.events(3, { type: "Loud" });
    await story.event({ type: "Fresh" });
    const { text } = await visitor.get("?sort=first-seen");
    expect(text).toContain("Fresh New SHOP-4");
    expect(text).toContain("Loud Loud SHOP-3");
    expect(text).toContain("Back Came back SHOP-2");
    expect(text).toContain("Old SHOP-1");
    expect(rowsOf((await visitor.get("?sign=loud")).html)).toEqual(["SHOP-3"]);
    expect(rowsOf((await visitor.get("?sign=regressed")).html)).toEqual(["SHOP-2"]);
  });

  test("searches, filters and sorts", async () => {
    const { story } = visitor;
    await story.tracker.projects.save({ id: "blog" });
    await story.event({ type: "Timeout", release: "1.0.0", environment: "production" });
    story.clock.advanceBy(3 * DAY);
    await story.events(3, { type: "Other", level: "warning", release: "2.0.0" });
    await story.event({ type: "Timeout", projectId: "blog" });
    const listed = async (query: string): Promise<string[]> => rowsOf((await visitor.get(query)).html);
    expect(await listed("?q=timeout")).toEqual(["BLOG-1", "SHOP-1"]);
    expect(await listed("?q=shop-2")).toEqual(["SHOP-2"]);
    expect(await listed("?project=shop")).toEqual(["SHOP-2", "SHOP-1"]);
    expect(await listed("?level=warning")).toEqual(["SHOP-2"]);
    expect(await listed("?environment=production")).toEqual(["SHOP-1"]);
    expect(await listed("?project=shop&release=1.0.0")).toEqual(["SHOP-1"]);
    expect(await listed("?first=day&project=shop")).toEqual(["SHOP-2"]);
    expect((await listed("?sort=event-count"))[0]).toBe("SHOP-2");
    const { text } = await visitor.get("?q=nowhere");
    expect(text).toContain("No issue matches");
    // Values that are none count as not given: people change addresses.
    expect(await listed("?tab=x&sort=x&level=x&sign=x&first=x&last=constructor")).toHaveLength(3);
  });

  test("goes forwards and backwards by pages of fifty", async () => {
    const events = Array.from({ length: 120 }, (_, index) => ({ projectId: "shop", type: `T${String(index)}` }));
    await visitor.story.tracker.digest(events);
    const first = await visitor.get("?sort=first-seen");
    const second = await visitor.get(linkIn(first.html, "Next"));
    const third = await visitor.get(linkIn(second.html, "Next"));
    expect([first, second, third].map(({ html }) => rowsOf(html).length)).toEqual([50, 50, 20]);
    expect(linkIn(first.html, "Previous")).toBe("");
    expect(linkIn(third.html, "Next")).toBe("");
    expect(rowsOf((await visitor.get(linkIn(third.html, "Previous"))).html)).toEqual(rowsOf(second.html));
    expect((await visitor.get("?cursor=nonsense")).status).toBe(400);
    // What is done on a page leads back to it.
    const page = linkIn(first.html, "Next");
    const [id = ""] = rowsOf(second.html);
    const { headers } = await visitor.post(page, { action: "resolve", id });
    expect(second.html).toContain(`action="${page.replaceAll("&", "&amp;")}"`);
    expect(headers.get("location")).toBe(`${page}&done=resolve&n=1`);
  });

  test("tells who sees nothing why, and on the first run how to connect", async () => {
    const none = await Visitor.begin({ dsn: () => "https://key@shop.test/1" });
    expect((await none.get("")).text).toContain("Waiting for the first event");
    expect((await none.get("")).text).toContain('Sentry.init({ dsn: "https://key@shop.test/1" })');
    // Where no script runs, the page asks again by itself.
    expect((await none.get("")).html).toMatch(/<noscript>\s*<meta http-equiv="refresh"/u);
    await none.story.event();
    await none.story.tracker.issues.resolve("SHOP-1");
    const { text, html } = await none.get("");
    expect(text).toContain("Nothing is open 1 issue is resolved, 0 are muted.");
    expect(html).not.toContain("<noscript>");
    expect((await none.get("?tab=muted")).text).toContain("No issue is muted");
    // How to connect is there later, too, without waiting for what has come already.
    const connect = (await none.get("?view=connect&project=shop")).text;
    expect(connect).toContain("Connect shop");
    expect(connect).toContain("https://key@shop.test/1");
    expect(connect).not.toContain("Waiting");
    await none.story.tracker.close();
  });
});

describe("selected issues", () => {
  test("are changed together, and the list is shown again", async () => {
    const { story } = visitor;
    await story.tracker.projects.save({ id: "blog" });
    const ids = [];
    for (const projectId of ["shop", "shop", "blog"]) {
      ids.push((await story.event({ projectId, type: String(ids.length) })).issue.id);
    }
    const { status, headers } = await visitor.post("?sort=event-count", { action: "resolve", id: ids });
    expect([status, headers.get("location")]).toEqual([303, "?sort=event-count&done=resolve&n=3"]);
    expect((await visitor.get("?sort=event-count&done=resolve&n=3")).text).toContain("3 issues were resolved.");
    for (const id of ids) expect(await story.status(id)).toBe("resolved");
    const [first = ""] = ids;
    expect((await story.tracker.issues.history(first)).items[0]).toMatchObject({ by: { kind: "user", id: "ann" } });
  });

  test("that refuse are reported with the reason, while the others change", async () => {
    const { story } = visitor;
    const ids = [];
    for (const type of ["A", "B", "C"]) ids.push((await story.event({ type })).issue.id);
    await story.tracker.issues.mute("SHOP-1");
    await story.tracker.issues.mute("SHOP-3");
    const { status, text } = await visitor.post("", { action: "unmute", id: ids });
    expect(status).toBe(200);
    expect(text).toContain("2 issues were changed, and 1 issue was not.");
    expect(text).toContain("SHOP-2 The issue could not be unmuted, because the issue is not muted.");
    const none = await visitor.post("", { action: "reopen", id: ids });
    expect(none.text).toContain("Nothing was changed.");
    expect((await visitor.post("", { action: "resolve", id: "SHOP-3" })).status).toBe(303);
  });

  test("are at most a hundred, and never dropped in silence", async () => {
    const { tracker } = visitor.story;
    await tracker.digest(Array.from({ length: 101 }, (_, index) => ({ projectId: "shop", type: `T${String(index)}` })));
    const ids = Array.from({ length: 101 }, (_, index) => `SHOP-${String(index + 1)}`);
    expect((await visitor.post("", { action: "resolve", id: ids })).text).toContain("Select at most 100 issues");
    expect((await tracker.issues.count({ projectId: "shop", status: "resolved" })).count).toBe(0);
    const erased = await visitor.post("", { action: "resolve", id: [...ids.slice(0, 2), "SHOP-999"] });
    expect(erased.text).toContain("2 issues were changed, and 1 issue was not. SHOP-999");
  });

  test("of a project that fails do not hide what was done in others", async () => {
    const { story } = visitor;
    await story.tracker.projects.save({ id: "blog" });
    await story.event();
    await story.event({ projectId: "blog" });
    const bulk: Issues["bulk"] = (selection, ...more) =>
      "projectId" in selection && selection.projectId === "blog"
        ? Promise.reject(new Error("the disk is full"))
        : story.tracker.issues.bulk(selection, ...more);
    const errors: unknown[] = [];
    const board = createBoard({
      tracker: { ...story.tracker, issues: { ...story.tracker.issues, bulk } },
      authorize: () => ANN,
      onError: (error) => errors.push(error),
    });
    const body = new URLSearchParams([
      ["action", "resolve"],
      ["id", "SHOP-1"],
      ["id", "BLOG-1"],
    ]);
    const headers = { "sec-fetch-site": "same-origin" };
    const answer = await board(new Request("https://shop.test/", { method: "POST", body, headers }));
    expect(await answer.text()).toContain("1 issue was changed, and 1 issue was not.");
    expect(errors).toMatchObject([{ message: "the disk is full" }]);
    expect((await story.tracker.issues.get("SHOP-1"))?.state.status).toBe("resolved");
  });

  test("have to be selected", async () => {
    await visitor.story.event();
    expect((await visitor.post("", { action: "resolve" })).text).toContain("Select the issues first.");
    expect((await visitor.get("?do=mute")).status).toBe(404);
  });
});

describe("an issue", () => {
  test("has its state as a sentence, its facts, its releases by line, and its history", async () => {
    const { story } = visitor;
    await story.event({
      release: "shop@1.0.0",
      userId: "u1",
      environment: "production",
      type: "TypeError",
      value: "x",
    });
    await story.event({ release: "api@3.1.0", userId: "u2", type: "TypeError", value: "x" });
    await story.tracker.issues.resolve("SHOP-1", { in: { release: "shop@1.1.0" }, by: "ben", comment: "see #7" });
    const { text, html } = await visitor.get("?issue=SHOP-1");
    expect(text).toMatch(/Resolved The issue has been resolved since .* with a fix claimed in release shop@1.1.0\./u);
    expect(text).toContain("Events 2 Users 2");
    expect(text).toContain("Environments production");
    expect(text).toMatch(/shop@1.1.0 fixed shop@1.0.0 seen/u);
    expect(text).toMatch(/api@3.1.0 seen/u);
    expect(text).toContain("The issue was resolved by Ben B., with a fix claimed in release shop@1.1.0. see #7");
    expect(text).toContain("The issue was seen for the first time.");
    expect(html).toContain(">Reopen</button>");
    expect(html).not.toContain(">Unmute</button>");
    // By its id, and in lower case, too.
    const id = (await story.tracker.issues.get("SHOP-1"))?.id ?? "";
    for (const query of [`?issue=${id}`, "?issue=shop-1"]) expect((await visitor.get(query)).status).toBe(200);
    expect((await visitor.get("?issue=SHOP-2")).status).toBe(404);
  });

  test("shows how close a mute is to its end, with thresholds and un-mutes in the chart", async () => {
    const { story } = visitor;
    await story.event();
    await story.tracker.issues.mute("SHOP-1", { conditions: [volumeCondition(5, "day")] });
    await story.events(4);
    story.clock.advanceBy(2 * DAY);
    await story.tracker.issues.mute("SHOP-1", { conditions: [volumeCondition(5, "day")] });
    await story.events(3);
    const { text, html } = await visitor.get("?issue=SHOP-1");
    expect(text).toContain("There are 3 of 5 events in the current day");
    expect(html).toMatch(/<meter[^>]*max="5"[^>]*value="3"/u);
    expect(html).toContain("Events per day: 8 events, at most 5 events; threshold 5 in a day; 1 end of a mute");
    // The threshold is one of days.
    const hours = await visitor.get("?issue=SHOP-1&span=24h");
    expect(hours.html).toContain('aria-label="Events per hour: 3 events, at most 3 events; 1 end of a mute"');
    expect((await visitor.get("?issue=SHOP-1&span=12m")).html).toContain("Events per month: 8 events");
  });

  test("names who made its state what it is, whichever page of its history is shown", async () => {
    const { story } = visitor;
    await story.tracker.projects.save({ id: "shop", autoResolveAfterMs: HOUR });
    await story.event();
    await story.tracker.issues.resolve("SHOP-1", { by: "ben" });
    expect((await visitor.get("?issue=SHOP-1")).text).toContain("By Ben B., just now.");
    story.clock.advanceBy(MINUTE);
    await story.event();
    for (let comment = 0; comment < 60; comment++) await story.tracker.issues.annotate("SHOP-1", "hm");
    story.clock.advanceBy(2 * HOUR);
    await story.tracker.tick();
    const { text, html } = await visitor.get("?issue=SHOP-1");
    expect(text).toContain("Resolved The issue has been resolved since");
    expect(text).not.toContain("By Ben B.");
    expect((await visitor.get(linkIn(html, "Earlier").replace("#history", ""))).text).not.toContain("By Ben B.");
  });

  test("of whose host a function fails is shown without what it would have said", async () => {
    const failing = await Visitor.begin({
      userName: () => {
        throw new Error("no names");
      },
      dsn: () => Promise.reject(new Error("no DSN")),
    });
    expect((await failing.get("")).text).toContain("Waiting for the first event");
    await failing.story.event();
    await failing.story.tracker.issues.mute("SHOP-1", { by: "zoe" });
    expect((await failing.get("?issue=SHOP-1")).text).toContain("muted by zoe");
    expect(failing.errors.length).toBeGreaterThan(1);
    await failing.story.tracker.close();
  });

  test("has events whose ids have blanks at their ends", async () => {
    for (const id of ["a ", " ", "c"]) await visitor.story.event({ id });
    const { html } = await visitor.get("?issue=SHOP-1");
    const older = await visitor.get(linkIn(html, "Older").replace("#event", ""));
    expect(older.status).toBe(200);
    const oldest = await visitor.get(linkIn(older.html, "Older").replace("#event", ""));
    expect([oldest.status, linkIn(oldest.html, "Older")]).toEqual([200, ""]);
  });

  test("has a history in pages", async () => {
    const { story } = visitor;
    await story.event();
    for (let comment = 1; comment <= 60; comment++)
      await story.tracker.issues.annotate("SHOP-1", `No. ${String(comment)}!`);
    const { html, text } = await visitor.get("?issue=SHOP-1");
    expect(text).toContain("No. 60!");
    expect(text).not.toContain("No. 10!");
    const earlier = await visitor.get(linkIn(html, "Earlier").replace("#history", ""));
    expect(earlier.text).toContain("No. 10!");
    expect(earlier.text).toContain("The issue was seen for the first time.");
    expect(linkIn(earlier.html, "Earlier")).toBe("");
  });

  test("is resolved plainly, in a release, and in the next one; refusals say why", async () => {
    const { story } = visitor;
    const { id } = (await story.event({ release: "1.0.0" })).issue;
    const command = (action: string, more = {}) => visitor.post("?issue=SHOP-1", { action, ...more });
    const state = async () => (await story.tracker.issues.get(id))?.state;
    for (const [action, more, resolution] of [
      ["resolve", {}, { kind: "plain" }],
      ["resolve-next", {}, { kind: "by-next" }],
      ["resolve", { in: "plain" }, { kind: "plain" }],
      ["resolve", { in: "next" }, { kind: "by-next" }],
      ["resolve", { in: "latest" }, { kind: "by-release", releases: ["1.0.0"] }],
      ["resolve", { in: "release", release: " 2.1.0 ", comment: "ok" }, { kind: "by-release", releases: ["2.1.0"] }],
      // Who names a release means it.
      ["resolve", { in: "plain", release: "3.0.0" }, { kind: "by-release", releases: ["3.0.0"] }],
    ] as const) {
      expect((await command(action, more)).headers.get("location")).toBe("?issue=SHOP-1&done=resolve&n=1");
      expect(await state()).toMatchObject({ status: "resolved", resolution });
      await command("reopen");
    }
    const refused = await command("unmute");
    expect([refused.status, refused.text]).toEqual([
      200,
      expect.stringContaining("The issue could not be unmuted, because the issue is not muted."),
    ]);
    expect((await command("resolve", { in: "release" })).text).toContain("release");
    await command("annotate", { comment: " looked at it " });
    expect((await story.tracker.issues.history(id)).items[0]).toMatchObject({
      turn: { kind: "annotated" },
      comment: "looked at it",
      by: { kind: "user", id: "ann" },
    });
    expect((await command("annotate", { comment: " " })).text).toContain("comment");
  });

  test("shows its newest event, and the ones beside it", async () => {
    const { story } = visitor;
    const frames = [
      { function: "main", filename: "node:internal", in_app: false },
      {
        function: "pay",
        filename: "src/pay.ts",
        lineno: 8,
        colno: 3,
        in_app: true,
        pre_context: ["function pay() {"],
        context_line: "  throw new Error();",
        post_context: ["}"],
      },
    ];
    const data = { exception: { values: [{ type: "E", value: "v", stacktrace: { frames } }] } };
    for (const id of ["first", "second", "third"]) await story.event({ id, value: "v", data: { ...data, id } });
    const { html, text } = await visitor.get("?issue=SHOP-1");
    expect(text).toContain("Id third");
    // The newest call first.
    expect(text).toContain("pay src/pay.ts:8:3 7 function pay() { 8 throw new Error(); 9 } main node:internal");
    const older = await visitor.get(linkIn(html, "Older").replace("#event", ""));
    expect(older.text).toContain("Id second");
    const oldest = await visitor.get(linkIn(older.html, "Older").replace("#event", ""));
    expect(oldest.text).toContain("Id first");
    expect(linkIn(oldest.html, "Older")).toBe("");
    expect(linkIn(oldest.html, "Newer")).toContain("event=second");
    expect((await visitor.get("?issue=SHOP-1&event=none")).status).toBe(404);
    const download = await visitor.get(linkIn(html, "Download as JSON"));
    expect(JSON.parse(download.html)).toMatchObject({ id: "third", data: { id: "third" } });
  });

  test("shows the stack of a captured error, and its causes", async () => {
    const data = {
      stack: "Error: a\n    at pay (pay.ts:1:2)",
      causes: [{ type: "Inner", value: "b", stack: "Inner: b" }],
    };
    await visitor.story.event({ data });
    const { text } = await visitor.get("?issue=SHOP-1");
    expect(text).toContain("Error: a at pay (pay.ts:1:2)");
    expect(text).toContain("Caused by Inner: b Inner: b");
  });

  test("that was merged into another leads to it, and allows nothing", async () => {
    const { story } = visitor;
    await story.event({ type: "A" });
    await story.event({ type: "B" });
    await story.tracker.issues.merge("SHOP-2", { into: "SHOP-1" });
    const { text, html } = await visitor.get("?issue=SHOP-2");
    expect(text).toContain("The issue has been part of issue SHOP-1 since");
    expect(html).not.toContain('name="action"');
    expect((await visitor.get("?issue=SHOP-1")).text).toContain("This issue had issue SHOP-2 merged into it.");
  });
});

describe("the form of a mute", () => {
  const DAYS = [3, 12, 4, 25, 6];

  beforeEach(async () => {
    for (const count of DAYS) {
      await visitor.story.events(count);
      visitor.story.clock.advanceBy(DAY);
    }
  });

  test("says what the rule would have done on the issue's own past, beside an alternative", async () => {
    const { text, html } = await visitor.get("?issue=SHOP-1&do=mute&kind=volume&volume=10&window=day");
    expect(text).toMatch(/In the last 30 days this rule would have alerted you 2 times, first 4 days ago/u);
    expect(text).toContain("“20 events in a day” would have alerted you 1 time.");
    expect(html).toContain("threshold 10 in a day; 2 ends of a mute");
    const quiet = await visitor.get("?issue=SHOP-1&do=mute&kind=volume&volume=100");
    expect(quiet.text).toContain("would have alerted you 0 times. “25 events in a day” would have alerted you 1 time.");
    const many = await visitor.get("?issue=SHOP-1&do=mute&kind=volume&volume=30&windows=2");
    expect(many.text).toContain("“60 events in 2 days” would have alerted you 0 times.");
    expect((await visitor.get("?issue=SHOP-1&do=mute&kind=ever")).text).toContain("until somebody ends the mute");
    expect((await visitor.get("?issue=SHOP-1&do=mute&kind=time&times=2")).text).toMatch(
      /Stays muted until .* UTC\. The first event after/u,
    );
  });

  test("says that a rule which is met already is refused", async () => {
    await visitor.story.events(15);
    const { text } = await visitor.get("?issue=SHOP-1&do=mute&kind=volume&volume=10&window=hour");
    expect(text).toContain("There are 15 now: a rule that is met already is refused.");
    const sent = await visitor.post("?issue=SHOP-1", { action: "mute", kind: "volume", volume: "10", window: "hour" });
    expect(sent.text).toContain("already met");
    expect((await visitor.get("?issue=SHOP-1&do=mute&kind=volume&volume=16&window=hour")).text).not.toContain(
      "refused",
    );
  });

  test("says what cannot be read, and keeps the form", async () => {
    for (const query of ["volume=0", "volume=1e9", "windows=99", "volume=%3Cb%3E"]) {
      const { status, text } = await visitor.get(`?issue=SHOP-1&do=mute&kind=volume&${query}`);
      expect([query, status]).toEqual([query, 200]);
      expect(text).toContain("a whole number from 1 to");
    }
    const sent = await visitor.post("?issue=SHOP-1", { action: "mute", kind: "volume", volume: "x" });
    expect(sent.text).toContain("Events: a whole number from 1 to 1,000,000,000.");
    expect((await visitor.story.tracker.issues.get("SHOP-1"))?.state.status).toBe("open");
  });

  test.each([
    [
      { kind: "volume", volume: "50", windows: "2", window: "hour" },
      { volume: { conditions: [volumeCondition(50, "hour", 2)] } },
    ],
    [
      { kind: "time", times: "2", time: "week" },
      { deadline: { wakeOn: "next-event" }, volume: null },
    ],
    [{ kind: "ever" }, { deadline: null, volume: null }],
  ])("mutes %j", async (fields, mute) => {
    const { headers } = await visitor.post("?issue=SHOP-1", { action: "mute", comment: "known", ...fields });
    expect(headers.get("location")).toBe("?issue=SHOP-1&done=mute&n=1");
    expect(await visitor.story.tracker.issues.get("SHOP-1")).toMatchObject({ state: { status: "muted", mute } });
    const [last] = (await visitor.story.tracker.issues.history("SHOP-1")).items;
    expect(last).toMatchObject({ comment: "known", by: { id: "ann" } });
  });

  test("of a muted issue begins with the present one, and keeps what is entered", async () => {
    const { tracker } = visitor.story;
    await tracker.issues.mute("SHOP-1", { conditions: [volumeCondition(77, "hour", 3)] });
    const { html, text } = await visitor.get("?issue=SHOP-1&do=mute");
    expect(text).toContain("Change the mute of SHOP-1");
    expect(html).toMatch(/name="volume"[^>]*value="77"/u);
    expect(html).toMatch(/name="windows"[^>]*value="3"/u);
    const wrong = await visitor.get("?issue=SHOP-1&do=mute&kind=volume&volume=12x&windows=2&comment=why");
    expect(wrong.html).toMatch(/name="volume"[^>]*value="12x"/u);
    expect(wrong.html).toMatch(/name="windows"[^>]*value="2"/u);
    expect(wrong.html).toContain('value="why"');
    // What the form cannot make again is said, and not half taken over.
    await tracker.issues.mute("SHOP-1", { conditions: [{ kind: "spike" }, volumeCondition(777, "hour")] });
    const other = await visitor.get("?issue=SHOP-1&do=mute");
    expect(other.text).toContain("What you choose here replaces that.");
    expect(other.html).toMatch(/name="volume"[^>]*value="100"/u);
    await tracker.issues.mute("SHOP-1");
    expect((await visitor.get("?issue=SHOP-1&do=mute")).html).toMatch(/value="ever" {2}checked/u);
  });

  test("is for several issues, too", async () => {
    const { story } = visitor;
    await story.events(2, { type: "B" });
    const ids = (await story.tracker.issues.list({ projectId: "shop" })).items.map(({ id }) => id);
    const query = `?do=mute&volume=10&${ids.map((id) => `id=${id}`).join("&")}`;
    expect((await visitor.get(query)).text).toContain("2 times for these 2 issues together");
    expect((await visitor.post("", { action: "mute", kind: "ever", id: ids })).status).toBe(303);
    expect((await story.tracker.issues.count({ projectId: "shop", status: "muted" })).count).toBe(2);
  });
});

describe("releases", () => {
  test("are listed by line, registered, retired and restored", async () => {
    const { story } = visitor;
    await story.event({ release: "1.0.0" });
    await story.event({ release: "shop@7.0.0" });
    const page = "?view=releases&project=shop";
    await visitor.post(page, { action: "register", version: " 1.1.0 " });
    expect((await visitor.get(page)).text).toMatch(/1\.1\.0 in use .* 1\.0\.0 in use/u);
    await visitor.post(page, { action: "retire", version: "1.1.0" });
    expect((await visitor.get(page)).text).toContain("1.1.0 retired: it does not count");
    await visitor.post(page, { action: "restore", version: "1.1.0" });
    expect((await visitor.get(page)).text).not.toContain("retired");
    expect((await visitor.post(page, { action: "retire", version: "9.9.9" })).text).toContain("knows no such release");
    expect((await visitor.post(page, { action: "x", version: "1.1.0" })).status).toBe(404);
  });
});

describe("alerts", () => {
  test("that are dead are delivered again or discarded with a reason", async () => {
    let isDown = true;
    const sunk: string[] = [];
    const alertSink = ({ subject }: { readonly subject: string }): void => {
      if (isDown) throw new Error("the chat is down");
      sunk.push(subject);
    };
    const shop = await Visitor.begin({}, { alertSink, alerts: { maxAttempts: 1 }, onError: () => undefined });
    const { tracker } = shop.story;
    for (const type of ["A", "B"]) await tracker.digest({ projectId: "shop", type });
    await tracker.settled();
    // What failed is shown first.
    const dead = await shop.get("?view=alerts");
    expect(dead.text).toContain("Waiting 0 Failed 2 Discarded 0");
    expect(dead.text).toContain("A New issue SHOP-1 1 attempt Error: the chat is down gave up just now");
    const [one = "", other = ""] = (await tracker.alerts.list({ status: "dead" })).items.map(({ alert }) => alert.id);
    await shop.post("?view=alerts&status=dead", { action: "discard-alerts", id: other, reason: "a test" });
    isDown = false;
    await shop.post("?view=alerts&status=dead", { action: "redrive", id: one });
    await tracker.settled();
    expect(sunk).toHaveLength(1);
    expect((await shop.get("?view=alerts&status=dead")).text).toContain("No alert failed");
    expect((await shop.get("?view=alerts&status=discarded")).text).toContain("a test");
    expect((await shop.post("?view=alerts", { action: "redrive" })).text).toContain("Select the alerts first.");
    await tracker.close();
  });
});

describe("a store without an outbox", () => {
  test("has no alerts to show, and every other page", async () => {
    const story = await Scenario.begin(withoutOutbox(createMemoryStore()));
    await story.event();
    const board = createBoard({ tracker: story.tracker, clock: story.clock, authorize: () => ANN });
    const read = async (query: string): Promise<string> =>
      (await board(new Request(`https://shop.test/${query}`))).text();
    expect(await read("?view=alerts")).toContain("This store keeps no alerts");
    expect(await read("")).toContain('data-key="SHOP-1"');
    await story.tracker.close();
  });
});

describe("a project", () => {
  test("has settings: alerts, watches, environments and how long issues may be quiet", async () => {
    const { tracker } = visitor.story;
    await tracker.projects.save({ id: "shop", watch: { conditions: [{ kind: "spike" }, volumeCondition(9, "hour")] } });
    const page = "?view=project&project=shop";
    const shown = async (): Promise<string> =>
      (/name="shown" value="([^"]*)"/u.exec((await visitor.get(page)).html)?.[1] ?? "").replaceAll("&quot;", '"');
    const fields = {
      action: "save-project",
      shown: await shown(),
      alert: ["regression", "loud"],
      keep: "1",
      "new-watch": "volume",
      volume: "500",
      window: "day",
      environments: "production\r\n-\r\n",
      "without-environment": "yes",
      "quiet-days": "14",
    };
    expect((await visitor.post(page, fields)).headers.get("location")).toBe(`${page}&done=save&n=1`);
    expect((await visitor.get(`${page}&done=save&n=1`)).text).toContain("1 project was saved.");
    expect(await tracker.projects.get("shop")).toMatchObject({
      alerts: { "new-issue": false, regression: true, unmute: false, loud: true },
      watch: { conditions: [volumeCondition(9, "hour"), volumeCondition(500, "day")] },
      stateEnvironments: ["", "production", "-"],
      autoResolveAfterMs: 14 * DAY,
    });
    const { html, text } = await visitor.get(page);
    expect(text).toContain("500 events or more in the current day");
    expect(html).toMatch(/<textarea[^>]*>production\n-<\/textarea>/u);
    expect(html).toContain('value="14"');
    // A form that shows what was there before somebody else changed it would undo that.
    const before = await tracker.projects.get("shop");
    for (const stale of [fields, { action: "save-project" }]) {
      expect((await visitor.post(page, stale)).text).toContain("Somebody has changed these settings");
    }
    expect(await tracker.projects.get("shop")).toEqual(before);
    const again = { ...fields, shown: await shown() };
    expect((await visitor.post(page, { ...again, "quiet-days": "0.001" })).text).toContain("autoResolveAfterMs");
    await visitor.post(page, { action: "save-project", shown: again.shown, environments: "", "quiet-days": "" });
    expect(await tracker.projects.get("shop")).toMatchObject({ stateEnvironments: null, autoResolveAfterMs: null });
  });

  test("gives up old events on demand", async () => {
    const { story } = visitor;
    await story.events(5);
    story.clock.advanceBy(3 * DAY);
    await story.events(5);
    const page = "?view=project&project=shop";
    expect((await visitor.post(page, { action: "evict" })).text).toContain("Say which events to remove");
    expect((await visitor.post(page, { action: "evict", days: "2" })).text).toContain("Confirm that the events");
    const sure = { action: "evict", sure: "yes" };
    expect((await visitor.post(page, { ...sure, days: "x" })).text).toContain("Days: a whole number");
    // The first event caused a turning point, and stays.
    expect((await visitor.post(page, { ...sure, days: "2" })).headers.get("location")).toBe(`${page}&done=evict&n=4`);
    expect((await visitor.post(page, { ...sure, keep: "1" })).headers.get("location")).toBe(`${page}&done=evict&n=4`);
    expect((await visitor.get(`${page}&done=evict&n=1234567`)).text).toContain("1,234,567 events were removed.");
  });

  test("is listed with its open issues", async () => {
    await visitor.story.event();
    expect((await visitor.get("?view=projects")).text).toContain("shop 1 Settings Connect");
  });
});

describe("the page by itself", () => {
  test("learns of issues that changed since it was made", async () => {
    const { story } = visitor;
    await story.event();
    const { html } = await visitor.get("");
    const [, cursor = ""] = /data-feed="([^"]+)"/u.exec(html) ?? [];
    // The page of an issue, which may be asked for by its id, says which it is.
    const issueId = (await story.tracker.issues.get("SHOP-1"))?.id ?? "";
    expect((await visitor.get(`?issue=${issueId}`)).html).toContain('data-issue="SHOP-1"');
    const changes = async (since: string): Promise<{ next: string; issues: string[] }> =>
      JSON.parse((await visitor.get(`?since=${encodeURIComponent(since)}`)).html);
    expect((await changes(cursor)).issues).toEqual([]);
    await story.tracker.issues.resolve("SHOP-1");
    await story.event({ type: "new" });
    const { issues, next } = await changes(cursor);
    expect(issues).toEqual(["SHOP-1", "SHOP-2"]);
    expect((await changes(next)).issues).toEqual([]);
    expect((await visitor.get("?since=nonsense")).status).toBe(400);
  });

  test("has files that browsers keep, and together with a page of fifty weighs at most 100 kB, without compression", async () => {
    const events = Array.from({ length: 60 }, (_, index) => ({
      projectId: "shop",
      type: `Error${String(index)}`,
      value: `something that happened, and that is about as long as titles are ${String(index)}`,
      transaction: `POST /some/route/${String(index)}`,
      receivedAt: visitor.story.clock.now() - (index % 24) * HOUR - index * MINUTE,
    }));
    await visitor.story.tracker.digest(events);
    const { html } = await visitor.get("");
    let bytes = bytesOf(html);
    const assets = [...html.matchAll(/(?:href|src)="(\?asset=[^"]+)"/gu)].map(([, query = ""]) => query);
    expect(assets).toHaveLength(3);
    for (const query of assets) {
      const { status, headers, html: content } = await visitor.get(query);
      expect(status).toBe(200);
      expect(headers.get("cache-control")).toContain("immutable");
      bytes += bytesOf(content);
    }
    expect(bytes).toBeLessThan(100_000);
    // Nobody has to be known for them; one of another version is not there.
    visitor.user = null;
    expect((await visitor.get(assets[0] ?? "")).status).toBe(200);
    const stale = await visitor.get("?asset=board-0123456789ab.js");
    expect([stale.status, stale.html]).toEqual([404, "There is no such file."]);
    expect((await visitor.send(assets[0] ?? "", { method: "HEAD" })).body).toBeNull();
  });

  test("says what failed without telling strangers why", async () => {
    const failing = await Visitor.begin({ userName: () => undefined });
    const { story } = failing;
    await story.event();
    await story.tracker.close();
    const { status, text } = await failing.get("");
    expect(status).toBe(500);
    expect(text).toContain("Something failed");
    expect(text).not.toContain("closed");
    expect(failing.errors).toMatchObject([{ code: "closed" }]);
    expect((await visitor.get("?view=nonsense")).status).toBe(404);
    expect((await visitor.send("", { method: "HEAD" })).body).toBeNull();
  });
});

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).byteLength;
}
