import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { featureUseFault, newestUses, type DeploymentFeatureUse } from './feature-use.js';

const now = new Date('2026-06-15T12:00:00Z');

function use(used: number, at: string, more: Partial<DeploymentFeatureUse> = {}): DeploymentFeatureUse {
  return { deploymentId: 'd', featureKey: 'projects', used, observedAt: new Date(at), ...more };
}

test('the newest observation holds, though it is lower and comes first; of the same moment the higher', () => {
  const newer = use(3, '2026-06-02T00:00:00Z');
  const older = use(9, '2026-06-01T00:00:00Z');
  expect(newestUses([newer, older])).toEqual([newer]);
  expect(newestUses([older, newer, older])).toEqual([newer]);
  const higher = use(4, '2026-06-02T00:00:00Z');
  expect(newestUses([higher, newer])).toEqual([higher]);
  expect(newestUses([newer, higher])).toEqual([higher]);
});

test('features and deployments stand for themselves', () => {
  const all = [
    use(1, '2026-06-01T00:00:00Z'),
    use(2, '2026-06-02T00:00:00Z', { featureKey: 'storage_gb' }),
    use(3, '2026-06-03T00:00:00Z', { deploymentId: 'e' }),
  ];
  expect(newestUses(all)).toEqual(all);
});

const anyUse = fc.record({
  deploymentId: fc.constantFrom('d', 'e'),
  featureKey: fc.constantFrom('projects', 'storage_gb'),
  used: fc.nat(3),
  observedAt: fc.nat(3).map((minute) => new Date(now.getTime() - minute * 60_000)),
});

test('no order, repetition or splitting of reports changes what holds', () => {
  const inOrder = (uses: readonly DeploymentFeatureUse[]) =>
    uses.toSorted((one, other) =>
      `${one.deploymentId} ${one.featureKey}` < `${other.deploymentId} ${other.featureKey}` ? -1 : 1,
    );
  const anyHistory = fc
    .array(anyUse, { maxLength: 12 })
    .chain((uses) =>
      fc.tuple(
        fc.constant(uses),
        fc.shuffledSubarray([...uses, ...uses], { minLength: uses.length * 2 }),
        fc.nat(uses.length),
      ),
    );
  fc.assert(
    fc.property(anyHistory, ([uses, told, cut]) => {
      const first = newestUses(told.slice(0, cut));
      expect(inOrder(newestUses([...first, ...told.slice(cut)]))).toEqual(inOrder(newestUses(uses)));
    }),
  );
});

describe('what cannot be recorded', () => {
  test.each<[why: string, used: number, at: string, field: string | null]>([
    ['nothing in use', 0, '2026-06-15T12:00:00Z', null],
    ['less than nothing', -1, '2026-06-15T12:00:00Z', 'used'],
    ['the most', 1_000_000_000, '2026-06-15T12:00:00Z', null],
    ['more than the most', 1_000_000_001, '2026-06-15T12:00:00Z', 'used'],
    ['a part', 1.5, '2026-06-15T12:00:00Z', 'used'],
    ['a clock that runs a little ahead', 1, '2026-06-15T12:05:00Z', null],
    ['the future', 1, '2026-06-15T12:05:00.001Z', 'observedAt'],
    ['nearly five years ago', 1, '2021-06-13T12:00:00Z', null],
    ['more than five years ago', 1, '2021-06-10T12:00:00Z', 'observedAt'],
  ])('%s', (_why, used, at, field) => {
    expect(featureUseFault({ used, observedAt: new Date(at) }, now)?.field ?? null).toBe(field);
  });
});
