import { EntitySchema } from 'typeorm';
import { reference } from './foreign-key.js';

/** The rows of offers: rules, and what became of what they offered. */

export interface OfferRuleRow {
  code: string;
  condition: object;
  step: string;
  placements: object;
  priority: number;
  activeFrom: Date;
  activeUntil: Date | null;
  version: number;
  changedAt: Date;
  changedBy: string;
}

export const offerRuleEntity = new EntitySchema<OfferRuleRow>({
  name: 'OfferRule',
  tableName: 'offer_rule',
  columns: {
    code: { type: 'text', primary: true },
    condition: { type: 'jsonb' },
    step: { type: 'text' },
    placements: { type: 'jsonb' },
    priority: { type: 'integer' },
    activeFrom: { type: 'timestamptz', name: 'active_from' },
    activeUntil: { type: 'timestamptz', name: 'active_until', nullable: true },
    version: { type: 'integer' },
    changedAt: { type: 'timestamptz', name: 'changed_at' },
    changedBy: { type: 'text', name: 'changed_by' },
  },
});

export interface OfferDismissalRow {
  deploymentId: string;
  ruleCode: string;
  subject: string;
  until: Date;
  /** Counts the dismissals, from 1. */
  version: number;
}

/** One row an offer: the last time that it was dismissed is what counts. */
export const offerDismissalEntity = new EntitySchema<OfferDismissalRow>({
  name: 'OfferDismissal',
  tableName: 'offer_dismissal',
  columns: {
    deploymentId: { type: 'uuid', name: 'deployment_id', primary: true },
    ruleCode: { type: 'text', name: 'rule_code', primary: true },
    subject: { type: 'text', primary: true },
    until: { type: 'timestamptz' },
    version: { type: 'integer' },
  },
});

export interface FeatureInterestRow {
  deploymentId: string;
  featureKey: string;
  times: number;
  lastAt: Date;
}

/** How often a locked feature was clicked or tried. */
export const featureInterestEntity = new EntitySchema<FeatureInterestRow>({
  name: 'FeatureInterest',
  tableName: 'feature_interest',
  columns: {
    deploymentId: { type: 'uuid', name: 'deployment_id', primary: true },
    featureKey: { type: 'text', name: 'feature_key', primary: true },
    times: { type: 'integer' },
    lastAt: { type: 'timestamptz', name: 'last_at' },
  },
});

export interface OfferEventRow {
  id: string;
  kind: string;
  accountId: string;
  deploymentId: string;
  ruleCode: string;
  subject: string;
  placement: string | null;
  at: Date;
  by: string;
  orderId: string | null;
}

/** What became of an offer that was shown; never changed. */
export const offerEventEntity = new EntitySchema<OfferEventRow>({
  name: 'OfferEvent',
  tableName: 'offer_event',
  columns: {
    id: { type: 'uuid', primary: true },
    kind: { type: 'text' },
    accountId: { type: 'uuid', name: 'account_id' },
    deploymentId: { type: 'uuid', name: 'deployment_id' },
    ruleCode: { type: 'text', name: 'rule_code' },
    subject: { type: 'text' },
    placement: { type: 'text', nullable: true },
    at: { type: 'timestamptz' },
    by: { type: 'text' },
    orderId: { type: 'uuid', name: 'order_id', nullable: true },
  },
  indices: [{ name: 'offer_event_by_time', columns: ['at'] }],
  foreignKeys: [
    reference('offer_event_account', 'Account', 'accountId'),
    reference('offer_event_order', 'Order', 'orderId'),
  ],
});
