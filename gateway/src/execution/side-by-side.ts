/**
 * Does something for each item at once. Undefined when nothing has to be waited for; rejects when the first of them does, as
 * `Promise.all`.
 */
export function sideBySide<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<unknown> | undefined,
): Promise<unknown> | undefined {
  let first: Promise<unknown> | undefined;
  let all: Promise<unknown>[] | undefined;
  for (const item of items) {
    const one = work(item);
    if (one === undefined) continue;
    if (first === undefined) first = one;
    else (all ??= [first]).push(one);
  }
  return all === undefined ? first : Promise.all(all);
}
