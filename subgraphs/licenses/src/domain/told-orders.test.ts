import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ordersToTell, type VersionOrder } from './told-orders.js';

const orderOf = (version: number): VersionOrder => ({ orderId: `order-${version}`, version });
/** As a snapshot names them: the newest first. Version 3 was brought about by the contract itself. */
const recent = [5, 4, 2, 1].map(orderOf);

test.each<[why: string, known: number | null, taken: number, told: string[]]>([
  ['the first snapshot that arrives tells all', null, 5, ['order-1', 'order-2', 'order-4', 'order-5']],
  ['the next one tells its own', 4, 5, ['order-5']],
  ['skipped versions are told with it', 2, 5, ['order-4', 'order-5']],
  ['the same one again tells nothing', 5, 5, []],
  ['one by the contract itself tells nothing of its own', 2, 3, []],
  ['never of a version after its own', 1, 4, ['order-2', 'order-4']],
])('%s', (_why, known, taken, told) => {
  expect(ordersToTell(recent, known, taken)).toEqual(told);
});

test('an order behind several versions is told once', () => {
  const twice = [
    { orderId: 'order', version: 3 },
    { orderId: 'order', version: 2 },
  ];
  expect(ordersToTell(twice, 1, 3)).toEqual(['order']);
});

test('whichever snapshots come, in whatever order: every order up to the newest is told, and once', () => {
  const history = fc.array(fc.boolean(), { minLength: 1, maxLength: 20 });
  const arrivals = fc.array(fc.nat(19), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(history, arrivals, (byOrder, picks) => {
      const versions = byOrder.map((_, index) => index + 1);
      const ordersUpTo = (taken: number) =>
        versions
          .slice(0, taken)
          .filter((version) => byOrder[version - 1])
          .map(orderOf);
      const told: string[] = [];
      let known: number | null = null;
      for (const taken of picks.map((pick) => (pick % versions.length) + 1)) {
        // The inbox takes a newer snapshot alone.
        if (known !== null && taken <= known) continue;
        told.push(...ordersToTell(ordersUpTo(taken).toReversed(), known, taken));
        known = taken;
      }
      expect(told).toEqual(ordersUpTo(known ?? 0).map(({ orderId }) => orderId));
    }),
  );
});
