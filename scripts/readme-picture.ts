import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { volumeCondition } from "../src/index.ts";
import { timeline } from "../src/testing/index.ts";

/*
 * Draws the picture of the README, a muted issue that becomes frequent, by the library itself: node scripts/readme-picture.ts. A
 * test compares the two.
 */

/** The picture's file, from the project's folder. */
export const README_PICTURE = "docs/images/muted-issue.svg";

/** How many events the issue has on each day. */
const PER_DAY = [12, 31, 24, 47, 38, 22, 58, 29, 168, 71, 34, 26, 41, 18];
const FIRST_DAY = 2;

/** Two weeks of an issue that is muted until there are 100 events in a day, and muted again after that day. */
export async function readmePicture(): Promise<string> {
  const mute = { conditions: [volumeCondition(100, "day")], by: "ann", comment: "the provider retries" } as const;
  const steps = timeline({ startsAt: "2026-11-02" }).at("08:00").event({ type: "TimeoutError" }).mute(mute);
  for (const [index, perDay] of PER_DAY.entries()) {
    const date = `2026-11-${String(FIRST_DAY + index).padStart(2, "0")}`;
    if (perDay < 100) {
      steps
        .at(`${date} 08:30`)
        .times(perDay, { every: Math.floor(50_400_000 / perDay) })
        .expectMuted();
    } else {
      steps.at(`${date} 09:00`).times(perDay, { every: "5m" }).expectOpen();
      steps.after("9h").mute(mute);
    }
  }
  const played = await steps.expectAlerts("new-issue", "unmute").run();
  return played.toSvg();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const file = fileURLToPath(new URL(`../${README_PICTURE}`, import.meta.url));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, await readmePicture());
}
