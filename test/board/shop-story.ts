import type { JsonValue } from "../../src/core/index.ts";
import { volumeCondition, type EventLevel } from "../../src/index.ts";
import { HOUR, MINUTE, type Scenario } from "../support/scenario.ts";

/** What goes wrong in the shop, and about how often a day. */
interface Fault {
  readonly type: string;
  readonly value: string;
  readonly transaction: string;
  readonly level: EventLevel;
  readonly perDay: (day: number) => number;
}

/** The days of the story; day 0 is the last. */
const DAYS = 41;

const FAULTS: readonly Fault[] = [
  {
    type: "PaymentDeclined",
    value: "The card was declined by the issuer",
    transaction: "worker.charge",
    level: "warning",
    perDay: (day) => 28 + ((day * 7) % 23) + (day === 12 ? 130 : day === 5 ? 90 : 0),
  },
  {
    type: "TypeError",
    value: "Cannot read properties of undefined (reading 'total')",
    transaction: "POST /checkout",
    level: "error",
    perDay: (day) => (day > 18 ? 6 : day < 2 ? 40 : 0),
  },
  {
    type: "RangeError",
    value: "Invalid time value",
    transaction: "GET /reports/<id>",
    level: "error",
    perDay: (day) => day % 3,
  },
  {
    type: "SyntaxError",
    value: `Unexpected token '<', "<!DOCTYPE "... is not valid JSON`,
    transaction: "fetchPrices",
    level: "error",
    perDay: (day) => (day * 5) % 4,
  },
  {
    type: "TimeoutError",
    value: "Query read timeout after 5000 ms",
    transaction: "GET /orders",
    level: "error",
    perDay: (day) => (day === 0 ? 220 : 0),
  },
  {
    type: "ECONNREFUSED",
    value: "connect ECONNREFUSED <address>",
    transaction: "worker.mail",
    level: "fatal",
    perDay: (day) => (day === 0 ? 37 : 0),
  },
];

function releaseOf(day: number): string {
  if (day > 30) return "2.1.4";
  if (day > 22) return "2.2.1";
  if (day > 6) return "2.3.0";
  return day > 1 ? "2.4.0" : "2.4.1";
}

/** Plays six weeks of a shop with its faults, what Ann and Ben did about them, and alerts that were not delivered. */
export async function playShop({ tracker, clock }: Scenario): Promise<void> {
  await tracker.projects.save({ id: "shop", watch: { conditions: [volumeCondition(100, "hour")] } });
  for (let day = DAYS; day >= 0; day--) {
    for (let hour = 0; hour < 24; hour++) {
      const events = FAULTS.flatMap((fault) => eventsOf(fault, day, hour, clock.now()));
      if (events.length > 0) await tracker.digest(events);
      clock.advanceBy(day === 0 && hour === 23 ? 14 * MINUTE : HOUR);
    }
    if (day === 20 || day === 4) {
      const comment = "Known: the provider retries on its own. Wake me if it gets worse.";
      await tracker.issues.mute("SHOP-1", { conditions: [volumeCondition(100, "day")], by: "ann", comment });
    }
    if (day === 19)
      await tracker.issues.resolve("SHOP-2", { in: "next-release", by: "ben", comment: "Carts are checked." });
    if (day === 10) await tracker.issues.resolve("SHOP-4", { by: "ben" });
  }
  await tracker.settled();
}

/** The events of an hour, of which most come in the afternoon. */
function eventsOf({ perDay, ...fault }: Fault, day: number, hour: number, now: number) {
  const share = hour < 6 ? 0 : hour < 12 ? 1 : 2;
  const count = Math.round((perDay(day) * share) / 30 + ((day + hour) % 5 === 0 ? 0.4 : 0) * Math.sign(perDay(day)));
  const release = releaseOf(day);
  return Array.from({ length: count }, (_, index) => ({
    projectId: "shop",
    ...fault,
    release,
    environment: "production",
    userId: `user ${String((day * 31 + hour * 7 + index) % 188)}`,
    data: dataOf(fault),
    receivedAt: Math.max(0, now - index * 1_000),
  }));
}

function dataOf({ type, value }: Pick<Fault, "type" | "value">): JsonValue {
  const frames = [
    {
      function: "processTicksAndRejections",
      filename: "node:internal/process/task_queues",
      lineno: 105,
      colno: 5,
      in_app: false,
    },
    {
      function: "settle",
      filename: "src/orders/settle.ts",
      lineno: 41,
      colno: 9,
      in_app: true,
      pre_context: ["  const payment = await paymentOf(order);", "  if (payment === null) return;"],
      context_line: "  await charge(payment);",
      post_context: ["  order.settled = true;", "}"],
    },
    {
      function: "charge",
      filename: "src/payments/charge.ts",
      lineno: 88,
      colno: 11,
      in_app: true,
      pre_context: ["  const answer = await provider.charge(payment);", "  if (answer.ok) return answer.id;"],
      context_line: "  throw new PaymentDeclined(answer.reason);",
      post_context: ["}"],
    },
  ];
  return {
    exception: { values: [{ type, value, stacktrace: { frames } }] },
    contexts: { runtime: { name: "node", version: "v24.21.0" } },
    tags: { region: "eu-1" },
  };
}
