import { PermanentDeliveryError, type AlertSink } from "../../src/index.ts";

/** A sink that takes every third alert; of the others one fails for good, and one for now. */
export function unreliableSink(): AlertSink {
  let calls = 0;
  return () => {
    calls++;
    if (calls % 3 === 1) throw new PermanentDeliveryError(`${String(calls)} is refused`);
    if (calls % 3 === 2) throw new Error("it is out of order");
  };
}
