/**
 * Does something for each of some values, one after the other.
 *
 * @throws the first error, after it has tried all
 */
export async function tryEach<Value>(values: Iterable<Value>, work: (value: Value) => Promise<void>): Promise<void> {
  const failures: unknown[] = [];
  for (const value of values) {
    try {
      await work(value);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
