import { z } from 'zod';
import {
  deploymentReference,
  fulfillmentStepPayload,
  localDatePayload,
  type TopicContract,
} from './envelope.js';

export const deploymentPayload = deploymentReference.extend({ accountId: z.uuid() });
export type DeploymentPayload = z.infer<typeof deploymentPayload>;

const seatCount = z.number().int().nonnegative();

/**
 * How a deployment uses its seats, after each report that says something new and whenever another agreement is in force. Counts are
 * billable users under the plan in force; days are UTC's.
 */
export const seatUsagePayload = z.object({
  deploymentId: z.uuid(),
  accountId: z.uuid(),
  /** The subscription in force, and its term; null on the free plan. */
  subscriptionId: z.uuid().nullable(),
  term: z.object({ startDate: localDatePayload, endDate: localDatePayload }).nullable(),
  /** By the newest report. */
  used: seatCount,
  reportedAt: z.iso.datetime(),
  /** The highest in the term, of what was reported; on the free plan the highest ever. */
  maximum: seatCount,
  /** The highest in each quarter of the term, counted from its first day; the last one may be shorter. */
  quarters: z.array(z.object({ startDate: localDatePayload, endDate: localDatePayload, maximum: seatCount })),
});
export type SeatUsagePayload = z.infer<typeof seatUsagePayload>;

/** What licenses promises to publish. */
export const licensesTopics = {
  'licenses.deployment': { kind: 'SNAPSHOT', payload: deploymentPayload },
  'licenses.seat-usage': { kind: 'SNAPSHOT', payload: seatUsagePayload },
  'licenses.fulfillment-step': { kind: 'SNAPSHOT', payload: fulfillmentStepPayload },
} as const satisfies Record<string, TopicContract>;
