import { describe, expect, onTestFinished, test } from "vitest";
import { markFixed, markSeen, type KnownRelease } from "../../src/core/index.ts";
import { createIssueTracker, type IssueStore } from "../../src/index.ts";
import { kyselyStore } from "../../src/kysely/index.ts";
import type { LoadedIssues } from "../../src/ports/issue-store.ts";
import { SERVERS, SQLITE, type SharedDatabaseKind } from "../support/databases.ts";
import { START } from "../support/scenario.ts";
import { openStore, tablesIn } from "../support/tables.ts";

/** A release that an order has placed for the first time, or another one for the second time. */
function releaseAt(orderKey: string): KnownRelease {
  const base = { version: "1.0.0", name: "1.0.0", line: "version", lineNumber: 1, number: 1, placedBy: "test" };
  return { ...base, orderKey, standing: "known", releasedAt: START, becameLatest: true };
}

const BEFORE = releaseAt("1.before");
const AFTER = releaseAt("1.after");

/** Two stores with their own connections, as in two processes, with a release and an issue. */
async function openPair({ makePlace }: SharedDatabaseKind) {
  const place = await makePlace();
  onTestFinished(() => place.drop());
  const [one, other]: readonly [IssueStore, IssueStore] = [
    await openStore(tablesIn(place)),
    kyselyStore(tablesIn(place)),
  ];
  const tracker = createIssueTracker({ store: one });
  await tracker.projects.save({ id: "shop" });
  const outcome = await tracker.digest({ projectId: "shop", type: "E" });
  const issueId = outcome.kind === "digested" ? outcome.issue.id : "";
  await one.transaction((work) => work.write({ releases: [{ projectId: "shop", release: BEFORE }] }));
  /** Moves the release to its place of an order that is used from now on. */
  const placeAnew = () =>
    other.transaction(async (work) => {
      await work.load({ projectIds: ["shop"], timelines: [{ projectId: "shop", lines: [] }] });
      await work.write({
        releases: [{ projectId: "shop", release: AFTER }],
        movedMarks: [{ projectId: "shop", from: BEFORE.orderKey, to: AFTER.orderKey }],
      });
    });
  const marks = () => one.read((reader) => reader.findMarks([{ issueId, upTo: null, limit: 9 }]));
  return { store: one, issueId, placeAnew, marks };
}

const REF = { projectId: "shop", name: "1.0.0", line: "version" };

/** The release that was loaded, as known. */
function knownIn({ releases: [release] }: LoadedIssues): KnownRelease {
  if (release?.standing !== "known") throw new Error("The release is known.");
  return release;
}

describe.each([SQLITE, ...SERVERS])("releases that are placed anew while an issue occurs in them, on $name", (kind) => {
  test("do not lose the mark of a transaction that has read where they were", async () => {
    const { store, issueId, placeAnew, marks } = await openPair(kind);
    const placed: Promise<void>[] = [];
    await store.transaction(async (work) => {
      const loaded = await work.load({ releases: [REF], issues: { ids: [issueId] } });
      if (placed.length === 0) {
        placed.push(placeAnew());
        // On servers nothing keeps the release in its place yet.
        if (kind !== SQLITE) await placed[0];
      }
      await work.write({ marks: [{ issueId, mark: markSeen(knownIn(loaded), undefined) }] });
    });
    await Promise.all(placed);
    expect(await marks()).toMatchObject([[{ orderKey: AFTER.orderKey, version: "1.0.0", last: "seen" }]]);
  });

  test("wait for a transaction that has read or saved marks there", async () => {
    const { store, issueId, placeAnew, marks } = await openPair(kind);
    const order: string[] = [];
    let placed: Promise<unknown> = Promise.resolve();
    await store.transaction(async (work) => {
      const details = () => ({ marks: [{ issueId, upTo: null, limit: 9 }] });
      const loaded = await work.load({ releases: [REF], issues: { ids: [issueId] }, details });
      placed = placeAnew().then(() => order.push("placed anew"));
      await work.write({ marks: [{ issueId, mark: markFixed(knownIn(loaded), undefined, START) }] });
      expect(await work.findMarks(details().marks)).toMatchObject([[{ orderKey: BEFORE.orderKey, last: "fixed" }]]);
      order.push("marked");
    });
    await placed;
    expect(order).toEqual(["marked", "placed anew"]);
    expect(await marks()).toMatchObject([[{ orderKey: AFTER.orderKey, last: "fixed" }]]);
  });
});
