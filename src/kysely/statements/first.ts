/** The first of some rows: gives the parameters that are the same for all of them. */
export function first<Item>(items: readonly Item[]): Item {
  const [item] = items;
  if (item === undefined) throw new RangeError("A statement over rows was built without rows.");
  return item;
}
