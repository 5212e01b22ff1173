import { expect, test } from 'vitest';
import { lineFault } from './line-of-text.js';

test.each([
  ['12345678', true],
  ['1234567', false],
  ['x'.repeat(255), true],
  ['x'.repeat(256), false],
  ['with space', true],
  [' at the edge', false],
  ['a line\u2028separator', false],
  ['a \u0000 character', false],
  ['an invisible \u200b one', false],
  ['half a pair \ud800', false],
  ['Zoë’s Grüße 🚀', true],
  ['Zoë’s Grüße'.normalize('NFD'), false],
])('as a line of 8 to 255 characters, %j is right: %s', (text, isRight) => {
  expect(lineFault(text, 'key', { minimum: 8, maximum: 255 }) === null).toBe(isRight);
});

test('what is said of a line names its field', () => {
  expect(lineFault('', 'reason', { minimum: 1, maximum: 500 })).toBe(
    '`reason` must have 1 to 500 characters.',
  );
  expect(lineFault(' x', 'reason', { minimum: 1, maximum: 500 })).toMatch(/^`reason` must not have /);
});
