import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { groupEvent } from "../../src/core/group-event.ts";
import { createIssueTracker, createMemoryStore, type NewEvent } from "../../src/index.ts";
import { readSecurityReport, readSentryEnvelope } from "../../src/sentry/index.ts";
import { CHROMIUM, visit, visitPolicy } from "./browser.ts";
import { buildPages } from "./pages.ts";
import { BUGS } from "./pages/bugs.ts";

const CONTEXT = { projectId: "shop" };
/** Where the program itself writes a minified name. */
const WITH_MINIFIED_NAMES: readonly string[] = ["an error named after its class"];
const names = Object.keys(BUGS).filter((name) => !WITH_MINIFIED_NAMES.includes(name));

/** The events of two releases of the pages. */
interface Visits {
  readonly old: readonly NewEvent[];
  readonly new: readonly NewEvent[];
}

function eventsIn(bodies: readonly (Uint8Array | string)[]): readonly NewEvent[] {
  return bodies.flatMap((body) => {
    const { events, refused } = readSentryEnvelope(body, CONTEXT);
    expect(refused).toStrictEqual([]);
    return events;
  });
}

function bugOf({ data }: NewEvent): unknown {
  const payload: { readonly tags?: { readonly bug?: unknown } } = Object(data);
  return payload.tags?.bug;
}

/** The titles or keys of a bug's events. */
function of(bug: string, events: readonly NewEvent[], member: "key" | "title"): ReadonlySet<string> {
  return new Set(events.filter((event) => bugOf(event) === bug).map((event) => groupEvent(event)[member]));
}

/** The same expectations for what a browser sent once, and for what it sends now. */
function describeVisits(load: () => Promise<Visits>): void {
  let visits: Visits = { old: [], new: [] };
  beforeAll(async () => {
    visits = await load();
  }, 120_000);

  test("report every bug on every page", () => {
    for (const events of [visits.old, visits.new]) {
      expect(new Set(events.map(bugOf))).toStrictEqual(new Set(Object.keys(BUGS)));
    }
  });

  test.each(names)("have one grouping key for the same bug, on every page and in both builds: %s", (name) => {
    const keys = of(name, [...visits.old, ...visits.new], "key");
    expect([...keys]).toHaveLength(1);
  });

  test("have different grouping keys for different bugs", () => {
    for (const events of [visits.old, visits.new]) {
      const keys = Object.keys(BUGS).map((name) => [...of(name, events, "key")].join());
      expect(new Set(keys)).toHaveLength(keys.length);
    }
  });

  test.each([
    ["an undefined list", "TypeError: Cannot read properties of undefined (reading 'length')"],
    ["an error with a cause", "CheckoutError: payment failed"],
    ["several errors at once", "AggregateError: All promises were rejected"],
    ["an error that begins with a line end", "CheckoutError: Unique constraint failed on the field `email`"],
    ["a thrown text", "Error: the cart is locked"],
    ["another thrown text", "Error: the cart is empty"],
    ["a text that reaches the window", "Error: the till is open"],
    ["a thrown object", "Error: Object captured as exception with keys: code, reason"],
    ["a thrown event", "CustomEvent: Event `CustomEvent` (type=payment) captured as exception"],
    ["a thrown DOMException", "Error: NotReadableError: the camera is in use"],
    ["a rejected text", "UnhandledRejection: Non-Error promise rejection captured with value: the payment is pending"],
    ["a captured text", "Error: the stock is low"],
    ["a message", "checkout opened"],
    ["a message with parameters", "cart %s abandoned"],
  ])("say in the title what happened: %s", (name, title) => {
    expect([...of(name, visits.new, "title")]).toStrictEqual([title]);
  });

  test("are one issue of a tracker for each bug", async () => {
    const tracker = createIssueTracker({ store: createMemoryStore() });
    await tracker.projects.save({ id: "shop" });
    const events = [...visits.old, ...visits.new].filter((event) => names.includes(String(bugOf(event))));
    await tracker.digest(events);
    const { items } = await tracker.issues.list({ projectId: "shop", limit: 100 });
    expect(items).toHaveLength(names.length);
    expect(new Set(items.map(({ eventCount }) => eventCount))).toStrictEqual(new Set([events.length / names.length]));
    await tracker.close();
  });
}

/** The same expectations for reports that a browser sent once, and for those that it sends now. */
function describePolicy(load: () => Promise<readonly (Uint8Array | string)[]>): void {
  test("have one group for each cause, on every page", async () => {
    const events = (await load()).flatMap((body) => readSecurityReport(body, CONTEXT).events);
    expect(new Set(events.map((event) => groupEvent(event).title))).toStrictEqual(
      new Set([
        "CSPViolation: Blocked 'img-src' from 'https://evil.example'",
        "CSPViolation: Blocked 'script-src-elem' from 'inline'",
        "CSPViolation: Blocked 'script-src-attr' from 'inline'",
      ]),
    );
    expect(new Set(events.map((event) => groupEvent(event).key))).toHaveLength(3);
    expect(events.length).toBeGreaterThanOrEqual(6);
  });
}

function fixture(name: string): readonly string[] {
  const bodies: readonly string[] = JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), "utf8"));
  return bodies;
}

describe("recorded pages", () => {
  describeVisits(async () => ({ old: eventsIn(fixture("browser-old")), new: eventsIn(fixture("browser-new")) }));
});

describe("recorded reports about a Content Security Policy", () => {
  describePolicy(async () => fixture("browser-policy"));
});

test("two builds of a page differ in their minified names and hashes", async () => {
  const [one, other] = [await buildPages("shop@1.0.0", "http://a@b/1"), await buildPages("shop@1.1.0", "http://a@b/1")];
  expect(one.file).not.toBe(other.file);
  const nameIn = ({ script }: { readonly script: string }) => /(\w+)\.sum\(\)/u.exec(script)?.[1];
  expect(nameIn(one)).toMatch(/^\w$/u);
  expect(nameIn(one)).not.toBe(nameIn(other));
});

// As for servers: where the environment names none, there is nothing to test on.
if (CHROMIUM !== undefined) {
  const path = CHROMIUM;

  describe("pages in the installed browser", () => {
    describeVisits(async () => {
      const old = await visit(path, { release: "shop@1.0.0", pages: ["/", "/cart/1", "/cart/2"] });
      const latest = await visit(path, { release: "shop@1.1.0", pages: ["/cart/1", "/checkout"] });
      return { old: eventsIn(old.bodies), new: eventsIn(latest.bodies) };
    });
  });

  describe("reports of the installed browser about a Content Security Policy", () => {
    describePolicy(async () => (await visitPolicy(path, ["/a", "/b"])).bodies);
  });
}
