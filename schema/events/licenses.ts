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
  /** The newest report when this was told: of a day (UTC) the first is told, and each that brings anything else new. */
  reportedAt: z.iso.datetime(),
  /** The highest since the account has the term, of what was reported; on the free plan the highest ever. */
  maximum: seatCount,
  /** The highest in each quarter of the term, counted from its first day, whoever had it; the last one may be shorter. */
  quarters: z.array(z.object({ startDate: localDatePayload, endDate: localDatePayload, maximum: seatCount })),
  /**
   * The highest on each day of the term of which anything was reported: which day it is, from 0, for how many days it was the same,
   * and the highest count. In order; days without a report are left out. Snapshots from before days were told have none.
   */
  days: z.array(z.tuple([z.number().int().nonnegative(), z.number().int().positive(), seatCount])).optional(),
});
/** How many users of a deployment have a seat of an add-on. */
export const addOnSeatsPayload = z.object({
  deploymentId: z.uuid(),
  accountId: z.uuid(),
  productCode: z.string(),
  assigned: seatCount,
});

export type SeatUsagePayload = z.infer<typeof seatUsagePayload>;
/** A license that was issued. */
export const licensePayload = z.object({
  id: z.uuid(),
  subscriptionId: z.uuid(),
  subscriptionVersion: z.number().int().positive(),
  deploymentId: z.uuid(),
  accountId: z.uuid(),
  planCode: z.string(),
  seats: z.number().int().nonnegative(),
  /** The first day on which it is valid, and the first on which it is no longer (00:00 UTC). */
  startsOn: localDatePayload,
  endsOn: localDatePayload,
  issuedAt: z.iso.datetime(),
  cause: z.enum([
    'SUBSCRIPTION_CREATED',
    'SUBSCRIPTION_CHANGED',
    'SUBSCRIPTION_RENEWED',
    'SUBSCRIPTION_SUSPENDED',
    'YEARLY_REISSUE',
  ]),
  /** The sold-to account, whose contacts of the role SOLD_TO are sent the license; never the account that pays in its place. */
  recipientAccountId: z.uuid(),
});
/** How an allowance of a deployment stands, told with each change of its use. */
export const allowancePayload = z.object({
  deploymentId: z.uuid(),
  accountId: z.uuid(),
  featureKey: z.string(),
  /** The first day of the month (UTC). */
  month: localDatePayload,
  allowance: z.number().int().nonnegative(),
  used: z.number().int().nonnegative(),
  remaining: z.number().int().nonnegative(),
  overage: z.number().int().nonnegative(),
});
export type AllowancePayload = z.infer<typeof allowancePayload>;

/** So much of an allowance was used up: told once for each deployment, feature, month and threshold. */
export const allowanceThresholdPayload = z.object({
  deploymentId: z.uuid(),
  accountId: z.uuid(),
  featureKey: z.string(),
  month: localDatePayload,
  percent: z.union([z.literal(80), z.literal(100)]),
  allowance: z.number().int().nonnegative(),
  used: z.number().int().nonnegative(),
});
export type AllowanceThresholdPayload = z.infer<typeof allowanceThresholdPayload>;

/**
 * How many of a feature with a limit a deployment uses, by the newest observation: told when the number is another one, and with the
 * first observation of a day (UTC).
 */
export const featureUsePayload = z.object({
  deploymentId: z.uuid(),
  accountId: z.uuid(),
  featureKey: z.string(),
  used: z.number().int().nonnegative(),
  observedAt: z.iso.datetime(),
});

/** A person gave something to a deployment or an account (the other is null), set an override, or revoked one. */
export const entitlementGrantPayload = z.object({
  id: z.uuid(),
  mode: z.enum(['ADDS', 'REPLACES']),
  deploymentId: z.uuid().nullable(),
  accountId: z.uuid().nullable(),
  featureKey: z.string(),
  from: z.iso.datetime(),
  until: z.iso.datetime().nullable(),
  revokedAt: z.iso.datetime().nullable(),
});

/** The days of grace after a subscription's end are over, and its deployment fell to another plan. */
export const graceEndedPayload = z.object({
  deploymentId: z.uuid(),
  accountId: z.uuid(),
  subscriptionId: z.uuid(),
  fromPlanCode: z.string(),
  toPlanCode: z.string(),
});
export type GraceEndedPayload = z.infer<typeof graceEndedPayload>;

/**
 * A license is to be sent to whoever uses it: told when it is issued, and again once the account has somebody to receive what waits.
 * Licenses takes it in itself, so what cannot be sent is a delivery that failed, like any other.
 */
export const licenseDeliveryPayload = z.object({ licenseId: z.uuid(), accountId: z.uuid() });
export type LicenseDeliveryPayload = z.infer<typeof licenseDeliveryPayload>;

/**
 * What came due by the clock and could not be done together with the rest. Licenses takes each in by itself, so that one which fails
 * stops no other.
 */
export const dueWorkPayload = z.discriminatedUnion('kind', [
  /** The license of the year after this one is to be issued. */
  z.object({ kind: z.literal('LICENSE_YEAR'), licenseId: z.uuid() }),
  /** The days of grace of a subscription were over at this instant, which is to be told. */
  z.object({ kind: z.literal('GRACE_END'), subscriptionId: z.uuid(), endsAt: z.iso.datetime() }),
  /** The seats of a deployment are to be held against what is in force now. */
  z.object({ kind: z.literal('SEATS'), deploymentId: z.uuid() }),
]);
export type DueWorkPayload = z.infer<typeof dueWorkPayload>;

/** A notice of use is to be sent to the people of the account that runs the deployment. */
export const usageNoticePayload = z.object({ noticeId: z.uuid(), accountId: z.uuid() });
export type UsageNoticePayload = z.infer<typeof usageNoticePayload>;

/** What licenses promises to publish. */
export const licensesTopics = {
  'licenses.deployment': { kind: 'SNAPSHOT', payload: deploymentPayload },
  'licenses.add-on-seats': { kind: 'SNAPSHOT', payload: addOnSeatsPayload },
  'licenses.seat-usage': { kind: 'SNAPSHOT', payload: seatUsagePayload },
  'licenses.license': { kind: 'SNAPSHOT', payload: licensePayload },
  'licenses.license-delivery': { kind: 'SNAPSHOT', payload: licenseDeliveryPayload },
  'licenses.usage-notice': { kind: 'SNAPSHOT', payload: usageNoticePayload },
  'licenses.due-work': { kind: 'SNAPSHOT', payload: dueWorkPayload },
  'licenses.allowance': { kind: 'SNAPSHOT', payload: allowancePayload },
  'licenses.allowance-threshold': { kind: 'SNAPSHOT', payload: allowanceThresholdPayload },
  'licenses.feature-use': { kind: 'SNAPSHOT', payload: featureUsePayload },
  'licenses.entitlement-grant': { kind: 'SNAPSHOT', payload: entitlementGrantPayload },
  'licenses.grace-ended': { kind: 'SNAPSHOT', payload: graceEndedPayload },
  'licenses.fulfillment-step': { kind: 'SNAPSHOT', payload: fulfillmentStepPayload },
} as const satisfies Record<string, TopicContract>;
