import { describe, expect, test } from 'vitest';
import { grantAmount, overrideAmount, type GivenAmount, type GivenOverride } from './given.js';
import type { FeatureKind } from './features/index.js';

const nothing: GivenAmount = { quantity: null, unlimited: false, priority: null, rolloverCap: null };

describe('what is granted', () => {
  test.each<[kind: FeatureKind, given: Partial<GivenAmount>, expected: object | string]>([
    ['ON_OFF', {}, { enabled: true, quantity: null }],
    ['ON_OFF', { quantity: 1 }, 'quantity'],
    ['ON_OFF', { priority: 1 }, 'priority'],
    ['LIMIT', { quantity: 5 }, { quantity: 5 }],
    ['LIMIT', { unlimited: true }, { quantity: null }],
    ['LIMIT', { unlimited: true, quantity: 1 }, 'unlimited'],
    ['LIMIT', {}, 'quantity'],
    ['LIMIT', { quantity: 0 }, 'quantity'],
    ['LIMIT', { quantity: 5, rolloverCap: 1 }, 'rolloverCap'],
    ['METERED_ALLOWANCE', { quantity: 5 }, { quantity: 5, priority: 100, rolloverCap: null }],
    ['METERED_ALLOWANCE', { quantity: 5, priority: 1, rolloverCap: 0 }, { priority: 1, rolloverCap: 0 }],
    ['METERED_ALLOWANCE', { quantity: 5, priority: 0 }, 'priority'],
    ['METERED_ALLOWANCE', { quantity: 5, priority: 1_001 }, 'priority'],
    ['METERED_ALLOWANCE', { quantity: 5, rolloverCap: -1 }, 'rolloverCap'],
    ['METERED_ALLOWANCE', { unlimited: true }, 'unlimited'],
  ])('%s %j', (kind, given, expected) => {
    const outcome = grantAmount(kind, { ...nothing, ...given });
    if (typeof expected === 'string') {
      expect(outcome).toMatchObject({ ok: false, error: { code: 'INVALID_VALUE', field: [expected] } });
    } else expect(outcome).toMatchObject({ ok: true, value: expected });
  });
});

describe('what holds instead', () => {
  const unsaid: GivenOverride = { quantity: null, unlimited: false, enabled: null };
  test.each<[kind: FeatureKind, given: Partial<GivenOverride>, expected: object | string]>([
    ['ON_OFF', { enabled: false }, { enabled: false, quantity: null }],
    ['ON_OFF', {}, 'enabled'],
    ['LIMIT', { quantity: 0 }, { enabled: true, quantity: 0 }],
    ['LIMIT', { enabled: true, quantity: 1 }, 'enabled'],
    ['LIMIT', { unlimited: true }, { quantity: null }],
    ['METERED_ALLOWANCE', { quantity: 0 }, { quantity: 0 }],
    ['METERED_ALLOWANCE', { quantity: -1 }, 'quantity'],
  ])('%s %j', (kind, given, expected) => {
    const outcome = overrideAmount(kind, { ...unsaid, ...given });
    if (typeof expected === 'string') {
      expect(outcome).toMatchObject({ ok: false, error: { code: 'INVALID_VALUE', field: [expected] } });
    } else expect(outcome).toMatchObject({ ok: true, value: expected });
  });
});
