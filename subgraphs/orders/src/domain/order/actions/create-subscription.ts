import type { CreateSubscription } from '@fulfillment/kernel/domain/agreement/actions/action';
import type { AgreedItem, Agreement } from '@fulfillment/kernel/domain/agreement/agreement';
import {
  type BillingAlignment,
  billingAnchor,
  trialAnchor,
} from '@fulfillment/kernel/domain/agreement/alignment';
import type { BillingPeriod, RecurringPeriod } from '@fulfillment/kernel/domain/billing/unit-price';
import { addDays, addMonths, type LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { CurrencyCode } from '@fulfillment/kernel/domain/money';
import { err, ok, type Result } from '@fulfillment/kernel/domain/result';
import {
  type CommercialTerms,
  type CommercialTermsInput,
  readBillingPeriod,
  readCommercialTerms,
  usualTermMonths,
} from '../commercial-terms.js';
import { judgeDeployment, judgeTrial } from '../deployment.js';
import type { OrderError } from '../errors.js';
import type { OrderFacts } from '../facts.js';
import { numberError, termMonthsRange } from '../number.js';
import type { DeploymentReference } from '../order.js';
import type { ActionPlace } from './action-setting.js';
import { agreeItems, type ProductsInput } from './created-items.js';
import { trialDaysRange } from './trial.js';

/** A subscription as it is asked for. */
export interface CreateSubscriptionInput extends ProductsInput {
  readonly termMonths?: number | null;
  readonly trialDays?: number | null;
  readonly billingPeriod?: BillingPeriod | null;
  readonly billingAlignment?: BillingAlignment | null;
  readonly autoRenewal?: boolean | null;
  readonly commercialTerms?: CommercialTermsInput | null;
}

/** A subscription to be created, with every price frozen, and what it is for. */
export interface CreatedSubscription {
  readonly deployment: DeploymentReference;
  readonly change: CreateSubscription;
}

/** Reads what is asked for into an agreement, or says all that is wrong with it. */
export function createSubscription(
  input: CreateSubscriptionInput,
  facts: OrderFacts,
  place: ActionPlace,
): Result<CreatedSubscription, OrderError[]> {
  const { path, effectiveDate } = place;
  const deployment = judgeDeployment(input.deployment, facts, place);
  const items = agreeItems(input, facts, place);
  const billingPeriod = readBillingPeriod(input.billingPeriod, [...path, 'billingPeriod']);
  const terms = readCommercialTerms(input.commercialTerms, facts, [...path, 'commercialTerms']);
  const errors = [
    ...(deployment.ok ? [] : deployment.error),
    ...(items.ok ? [] : items.error),
    numberError(input.termMonths, [...path, 'termMonths'], termMonthsRange),
    numberError(input.trialDays, [...path, 'trialDays'], trialDaysRange),
    ...[billingPeriod, terms].map((read) => (read.ok ? null : read.error)),
    judgeTrial(input, facts, place),
  ].filter((error) => error !== null);
  if (!deployment.ok || !items.ok || !billingPeriod.ok || !terms.ok || errors.length > 0) return err(errors);
  const { currency } = facts.buyer.invoiceOwner;
  const agreement = agree(input, {
    items: items.value,
    period: billingPeriod.value ?? 'YEAR',
    terms: terms.value,
    currency,
    start: effectiveDate,
  });
  return ok({ deployment: deployment.value, change: { kind: 'CREATE_SUBSCRIPTION', agreement } });
}

interface Agreed {
  readonly items: readonly AgreedItem[];
  readonly period: RecurringPeriod;
  readonly terms: CommercialTerms;
  readonly currency: CurrencyCode;
  readonly start: LocalDate;
}

/** A trial is counted in days, and is not renewed unless that is asked for; what is paid is, unless it is not to be. */
function agree(input: CreateSubscriptionInput, { items, period, terms, currency, start }: Agreed): Agreement {
  const { trialDays, termMonths, billingAlignment, autoRenewal } = input;
  const trial = trialDays != null;
  const months = termMonths ?? usualTermMonths;
  const endDate = trial ? addDays(start, trialDays) : addMonths(start, months);
  const anchor = (trial ? trialAnchor : billingAnchor)(billingAlignment ?? 'ANNIVERSARY', period, start);
  return {
    currency,
    term: { startDate: start, endDate, months: trial ? null : months },
    trial,
    billing: { period, anchor, policy: terms.policy },
    renewal: {
      automatic: autoRenewal ?? !trial,
      termMonths: months,
      upliftPercent: terms.upliftPercent,
      planned: [],
    },
    subscriptionTerms: { decreaseAtOnce: terms.decreaseAtOnce },
    items,
    suspendedOn: null,
    canceledOn: null,
  };
}
