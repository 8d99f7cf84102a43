import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Alert } from "../../src/core/alert.ts";
import { PermanentDeliveryError } from "../../src/alerts/delivery-error.ts";
import { slackSink } from "../../src/sinks/index.ts";
import { escapeForSlack } from "../../src/sinks/slack-sink.ts";
import { attemptOf, failureOf, throttledAlertOf, HOSTILE, ISSUE, issueAlertOf, notificationOf } from "./samples.ts";
import { rounds } from "../support/effort.ts";
import { CA, startHttps } from "./servers.ts";

/** A text object in a posted message. */
interface Text {
  readonly type: string;
  readonly text: string;
}

interface Message {
  readonly text: string;
  readonly blocks: readonly { readonly type: string; readonly text?: Text; readonly fields?: readonly Text[] }[];
}

/** The message that is posted for an alert. */
async function posted(alert: Alert, status = 200): Promise<Message> {
  const server = await startHttps((response) => response.writeHead(status).end("ok"));
  try {
    const url = `https://127.0.0.1:${String(server.port)}/services/T0/B0/x`;
    await slackSink({ url, ca: CA, allowAddresses: ["127.0.0.1"] })(alert, attemptOf());
  } finally {
    await server.close();
  }
  return JSON.parse(server.requests[0]?.body ?? "");
}

const textsOf = ({ blocks }: Message): Text[] =>
  blocks.flatMap(({ text, fields = [] }) => (text === undefined ? fields : [text, ...fields]));

const plain = (text: string) => ({ type: "plain_text", text, emoji: false });

describe("a message in Slack", () => {
  test("describes the issue, the event and earlier alerts", async () => {
    const alert = notificationOf();
    const message = await posted({ ...alert, link: "https://example.com/issues/12?a=1&b=2|3" });
    expect(message).toStrictEqual({
      text: alert.subject,
      blocks: [
        { type: "header", text: plain(alert.subject) },
        { type: "section", text: plain(alert.text) },
        {
          type: "section",
          fields: [
            "Project: shop",
            "Level: error",
            "Issue: SHOP-12: TypeError: x is undefined",
            "State: open",
            "Seen: 7 events, first 2026-01-04 09:00 UTC, last 2026-01-05 09:00 UTC",
            "Event: event 1",
            "Release: 2.1.0",
            "Occurred: 2026-01-05 08:59 UTC",
            "Raised: 2026-01-05 09:00 UTC",
          ].map(plain),
        },
        {
          type: "section",
          text: plain("Earlier alerts:\n• 2026-01-05 08:00 UTC (error, release 2.1.0) The issue is no longer muted."),
        },
        {
          type: "section",
          text: {
            type: "mrkdwn",
            text: "<https://example.com/issues/12?a=1&amp;b=2%7C3|View details>",
            verbatim: true,
          },
        },
      ],
    });
  });

  test("describes throttled alerts", async () => {
    const alert = throttledAlertOf();
    const texts = textsOf(await posted(alert)).map(({ text }) => text);
    expect(texts).toStrictEqual([
      alert.subject,
      alert.text,
      "Project: shop",
      "Level: warning",
      "Raised: 2026-01-05 10:00 UTC",
      "Some of the issues:\n• SHOP-12: TypeError: &lt;x&gt; is undefined",
    ]);
  });

  test.each([
    null,
    "javascript:alert(1)",
    "ftp://example.com/",
    "example.com",
    `https://example.com/${"x".repeat(3_000)}`,
  ])("has no link if its URL is not http or https, or is too long: %s", async (link) => {
    expect(textsOf(await posted(issueAlertOf({ link }))).filter(({ type }) => type !== "plain_text")).toEqual([]);
  });

  test("shows hostile texts in full, escaped", async () => {
    const alert = {
      ...notificationOf(HOSTILE),
      subject: HOSTILE,
      text: HOSTILE,
      link: "https://example.com/?<!channel>|<",
    };
    const message = await posted({ ...alert, issue: { ...ISSUE, title: HOSTILE } });
    const texts = [message.text, ...textsOf(message).map(({ text }) => text)];
    const seen =
      "&lt;script&gt;alert(\"x\")&lt;/script&gt; &amp; 'y'|Bcc: evil@example.com\\u0000 \ud83d\ude80 \\ud800 \\u202egnp.exe &lt;!channel&gt; @\u200bhere";
    expect(texts.filter((text) => text.includes(seen.replace("|", " ")))).toHaveLength(4);
    expect(texts.filter((text) => text.includes(seen.replace("|", "\n")))).toHaveLength(1);
    for (const text of texts.slice(0, -1)) expect(text).not.toMatch(/[<>\0\u202e]|@here/u);
    expect(texts.at(-1)).toBe("<https://example.com/?%3C!channel%3E%7C%3C|View details>");
  });

  test("stays within Slack's limits", async () => {
    const long = "&<>".repeat(5_000);
    const earlier = Array.from({ length: 200 }, () => notificationOf(long).earlier).flat();
    const message = await posted(
      issueAlertOf({ subject: long, text: long, earlier, issue: { ...ISSUE, title: long } }),
    );
    expect(message.blocks.length).toBeLessThanOrEqual(50);
    for (const { type, text, fields = [] } of message.blocks) {
      expect(text?.text.length ?? 1).toBeLessThanOrEqual(type === "header" ? 150 : 3_000);
      expect(fields.length).toBeLessThanOrEqual(10);
      for (const field of fields) expect(field.text.length).toBeLessThanOrEqual(2_000);
    }
  });

  test("says how many earlier alerts are not shown", async () => {
    const earlier = Array.from({ length: 23 }, (_, index) => notificationOf(`number ${String(index)}`).earlier).flat();
    const text = textsOf(await posted(issueAlertOf({ earlier }))).at(-1)?.text;
    expect(text).toContain("Earlier alerts:\n• 3 alerts not shown\n• ");
    expect(text).toContain("number 22");
    expect(text).not.toContain("number 2\n");
  });

  test("that Slack refuses has failed permanently", async () => {
    expect(PermanentDeliveryError.is(await failureOf(posted(issueAlertOf(), 400).then(() => undefined)))).toBe(true);
  });
});

test("a text is never shortened within an entity", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("&", "<", "a", "😀", "@here") }),
      fc.integer({ min: 10, max: 40 }),
      (text, max) => {
        const escaped = escapeForSlack(text, max);
        expect(escaped.length).toBeLessThanOrEqual(max);
        expect(escaped.replaceAll(/&(?:amp|lt|gt);/gu, "")).not.toMatch(/[&<>]|@here|[\ud800-\udfff]/u);
        if (!escaped.endsWith("…")) {
          const back = escaped.replaceAll("&lt;", "<").replaceAll("&amp;", "&").replaceAll("\u200b", "");
          expect(back).toBe(text);
        }
      },
    ),
    { numRuns: rounds({ quick: 100, full: 1_000 }) },
  );
});
