import Database from "better-sqlite3";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  createIssueTracker,
  createMemoryStore,
  type IssueTracker,
  type IssueTrackerOptions,
  type NewEvent,
} from "../../src/index.ts";
import { readSentryEnvelope } from "../../src/sentry/index.ts";
import { openSqliteStore } from "../../src/sqlite/index.ts";
import { rounds } from "../support/effort.ts";
import { failureOf } from "../support/scenario.ts";
import { migratedFile } from "../support/sqlite-image.ts";

type Options = Omit<IssueTrackerOptions, "store">;

async function trackerIn(filename: string, options: Options = {}) {
  const store = await openSqliteStore({ filename });
  const tracker = createIssueTracker({ store, alertSink: "elsewhere", ...options });
  onTestFinished(() => tracker.close());
  await tracker.projects.save({ id: "shop" });
  return tracker;
}

async function memoryTracker(options: Options = {}) {
  const tracker = createIssueTracker({ store: createMemoryStore(), ...options });
  onTestFinished(() => tracker.close());
  await tracker.projects.save({ id: "shop" });
  return tracker;
}

/** Every value of every column of every table of a SQLite file. */
function everyValueIn(filename: string): string {
  const database = new Database(filename, { readonly: true });
  const tables = database.prepare<[], string>("select name from sqlite_master where type = 'table'").pluck().all();
  const rows = tables.flatMap((table) => database.prepare<[], unknown[]>(`select * from "${table}"`).raw().all());
  database.close();
  return rows
    .flat()
    .map((value) => (Buffer.isBuffer(value) ? value.toString("latin1") : String(value)))
    .join("\n");
}

/** A secret that is recognized in each of these places, and nowhere else in an event. */
const SECRET = "hunter2-a1b2c3";

const PLACES: readonly { readonly name: string; readonly event: Omit<NewEvent, "projectId"> }[] = [
  { name: "the value", event: { type: "E", value: `login with password=${SECRET}` } },
  { name: "the type", event: { type: `Bearer ${SECRET}`, value: "v" } },
  { name: "the transaction", event: { type: "E", transaction: `GET /reset?token=${SECRET}` } },
  { name: "a fingerprint", event: { type: "E", fingerprint: ["a", `api_key=${SECRET}`] } },
  { name: "a member of the data", event: { type: "E", data: { user: { Password: SECRET } } } },
  { name: "a text in the data", event: { type: "E", data: ["x", `Authorization: ${SECRET}`] } },
  { name: "the whole data", event: { type: "E", data: `postgres://ann:${SECRET}@db/shop` } },
  { name: "a header in the data", event: { type: "E", data: { headers: [["Cookie", `sid=${SECRET}`]] } } },
  { name: "all below a name", event: { type: "E", data: { cookies: { a: { b: [SECRET] } } } } },
];

describe("secrets of an event", () => {
  test.each(PLACES)("in $name are in no column of any table, and in no alert", async ({ event }) => {
    const filename = await migratedFile();
    const tracker = await trackerIn(filename);
    await tracker.digest({ projectId: "shop", ...event });
    await tracker.digest([{ projectId: "shop", ...event }]);
    const { items } = await tracker.alerts.list();
    const all = everyValueIn(filename) + JSON.stringify(items);
    expect(all).toContain("[filtered]");
    expect(all).not.toContain(SECRET);
  });

  test("at any depth of random data are stored nowhere, and all else is stored as it was", async () => {
    const filename = await migratedFile();
    const tracker = await trackerIn(filename);
    const { json } = fc.letrec((tie) => ({
      json: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom<unknown[]>(1, null, true, "text", "ä\ud800", `x password=${SECRET}`),
        fc.array(tie("json"), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom("a", "password", "Set-Cookie", "b c", "__proto__"), tie("json"), { maxKeys: 3 }),
      ),
    }));
    await fc.assert(
      fc.asyncProperty(json, async (data) => {
        const value = JSON.parse(JSON.stringify({ password: SECRET, data }));
        const { eventId } = await tracker.digest({ projectId: "shop", type: "E", data: value });
        const stored = await tracker.events.get("shop", eventId);
        expect(stored?.data).toEqual(cleaned(value, false));
      }),
      { numRuns: rounds({ quick: 60, full: 2_000 }) },
    );
    expect(everyValueIn(filename)).not.toContain(SECRET);
  });

  test("are stored with scrub: false", async () => {
    const tracker = await memoryTracker({ scrub: false });
    await tracker.digest({ projectId: "shop", id: "e", type: "E", value: "password=a", data: { token: "b" } });
    expect(await tracker.events.get("shop", "e")).toMatchObject({ value: "password=a", data: { token: "b" } });
  });

  test("are also those of names that the host gives, in any form of the name", async () => {
    const tracker = await memoryTracker({ scrub: { names: ["iban", "tax.number"] } });
    const data = { IBAN: "a", "Tax-Number": ["b"], tax_numbers: "c", password: "d", ibanCheck: "e" };
    await tracker.digest({ projectId: "shop", id: "e", type: "E", data });
    expect((await tracker.events.get("shop", "e"))?.data).toEqual({
      IBAN: "[filtered]",
      "Tax-Number": "[filtered]",
      tax_numbers: "c",
      password: "[filtered]",
      ibanCheck: "e",
    });
  });

  test("are those of every name, with separators anywhere in it and in any case", async () => {
    const tracker = await memoryTracker({ scrub: { names: ["iban"] } });
    const plain = [
      ...["password", "passwd", "passphrase", "secret", "authorization", "cookie", "apikey", "accesskey", "privatekey"],
      ...[
        "credential",
        "creditcard",
        "cardnumber",
        "token",
        "pwd",
        "csrf",
        "xsrf",
        "sessionid",
        "sid",
        "cvv",
        "cvc",
        "jwt",
      ],
      "iban",
    ];
    const named = fc
      .constantFrom(...plain)
      .chain((name) =>
        fc.tuple(
          ...Array.from(name, (letter) =>
            fc.tuple(fc.constantFrom("", "", "-", "_", ". "), fc.constantFrom(letter, letter.toUpperCase())),
          ),
        ),
      )
      .map((parts) => parts.flat().join(""));
    await fc.assert(
      fc.asyncProperty(named, async (name) => {
        const { eventId } = await tracker.digest({ projectId: "shop", type: "E", data: { [name]: "x" } });
        expect((await tracker.events.get("shop", eventId))?.data).toEqual({ [name]: "[filtered]" });
      }),
      { numRuns: rounds({ quick: 200, full: 5_000 }) },
    );
  });

  test("that Sentry SDKs send with a request are filtered", async () => {
    const filename = await migratedFile();
    const tracker = await trackerIn(filename);
    const event = {
      event_id: "a".repeat(32),
      exception: { values: [{ type: "E", value: "v" }] },
      request: {
        url: `https://shop.example/?access_token=${SECRET}`,
        headers: { Authorization: `Bearer ${SECRET}`, Cookie: `sid=${SECRET}`, Accept: "text/html" },
        cookies: [["sid", SECRET]],
        data: { password: SECRET },
      },
    };
    const envelope = `{"event_id":"${event.event_id}"}\n{"type":"event"}\n${JSON.stringify(event)}`;
    const { events } = readSentryEnvelope(envelope, { projectId: "shop" });
    await tracker.digest(events.map((each) => ({ ...each, data: JSON.parse(JSON.stringify(event)) })));
    expect(everyValueIn(filename)).toContain("text/html");
    expect(everyValueIn(filename)).not.toContain(SECRET);
  });
});

test("an event that is too long with what stands for its secrets is refused, and says nothing of them", async () => {
  const tracker = await memoryTracker();
  const value = `pwd=x ${`pwd=${SECRET.slice(0, 1)} `.repeat(700_000)}`.slice(0, 4_194_304);
  for (const event of [{ value }, { fingerprint: [value] }, { type: "E", data: value.slice(0, 4_194_302) }]) {
    const failure = await failureOf(tracker.digest({ projectId: "shop", ...event }));
    expect(failure).toMatchObject({ code: "invalid-input", field: `event.${Object.keys(event).at(-1) ?? ""}` });
  }
  expect((await tracker.issues.list({ projectId: "shop" })).items).toEqual([]);
});

describe("issues of events with secrets", () => {
  test("are those that the events had before they were cleaned, muted and resolved as they are", async () => {
    const filename = await migratedFile();
    const event = { projectId: "shop", type: "E", fingerprint: [`password=${SECRET}`] } as const;
    const before = await trackerIn(filename, { scrub: false });
    await before.digest(event);
    const { id } = await before.issues.mute("SHOP-1");
    const now = await trackerIn(filename);
    expect(await now.digest(event)).toMatchObject({
      created: false,
      issue: { id, state: { status: "muted" } },
    });
    // From then on the events that differ in the secret belong to it, too.
    const other = { ...event, fingerprint: ["password=another"] };
    expect(await now.digest(other)).toMatchObject({ created: false, issue: { id } });
  });

  test("are one, whatever the secrets", async () => {
    const tracker = await memoryTracker();
    const outcomes = await tracker.digest(
      ["one", "two", "3"].map((secret) => ({
        projectId: "shop",
        type: "E",
        value: `token=${secret}-a1b2c3, retried`,
      })),
    );
    expect(new Set(outcomes.map((each) => each.kind === "digested" && each.issue.title)).size).toBe(1);
  });
});

describe("a hook that cleans events", () => {
  test("gets them without what is filtered, and what it returns is stored and grouped", async () => {
    const seen: NewEvent[] = [];
    const hook = (event: NewEvent): NewEvent => {
      seen.push(event);
      return { ...event, value: "cleaned", data: { ip: "0.0.0.0" } };
    };
    const tracker = await memoryTracker({ scrub: { hook } });
    const given = {
      projectId: "shop",
      id: "e",
      type: "E",
      value: "from 10.0.0.7, password=x",
      data: { ip: "10.0.0.7", token: "t" },
    };
    const outcome = await tracker.digest({ ...given, userId: "ann" });
    expect(outcome).toMatchObject({ issue: { title: "E: cleaned", userCount: 1 } });
    expect(seen).toEqual([
      {
        ...given,
        userId: "ann",
        value: "from 10.0.0.7, password=[filtered]",
        transaction: "",
        fingerprint: [],
        data: { ip: "10.0.0.7", token: "[filtered]" },
      },
    ]);
    expect(await tracker.events.get("shop", "e")).toMatchObject({ value: "cleaned", data: { ip: "0.0.0.0" } });
    expect(await tracker.digest(given)).toMatchObject({ kind: "duplicate" });
  });

  test("refuses the call if it fails, or returns no event or another one, and nothing is stored", async () => {
    const cause = new Error("hook");
    const hooks: readonly [hook: (event: NewEvent) => unknown, expected: object][] = [
      [
        () => {
          throw cause;
        },
        { field: "options.scrub.hook(events[1])", cause },
      ],
      [() => undefined, { field: "options.scrub.hook(events[1])" }],
      [(event) => ({ ...event, projectId: "other" }), { field: "options.scrub.hook(events[1]).projectId" }],
      [(event) => ({ ...event, id: "other" }), { field: "options.scrub.hook(events[1]).id" }],
      [(event) => ({ ...event, colour: "red" }), { field: "options.scrub.hook(events[1])" }],
      [(event) => ({ ...event, value: "x".repeat(4_194_305) }), { field: "options.scrub.hook(events[1]).value" }],
    ];
    for (const [failing, expected] of hooks) {
      const hook = (event: NewEvent): unknown => (event.type === "B" ? failing(event) : event);
      const tracker: IssueTracker = await Reflect.apply(memoryTracker, undefined, [{ scrub: { hook } }]);
      const events = ["A", "B"].map((type) => ({ projectId: "shop", type, value: `password=${SECRET}` }));
      const failure = await failureOf(tracker.digest(events));
      expect(failure).toMatchObject({ code: "invalid-input", ...expected });
      expect(String(failure)).not.toContain(SECRET);
      expect((await tracker.issues.list({ projectId: "shop" })).items).toEqual([]);
    }
  });
});

/** What is stored of data: nothing below the name of a secret. */
function cleaned(value: unknown, isSecret: boolean): unknown {
  if (value === null || value === "" || typeof value === "boolean") return value;
  if (isSecret) return "[filtered]";
  if (typeof value === "string") return value.replaceAll(`password=${SECRET}`, "password=[filtered]");
  if (typeof value !== "object") return value;
  if (Array.isArray(value)) {
    const isPair = value.length === 2 && isNamed(value[0]);
    return value.map((each: unknown, place) => cleaned(each, isPair && place === 1));
  }
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, cleaned(member, isNamed(name))]));
}

function isNamed(name: unknown): boolean {
  return name === "password" || name === "Set-Cookie" || (typeof name === "string" && name.includes("password"));
}
