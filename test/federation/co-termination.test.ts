import { describe, expect, it } from 'vitest';
import { openSandbox } from '../kit/sandbox.js';
import { startSystem } from '../kit/system.js';

/*
 * Co-termination: whatever becomes of a base plan, its add-ons are charged to the very day on which it ends, and no further. A
 * pack of storage costs 60.00 for a year.
 */
const system = await startSystem();
const sandbox = await openSandbox(system, '2028-01-15T12:00:00Z', { paymentTermsDays: 90 });

const addStorage = (subscriptionId: string) => ({
  addProduct: { subscriptionId, productCode: 'STORAGE', quantity: 2 },
});
const newest = async () => (await sandbox.documents())[0];
const ends = async (id: string) =>
  (
    await sandbox.ask<{ billingSubscription: Record<string, unknown> }>(
      `query ($id: ID!) { billingSubscription(id: $id) {
         status canceledOn currentTerm { endDate } } }`,
      { id },
    )
  ).billingSubscription;

/** Made by the first test, on which the others build. */
const ids = { year: '', half: '', monthly: '' };

describe('an add-on that is added in the middle of a term', { timeout: 120_000 }, () => {
  it('is charged its yearly price in proportion up to the end of its base plan', async () => {
    ids.year = await sandbox.subscribe('year', { autoRenewal: true });
    ids.half = await sandbox.subscribe('half', { termMonths: 6, autoRenewal: false });
    ids.monthly = await sandbox.subscribe('monthly', {
      billingPeriod: 'MONTH',
      commercialTerms: { decreaseAtOnce: true },
    });
    await sandbox.payAll();
    await sandbox.advance('2028-04-15T12:00:00Z');
    await sandbox.payAll();
    // 275 of the 366 days of 120.00.
    const { total } = await sandbox.fulfill({ actions: [addStorage(ids.year)] });
    expect(await newest()).toMatchObject({
      told: ['CHARGE STORAGE 2 2028-04-15..2029-01-15 90.16'],
      total: { amount: total },
    });
  });

  it('of half a year as well: 91 of the 366 days', async () => {
    await sandbox.fulfill({ actions: [addStorage(ids.half)] });
    const told = (await sandbox.documents()).flatMap((one) => one.told);
    expect(told).toContain('CHARGE STORAGE 2 2028-04-15..2028-07-15 29.84');
  });

  it('is billed with a base plan that is billed by the month', async () => {
    await sandbox.fulfill({ actions: [addStorage(ids.monthly)] });
    const told = (await sandbox.documents()).flatMap((one) => one.told);
    expect(told).toContain('CHARGE STORAGE 2 2028-04-15..2028-05-15 10.00');
    await sandbox.payAll();
  });
});

describe('an add-on ends with its base plan', { timeout: 120_000 }, () => {
  it('when that lapses', async () => {
    await sandbox.advance('2028-07-16T12:00:00Z');
    await sandbox.payAll();
    const told = (await sandbox.documents()).flatMap((one) => one.told);
    expect(told.filter((line) => line.includes('STORAGE 2 2028-07-15'))).toEqual([
      'CHARGE STORAGE 2 2028-07-15..2028-08-15 10.00',
    ]);
    expect(await ends(ids.half)).toMatchObject({ status: 'GRACE', currentTerm: { endDate: '2028-07-15' } });
    expect((await sandbox.place({ actions: [addStorage(ids.half)] })).userErrors).toMatchObject([
      { code: 'SUBSCRIPTION_ENDED', field: ['actions', '0', 'addProduct'] },
    ]);
  });

  it('when that is canceled for a day: what was charged beyond the day goes back for both', async () => {
    await sandbox.fulfill({
      actions: [{ cancel: { subscriptionId: ids.monthly, timing: 'ON_DATE', on: '2028-08-01' } }],
    });
    // Bills end on another day within the period: it is given back and charged again as one piece, 17 of 31 days.
    expect((await newest())?.told.filter((line) => line.includes('STORAGE'))).toEqual([
      'CREDIT STORAGE 2 2028-07-16..2028-08-15 -9.68',
      'CHARGE STORAGE 2 2028-07-16..2028-08-01 5.16',
    ]);
    await sandbox.advance('2028-08-20T12:00:00Z');
    const told = (await sandbox.documents()).flatMap((one) => one.told);
    expect(told.filter((line) => line.includes('2028-08-15..2028-09-15'))).toEqual([]);
    expect(await ends(ids.monthly)).toMatchObject({ status: 'CANCELED', canceledOn: '2028-08-01' });
    expect(await ends(ids.half)).toMatchObject({ status: 'LAPSED' });
  });

  it('renews with it for the same days', async () => {
    await sandbox.advance('2029-01-16T12:00:00Z');
    expect((await newest())?.told).toEqual([
      'CHARGE PREMIUM 10 2029-01-15..2030-01-15 3480.00',
      'CHARGE STORAGE 2 2029-01-15..2030-01-15 120.00',
    ]);
    await sandbox.payAll();
  });

  it('when that is canceled at once: both go back from the same day on', async () => {
    await sandbox.advance('2029-03-15T12:00:00Z');
    await sandbox.fulfill({ actions: [{ cancel: { subscriptionId: ids.year } }] });
    // 306 of 365 days.
    expect((await newest())?.told).toEqual([
      'CREDIT PREMIUM 10 2029-03-15..2030-01-15 -2917.48',
      'CREDIT STORAGE 2 2029-03-15..2030-01-15 -100.60',
    ]);
    await sandbox.advance('2030-01-16T12:00:00Z');
    expect((await newest())?.issuedOn).toBe('2029-03-15');
  });
});
