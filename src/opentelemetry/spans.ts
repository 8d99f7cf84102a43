import { context, SpanStatusCode, trace, type Attributes, type Tracer } from "@opentelemetry/api";
import type { EndedOperation, Operation, TrackerHooks } from "../ports/tracker-hooks.ts";
import { attributesOf, endAttributesOf, PROJECT_ID } from "./attributes.ts";

/** A hook that makes a span of each operation, in whose context the operation runs. */
export function spanHook(tracer: Tracer): NonNullable<TrackerHooks["around"]> {
  return (operation, run) => {
    // What is delivered in the background belongs to no trace in particular.
    const root = operation.name === "alerts.deliver";
    const attributes = { ...attributesOf(operation), ...subjectOf(operation) };
    const span = tracer.startSpan(`issue_lifecycle ${operation.name}`, { root, attributes });
    context.with(trace.setSpan(context.active(), span), run);
    return (ended) => {
      span.setAttributes({ ...endAttributesOf(ended), ...eventsOf(ended) });
      if (ended.outcome === "failed") span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    };
  };
}

function subjectOf({ issueId, projectId }: Operation): Attributes {
  return {
    ...(issueId !== null && { "issue_lifecycle.issue.id": issueId }),
    ...(projectId !== null && { [PROJECT_ID]: projectId }),
  };
}

/** How many events a digest had, and their project if it is one. */
function eventsOf(ended: EndedOperation): Attributes {
  if (ended.outcome === "failed" || ended.events.length === 0) return {};
  const [only, another] = ended.events;
  const counts = ended.events.map(
    ({ digested, duplicate, refused, discarded }) => digested + duplicate + refused + discarded,
  );
  return {
    "issue_lifecycle.event.count": counts.reduce((sum, each) => sum + each, 0),
    ...(only !== undefined && another === undefined && { [PROJECT_ID]: only.projectId }),
  };
}
