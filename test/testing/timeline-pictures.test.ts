import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bucketOf, bucketStart } from "../../src/core/calendar.ts";
import { volumeCondition } from "../../src/index.ts";
import { timeline } from "../../src/testing/index.ts";
import { countChanges } from "../../src/testing/timeline/counts.ts";
import { curvesOf } from "../../src/testing/timeline/curve.ts";
import { condition } from "../support/arbitraries.ts";
import { rounds } from "../support/effort.ts";
import { NaiveCounter } from "../support/naive-counter.ts";
import { Picture } from "../support/picture.ts";
import { DAY, HOUR, MINUTE } from "../support/scenario.ts";

/** Four events on a day, none for five days, then six events on a day: 5 of them end the mute. */
const fiveADay = () =>
  timeline({ startsAt: "2026-01-05" })
    .event()
    .mute({ conditions: [volumeCondition(5, "day")] })
    .times(3, { every: "1h" })
    .at("2026-01-10 00:00")
    .times(6, { every: "1h" })
    .at("2026-01-15 00:00")
    .event();

describe("the picture of a timeline", () => {
  test("shows that a window empties at the end of its bucket, not at the next event", async () => {
    const picture = new Picture((await fiveADay().run()).toSvg());
    const days = [0.5, 1.5, 4.9, 5.9, 6.1].map((day) => picture.heightAt(day / 10));
    const [zero = 0, four = 0] = [days[1], days[0]];
    expect(days.map((y) => Math.round((4 * (zero - y)) / (zero - four)))).toEqual([4, 0, 0, 6, 0]);
    expect(four).toBeLessThan(zero);
  });

  test("counts at any time what the timeline counted, between the steps too", async () => {
    const step = fc.oneof(
      fc.integer({ min: 0, max: 5 * MINUTE }),
      fc.integer({ min: 0, max: 20 * HOUR }),
      fc.integer({ min: 0, max: 90 * DAY }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 12 }),
        fc.array(step, { minLength: 1, maxLength: 12 }),
        condition,
        fc.boolean(),
        async (before, after, window, sinceMute) => {
          const muteCondition = { ...window, volume: 1_000 };
          const steps = timeline().event();
          for (const each of before) steps.after(each).event();
          steps.mute({ conditions: [muteCondition], sinceMute });
          for (const each of after) steps.after(each).event();
          const { entries } = await steps.run();
          const changes = [...countChanges(entries, { issue: "SHOP-1", condition: muteCondition, sinceMute })];
          const mutedAt = before.length + 1;
          for (const probe of probesOf(entries, window.period)) {
            const counter = new NaiveCounter();
            for (const { at, outcome } of entries) if (outcome !== null && at <= probe) counter.inc(at);
            const isMuted = probe >= (entries[mutedAt]?.at ?? 0);
            const since = isMuted ? counter.total - mutedAt : null;
            const count = counter.count(window, probe);
            expect(changes.findLast(({ at }) => at <= probe)?.count ?? null).toBe(
              sinceMute ? since && Math.min(count, since) : count,
            );
          }
        },
      ),
      { numRuns: rounds({ quick: 15, full: 1_000 }) },
    );
  });

  test("marks unmutes, those by a person with an empty sign, and the time in which the issue was muted", async () => {
    const played = await fiveADay()
      .mute({ conditions: [volumeCondition(5, "day")] })
      .after("2d")
      .unmute({ by: "ann" })
      .run();
    const picture = new Picture(played.toSvg());
    const [unmute, sign] = picture.shapes("loud");
    expect(unmute?.textContent).toBe(
      "Unmuted at 2026-01-10 05:00 UTC: There were 5 events or more in one calendar day.",
    );
    expect(sign?.textContent).toBe("unmuted");
    expect(picture.shapes("quiet").map(({ textContent }) => textContent)).toEqual([
      "Unmuted at 2026-01-17 00:00 UTC: The mute was ended by a person.",
      "unmuted by a person", // the sign
    ]);
    expect(picture.shapes("muted")).toHaveLength(3); // two mutes, and the sign
    const signs = ["events", "threshold", "muted", "unmuted"];
    expect(picture.texts().slice(-6)).toEqual([...signs, "unmuted by a person", "UTC"]);
    const without = new Picture((await fiveADay().run()).toSvg());
    expect(without.texts().slice(-5)).toEqual([...signs, "UTC"]);
    expect(picture.shapes("above")[0]?.getAttribute("d")).toMatch(/^M/u);
  });

  test("has its whole title, and an axis with more than the threshold", async () => {
    const played = await timeline()
      .event()
      .mute({ conditions: [volumeCondition(1_500, "week", 8), volumeCondition(40, "hour", 24)], sinceMute: true })
      .times(3, { every: "1d" })
      .run();
    const picture = new Picture(played.toSvg());
    expect(picture.texts("title").join(" ")).toBe(
      "SHOP-1: muted until 1500 events or more in the current week and the 7 before it, counted from the mute " +
        "SHOP-1: muted until 40 events or more in the current hour and the 23 before it, counted from the mute",
    );
    expect(picture.textsCutOff()).toEqual([]);
    expect(picture.texts("strong")).toEqual(["1,500", "40"]);
    expect(picture.texts()).toEqual(expect.arrayContaining(["0", "500", "1,000", "10", "20", "30", "5 Jan 2026"]));
    expect(picture.description).toContain("SHOP-1: muted until 40 events or more");
  });

  test("is light by default and dark where that is preferred, and can stand in a page beside others", async () => {
    const svg = (await fiveADay().run()).toSvg();
    const picture = new Picture(svg);
    expect(picture.style).toMatch(/\.page\{fill:#fff;.*@media\(prefers-color-scheme:dark\)\{.*\.page\{fill:#1d1f23/u);
    const selectors = picture.style.replaceAll(/\{[^{}]*\}|@media[^{]*\{|\}$/gu, ",").split(/[,}]+/u);
    expect(selectors.filter((each) => each !== "" && !each.startsWith(".ilp "))).toEqual([]);
    expect(svg).not.toMatch(/ id="/u);
    expect(picture.attribute("role")).toBe("img");
    expect(picture.name).toBe("Counts of SHOP-1 against the conditions of its mutes");
  });

  test("has a bounded size", async () => {
    const played = await timeline()
      .event()
      .mute({ conditions: [volumeCondition(100_000, "minute", 30)] })
      .times(20_000, { every: "17s" })
      .run();
    const svg = played.toSvg();
    expect(svg.length).toBeLessThan(60_000);
    expect(new Picture(svg).shapes("line")).toHaveLength(2);
    expect(played.toMermaid().length).toBeLessThan(2_000);
  });

  test("shows a timeline that takes no time, and one without a mute", async () => {
    const instant = new Picture(
      (
        await timeline()
          .event()
          .mute({ conditions: [volumeCondition(5, "hour")] })
          .run()
      ).toSvg(),
    );
    expect(instant.shapes("dot")).toHaveLength(1);
    expect(instant.textsCutOff()).toEqual([]);
    const quiet = await timeline().event().mute().run();
    expect([quiet.toMermaid(), new Picture(quiet.toSvg()).texts()]).toEqual([
      "",
      ["No mute with conditions, and no watch."],
    ]);
  });
});

/** A day of a project with a watch, of which a spike and a mute until a number of users are no counts against one threshold. */
const loudDay = () =>
  timeline({ startsAt: "2026-11-23" })
    .project({ watch: { conditions: [volumeCondition(20, "hour"), { kind: "spike" }] } })
    .event({ userId: "u1" })
    .times(8, { every: "1h" })
    .times(25, { every: "1m" })
    .mute({ conditions: [{ kind: "users", users: 3 }, { kind: "louder" }], by: "ann" })
    .after("4h")
    .event({ userId: "u1", count: 10 })
    .event({ userId: "u2" })
    .after("2h")
    .event({ userId: "u3" })
    .after("1h")
    .event();

describe("the picture of a timeline with a watch, or with conditions of other kinds", () => {
  test("has a chart for each volume condition, a line of time for each other one, and signs of their own for loud alerts", async () => {
    const picture = new Picture((await loudDay().run()).toSvg());
    expect(picture.name).toBe("Counts of SHOP-1 against the conditions of its mutes and its watch");
    expect(picture.texts("title").join(" ")).toBe(
      "SHOP-1: watched for 20 events or more in the current hour " +
        "SHOP-1: watched for more than 10 events in the current hour, and more than 3 times as many as in the busiest hour of the week before " +
        "SHOP-1: muted until 3 users or more since the mute " +
        "SHOP-1: muted until more than 50 events in the current day, and more than 10 times as many as on a usual day",
    );
    expect(picture.shapes("alert").map(({ textContent }) => textContent)).toEqual([
      "Loud at 2026-11-23 08:19 UTC: There were 20 events or more in one calendar hour.",
      "Loud at 2026-11-23 08:10 UTC: There were 11 events in one hour: more than 10, and more than 3 times the 1 of the busiest hour of the week before.",
      "loud", // the sign
    ]);
    const unmuted = "Unmuted at 2026-11-23 14:25 UTC: It occurred for 3 users or more since the mute.";
    expect(picture.shapes("loud").map(({ textContent }) => textContent)).toEqual([unmuted, unmuted, "unmuted"]);
    expect(picture.shapes("muted")).toHaveLength(5); // in each part, and the sign
    expect(picture.texts().slice(-6)).toEqual(["events", "threshold", "muted", "unmuted", "loud", "UTC"]);
    expect(picture.textsCutOff()).toEqual([]);
    expect(picture.description).toContain("1 of the busiest hour of the week before. SHOP-1: muted until 3 users");
  });

  test("counts an event as often as it stands for, and one of another environment in the total only", async () => {
    const played = await timeline()
      .project({ stateEnvironments: ["production"] })
      .event({ environment: "production" })
      .mute({ conditions: [volumeCondition(20, "day"), volumeCondition(40, "total")] })
      .after("1h")
      .event({ environment: "production", count: 9 })
      .after("1h")
      .event({ environment: "staging", count: 15 })
      .run();
    const [ofDay, inTotal] = [volumeCondition(20, "day"), volumeCondition(40, "total")].map((condition) =>
      [...countChanges(played.entries, { issue: "SHOP-1", condition, sinceMute: false })].at(-1),
    );
    expect([ofDay?.count, inTotal?.count]).toEqual([10, 25]);
    expect(played.entries.at(-1)?.progress.map(({ count }) => count)).toEqual([10, 25]);
  });

  test("has no muted signs, and no chart, where there are none", async () => {
    const played = await timeline()
      .event()
      .watch({ conditions: [{ kind: "spike" }] })
      .run();
    const picture = new Picture(played.toSvg());
    expect(picture.name).toBe("Counts of SHOP-1 against the conditions of its watch");
    expect(picture.texts().slice(-2)).toEqual(["loud", "UTC"]);
    expect([picture.shapes("line"), picture.shapes("muted"), played.toMermaid()]).toEqual([[], [], ""]);
  });

  test("keeps the mutes of one condition in one part, although each finds out anew what is usual", async () => {
    const louder = { conditions: [{ kind: "louder" as const, floor: 5 }] };
    const played = await timeline().event().after("1d").mute(louder).times(60).after("1d").mute(louder).run();
    expect(new Picture(played.toSvg()).texts("title").join(" ")).toBe(
      "SHOP-1: muted until more than 5 events in the current day, and more than 10 times as many as on a usual day",
    );
  });
});

describe("the Mermaid chart of a timeline", () => {
  test("has the count at the end of each bucket, and another colour where the mute ended", async () => {
    expect((await fiveADay().run()).toMermaid()).toBe(
      [
        "xychart-beta",
        '  title "SHOP-1: until 5 events or more in the current day (other colour: unmuted)"',
        '  x-axis "2026-01-05 00:00 UTC to 2026-01-15 00:00 UTC, by day" 1 --> 11',
        '  y-axis "events" 0 --> 6',
        "  bar [4, 0, 0, 0, 0, 6, 0, 0, 0, 0, 1]",
        "  bar [0, 0, 0, 0, 0, 6, 0, 0, 0, 0, 0]",
        "  line [5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5]",
      ].join("\n"),
    );
  });

  test("counts the events of merged issues in their target, and in each as long as it is on its own or merged", async () => {
    const day = { conditions: [volumeCondition(9, "day")] };
    const played = await timeline({ startsAt: "2026-01-05" })
      .event({ type: "A" })
      .event({ type: "B", count: 3 })
      .mute(day)
      .merge("B", { into: "A" })
      .mute({ ...day, sinceMute: true })
      .event({ type: "B", count: 2 })
      .after("1d")
      .event({ type: "A" })
      .event({ type: "B", count: 4 })
      .unmerge("B")
      .event({ type: "B" })
      .event({ type: "A" })
      .run();
    const curves = curvesOf(played.entries);
    expect(curves.map(({ of, mutes }) => [of.issue, of.sinceMute, mutes.length])).toEqual([
      ["SHOP-2", false, 1],
      ["SHOP-1", true, 1],
      ["SHOP-2", true, 1],
    ]);
    const lastCounts = curves.map(({ of: { issue, sinceMute } }) => {
      const counted = { issue, condition: volumeCondition(9, "day"), sinceMute };
      return [...countChanges(played.entries, counted)].map(({ count }) => count);
    });
    expect(lastCounts.map((counts) => Math.max(...counts.map((count) => count ?? 0)))).toEqual([5, 5, 1]);
    expect(lastCounts.map((counts) => counts.at(-1))).toEqual([5, 1, 1]);
    // The mute of the member ends with the merge.
    expect(curves[0]?.mutes[0]?.to).toBe(played.entries[0]?.at);
  });

  test("is one of a watch, with another colour where it was loud", async () => {
    const chart = (await loudDay().run()).toMermaid();
    expect(chart).toContain('title "SHOP-1: watched for 20 events or more in the current hour (other colour: loud)"');
    expect(chart.split("\n\n")).toHaveLength(1);
  });

  test("is wide enough for its title, and has one number below its only bar", async () => {
    const mute = { conditions: [volumeCondition(20, "hour", 3)], sinceMute: true };
    const played = await timeline().event().mute(mute).times(20).run();
    const [begin, config, chart, width, end, kind, title, axis] = played.toMermaid().split("\n");
    expect([begin, config, chart, end, kind]).toEqual(["---", "config:", "  xyChart:", "---", "xychart-beta"]);
    // Mermaid draws titles in letters of 20 pixels, which are nine pixels wide on average.
    const words = /title "(.*)"/u.exec(title ?? "")?.[1] ?? "";
    expect(words).toMatch(/^SHOP-1: until 20 events .*counted from the mute \(other colour: unmuted\)$/u);
    expect(Number(/width: (\d+)/u.exec(width ?? "")?.[1])).toBeGreaterThanOrEqual(words.length * 9);
    expect(axis).toContain('by hour" [1]');
  });

  test("has the highest count of several buckets where there are too many, and keeps a total", async () => {
    const played = await timeline({ startsAt: "2026-01-05" })
      .event()
      .mute({ conditions: [volumeCondition(9, "minute", 2), volumeCondition(5, "total")], sinceMute: true })
      .after("30m")
      .times(2)
      .after("91m")
      .times(1)
      .run();
    const [minutes, total] = played.toMermaid().split("\n\n");
    expect(minutes).toContain("by 3 minutes");
    expect(
      /bar \[(.*)\]/u
        .exec(minutes ?? "")?.[1]
        ?.split(", ")
        .map(Number),
    ).toEqual(Array.from({ length: 41 }, (_, bar) => ({ 10: 2, 40: 1 })[bar] ?? 0));
    expect(total).toContain("by hour");
    expect(total).toContain("bar [2, 2, 3]");
  });
});

/** The entries' times, and the instants around the ends of buckets that follow them soon. */
function probesOf(
  entries: readonly { readonly at: number }[],
  period: Parameters<typeof volumeCondition>[1],
): number[] {
  const last = entries.at(-1)?.at ?? 0;
  const ends = entries.flatMap(({ at }) =>
    period === "total" ? [] : [1, 2, 3, 12, 60].map((each) => bucketStart(period, bucketOf(period, at) + each)),
  );
  return [...entries.map(({ at }) => at), ...ends.flatMap((end) => [end - 1, end])].filter((at) => at <= last);
}
