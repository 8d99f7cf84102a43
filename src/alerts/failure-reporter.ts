import { formatInstant } from "../core/instant.ts";
import { pluralize } from "../core/text.ts";
import { PROCESS_ENDED } from "./claim.ts";
import { DeliveryError, describeError } from "./delivery-error.ts";
import type { DeliveryReport } from "../ports/delivery-report.ts";

/** Where an alert is after its last attempt failed. */
export type DeadAlertPlace = "in the outbox" | "lost";

/**
 * Passes reports on, and tells `onError` of failures: the first failed delivery after one that succeeded, and each dead alert,
 * so that a failing sink is noticed also where nobody looks at the reports.
 *
 * @param onError - receives a {@link DeliveryError} with the sink's error as its cause
 */
export function reportingFailures(
  report: (report: DeliveryReport) => void,
  onError: (error: unknown) => void,
  place: DeadAlertPlace,
): (report: DeliveryReport) => void {
  let isFailing = false;
  return (each) => {
    report(each);
    switch (each.kind) {
      case "delivered":
        isFailing = false;
        return;
      case "failed":
        if (!isFailing) onError(failureOf(each));
        isFailing = true;
        return;
      case "dead":
        isFailing ||= each.error !== PROCESS_ENDED;
        onError(deathOf(each, place));
        return;
      case "throttled":
      case "discarded":
      case "lease-lost":
      case "link-failed":
    }
  };
}

type ReportOf<Kind extends DeliveryReport["kind"]> = Extract<DeliveryReport, { readonly kind: Kind }>;

function failureOf({ alert, attempt, error, retryAt }: ReportOf<"failed">): DeliveryError {
  const message =
    `${nameOf(alert)} was not delivered at attempt ${String(attempt)} (${describeError(error)}). ` +
    `It is tried again at ${formatInstant(retryAt)}. The next failure is reported after a delivery has succeeded.`;
  return new DeliveryError(message, { cause: error });
}

function deathOf({ alert, attempt, error }: ReportOf<"dead">, place: DeadAlertPlace): DeliveryError {
  const follows =
    place === "lost" ? "It is lost." : "It is dead: it stays in the outbox, and alerts.redrive() delivers it again.";
  const message = `${nameOf(alert)} was not delivered after ${pluralize(attempt, "attempt")} (${describeError(error)}). ${follows}`;
  return new DeliveryError(message, { cause: error });
}

function nameOf({ id, subject, project, earlier }: DeliveryReport["alert"]): string {
  const others = earlier.length === 0 ? "" : ` and ${pluralize(earlier.length, "earlier alert")} of its issue`;
  return `Alert ${id} of project "${project.id}", ${subject},${others === "" ? "" : `${others},`}`;
}
