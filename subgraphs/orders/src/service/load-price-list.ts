import { type PriceList, productsToStore } from '../domain/catalog/price-list.js';
import { toProductPayload } from './promises.js';
import type { UnitOfWork } from './ports.js';

/**
 * Makes a price list hold: stores what is new or changed and tells the other services. Loading it again, or by many
 * processes at the same moment, changes nothing more.
 * @throws PriceListVersionError when the list was changed without a new version
 */
export async function loadPriceList(unit: UnitOfWork, list: PriceList): Promise<void> {
  await unit.catalog.lock();
  const loaded = await unit.catalog.loadedVersion();
  const changed = productsToStore(list, loaded, await unit.catalog.products());
  if (loaded >= list.version) return;
  await unit.catalog.store(list.version, changed);
  const occurredAt = await unit.clock.now(null);
  for (const product of changed) {
    const { code, version } = product;
    const payload = toProductPayload(product);
    await unit.events.append('orders.product', { aggregateId: code, version, occurredAt, payload });
  }
}
