/**
 * Does something for each of some values, one after the other.
 *
 * @throws the first error, after it has tried all that there are, or until there was none because of an error
 */
export async function tryEach<Value>(
  values: Iterable<Value> | AsyncIterable<Value>,
  work: (value: Value) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = [];
  try {
    for await (const value of values) {
      try {
        await work(value);
      } catch (error) {
        failures.push(error);
      }
    }
  } catch (error) {
    failures.push(error);
  }
  if (failures.length > 0) throw failures[0];
}
