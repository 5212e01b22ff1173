import { describe, expect, test } from 'vitest';
import { startingLeadPolicy } from '../../catalog/lead-policy.js';
import type { LeadCustomer, LeadTouch } from './facts.js';
import { judgeSalesContact, leadChangeErrors } from './judge.js';
import { agreedTrial, agreedYear } from '../../../fixtures/order-facts.js';
import type { Order, OrderAction } from '../order/order.js';
import { purchasesOf } from './conversion.js';
import { changed, converted, type Lead, leadId, touched } from './lead.js';
import type { LeadStatus } from './lifecycle.js';
import { regionOf } from './region.js';

const at = new Date('2026-11-23T09:00:00.000Z');
const later = new Date('2026-11-24T09:00:00.000Z');
const person = { email: 'ada@example.com', name: 'Ada Berg', phone: null };
const customer: LeadCustomer = {
  accountId: '00000000-0000-4000-8000-000000000001',
  accountName: 'Berg GmbH',
  sandbox: false,
  countryCode: 'DE',
  segment: 'MID_MARKET',
  deploymentId: '00000000-0000-4000-8000-000000000002',
  partnerId: null,
  wantsFeature: false,
};
const touch = (more: Partial<LeadTouch> = {}): LeadTouch => ({
  id: '00000000-0000-4000-8000-000000000003',
  kind: 'SALES_REQUESTED',
  at,
  by: 'product:ada',
  message: null,
  seats: null,
  planCode: null,
  ...more,
});
const fresh = (more: Partial<LeadTouch> = {}, of: Partial<LeadCustomer> = {}): Lead =>
  touched(null, person, touch(more), { ...customer, ...of }, startingLeadPolicy).lead;

describe('a lead', () => {
  test.each<[Partial<LeadTouch>, Partial<LeadCustomer>, number, string[]]>([
    [{}, {}, 45, ['ASKED_FOR_SALES', 'MID_MARKET']],
    [{ seats: 99 }, { segment: 'SMALL_BUSINESS' }, 30, ['ASKED_FOR_SALES']],
    [{ seats: 100 }, { segment: 'ENTERPRISE' }, 80, ['ASKED_FOR_SALES', 'ENTERPRISE', 'HUNDRED_SEATS']],
    [{ kind: 'TRIAL_STARTED' }, { wantsFeature: true }, 45, ['TRIAL', 'MID_MARKET', 'WANTS_A_FEATURE']],
    [{ kind: 'TRIAL_STARTED' }, { partnerId: customer.accountId }, 15, ['TRIAL', 'MID_MARKET', 'PARTNER']],
  ])('%j of %j has %i points, and says why', (what, of, score, codes) => {
    const lead = fresh(what, of);
    expect([lead.score, lead.scoreReasons.map(({ code }) => code)]).toEqual([score, codes]);
    expect(lead.scoreReasons.reduce((sum, { points }) => sum + points, 0)).toBe(score);
  });

  test.each([
    ['US', 'ENTERPRISE', 'enterprise-americas@sales.example'],
    ['BR', 'SMALL_BUSINESS', 'americas@sales.example'],
    ['DE', 'ENTERPRISE', 'enterprise-emea@sales.example'],
    ['ZA', 'MID_MARKET', 'emea@sales.example'],
    ['JP', 'MID_MARKET', 'apac@sales.example'],
  ] as const)('of %s and %s goes to %s', (countryCode, segment, owner) => {
    expect(fresh({}, { countryCode, segment }).owner).toBe(owner);
  });

  test('goes to the default owner where no rule fits', () => {
    const policy = { ...startingLeadPolicy, assignment: [] };
    expect(touched(null, person, touch(), customer, policy).lead.owner).toBe('leads@sales.example');
  });

  test('is one for each person and deployment: what comes later is added, and its owner stays', () => {
    const given = { ...fresh({ seats: 200 }), owner: 'jane', phone: '+49 30 1' };
    const trial = touch({ kind: 'TRIAL_STARTED', at: later, seats: 5 });
    const { lead, events } = touched(
      given,
      { ...person, name: 'Ada B.' },
      trial,
      customer,
      startingLeadPolicy,
    );
    expect(lead).toMatchObject({
      id: given.id,
      name: 'Ada B.',
      phone: '+49 30 1',
      owner: 'jane',
      status: 'NEW',
      score: 85,
      touches: ['SALES_REQUESTED', 'TRIAL_STARTED'],
      mostSeats: 200,
      createdAt: at,
      updatedAt: later,
      version: 2,
    });
    expect(events).toMatchObject([{ kind: 'TRIAL_STARTED', seats: 5, version: 2 }]);
    expect(leadId(customer.deploymentId, 'bob@example.com', 1)).not.toBe(given.id);
    expect(leadId(customer.accountId, person.email, 1)).not.toBe(given.id);
  });

  test.each<[LeadStatus, LeadStatus, string[]]>([
    ['NEW', 'NEW', ['SALES_REQUESTED']],
    ['WORKING', 'WORKING', ['SALES_REQUESTED']],
    ['QUALIFIED', 'QUALIFIED', ['SALES_REQUESTED']],
    ['DISQUALIFIED', 'NEW', ['SALES_REQUESTED', 'REOPENED']],
  ])('that is %s is %s after another request', (before, after, kinds) => {
    const { lead, events } = touched(
      { ...fresh(), status: before },
      person,
      touch(),
      customer,
      startingLeadPolicy,
    );
    expect([lead.status, events.map(({ kind }) => kind)]).toEqual([after, kinds]);
  });
});

describe('a lead that has bought', () => {
  const purchase = { orderId: customer.accountId, placedAt: at, at: later, by: 'product:ada' };

  test('is CONVERTED by the order, which is in its history', () => {
    const { lead, events } = converted({ ...fresh(), owner: 'jane' }, purchase);
    expect(lead).toMatchObject({
      status: 'CONVERTED',
      orderId: purchase.orderId,
      owner: 'jane',
      version: 2,
      updatedAt: later,
    });
    expect(events).toMatchObject([
      {
        kind: 'STATUS_CHANGED',
        status: 'CONVERTED',
        orderId: purchase.orderId,
        by: 'product:ada',
        version: 2,
      },
    ]);
  });

  test('is followed by another one when the person asks again, which knows nothing of it', () => {
    const before = { ...converted(fresh({ seats: 200 }), purchase).lead, owner: 'jane', phone: '+49 30 1' };
    const { lead, events } = touched(before, person, touch({ at: later }), customer, startingLeadPolicy);
    expect(lead).toMatchObject({
      number: 2,
      status: 'NEW',
      orderId: null,
      owner: 'emea@sales.example',
      phone: null,
      score: 45,
      mostSeats: null,
      createdAt: later,
      version: 1,
    });
    expect(lead.id).not.toBe(before.id);
    expect(events.map(({ kind }) => kind)).toEqual(['SALES_REQUESTED']);
    expect(touched(lead, person, touch(), customer, startingLeadPolicy).lead.id).toBe(lead.id);
  });

  test.each<[string, OrderAction['change'], bigint, boolean]>([
    ['a paid subscription', { kind: 'CREATE_SUBSCRIPTION', agreement: agreedYear() }, 0n, true],
    ['a trial', { kind: 'CREATE_SUBSCRIPTION', agreement: agreedTrial() }, 0n, false],
    ['more seats', { kind: 'CHANGE_QUANTITY', productCode: 'PREMIUM', quantity: 12, when: 'NOW' }, 1n, true],
    [
      'fewer seats',
      { kind: 'CHANGE_QUANTITY', productCode: 'PREMIUM', quantity: 9, when: 'NOW' },
      -1n,
      false,
    ],
    [
      'fewer later',
      { kind: 'CHANGE_QUANTITY', productCode: 'PREMIUM', quantity: 9, when: 'RENEWAL' },
      0n,
      false,
    ],
    ['a renewal', { kind: 'RENEW', termMonths: null, quantities: [] }, 1n, true],
    ['a cancellation', { kind: 'CANCEL', on: null }, -1n, false],
    ['a resumption', { kind: 'RESUME' }, 1n, false],
  ])('by %s or not', (_, change, minor, expected) => {
    const action = { id: 'a', position: 1, subscriptionId: 's', baseVersion: null, deployment: null, change };
    const lines = [{ actionId: 'a', amount: { minor, currency: 'USD' } }] as unknown as Order['lines'];
    expect(purchasesOf({ actions: [action], lines })).toEqual(expected ? [action] : []);
  });
});

describe('a change of a lead', () => {
  const statuses = ['NEW', 'WORKING', 'QUALIFIED', 'DISQUALIFIED', 'CONVERTED'] as const;
  const allowed: Readonly<Record<LeadStatus, string>> = {
    NEW: 'WORKING QUALIFIED DISQUALIFIED',
    WORKING: 'QUALIFIED DISQUALIFIED',
    QUALIFIED: 'WORKING DISQUALIFIED CONVERTED',
    DISQUALIFIED: 'WORKING',
    CONVERTED: '',
  };

  test.each(statuses)('of %s leads where the table says, and nowhere else', (status) => {
    const lead = { ...fresh(), status };
    const possible = statuses.filter(
      (to) => to !== status && leadChangeErrors(lead, { status: to, reason: 'Because.' }).length === 0,
    );
    expect(possible.join(' ')).toBe(allowed[status]);
  });

  test.each([
    [{}, ['NOTHING_CHANGES']],
    [{ status: 'NEW' }, ['NOTHING_CHANGES']],
    [{ owner: 'emea@sales.example' }, ['NOTHING_CHANGES']],
    [{ status: 'DISQUALIFIED' }, ['INVALID_VALUE']],
    [{ status: 'CONVERTED' }, ['STATUS_NOT_ALLOWED']],
    [{ owner: '' }, ['INVALID_VALUE']],
    [{ owner: 'x'.repeat(256) }, ['INVALID_VALUE']],
    [{ owner: 'jane', reason: '\u0000' }, ['INVALID_VALUE']],
    [{ owner: 'jane', expectedVersion: 2 }, ['LEAD_CHANGED']],
    [{ owner: 'jane', status: 'NEW' }, []],
    [{ owner: 'jane', expectedVersion: 1 }, []],
  ] as const)('%j: %j', (input, codes) => {
    expect(leadChangeErrors(fresh(), input).map(({ code }) => code)).toEqual(codes);
  });

  test('is added to the history, each part of it', () => {
    const change = {
      status: 'WORKING',
      owner: 'jane',
      reason: 'Called.',
      at: later,
      by: 'internal:jane',
    } as const;
    const { lead, events } = changed(fresh(), change);
    expect(lead).toMatchObject({ status: 'WORKING', owner: 'jane', version: 2, updatedAt: later, score: 45 });
    expect(events).toMatchObject([
      { kind: 'STATUS_CHANGED', status: 'WORKING', owner: null, message: 'Called.', version: 2 },
      { kind: 'OWNER_CHANGED', status: null, owner: 'jane', message: 'Called.', version: 2 },
    ]);
  });
});

describe('a request for sales', () => {
  const asked = { name: 'Ada Berg', email: ' Ada@Example.COM ' };

  test('is of the person by its address, however it is written', () => {
    const judged = judgeSalesContact({ ...asked, message: 'Two\nlines.' }, []);
    expect(judged).toMatchObject({ ok: true, value: { person: { email: 'ada@example.com' } } });
  });

  test.each([
    [{ name: '' }, 'name'],
    [{ name: 'Ada\nBerg' }, 'name'],
    [{ email: 'ada' }, 'email'],
    [{ email: 'ada@example' }, 'email'],
    [{ email: 'ada@@example.com' }, 'email'],
    [{ email: 'ada@example.com, bob@example.com' }, 'email'],
    [{ email: `${'a'.repeat(250)}@b.de` }, 'email'],
    [{ email: 'ada@example.com\u200B' }, 'email'],
    [{ phone: '0'.repeat(41) }, 'phone'],
    [{ message: '' }, 'message'],
    [{ message: 'x'.repeat(2_001) }, 'message'],
    [{ message: 'a\u0000b' }, 'message'],
    [{ seats: 0 }, 'seats'],
    [{ seats: 1_000_001 }, 'seats'],
    [{ planCode: 'NO_SUCH_PLAN' }, 'planCode'],
  ])('with %j is refused', (wrong, field) => {
    const judged = judgeSalesContact({ ...asked, ...wrong }, []);
    expect(judged.ok ? [] : judged.error.map((error) => error.field)).toEqual([[field]]);
  });
});

test.each([
  ['CA', 'AMERICAS'],
  ['IN', 'APAC'],
  ['AE', 'EMEA'],
  ['TR', 'EMEA'],
])('%s is of %s', (country, region) => {
  expect(regionOf(country)).toBe(region);
});
