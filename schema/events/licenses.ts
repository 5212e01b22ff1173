import { z } from 'zod';
import { deploymentReference, fulfillmentStepPayload, type TopicContract } from './envelope.js';

export const deploymentPayload = deploymentReference.extend({ accountId: z.uuid() });
export type DeploymentPayload = z.infer<typeof deploymentPayload>;

/** What licenses promises to publish. */
export const licensesTopics = {
  'licenses.deployment': { kind: 'SNAPSHOT', payload: deploymentPayload },
  'licenses.fulfillment-step': { kind: 'SNAPSHOT', payload: fulfillmentStepPayload },
} as const satisfies Record<string, TopicContract>;
