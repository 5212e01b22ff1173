import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expiryOfCode, hasInstances, stateOfCode } from './activation-code.js';
import { codeHint, codeText, readCode } from './code-text.js';
import { stateOfInstance, type Instance } from './instance.js';
import { holderOf, idRefusal, instanceLimit, overLimit, slotRefusal } from './slots.js';

describe('the text of an activation code', () => {
  const anyBytes = fc.uint8Array({ minLength: 16, maxLength: 32 });

  it('is five groups of five characters that nobody mistakes for each other', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        expect(codeText(bytes)).toMatch(/^([0-9A-HJKMNP-TV-Z]{5}-){4}[0-9A-HJKMNP-TV-Z]{5}$/);
      }),
    );
  });

  it('is read as it was meant, however it is typed', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        const code = codeText(bytes);
        expect(readCode(code)).toBe(code);
        expect(readCode(` ${code.toLowerCase().replaceAll('-', ' ')}\n`)).toBe(code);
        expect(readCode(code.replaceAll('1', 'l').replaceAll('0', 'o'))).toBe(code);
      }),
    );
  });

  it('differs whenever one of the first 125 bits differs', () => {
    fc.assert(
      fc.property(anyBytes, fc.nat(124), (bytes, bit) => {
        const other = Uint8Array.from(bytes, (byte, place) =>
          place === Math.floor(bit / 8) ? byte ^ (128 >> (bit % 8)) : byte,
        );
        expect(codeText(other)).not.toBe(codeText(bytes));
      }),
    );
  });

  it.each(['', 'none', 'A'.repeat(24), 'A'.repeat(26), `${'A'.repeat(24)}U`, 'A'.repeat(1_000_000)])(
    'is not %#',
    (text) => {
      expect(readCode(text)).toBeNull();
    },
  );

  it('shows no more than its last group later on, and needs 16 bytes', () => {
    const code = codeText(new Uint8Array(16).fill(255));
    expect(codeHint(code)).toBe('ZZZZZ');
    expect(() => codeText(new Uint8Array(15))).toThrow(RangeError);
  });
});

describe('a code', () => {
  const expiresAt = expiryOfCode(new Date('2026-01-01T00:00:00Z'), 30);

  it.each([
    ['open through its last moment', '2026-01-30T23:59:59.999Z', null, 'OPEN'],
    ['expired after that', '2026-01-31T00:00:00Z', null, 'EXPIRED'],
    ['revoked', '2026-01-02T00:00:00Z', 'REVOKED', 'REVOKED'],
    ['replaced', '2026-01-02T00:00:00Z', 'REPLACED', 'REPLACED'],
    ['of a deployment that moved', '2026-01-02T00:00:00Z', 'MOVED', 'REVOKED'],
  ] as const)('is %s', (_, at, cause, expected) => {
    const ended = cause === null ? null : { at: new Date('2026-01-01T12:00:00Z'), cause };
    expect(stateOfCode({ ended, expiresAt }, new Date(at))).toBe(expected);
  });

  it('is for what a customer runs of its own', () => {
    expect(hasInstances('SELF_MANAGED_INSTANCE')).toBe(true);
    expect(hasInstances('DEDICATED_TENANT')).toBe(true);
    expect(hasInstances('SAAS_NAMESPACE')).toBe(false);
  });
});

describe('an instance', () => {
  const lastSeenAt = new Date('2026-03-01T10:00:00Z');

  it.each([
    ['ACTIVE', '2026-03-31T09:59:59.999Z'],
    ['SILENT', '2026-03-31T10:00:00Z'],
  ])('is %s at %s: 30 days after it was last seen, to the millisecond', (state, at) => {
    expect(stateOfInstance({ ended: null, lastSeenAt }, new Date(at))).toBe(state);
  });

  it('that was ended stays so', () => {
    const ended = { at: lastSeenAt, cause: 'TRANSFERRED' } as const;
    expect(stateOfInstance({ ended, lastSeenAt }, lastSeenAt)).toBe('TRANSFERRED');
  });
});

describe('slots', () => {
  const at = new Date('2026-03-31T10:00:00Z');
  const instance = (id: string, lastSeenAt: string, instanceId = id): Instance => ({
    id,
    deploymentId: 'deployment',
    instanceId,
    hostName: 'host',
    version: '1',
    secretHash: 'hash',
    activationCodeId: 'code',
    activatedAt: new Date(lastSeenAt),
    lastSeenAt: new Date(lastSeenAt),
    ended: null,
  });
  const active = instance('a', '2026-03-30T00:00:00Z');
  const silent = instance('s', '2026-03-01T10:00:00Z');

  it.each([
    ['none of two', [], 2, null, null],
    ['one of two', [active], 2, null, null],
    ['the last one', [active, instance('b', '2026-03-30T00:00:00Z')], 2, null, 'INSTANCE_LIMIT_REACHED'],
    ['one of two, as the other is silent', [active, silent], 2, null, null],
    ['its own', [active], 1, 'a', null],
    ['no limit', [active, silent], null, null, null],
    ['a license for none', [], 0, null, 'INSTANCE_LIMIT_REACHED'],
  ])('%s', (_, instances, limit, id, code) => {
    expect(slotRefusal({ limit, instances, at }, id, 'code')?.code ?? null).toBe(code);
  });

  it('that are more than the license serves are those of the active instances that were activated last', () => {
    const at20 = instance('old', '2026-03-20T00:00:00Z');
    const ended = { ...active, id: 'e', ended: { at, cause: 'DEACTIVATED' } as const };
    const instances = [instance('new', '2026-03-31T00:00:00Z'), silent, active, ended, at20];
    const ids = (limit: number | null) => [...overLimit({ limit, instances, at })];
    expect([ids(null), ids(4), ids(3)]).toEqual([[], [], []]);
    expect([ids(2), ids(1), ids(0)]).toEqual([['new'], ['a', 'new'], ['old', 'a', 'new']]);
    // Of the same moment the answer is the same whatever their order.
    const twins = ['x', 'y'].map((id) => instance(id, '2026-03-30T00:00:00Z'));
    for (const both of [twins, twins.toReversed()]) {
      expect([...overLimit({ limit: 1, instances: both, at })]).toEqual(['y']);
    }
  });

  it('are two where no product says otherwise', () => {
    const feature = {
      key: 'instances',
      name: 'Instances',
      source: 'ULTIMATE',
      sources: [],
      kind: 'LIMIT',
      observedAt: null,
    } as const;
    expect(instanceLimit([])).toBe(2);
    expect(instanceLimit([{ ...feature, limit: 5, used: 0 }])).toBe(5);
    expect(instanceLimit([{ ...feature, limit: null, used: 0 }])).toBeNull();
  });

  it('an id of an active instance is not given to another one; of a silent one it is', () => {
    expect(idRefusal(holderOf([active], 'a', null), at, 'instanceId')?.code).toBe('INSTANCE_ID_TAKEN');
    expect(idRefusal(holderOf([active], 'a', 'a'), at, 'instanceId')).toBeNull();
    expect(idRefusal(holderOf([silent], 's', null), at, 'instanceId')).toBeNull();
    expect(idRefusal(holderOf([active], 'b', null), at, 'instanceId')).toBeNull();
  });
});
