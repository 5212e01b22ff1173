import { describe, expect, it } from 'vitest';
import { compareDates, localDate } from '../domain/calendar.js';
import { accountStory } from './accounts.js';
import { populationBatches } from './population.js';
import type { SubscriptionScenario } from './story.js';

const setting = { accounts: 500, today: localDate('2026-11-23') };
const batches = [...populationBatches(setting)];
const accounts = batches.flatMap((batch) => batch.accounts);
const partners = batches.flatMap((batch) => batch.partners);
const deployments = accounts.flatMap((account) => account.deployments);
const subscriptions = deployments.flatMap(({ subscription }) => (subscription ? [subscription] : []));

describe('the demonstration population', () => {
  it('is the same every time', () => {
    expect([...populationBatches(setting)]).toEqual(batches);
  });

  it('has as many accounts as asked for, in at least 20 countries and as many time zones', () => {
    expect(accounts).toHaveLength(500);
    expect(new Set(accounts.map((account) => account.countryCode)).size).toBe(20);
    expect(new Set(accounts.map((account) => account.billingTimeZone)).size).toBeGreaterThanOrEqual(20);
  });

  it('has every kind of deployment and every scenario', () => {
    expect(new Set(deployments.map((deployment) => deployment.kind)).size).toBe(3);
    const scenarios = new Set<SubscriptionScenario>(subscriptions.map(({ scenario }) => scenario));
    expect([...scenarios].sort()).toEqual(['ACTIVE', 'CANCELED', 'LAPSED', 'OVERDUE', 'TRIAL']);
    expect(deployments.some(({ subscription }) => subscription === null)).toBe(true);
  });

  it('has seats over and under what was purchased', () => {
    const used = deployments.flatMap(({ seats, subscription }) =>
      subscription ? [seats.maximum - subscription.quantity] : [],
    );
    expect(used.some((over) => over > 0)).toBe(true);
    expect(used.some((over) => over < 0)).toBe(true);
  });

  it('sells through two tiers, and to some accounts through two partners', () => {
    expect(new Set(partners.map(({ kind }) => kind)).size).toBe(2);
    expect(subscriptions.some(({ seller }) => seller?.distributor)).toBe(true);
    expect(subscriptions.some(({ seller }) => seller && !seller.distributor)).toBe(true);
    expect(accounts.some(({ soldBy }) => soldBy.length === 2)).toBe(true);
    const known = new Set(partners.map(({ id }) => id));
    for (const { seller } of subscriptions) if (seller) expect(known).toContain(seller.id);
  });

  it('gives every id once', () => {
    const ids = [
      ...accounts.map(({ id }) => id),
      ...partners.flatMap(({ id, account }) => [id, account.id]),
      ...deployments.map(({ id }) => id),
      ...subscriptions.flatMap(({ orderId, actionId, subscriptionId }) => [
        orderId,
        actionId,
        subscriptionId,
      ]),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(subscriptions.map((subscription) => [subscription.scenario, subscription] as const))(
    'places a %s subscription rightly against today',
    (scenario, { terms, canceledOn }) => {
      const last = terms.at(-1);
      if (!last) throw new Error('no term');
      const running =
        compareDates(last.startDate, setting.today) <= 0 && compareDates(setting.today, last.endDate) < 0;
      expect(running).toBe(scenario !== 'LAPSED');
      expect(canceledOn !== null).toBe(scenario === 'CANCELED');
      if (scenario === 'OVERDUE') expect(last.paidOn).toBeNull();
      if (scenario === 'LAPSED') expect(compareDates(last.endDate, setting.today)).toBeLessThanOrEqual(0);
      terms.slice(1).forEach((term, index) => expect(term.startDate).toBe(terms[index]?.endDate));
    },
  );

  it('keeps an account when the population grows, but for its partners', () => {
    const grown = accountStory(7, { ...setting, accounts: 5_000 });
    expect({ ...grown, soldBy: [], deployments: [] }).toEqual({
      ...accounts[7],
      soldBy: [],
      deployments: [],
    });
  });
});
