import fc from "fast-check";
import { IssueLifecycleError } from "../../src/core/errors.ts";

/** A proxy that fails whatever is done with it. */
function revoked(target: object): unknown {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

/** Makes values that code from outside may give, on which unguarded code fails in its own ways. */
export const hostileValue: fc.Arbitrary<() => unknown> = fc.oneof(
  fc
    .anything({
      withBigInt: true,
      withDate: true,
      withNullPrototype: true,
      withSparseArray: true,
      withTypedArray: true,
    })
    .map((value) => () => value),
  fc.constantFrom<(() => unknown)[]>(
    () => undefined,
    () => null,
    () => 10n ** 5_000n,
    () => Symbol("s"),
    () => () => 1,
    () => new Date(Number.NaN),
    () => new Date(-1),
    () => revoked({}),
    () => revoked([]),
    () => revoked(new Date(0)),
    () => new Proxy(new Date(0), {}),
    () => new Array(3),
    () => ({
      get period() {
        throw new Error("a getter");
      },
    }),
    () => new Proxy({}, { ownKeys: () => failing("a trap") }),
    () => new Proxy({}, { get: () => failing("a trap") }),
    () => ({ period: "day", nrOfPeriods: 1 }),
    () => ({ period: "day", nrOfPeriods: 1, volume: 5 }),
    () => ({ startsAt: 0, count: 1 }),
    () => "x".repeat(10_000),
  ),
);

function failing(message: string): never {
  throw new Error(message);
}

/** What a call threw, or `undefined`. */
export function errorOf(call: () => unknown): unknown {
  try {
    call();
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Whether nothing was thrown, or an error with a code and a short message. */
export function isCoded(error: unknown): boolean {
  return error === undefined || (IssueLifecycleError.is(error) && error.message.length < 1_000);
}
