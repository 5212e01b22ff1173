import { Kind } from 'graphql';
import { expect, test } from 'vitest';
import { scalarResolvers } from './scalars.js';

const { DateTime } = scalarResolvers;

test.each(['9999-12-31T23:59:59-12:00', '0000-06-01T00:00:00Z', '0001-01-01T00:00:00+01:00'])(
  'the instant %s, which has no year of four digits in UTC, is refused',
  (text) => {
    expect(() => DateTime.parseValue(text)).toThrow(/the years 1 to 9999/);
    expect(() => DateTime.parseLiteral({ kind: Kind.STRING, value: text })).toThrow(/1 to 9999/);
  },
);

test('an instant is read with its offset', () => {
  expect(DateTime.parseValue('2026-06-15T12:00:00+02:00')).toEqual(new Date('2026-06-15T10:00:00Z'));
  expect(DateTime.parseValue('9999-12-31T23:59:59Z').toISOString()).toBe('9999-12-31T23:59:59.000Z');
});
