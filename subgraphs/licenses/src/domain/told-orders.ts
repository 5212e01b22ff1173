/** An order and the version of a subscription that it brought about. */
export interface VersionOrder {
  readonly orderId: string;
  readonly version: number;
}

/**
 * The orders whose steps a snapshot fulfills, by version, each once: those of every version after the one that was known, so
 * that none is left out when snapshots in between were skipped.
 *
 * @param recent the orders behind the subscription's newest versions, as the snapshot names them
 * @param known the version that was taken in before; null when none was
 * @param taken the version of the snapshot
 */
export function ordersToTell(recent: readonly VersionOrder[], known: number | null, taken: number): string[] {
  const fulfilled = recent
    .filter(({ version }) => version > (known ?? 0) && version <= taken)
    .toSorted((left, right) => left.version - right.version);
  return [...new Set(fulfilled.map(({ orderId }) => orderId))];
}
