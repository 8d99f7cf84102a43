import { once } from "node:events";
import { simpleParser, type ParsedMail } from "mailparser";
import { createTransport } from "nodemailer";
import { SMTPServer } from "smtp-server";
import { afterEach, describe, expect, test } from "vitest";
import type { Alert } from "../../src/core/alert.ts";
import { DeliveryError, MAX_MEMO_LENGTH, PermanentDeliveryError } from "../../src/alerts/delivery-error.ts";
import { emailSink, type EmailSinkOptions } from "../../src/sinks/index.ts";
import {
  attemptOf,
  failureOf,
  throttledAlertOf,
  HOSTILE,
  ISSUE,
  issueAlertOf,
  refusalOf,
  notificationOf,
} from "./samples.ts";
import { listen } from "./servers.ts";

/** An e-mail that a server accepted. */
interface Delivered {
  readonly mail: ParsedMail;
  readonly raw: string;
  /** The recipients in the envelope. */
  readonly to: readonly string[];
}

/** The status codes with which a server refuses. */
interface Refusals {
  readonly sender?: number;
  readonly data?: number;
  /** For each recipient the codes of the first attempts; later ones are accepted. */
  readonly recipients?: Readonly<Record<string, number[]>>;
}

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const refusal = (responseCode: number) => Object.assign(new Error("Not this one."), { responseCode });

/** A server, and a sink that sends through it. */
async function mailbox(options: Partial<EmailSinkOptions> = {}, refuse: Refusals = {}) {
  const delivered: Delivered[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    disableReverseLookup: true,
    onMailFrom: (_address, _session, callback) => {
      if (refuse.sender === undefined) callback();
      else callback(refusal(refuse.sender));
    },
    onRcptTo: ({ address }, _session, callback) => {
      const code = refuse.recipients?.[address]?.shift();
      if (code === undefined) callback();
      else callback(refusal(code));
    },
    onData: (stream, session, callback) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        if (refuse.data !== undefined) {
          callback(refusal(refuse.data));
          return;
        }
        const raw = Buffer.concat(chunks);
        void simpleParser(raw).then((mail) => {
          delivered.push({ mail, raw: raw.toString(), to: session.envelope.rcptTo.map(({ address }) => address) });
          callback();
        });
      });
    },
  });
  const port = await listen(server.server);
  const transport = createTransport({ host: "127.0.0.1", port, secure: false, ignoreTLS: true });
  closing.push(async () => {
    transport.close();
    const closed = once(server.server, "close");
    server.close();
    await closed;
  });
  const from = "Alerts <alerts@example.com>";
  return { sink: emailSink({ transport, from, to: "ann@example.com", ...options }), delivered };
}

/** The e-mail of an alert. */
async function mailed(alert: Alert, options: Partial<EmailSinkOptions> = {}): Promise<Delivered> {
  const { sink, delivered } = await mailbox(options);
  await sink(alert, attemptOf());
  const [only] = delivered;
  if (only === undefined || delivered.length > 1) throw new Error("Not exactly one e-mail was sent.");
  return only;
}

/** The visible text of HTML. */
function visibleTextOf(html: string): string {
  const text = html.replaceAll("<br>", "\n").replaceAll(/<[^>]*>/gu, "");
  const entities = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&amp;": "&" };
  return Object.entries(entities).reduce((shown, [entity, character]) => shown.replaceAll(entity, character), text);
}

const DISPLAYED =
  "<script>alert(\"x\")</script> & 'y'|Bcc: evil@example.com\\u0000 \ud83d\ude80 \\ud800 \\u202egnp.exe <!channel> @here";
const DISPLAYED_LINE = DISPLAYED.replace("|", " ");
const DISPLAYED_TEXT = DISPLAYED.replace("|", "\n");

describe("an e-mail", () => {
  test("describes the issue, the event and earlier alerts, as text and as HTML", async () => {
    const link = "https://example.com/issues/12?a='1'&b=\"<2>";
    const alert = notificationOf();
    const { mail, to } = await mailed({ ...alert, link });
    expect(mail.text).toBe(
      [
        alert.subject,
        "",
        alert.text,
        "",
        "https://example.com/issues/12?a=%271%27&b=%22%3C2%3E",
        "",
        "Project: shop",
        "Level: error",
        "Issue: SHOP-12: TypeError: x is undefined",
        "State: open",
        "Seen: 7 events, first 2026-01-04 09:00 UTC, last 2026-01-05 09:00 UTC",
        "Event: event 1",
        "Release: 2.1.0",
        "Occurred: 2026-01-05 08:59 UTC",
        "Raised: 2026-01-05 09:00 UTC",
        "",
        "Earlier alerts:",
        "- 2026-01-05 08:00 UTC (error, release 2.1.0) The issue is no longer muted.",
        "",
      ].join("\n"),
    );
    const html = String(mail.html);
    expect(html).toContain('<a href="https://example.com/issues/12?a=%271%27&amp;b=%22%3C2%3E">View details</a>');
    for (const line of mail.text?.split("\n").slice(6, -1) ?? []) {
      expect(visibleTextOf(html)).toContain(line.replace(/^(?:- |\w+: )|:$/gu, ""));
    }
    expect([mail.subject, mail.from?.text, to]).toEqual([
      alert.subject,
      '"Alerts" <alerts@example.com>',
      ["ann@example.com"],
    ]);
  });

  test("describes throttled alerts", async () => {
    const alert = throttledAlertOf();
    const { mail } = await mailed(alert);
    expect(mail.subject).toBe(alert.subject);
    expect(mail.text).toContain(`\n${alert.text}\n`);
    expect(mail.text).toContain("Some of the issues:\n- SHOP-12: TypeError: <x> is undefined");
    expect(visibleTextOf(String(mail.html))).toContain("SHOP-12: TypeError: <x> is undefined");
    expect([mail.inReplyTo, mail.references]).toEqual([undefined, undefined]);
  });

  test("has the alert's id, belongs to the issue's thread, and suppresses automatic replies", async () => {
    const alert = issueAlertOf();
    const { mail } = await mailed(alert);
    expect(mail.messageId).toBe(`<${alert.id}@issue-lifecycle>`);
    expect(mail.inReplyTo).toBe(`<issue.${ISSUE.id}@issue-lifecycle>`);
    expect(mail.references).toBe(mail.inReplyTo);
    expect(mail.headers.get("auto-submitted")).toBe("auto-generated");
    const own = await mailed(alert, { messageIdDomain: "alerts.example.com" });
    expect(own.mail.messageId).toBe(`<${alert.id}@alerts.example.com>`);
  });

  test("shows hostile texts in full, escaped", async () => {
    const alert = { ...notificationOf(HOSTILE), subject: HOSTILE, text: HOSTILE, issue: { ...ISSUE, title: HOSTILE } };
    const { mail, raw, to } = await mailed({
      ...alert,
      event: { id: HOSTILE, release: HOSTILE, receivedAt: 0, occurredAt: null },
      project: { id: HOSTILE, slug: HOSTILE },
    });
    expect(mail.subject).toBe(DISPLAYED_LINE);
    expect([to, mail.headers.has("bcc"), raw.split("\r\n\r\n")[0]?.includes("\nBcc:")]).toEqual([
      ["ann@example.com"],
      false,
      false,
    ]);
    for (const shown of [String(mail.text), visibleTextOf(String(mail.html))]) {
      expect(shown.split(DISPLAYED_LINE).length - 1).toBe(6);
      expect(shown.split(DISPLAYED_TEXT).length - 1).toBe(1);
    }
    expect(mail.html).not.toMatch(/<script|[\0\u202e]/u);
    expect(
      String(mail.html).replaceAll(
        /<\/?(?:!doctype html|html|head|meta charset="utf-8"|body|h[23]|p|ul|li|table|tr|th|td|br)(?: dir="auto"| align="left")?>/gu,
        "",
      ),
    ).not.toMatch(/[<>"']/u);
  });

  test("has a subject of limited length that splits no character", async () => {
    const { mail } = await mailed(issueAlertOf({ subject: "😀".repeat(500) }));
    expect(mail.subject).toBe(`${"😀".repeat(99)}…`);
  });

  test.each(["javascript:alert(1)", "data:text/html,x", "//example.com"])(
    "has no link if its URL is not http or https: %s",
    async (link) => {
      const { mail } = await mailed(issueAlertOf({ link }));
      expect(mail.html).not.toContain("<a ");
      expect(mail.text).not.toContain(link);
    },
  );

  test("goes to the recipients that a function returns, each once, or is not sent if there are none", async () => {
    const sent = await mailed(issueAlertOf(), {
      to: async ({ project }) => [`${project.id}@example.com`, "bob@BÜCHER.example", "bob@bücher.example"],
    });
    expect(sent.to).toEqual(["shop@example.com", "bob@bücher.example"]);
    const { sink, delivered } = await mailbox({ to: () => [] });
    await sink(issueAlertOf(), attemptOf());
    expect(delivered).toEqual([]);
  });

  test.each([
    "ann@example.com, eve@example.com",
    "Ann <ann@example.com>",
    "a\r\nBcc: e@example.com",
    '"a"@b.c',
    "a@b@c",
    "ann",
    "",
  ])("is not sent to an address that is not plain: %j", async (address) => {
    const { sink, delivered } = await mailbox({ to: () => [address] });
    expect(await failureOf(sink(issueAlertOf(), attemptOf()))).toMatchObject({
      code: "invalid-input",
      field: "options.to()[0]",
    });
    expect(delivered).toEqual([]);
  });
});

/** A failed attempt to deliver an alert. */
async function failing(
  sink: ReturnType<typeof emailSink>,
  number = 1,
  memo: string | null = null,
): Promise<DeliveryError> {
  const error = await failureOf(sink(issueAlertOf(), attemptOf({ number, memo })));
  if (error instanceof DeliveryError) return error;
  throw error;
}

describe("a mail server", () => {
  test.each([550, 551, 552, 553, 554, 559])(
    "that refuses the only recipient with %i causes a permanent failure",
    async (code) => {
      const { sink } = await mailbox({}, { recipients: { "ann@example.com": [code] } });
      const error = await failing(sink);
      expect(PermanentDeliveryError.is(error)).toBe(true);
      expect(error.message).toMatch(/^Permanently refused: ann@example\.com\. .*Not this one\./u);
    },
  );

  test.each([421, 450, 451, 452, 503, 530, 535])(
    "that refuses the only recipient with %i is tried again",
    async (code) => {
      const { sink } = await mailbox({}, { recipients: { "ann@example.com": [code] } });
      expect(PermanentDeliveryError.is(await failureOf(sink(issueAlertOf(), attemptOf())))).toBe(false);
    },
  );

  test("that refuses the sender or the message causes a permanent failure with a 55x, and is tried again otherwise", async () => {
    for (const [code, isPermanent] of [
      [550, true],
      [554, true],
      [451, false],
    ] as const) {
      for (const refuse of [{ sender: code }, { data: code }]) {
        const { sink } = await mailbox({}, refuse);
        expect(PermanentDeliveryError.is(await failureOf(sink(issueAlertOf(), attemptOf())))).toBe(isPermanent);
      }
    }
  });

  test("that cannot be reached is tried again", async () => {
    const transport = createTransport({ host: "127.0.0.1", port: 1, secure: false });
    const sink = emailSink({ transport, from: "a@example.com", to: "ann@example.com" });
    const error = await failureOf(sink(issueAlertOf(), attemptOf()));
    expect([PermanentDeliveryError.is(error), String(error)]).toEqual([false, expect.stringContaining("ECONNREFUSED")]);
  });

  test("that refuses some recipients gets the message again for those only", async () => {
    const to = ["ann@example.com", "bob@example.com", "cy@example.com", "di@example.com"];
    const recipients = { "bob@example.com": [450, 451], "cy@example.com": [550], "di@example.com": [450] };
    const { sink, delivered } = await mailbox({ to }, { recipients });
    const first = await failing(sink);
    expect(PermanentDeliveryError.is(first)).toBe(false);
    expect(first.message).toContain("bob@example.com: ");
    const second = await failing(sink, 2, first.memo);
    expect(PermanentDeliveryError.is(second)).toBe(false);
    const third = await failing(sink, 3, second.memo);
    expect(PermanentDeliveryError.is(third)).toBe(true);
    expect(third.message).toBe("Permanently refused: cy@example.com.");
    expect(delivered.map(({ to }) => to)).toEqual([["ann@example.com"], ["di@example.com"], ["bob@example.com"]]);
    await sink(issueAlertOf(), attemptOf({ number: 1, memo: third.memo ?? null }));
    expect(delivered.at(-1)?.to).toEqual(["cy@example.com"]);
  });

  test("that refuses one of a hundred recipients leaves a short memo without addresses", async () => {
    const to = Array.from({ length: 100 }, (_, index) => `${"x".repeat(50)}${String(index)}@example.com`);
    const { sink, delivered } = await mailbox({ to }, { recipients: { [String(to[7])]: [450] } });
    const { memo = "" } = await failing(sink);
    expect([memo.length <= MAX_MEMO_LENGTH, memo.includes("example")]).toEqual([true, false]);
    await sink(issueAlertOf(), attemptOf({ number: 2, memo }));
    expect(delivered.map(({ to }) => to.length)).toEqual([99, 1]);
  });

  test("that refuses a recipient under another address causes a failure", async () => {
    const transport = { sendMail: async () => ({ rejected: ["ANN"] }) };
    const sink = emailSink({ transport, from: "a@example.com", to: "ann@example.com" });
    expect((await failing(sink)).message).toBe("The mail server refused a recipient under another address.");
  });

  test("that does not answer in time causes a failure when the attempt ends", async () => {
    const controller = new AbortController();
    const transport = {
      sendMail: () => {
        controller.abort();
        return new Promise(() => undefined);
      },
    };
    const sink = emailSink({ transport, from: "a@example.com", to: "ann@example.com" });
    expect(await failureOf(sink(issueAlertOf(), attemptOf({ signal: controller.signal })))).toMatchObject({
      message: "The mail server did not finish before the delivery attempt ended.",
    });
  });
});

describe("the options of the e-mail sink", () => {
  const valid = { transport: { sendMail: async () => undefined }, from: "a@example.com", to: "b@example.com" };
  test.each<[unknown, string]>([
    [null, "options"],
    [{ ...valid, transport: {} }, "options.transport"],
    [{ ...valid, from: "" }, "options.from"],
    [{ ...valid, from: "a@example.com\r\nBcc: e@example.com" }, "options.from"],
    [{ ...valid, from: "nobody" }, "options.from"],
    [{ ...valid, to: [] }, "options.to"],
    [{ ...valid, to: "Ann <ann@example.com>" }, "options.to[0]"],
    [{ ...valid, to: Array.from({ length: 101 }, (_, index) => `${String(index)}@example.com`) }, "options.to"],
    [{ ...valid, to: undefined }, "options.to"],
    [{ ...valid, messageIdDomain: "a>b" }, "options.messageIdDomain"],
    [{ ...valid, messageIdDomain: null }, "options.messageIdDomain"],
    [{ ...valid, to: ["ann@example.com", undefined] }, "options.to[1]"],
    [{ ...valid, cc: "x" }, "options"],
    [{ ...valid, messageIDDomain: "example.com" }, "options"],
  ])("are checked when the sink is made: %j", (options, field) => {
    expect(refusalOf(() => Reflect.apply(emailSink, undefined, [options]))).toMatchObject({
      code: "invalid-input",
      field,
    });
  });
});
