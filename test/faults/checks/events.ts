import { serviceNames } from '@fulfillment/schema/events/topics';
import { type Check, noRows } from './check.js';

/** Nothing waits in an outbox, on the bus or before its predecessor. */
export const nothingIsUnderWay: readonly Check[] = [
  ...serviceNames.map((service) =>
    noRows(
      `${service} has published all that it promised`,
      service,
      `SELECT format('%s of %s', topic, aggregate_id) AS violation FROM outbox WHERE published_at IS NULL`,
    ),
  ),
  ...serviceNames.map((service) =>
    noRows(
      `${service} holds no fact that came too early`,
      service,
      `SELECT format('%s %s of %s', topic, sequence, aggregate_id) AS violation FROM inbox_held`,
    ),
  ),
  noRows(
    'every event was delivered',
    'bus',
    `SELECT format('%s to %s after %s attempts: %s', key, task_identifier, attempts, last_error) AS violation
     FROM graphile_worker.jobs`,
  ),
];
