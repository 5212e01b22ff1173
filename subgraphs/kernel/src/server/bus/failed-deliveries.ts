import type {
  FailedDelivery,
  FailedDeliveryConditions,
  FailedDeliverySort,
} from '@fulfillment/schema/events/deliveries';
import type { Connection } from '../connection.js';
import type { PageArguments } from '../pagination.js';

/** Reads the deliveries that failed: those that are still retried, and dead letters. */
export interface FailedDeliveries {
  /** @throws InputError for paging arguments that cannot be worked with */
  list(
    page: PageArguments,
    sort: FailedDeliverySort,
    conditions: FailedDeliveryConditions,
  ): Promise<Connection<FailedDelivery>>;
}
