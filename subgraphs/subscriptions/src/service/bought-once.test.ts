import { localDate } from '@fulfillment/kernel/domain/calendar';
import { exampleAgreement, exampleItem } from '@fulfillment/kernel/domain/agreement/example';
import { expect, test } from 'vitest';
import { boughtOnceOf } from './bought-once.js';
import type { BoughtOnce } from './ports.js';

const pack = (quantity: number) =>
  exampleItem({ productCode: 'PACK', productKind: 'ADD_ON', pricePeriod: 'ONE_TIME', quantity });

function version(startDate: string, effectiveOn: string, packs: number) {
  const agreement = exampleAgreement(startDate);
  return {
    effectiveOn: localDate(effectiveOn),
    agreement: {
      ...agreement,
      term: { ...agreement.term, startDate: localDate(startDate) },
      items: [...agreement.items, ...(packs === 0 ? [] : [pack(packs)])],
    },
  };
}

test('packs add up within a term, and stay when the next one leaves them out', () => {
  const history = [
    version('2026-01-01', '2026-01-01', 0),
    version('2026-01-01', '2026-04-01', 2),
    version('2026-01-01', '2026-06-01', 5),
    version('2027-01-01', '2027-01-01', 0),
    version('2027-01-01', '2027-02-01', 1),
  ];
  const bought = history.reduce<BoughtOnce[]>((earlier, one) => boughtOnceOf(one, earlier), []);
  expect(bought).toEqual([
    { productCode: 'PACK', termStart: '2026-01-01', quantity: 5, on: '2026-04-01' },
    { productCode: 'PACK', termStart: '2027-01-01', quantity: 1, on: '2027-02-01' },
  ]);
});
