import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { billableOfCounts, billableOfMemberships, billableUnder, type Membership } from './billable-users.js';

const person = { kind: 'PERSON', role: 'MEMBER', state: 'ACTIVE' } as const;

describe('billableOfCounts', () => {
  test('members and guests who are active persons; nobody else on any plan', () => {
    const users = billableOfCounts([
      { ...person, count: 10 },
      { ...person, role: 'GUEST', count: 4 },
      { ...person, kind: 'BOT', count: 100 },
      { ...person, state: 'BLOCKED', count: 100 },
      { ...person, state: 'DEACTIVATED', count: 100 },
      { ...person, state: 'PENDING', count: 100 },
      { ...person, role: 'GUEST', state: 'BLOCKED', count: 100 },
    ]);
    expect(users).toEqual({ members: 10, guests: 4 });
    expect([billableUnder(true, users), billableUnder(false, users)]).toEqual([14, 10]);
  });
});

describe('billableOfMemberships', () => {
  test.each<[why: string, memberships: Partial<Membership>[], members: number, guests: number]>([
    ['a person in several groups counts once', [{}, {}, {}], 1, 0],
    ['a guest here and a member there is a member', [{ role: 'GUEST' }, {}], 1, 0],
    ['a guest in two groups is one guest', [{ role: 'GUEST' }, { role: 'GUEST' }], 0, 1],
    ['pending as a member, active as a guest: a guest', [{ state: 'PENDING' }, { role: 'GUEST' }], 0, 1],
    ['a bot in many groups is nobody', [{ kind: 'BOT' }, { kind: 'BOT' }], 0, 0],
    ['two persons', [{}, { userId: 'other' }], 2, 0],
  ])('%s', (_why, memberships, members, guests) => {
    const full = memberships.map((one) => ({ userId: 'user', ...person, ...one }));
    expect(billableOfMemberships(full)).toEqual({ members, guests });
  });

  test('neither order nor repetition changes the count', () => {
    const membership = fc.record({
      userId: fc.constantFrom('a', 'b', 'c', 'd'),
      kind: fc.constantFrom('PERSON' as const, 'BOT' as const),
      role: fc.constantFrom('GUEST' as const, 'MEMBER' as const),
      state: fc.constantFrom('ACTIVE' as const, 'BLOCKED' as const, 'PENDING' as const),
    });
    const lists = fc.array(membership, { maxLength: 20 }).chain((list) =>
      fc.tuple(
        fc.constant(list),
        fc.shuffledSubarray([...list, ...list], {
          minLength: list.length * 2,
          maxLength: list.length * 2,
        }),
      ),
    );
    fc.assert(
      fc.property(lists, ([list, again]) => {
        expect(billableOfMemberships(again)).toEqual(billableOfMemberships(list));
      }),
    );
  });
});
