import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { html } from "../../src/board/html.ts";
import type { JsonValue } from "../../src/core/index.ts";
import { Visitor } from "./visitor.ts";

const EVIL = `</title><script>alert(1)</script><img src=x onerror=alert(1)>"'&\u202Etfel\u0000\uD800`;

/** The id of a project: at most 200 characters that a database can store. */
const EVIL_ID = `"><script>${EVIL}`.toWellFormed();

let visitor: Visitor;
beforeEach(async () => {
  visitor = await Visitor.begin(
    { dsn: (id) => `https://key@shop.test/${id}` },
    { alertSink: () => Promise.reject(new Error(EVIL)), alerts: { maxAttempts: 1 }, onError: () => undefined },
  );
  const { tracker } = visitor.story;
  await tracker.projects.save({ id: EVIL_ID, slug: "evil" });
  const frame = {
    function: EVIL,
    filename: EVIL,
    lineno: 7,
    in_app: true,
    pre_context: [EVIL],
    context_line: EVIL,
    post_context: [EVIL],
  };
  await tracker.digest([
    {
      projectId: "shop",
      id: EVIL.replaceAll("\0", ""),
      type: EVIL,
      value: EVIL,
      transaction: EVIL,
      release: EVIL,
      environment: EVIL,
      userId: "u",
      data: { exception: { values: [{ type: EVIL, value: EVIL, stacktrace: { frames: [frame] } }] }, [EVIL]: EVIL },
    },
    { projectId: "shop", type: "Thrown", data: { stack: EVIL, causes: [{ type: EVIL, value: EVIL, stack: EVIL }] } },
  ]);
  await tracker.issues.mute("SHOP-1", { by: EVIL, comment: EVIL });
  await tracker.settled();
  return () => tracker.close();
});

const PAGES = [
  "?tab=all",
  `?tab=all&q=${encodeURIComponent(EVIL.toWellFormed())}`,
  `?release=${encodeURIComponent(EVIL.toWellFormed())}&environment=${encodeURIComponent(EVIL.toWellFormed())}&project=shop`,
  "?issue=SHOP-1",
  "?issue=SHOP-2",
  "?issue=SHOP-1&do=mute",
  `?issue=${encodeURIComponent(EVIL.toWellFormed())}`,
  `?issue=SHOP-1&event=${encodeURIComponent(EVIL.toWellFormed())}`,
  `?view=${encodeURIComponent(EVIL.toWellFormed())}`,
  "?view=releases&project=shop",
  "?view=alerts&status=dead",
  "?view=projects",
  "?view=project&project=shop",
  "?view=connect&project=shop",
  `?view=connect&project=${encodeURIComponent(EVIL_ID)}`,
  `?view=project&project=${encodeURIComponent(EVIL_ID)}`,
];

describe("whatever an event contains", () => {
  test.each(PAGES)("%# no text of it is markup on a page", async (query) => {
    const { html: page } = await visitor.get(query);
    expect(page).not.toContain("<script>");
    expect(page).not.toContain("<img");
    // The only script is the board's own file; no attribute runs or styles anything.
    expect([...page.matchAll(/<script/gu)]).toHaveLength(1);
    const tags = page.match(/<[a-z][^<>]*>/gu) ?? [];
    expect(tags.filter((tag) => /\s(?:on\w+|style)\s*=/u.test(tag.replaceAll(/"[^"]*"/gu, '""')))).toEqual([]);
    // Each tag that is opened is one of the templates'.
    expect(page).not.toContain("\uD800");
  });

  test("every answer forbids scripts, styles and frames of others, and is not kept", async () => {
    for (const query of [...PAGES, "?since=feed:0"]) {
      const { headers } = await visitor.get(query);
      const policy = headers.get("content-security-policy");
      expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self';");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain("unsafe");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("cache-control")).toBe("no-store");
      expect(headers.get("referrer-policy")).toBe("same-origin");
    }
  });

  test("what is downloaded is a file, not a page", async () => {
    const { headers, html: json } = await visitor.get("?issue=SHOP-1&do=download");
    expect(headers.get("content-type")).toBe("application/json");
    expect(headers.get("content-disposition")).toBe('attachment; filename="SHOP-1-event.json"');
    expect(JSON.parse(json)).toMatchObject({ issueId: expect.any(String), data: { exception: {} } });
  });
});

describe("what is large or deep", () => {
  test("is shown in part, and downloaded whole", async () => {
    const { tracker } = visitor.story;
    let deep: JsonValue = Array.from({ length: 100_000 }, () => 1);
    for (let level = 0; level < 3_000; level++) deep = [deep];
    const line = `"`.repeat(300);
    const frame = {
      function: line,
      filename: line,
      lineno: 3,
      context_line: line,
      pre_context: [line],
      post_context: [line],
    };
    const values = Array.from({ length: 20 }, () => ({
      type: "E",
      value: line,
      stacktrace: { frames: Array.from({ length: 30 }, () => frame) },
    }));
    await tracker.digest([
      { projectId: "shop", type: "Deep", data: deep },
      { projectId: "shop", type: "Wide", data: { exception: { values } } },
    ]);
    for (const id of ["SHOP-3", "SHOP-4"]) {
      const { status, html: page } = await visitor.get(`?issue=${id}`);
      expect(status).toBe(200);
      expect(page.length).toBeLessThan(1_500_000);
    }
    expect((await visitor.get("?issue=SHOP-3&do=download")).html.length).toBeLessThan(300_000);
  });
});

describe("the template", () => {
  test("escapes any text, so that a page shows it and nothing else", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const { text: written } = html`<p title="${text}">${text}</p>`;
        const [, attribute = "", content = ""] = /^<p title="([^"<>]*)">([^<>]*)<\/p>$/su.exec(written) ?? [];
        const read = (escaped: string): string =>
          escaped
            .replaceAll("&lt;", "<")
            .replaceAll("&gt;", ">")
            .replaceAll("&quot;", '"')
            .replaceAll("&#39;", "'")
            .replaceAll("&amp;", "&");
        const shown = text.toWellFormed().replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/gu, "\uFFFD");
        expect([read(attribute), read(content)]).toEqual([shown, shown]);
      }),
    );
  });

  test("leaves nothing of what is not there, and keeps what is HTML already", () => {
    const items = ["a", "<b>"].map((each) => html`<li>${each}</li>`);
    const { text } = html`<ul>
      ${items}${null}${undefined}${false}${0}
    </ul>`;
    expect(text.replaceAll(/\s/gu, "")).toBe("<ul><li>a</li><li>&lt;b&gt;</li>0</ul>");
  });
});
