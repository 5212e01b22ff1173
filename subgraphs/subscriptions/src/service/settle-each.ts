/**
 * Settles what is pending, one after the other. One that fails keeps no other from its turn.
 * @param what names them, in the plural, in the error
 * @returns how many there were
 * @throws AggregateError when some could not be settled, after all had their turn
 */
export async function settleEach(
  pending: readonly { readonly id: string }[],
  settle: (id: string) => Promise<void>,
  what: string,
): Promise<number> {
  const failures: unknown[] = [];
  for (const { id } of pending) await settle(id).catch((error: unknown) => failures.push(error));
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} ${what} could not be settled`);
  return pending.length;
}
