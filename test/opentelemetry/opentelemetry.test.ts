import { context, ROOT_CONTEXT, SpanStatusCode, trace, type Attributes } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  AggregationTemporality,
  DataPointType,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  createIssueTracker,
  createMemoryStore,
  IssueLifecycleError,
  type DigestOutcome,
  type IssueStore,
  type IssueTracker,
  type IssueTrackerOptions,
} from "../../src/index.ts";
import { openTelemetryHooks, type OpenTelemetryOptions } from "../../src/opentelemetry/index.ts";
import { rounds } from "../support/effort.ts";
import { failureOf } from "../support/scenario.ts";

/** OpenTelemetry's SDK in memory, with a tracker that it observes. */
class Observed {
  readonly #spans = new InMemorySpanExporter();
  readonly #metrics = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  readonly #reader = new PeriodicExportingMetricReader({ exporter: this.#metrics, exportIntervalMillis: 2 ** 31 - 1 });
  readonly tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(this.#spans)] });
  readonly meterProvider = new MeterProvider({ readers: [this.#reader] });
  readonly tracker: IssueTracker;

  private constructor(store: IssueStore, options: OpenTelemetryOptions, others: Partial<IssueTrackerOptions>) {
    const { tracerProvider, meterProvider } = this;
    const hooks = openTelemetryHooks({ tracerProvider, meterProvider, ...options });
    this.tracker = createIssueTracker({ store, hooks, onError: () => undefined, ...others });
  }

  static async begin(
    options: OpenTelemetryOptions = {},
    others: Partial<IssueTrackerOptions> = {},
    makeStore: (of: () => Observed) => IssueStore = createMemoryStore,
  ): Promise<Observed> {
    const observed: Observed = new Observed(
      makeStore(() => observed),
      options,
      others,
    );
    for (const id of ["shop", "blog"]) await observed.tracker.projects.save({ id });
    observed.#spans.reset();
    return observed;
  }

  spans() {
    return this.#spans.getFinishedSpans();
  }

  /** The points of a metric: a number for each set of attributes, for a histogram how many values there were and their sum. */
  async metric(name: string): Promise<readonly { attributes: Attributes; value: number; sum: number | undefined }[]> {
    this.#metrics.reset();
    await this.#reader.forceFlush();
    const metrics = this.#metrics.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics);
    for (const { scope, metrics: of } of metrics) {
      expect(scope.name).toBe("issue-lifecycle");
      const found = of.find(({ descriptor }) => descriptor.name === name);
      if (found?.dataPointType === DataPointType.SUM) {
        return found.dataPoints.map(({ attributes, value }) => ({ attributes, value, sum: undefined }));
      }
      if (found?.dataPointType === DataPointType.HISTOGRAM) {
        return found.dataPoints.map(({ attributes, value }) => ({ attributes, value: value.count, sum: value.sum }));
      }
    }
    return [];
  }

  /** The numbers of a metric by the values of their attributes. */
  async numbers(name: string): Promise<Readonly<Record<string, number>>> {
    const points = await this.metric(name);
    return Object.fromEntries(
      points.map(({ attributes, value }) => [
        Object.keys(attributes)
          .sort()
          .map((key) => String(attributes[key]))
          .join(" "),
        value,
      ]),
    );
  }

  async end(): Promise<void> {
    await this.tracker.close();
    await this.meterProvider.shutdown();
    await this.tracerProvider.shutdown();
  }
}

/** Counts values by a name. */
function tally(names: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function nameOf(outcome: DigestOutcome): string {
  return outcome.kind === "digested" && outcome.discarded ? "discarded" : outcome.kind;
}

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});
afterAll(() => {
  context.disable();
});

const event = fc.record({
  projectId: fc.constantFrom("shop", "blog"),
  type: fc.constantFrom("A", "B"),
  id: fc.constantFrom("1", "2", "3", "4", "5", "6"),
});
const step = fc.oneof(
  fc.array(event, { minLength: 1, maxLength: 4 }),
  fc.constantFrom("resolve" as const, "reopen" as const, "mute" as const, "discard" as const, "undiscard" as const),
);

describe("the metrics", () => {
  test("are what a naive count finds", { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 15 }), fc.boolean(), async (steps, projectId) => {
        const observed = await Observed.begin({ projectId });
        const { tracker } = observed;
        const events: string[] = [];
        const operations = ["projects.save", "projects.save"];
        for (const each of steps) {
          if (Array.isArray(each)) {
            const outcomes = await tracker.digest(each);
            const of = (index: number): string => (projectId ? ` ${String(each[index]?.projectId)}` : "");
            events.push(...outcomes.map((outcome, index) => nameOf(outcome) + of(index)));
            operations.push("digest");
          } else {
            const error = await tracker.issues[each]("SHOP-1").then(
              () => undefined,
              (failure: unknown) => failure,
            );
            const code = IssueLifecycleError.is(error) ? `${error.code} ` : "";
            operations.push(`${code}issues.${each}`);
          }
        }
        const turns: string[] = [];
        for (const id of ["shop", "blog"]) {
          for (const issue of (await tracker.issues.list({ projectId: id })).items) {
            const { items } = await tracker.issues.history(issue.id);
            turns.push(...items.map(({ turn }) => (projectId ? `${id} ${turn.kind}` : turn.kind)));
          }
        }
        expect(await observed.numbers("issue_lifecycle.events")).toEqual(tally(events));
        expect(await observed.numbers("issue_lifecycle.transitions")).toEqual(tally(turns));
        expect(await observed.numbers("issue_lifecycle.operation.duration")).toEqual(tally(operations));
        await observed.end();
      }),
      { numRuns: rounds({ quick: 15, full: 200 }) },
    );
  });

  test("are durations in seconds, with the type of an error", async () => {
    const observed = await Observed.begin();
    const begun = performance.now();
    await observed.tracker.digest({ projectId: "shop", type: "A" });
    await failureOf(observed.tracker.digest({ projectId: "none", type: "A" }));
    const tookS = (performance.now() - begun) / 1_000;
    const durations = await observed.metric("issue_lifecycle.operation.duration");
    const digests = durations.filter(({ attributes }) => attributes["issue_lifecycle.operation.name"] === "digest");
    expect(digests.map(({ attributes, value }) => [attributes["error.type"], value])).toEqual([
      [undefined, 1],
      ["unknown-project", 1],
    ]);
    for (const { sum } of digests) expect(sum).toBeGreaterThan(0);
    expect(digests.reduce((all, { sum = 0 }) => all + sum, 0)).toBeLessThanOrEqual(tookS);
    await observed.end();
  });

  test("count deliveries of alerts by what became of them", async () => {
    let isDown = false;
    const alertSink = (): void => {
      if (isDown) throw new RangeError("down");
    };
    const observed = await Observed.begin({}, { alertSink });
    await observed.tracker.digest({ projectId: "shop", type: "A" });
    await observed.tracker.settled();
    isDown = true;
    await observed.tracker.digest({ projectId: "shop", type: "B" });
    await observed.tracker.settled();
    expect(await observed.numbers("issue_lifecycle.notifications")).toEqual({ delivered: 1, failed: 1 });
    expect(await observed.numbers("issue_lifecycle.operation.duration")).toMatchObject({
      "alerts.deliver": 1,
      "RangeError alerts.deliver": 1,
    });
    await observed.end();
  });

  test("have no name of an issue, a user or a person, and no project unless it is asked for", async () => {
    const observed = await Observed.begin({}, { alertSink: () => undefined });
    await observed.tracker.digest({ projectId: "shop", id: "secret", type: "secret", userId: "secret" });
    await observed.tracker.issues.resolve("SHOP-1", { by: "secret", comment: "secret" });
    await failureOf(observed.tracker.actors.erase(""));
    await observed.tracker.actors.erase("secret");
    await observed.tracker.settled();
    const names = ["events", "transitions", "notifications", "operation.duration"];
    const points = await Promise.all(names.map((name) => observed.metric(`issue_lifecycle.${name}`)));
    expect(JSON.stringify(points)).not.toMatch(/secret|shop/iu);
    expect(
      JSON.stringify(observed.spans().map(({ attributes, status, events }) => [attributes, status, events])),
    ).not.toMatch(/secret/iu);
    await observed.end();
  });
});

describe("the spans", () => {
  test("are children of what is active, and parents of what the operation does", async () => {
    const makeStore = (of: () => Observed): IssueStore => {
      const store = createMemoryStore();
      return {
        ...store,
        transaction: (work) =>
          of()
            .tracerProvider.getTracer("database")
            .startActiveSpan("query", async (span) => {
              try {
                return await store.transaction(work);
              } finally {
                span.end();
              }
            }),
      };
    };
    const observed = await Observed.begin({}, { gatherDigests: false }, makeStore);
    const host = observed.tracerProvider.getTracer("host");
    await host.startActiveSpan("request", async (span) => {
      await observed.tracker.digest({ projectId: "shop", type: "A" });
      await observed.tracker.issues.resolve("SHOP-1");
      span.end();
    });
    const spans = observed.spans();
    const parentOf = (name: string, index = 0): string | undefined => {
      const span = spans.filter((each) => each.name === name)[index];
      return spans.find((each) => each.spanContext().spanId === span?.parentSpanContext?.spanId)?.name;
    };
    expect(parentOf("issue_lifecycle digest")).toBe("request");
    expect(parentOf("issue_lifecycle issues.resolve")).toBe("request");
    expect(parentOf("query", 0)).toBe("issue_lifecycle digest");
    expect(parentOf("query", 1)).toBe("issue_lifecycle issues.resolve");
    expect(parentOf("request")).toBeUndefined();
    await observed.end();
  });

  test("say what was done, and have ended when the caller goes on", async () => {
    const observed = await Observed.begin();
    await observed.tracker.digest([
      { projectId: "shop", id: "1", type: "A" },
      { projectId: "shop", id: "1", type: "A" },
    ]);
    expect(observed.spans().map(({ name, attributes, status }) => ({ name, attributes, status: status.code }))).toEqual(
      [
        {
          name: "issue_lifecycle digest",
          attributes: {
            "issue_lifecycle.operation.name": "digest",
            "issue_lifecycle.event.count": 2,
            "issue_lifecycle.project.id": "shop",
          },
          status: SpanStatusCode.UNSET,
        },
      ],
    );
    await observed.end();
  });

  test("have the status of an error with its type when the operation failed, and no message", async () => {
    const observed = await Observed.begin();
    await failureOf(observed.tracker.issues.unmute("SHOP-7", { by: "ann" }));
    const [span] = observed.spans();
    expect(span?.status).toEqual({ code: SpanStatusCode.ERROR });
    expect(span?.attributes).toMatchObject({ "error.type": "unknown-issue", "issue_lifecycle.issue.id": "SHOP-7" });
    await observed.end();
  });

  test("of calls of the sink are roots of their own, in which the sink runs", async () => {
    const inSink: (string | undefined)[] = [];
    const alertSink = (): void => {
      inSink.push(trace.getSpan(context.active())?.spanContext().spanId);
    };
    const observed = await Observed.begin({}, { alertSink });
    await observed.tracerProvider.getTracer("host").startActiveSpan("request", async (span) => {
      await observed.tracker.digest({ projectId: "shop", type: "A" });
      await observed.tracker.settled();
      span.end();
    });
    const delivery = observed.spans().find(({ name }) => name === "issue_lifecycle alerts.deliver");
    expect(delivery?.parentSpanContext).toBeUndefined();
    expect(inSink).toEqual([delivery?.spanContext().spanId]);
    expect(trace.getSpan(ROOT_CONTEXT)).toBeUndefined();
    await observed.end();
  });
});

describe("the options", () => {
  test("default to the global providers, which do nothing unless the host registers its own", async () => {
    const tracker = createIssueTracker({ store: createMemoryStore(), hooks: openTelemetryHooks() });
    await tracker.projects.save({ id: "shop" });
    expect(await tracker.digest({ projectId: "shop", type: "A" })).toMatchObject({ created: true });
    await tracker.close();
  });

  test.each([
    ["options.meterProvider", { meterProvider: {} }],
    ["options.tracerProvider", { tracerProvider: "global" }],
    ["options.projectId", { projectId: "shop" }],
    ["options", { projectID: true }],
  ])("that are none are refused, naming %s", (field, options) => {
    const create = (): unknown => Reflect.apply(openTelemetryHooks, undefined, [options]);
    expect(create).toThrow(expect.objectContaining({ code: "invalid-input", field }));
  });
});
