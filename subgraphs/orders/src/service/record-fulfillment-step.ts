import type { FulfillmentStepPayload } from '@fulfillment/schema/events/envelope';
import type { ToldStep } from '../domain/order/fulfillment-step.js';
import { recordStep, refusalReasonOf, statusAfter } from '../domain/order/status.js';
import { convertLeadsOfOrder } from './leads/convert-leads.js';
import { promiseOrder } from './promises.js';
import type { UnitOfWork } from './ports.js';

/** A service told of a step of an order that does not exist here: it is told again until the order does. */
export class UnknownOrderError extends Error {
  override readonly name = 'UnknownOrderError';
}

/**
 * Records how a step went and what follows for the order. When its status changes, the order is told anew; one
 * that was carried out makes leads converted.
 * @throws UnknownOrderError
 */
export async function recordFulfillmentStep(unit: UnitOfWork, told: FulfillmentStepPayload): Promise<void> {
  const order = await unit.orders.lock(told.orderId);
  if (order === null) throw new UnknownOrderError(`There is no order ${told.orderId}`);
  const going = { ...order, told: recordStep(order.told, toToldStep(told)) };
  const status = statusAfter(going.status, going);
  if (status === order.status) {
    await unit.orders.saveProgress(going);
    return;
  }
  const refusalReason = status === 'REFUSED' ? refusalReasonOf(going) : null;
  const changed = { ...going, status, refusalReason, version: order.version + 1 };
  await unit.orders.saveProgress(changed);
  const now = await unit.clock.now(order.accountId);
  await promiseOrder(unit, changed, now);
  if (status === 'FULFILLED') await convertLeadsOfOrder(unit, changed, now);
}

/** A step as the other service tells it. */
export function toToldStep(told: FulfillmentStepPayload): ToldStep {
  const { kind, subscriptionId, status, at, reason } = told;
  return { kind, subscriptionId, status, at: new Date(at), reason };
}
