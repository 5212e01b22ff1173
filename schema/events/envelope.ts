import { z } from 'zod';

/**
 * What every event on the bus looks like, whoever sends it.
 *
 * A SNAPSHOT carries an aggregate's whole state; `sequence` is the aggregate's version, a consumer takes a newer one
 * and ignores an older one. A FACT adds up (an amount, a count); `sequence` numbers the facts of one topic and
 * aggregate 1, 2, 3 … without a gap, and a consumer applies n+1 after n.
 */
export const eventEnvelope = z.object({
  /** UUID of the event; a consumer applies each id once. */
  id: z.uuid(),
  /** `<producer>.<name>`, for example `orders.order`. */
  topic: z.string(),
  kind: z.enum(['SNAPSHOT', 'FACT']),
  /** What the event is about: snapshots replace by it, facts are numbered within it. */
  aggregateId: z.string(),
  /** Version of the aggregate (SNAPSHOT) or number of the fact (FACT), from 1. */
  sequence: z.number().int().positive(),
  /** ISO 8601, UTC. */
  occurredAt: z.iso.datetime(),
  /** The id of the client's request that caused it, for logs. */
  requestId: z.string(),
  /**
   * Where in which trace it was caused (W3C Trace Context, as the header `traceparent`), so that what it causes is found
   * there too. Nothing that is decided depends on it; an event without one begins a trace of its own.
   */
  traceParent: z.string().optional(),
  /** When it is sent again to rebuild one consumer's projection: the id of that rebuild. */
  rebuildId: z.uuid().optional(),
  payload: z.unknown(),
});

export type EventEnvelope = z.infer<typeof eventEnvelope>;

/** A topic as its producer promises it: its kind and the form of its payload. */
export interface TopicContract<Payload extends z.ZodType = z.ZodType> {
  readonly kind: EventEnvelope['kind'];
  readonly payload: Payload;
}

/** An amount in minor units (cents) as a decimal string, with its ISO 4217 currency. */
export const moneyPayload = z.object({ minor: z.string().regex(/^-?\d+$/), currency: z.string().length(3) });

/** A calendar day, `2026-11-23`. */
export const localDatePayload = z.iso.date();

/** A deployment by kind and the id that the customer knows. `id` is derived from the two, the same in every service. */
export const deploymentReference = z.object({
  id: z.uuid(),
  kind: z.enum(['SAAS_NAMESPACE', 'SELF_MANAGED_INSTANCE', 'DEDICATED_TENANT']),
  externalId: z.string(),
  name: z.string(),
});

/**
 * Who may see what: the subject may see the object from `from` up to, not including, `until`.
 * Objects: ACCOUNT (all of an account), ACCOUNT_PROFILE (its name and address alone), SUBSCRIPTION, ORDER, QUOTE, PARTNER.
 */
export const grantPayload = z.object({
  subject: z.object({ kind: z.enum(['ACCOUNT', 'PARTNER']), id: z.uuid() }),
  object: z.object({
    kind: z.enum(['ACCOUNT', 'ACCOUNT_PROFILE', 'SUBSCRIPTION', 'ORDER', 'QUOTE', 'PARTNER']),
    id: z.uuid(),
  }),
  from: z.iso.datetime(),
  until: z.iso.datetime().nullable(),
});
export type GrantPayload = z.infer<typeof grantPayload>;

/** How one step of an order's fulfillment went, told by the service that did it. */
export const fulfillmentStepPayload = z.object({
  orderId: z.uuid(),
  /** The subscription that it was done for; null when it was done for the whole order at once. */
  subscriptionId: z.uuid().nullable(),
  kind: z.enum([
    'SUBSCRIPTION_CREATED',
    'SUBSCRIPTION_CHANGED',
    'INVOICE_POSTED',
    'ENTITLEMENTS_GRANTED',
    'LICENSE_ISSUED',
  ]),
  status: z.enum(['DONE', 'REFUSED']),
  at: z.iso.datetime(),
  reason: z.string().nullable(),
});
export type FulfillmentStepPayload = z.infer<typeof fulfillmentStepPayload>;
