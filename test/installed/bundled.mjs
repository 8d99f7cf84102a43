// A program to be bundled, as an ES module and as CommonJS, with better-sqlite3 left out of the bundle.
import { createIssueTracker } from "issue-lifecycle";
import { openSqliteStore } from "issue-lifecycle/sqlite";

async function main() {
  const tracker = createIssueTracker({ store: await openSqliteStore({ filename: ":memory:" }) });
  await tracker.projects.save({ id: "shop" });
  const { issue } = await tracker.digest({ projectId: "shop", type: "E" });
  await tracker.close();
  if (issue.friendlyId !== "SHOP-1") throw new Error(`SHOP-1, not ${issue.friendlyId}`);
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
