import { addDays, localDate } from '@fulfillment/kernel/domain/calendar';
import { formatAmount } from '@fulfillment/kernel/domain/money';
import { err } from '@fulfillment/kernel/domain/result';
import { describe, expect, test } from 'vitest';
import { at, offerFacts, seats, usage } from '../../../fixtures/offer-facts.js';
import {
  agreedPremium,
  agreedStorage,
  agreedTrial,
  agreedYear,
  subscriptionId,
} from '../../../fixtures/order-facts.js';
import type { DeploymentUsage, OfferFacts } from './facts.js';
import { type Offer, type OffersAsked, offersFor, offersHoldUntil } from './offers.js';
import { readOfferId } from './offer-id.js';
import type { OfferRule } from './rule.js';

const all: OffersAsked = { placement: null, limit: 10 };

function shown(facts: OfferFacts, used: DeploymentUsage, asked = all): string[] {
  return offersFor(facts, used, asked).map(
    ({ reason, product, quantity }) => `${reason} ${product.code} ${quantity}`,
  );
}

const contract = offerFacts(agreedYear());
const minutes = (used: number, allowance = 10_000) => ({
  features: [{ key: 'compute_minutes', allowance, used }],
});
const storage = (used: number, limit = 500) => ({ features: [{ key: 'storage_gb', limit, used }] });
const wanted = (featureKey: string, times = 1, lastAt = at) => ({ featureKey, times, lastAt });

describe('when an offer is made', () => {
  test.each<[string, OfferFacts, DeploymentUsage, string[]]>([
    ['always the next plan', contract, usage(), ['NEXT_PLAN ULTIMATE 10']],
    [
      'on the free plan for as many as use it',
      offerFacts(),
      usage({ planCode: 'FREE', ...seats(0, 7) }),
      ['NEXT_PLAN PREMIUM 7'],
    ],
    [
      'at exactly 80 per cent of the seats no more of them',
      contract,
      usage(seats(10, 8)),
      ['NEXT_PLAN ULTIMATE 10'],
    ],
    [
      'above it so many that it is 80 per cent again',
      contract,
      usage(seats(10, 9)),
      ['SEATS_NEARLY_FULL PREMIUM 12', 'NEXT_PLAN ULTIMATE 10'],
    ],
    [
      'beyond what was purchased too',
      contract,
      usage(seats(10, 20)),
      ['SEATS_NEARLY_FULL PREMIUM 25', 'NEXT_PLAN ULTIMATE 10'],
    ],
    [
      'packs for an allowance near its end',
      contract,
      usage(minutes(9_000)),
      ['ALLOWANCE_NEARLY_USED COMPUTE_MINUTES 2', 'NEXT_PLAN ULTIMATE 10'],
    ],
    [
      'the next plan for it where there is no contract',
      offerFacts(),
      usage({
        planCode: 'FREE',
        ...seats(0, 2),
        ...minutes(399, 400),
      }),
      ['ALLOWANCE_NEARLY_USED PREMIUM 2', 'NEXT_PLAN PREMIUM 2'],
    ],
    [
      'at exactly 80 per cent of a limit no more of it',
      contract,
      usage(storage(400)),
      ['NEXT_PLAN ULTIMATE 10'],
    ],
    [
      'above it so many units that it is 80 per cent again: 481 of 500 need 602',
      contract,
      usage(storage(481)),
      ['LIMIT_NEARLY_REACHED STORAGE 11', 'NEXT_PLAN ULTIMATE 10'],
    ],
    [
      'of an add-on that is agreed, those and the new ones: 481 of 520',
      offerFacts(agreedYear({ items: [agreedPremium(), agreedStorage(2)] })),
      usage(storage(481, 520)),
      ['LIMIT_NEARLY_REACHED STORAGE 11', 'NEXT_PLAN ULTIMATE 10'],
    ],
    [
      'the next plan with more where no add-on has it: one that lifts the limit',
      offerFacts(),
      usage({ planCode: 'FREE', ...seats(0, 2), features: [{ key: 'projects', limit: 100, used: 81 }] }),
      ['LIMIT_NEARLY_REACHED PREMIUM 2', 'NEXT_PLAN PREMIUM 2'],
    ],
    [
      'nothing of what has no limit, or a limit of nothing',
      contract,
      usage({
        features: [
          { key: 'projects', limit: null, used: 1_000_000 },
          { key: 'storage_gb', limit: 0, used: 5 },
        ],
      }),
      ['NEXT_PLAN ULTIMATE 10'],
    ],
    [
      'a locked feature that was clicked',
      offerFacts(agreedYear(), { interest: [wanted('sast')] }),
      usage(),
      ['FEATURE_WANTED ULTIMATE 10', 'NEXT_PLAN ULTIMATE 10'],
    ],
    [
      'the add-on where that is what has it',
      offerFacts(agreedYear(), { interest: [wanted('ai_chat')] }),
      usage(),
      ['FEATURE_WANTED AI_ADD_ON 10', 'NEXT_PLAN ULTIMATE 10'],
    ],
    [
      'the feature that is wanted most',
      offerFacts(agreedYear(), {
        interest: [wanted('sast'), wanted('ai_chat', 2)],
      }),
      usage(),
      ['FEATURE_WANTED AI_ADD_ON 10', 'NEXT_PLAN ULTIMATE 10'],
    ],
    [
      'not one that is unlocked by now',
      offerFacts(agreedYear(), { interest: [wanted('sast')] }),
      usage({
        features: [{ key: 'sast' }],
      }),
      ['NEXT_PLAN ULTIMATE 10'],
    ],
    [
      'nor one that nobody wanted for 30 days',
      offerFacts(agreedYear(), {
        interest: [wanted('sast', 5, new Date('2026-10-24T11:00:00.000Z'))],
      }),
      usage(),
      ['NEXT_PLAN ULTIMATE 10'],
    ],
    [
      'nothing above the best plan',
      offerFacts(agreedYear({ items: [agreedPremium({ productCode: 'ULTIMATE' })] })),
      usage({ planCode: 'ULTIMATE' }),
      [],
    ],
    ['nor beyond a plan that is on no price list', offerFacts(), usage({ planCode: 'PAST' }), []],
    [
      'what is sold for the kind of deployment',
      offerFacts(null, { kind: 'DEDICATED_TENANT' }),
      usage({
        planCode: 'FREE',
        ...seats(0, 2),
      }),
      ['NEXT_PLAN DEDICATED 1000'],
    ],
  ])('%s', (_why, facts, used, expected) => {
    expect(shown(facts, used)).toEqual(expected);
  });

  test('of several limits the fullest comes first', () => {
    const projects = { key: 'projects', limit: 100, used: 90 };
    const fullest = (used: number) => {
      const features = [projects, { key: 'storage_gb', limit: 10, used }];
      const [offer] = offersFor(offerFacts(), usage({ planCode: 'FREE', ...seats(0, 2), features }), all);
      return offer?.feature?.key;
    };
    expect([10, 11].map(fullest)).toEqual(['storage_gb', 'storage_gb']);
    expect([8, 9].map(fullest)).toEqual(['projects', 'projects']);
  });

  test.each([
    [8, []],
    [7, ['TRIAL_ENDING PREMIUM 10']],
    [1, ['TRIAL_ENDING PREMIUM 10']],
    [0, []],
  ])('a trial that ends in %i days', (days, expected) => {
    const facts = offerFacts(agreedTrial());
    const validUntil = addDays(facts.order.today, days);
    expect(shown(facts, usage({ trial: true, validUntil }))).toEqual(expected);
  });

  test.each([
    // 40 packs at 10.00 beyond 10,000 minutes, or Ultimate for 2 at 99.00 in the place of Premium at 20.00, with 50,000.
    [
      agreedYear({ items: [agreedPremium({ quantity: 2 })] }),
      usage({ ...seats(2, 1), ...minutes(50_000) }),
      '242.00',
    ],
    // 5,000 minutes less: 35 packs are 350.00.
    [
      agreedYear({ items: [agreedPremium({ quantity: 2 })] }),
      usage({ ...seats(2, 1), ...minutes(45_000) }),
      '192.00',
    ],
    // An old contract at 150.00 a month: 10 more users are dearer than Ultimate for all 20 of them.
    [agreedYear({ items: [agreedPremium({ unitPrice: '150.00' })] }), usage(seats(10, 20)), '1020.00'],
  ])('a plan that is cheaper than the overage', (agreement, used, saving) => {
    const [offer] = offersFor(offerFacts(agreement), used, all);
    expect(offer).toMatchObject({ reason: 'PLAN_CHEAPER_THAN_OVERAGE', product: { code: 'ULTIMATE' } });
    expect(offer?.saving && formatAmount(offer.saving)).toBe(saving);
  });

  test.each([
    ['nothing goes beyond the contract', agreedYear(), usage(seats(10, 10))],
    ['the overage is cheaper', agreedYear(), usage(seats(10, 11))],
    [
      'a partner sells',
      agreedYear({ items: [agreedPremium({ unitPrice: '150.00' })] }),
      usage(seats(10, 20)),
    ],
  ])('no cheaper plan where %s', (why, agreement, used) => {
    const soldBy = why === 'a partner sells' ? { subscriptionMore: partnerSale } : {};
    const reasons = offersFor(offerFacts(agreement, soldBy), used, all).map(({ reason }) => reason);
    expect(reasons).not.toContain('PLAN_CHEAPER_THAN_OVERAGE');
  });
});

const partnerId = '00000000-0000-4000-8000-0000000000aa';
const partnerAccountId = '00000000-0000-4000-8000-0000000000ab';
const { accountId } = offerFacts(agreedYear()).subscription?.parties ?? { accountId: '' };
const partnerSale = {
  parties: { accountId, invoiceOwnerAccountId: partnerAccountId, partnerId, distributorId: null },
};

describe('which offers are shown', () => {
  const full = usage({ ...seats(10, 9), ...minutes(9_000) });

  test('the highest priority first, as many as were asked for, and at the placement alone', () => {
    expect(shown(contract, full, { placement: null, limit: 1 })).toEqual(['SEATS_NEARLY_FULL PREMIUM 12']);
    expect(shown(contract, full, { placement: 'USAGE', limit: 10 })).toEqual([
      'ALLOWANCE_NEARLY_USED COMPUTE_MINUTES 2',
      'NEXT_PLAN ULTIMATE 10',
    ]);
    expect(shown(contract, full, { placement: 'NOWHERE', limit: 10 })).toEqual([]);
  });

  test('at most one for each reason: of two rules the higher one', () => {
    const rule = (code: string, priority: number, percent: number): OfferRule => ({
      code,
      condition: { kind: 'SEATS_USED', percent },
      step: 'ADD_SEATS',
      placements: ['HOME'],
      priority,
      activeFrom: new Date(0),
      activeUntil: null,
    });
    const rules = [rule('LOW', 1, 50), rule('HIGH', 2, 90), rule('B', 1, 80)];
    expect(shown({ ...contract, rules }, usage(seats(10, 10)))).toEqual(['SEATS_NEARLY_FULL PREMIUM 12']);
    expect(shown({ ...contract, rules }, usage(seats(10, 9)))).toEqual(['SEATS_NEARLY_FULL PREMIUM 12']);
    expect(shown({ ...contract, rules: [rule('LOW', 1, 50)] }, usage(seats(10, 9)))).toEqual([
      'SEATS_NEARLY_FULL PREMIUM 18',
    ]);
  });

  test('none of a rule before it begins and from its end on', () => {
    const ending = { ...contract, rules: contract.rules.map((rule) => ({ ...rule, activeUntil: at })) };
    const beginning = { ...contract, rules: contract.rules.map((rule) => ({ ...rule, activeFrom: at })) };
    expect(shown(ending, full)).toEqual([]);
    expect(shown(beginning, full)).toHaveLength(3);
  });

  test('a dismissed one stays away up to the instant, at every placement', () => {
    const [offer] = offersFor(contract, full, { placement: 'SEATS', limit: 1 });
    const reference = readOfferId(offer?.id ?? '');
    expect(reference).toMatchObject({ ruleCode: 'SEATS_OVER_80', placement: 'SEATS' });
    const dismissed = (until: Date): OfferFacts => ({
      ...contract,
      dismissals: [{ ruleCode: 'SEATS_OVER_80', subject: reference?.subject ?? '', until }],
    });
    const later = new Date(at.getTime() + 1);
    expect(shown(dismissed(later), full, { placement: 'HOME', limit: 1 })).toEqual([
      'ALLOWANCE_NEARLY_USED COMPUTE_MINUTES 2',
    ]);
    expect(shown(dismissed(at), full, { placement: 'HOME', limit: 1 })).toEqual([
      'SEATS_NEARLY_FULL PREMIUM 12',
    ]);
    expect(offersHoldUntil(dismissed(later))).toEqual(later);
  });

  test.each<[string, OfferFacts]>([
    ['an order is under way', offerFacts(agreedYear(), { subscriptionMore: { orderUnderWay: true } })],
    ['it is suspended', offerFacts(agreedYear({ suspendedOn: localDate('2026-11-10') }))],
    ['it was canceled', offerFacts(agreedYear({ canceledOn: localDate('2026-11-20') }))],
  ])('nothing that could not be ordered: %s', (_why, facts) => {
    expect(shown(facts, full)).toEqual([]);
  });
});

describe('what an offer costs', () => {
  const first = (facts: OfferFacts, used: DeploymentUsage): Offer | undefined =>
    offersFor(facts, used, all)[0];

  test('the contract’s own price for more seats, up to the end of the account’s day', () => {
    const offer = first(contract, usage(seats(10, 9)));
    expect(offer).toMatchObject({
      isContractPrice: true,
      priceMissing: null,
      partnerId: null,
      actions: [{ changeQuantity: { subscriptionId, productCode: 'PREMIUM', quantity: 12 } }],
      price: { effectiveDate: '2026-11-23', holdsUntil: new Date('2026-11-23T23:00:00.000Z') },
    });
    // Eight of November's thirty days: 12 seats at 20.00 less 10 seats.
    expect(offer?.price && formatAmount(offer.price.net)).toBe('10.67');
    expect(offer?.price && formatAmount(offer.price.valueChange().tcv)).toBe('450.67');
  });

  test('in a partner’s sale no price, and the partner to ask', () => {
    const offer = first(offerFacts(agreedYear(), { subscriptionMore: partnerSale }), usage(seats(10, 9)));
    expect(offer).toMatchObject({ price: null, priceMissing: 'SOLD_BY_PARTNER', partnerId });
  });

  test('none where another account pays', () => {
    const parties = { ...partnerSale.parties, partnerId: null };
    const offer = first(offerFacts(agreedYear(), { subscriptionMore: { parties } }), usage(seats(10, 9)));
    expect(offer).toMatchObject({ price: null, priceMissing: 'PAID_BY_ANOTHER_ACCOUNT', partnerId: null });
  });

  test('none where there is no list price, or the tax is not known', () => {
    const { buyer } = contract.order;
    const euros = { ...buyer, invoiceOwner: { ...buyer.invoiceOwner, currency: 'EUR' as const } };
    const free = usage({ planCode: 'FREE', ...seats(0, 1) });
    expect(first(offerFacts(null, { orderMore: { buyer: euros } }), free)).toMatchObject({
      price: null,
      priceMissing: 'ON_REQUEST',
      listPrice: null,
    });
    const untaxed = offerFacts(null, { orderMore: { tax: err('RATE_UNKNOWN') } });
    expect(first(untaxed, free)).toMatchObject({ price: null, priceMissing: 'TAX_UNKNOWN' });
  });

  test('what it unlocks is what may not be used yet', () => {
    const offer = first(contract, usage({ features: [{ key: 'sast' }] }));
    const keys = offer?.unlocks.map(({ key }) => key);
    expect(keys).toContain('dast');
    expect(keys).not.toContain('sast');
  });
});
