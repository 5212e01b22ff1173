/**
 * Node 20 lacks `Map.groupBy` (ES2024), which vitest's reporter calls when a test fails: without it a failure would
 * show as a TypeError of the reporter.
 */
const { groupBy } = Map as { groupBy?: unknown };
if (groupBy === undefined) {
  Object.defineProperty(Map, 'groupBy', {
    value: <Key, Item>(
      items: Iterable<Item>,
      keyOf: (item: Item, index: number) => Key,
    ): Map<Key, Item[]> => {
      const groups = new Map<Key, Item[]>();
      let index = 0;
      for (const item of items) {
        const key = keyOf(item, index);
        index += 1;
        groups.set(key, [...(groups.get(key) ?? []), item]);
      }
      return groups;
    },
  });
}
