import { expect, test } from 'vitest';
import { emailFault, normalizedEmail } from './email-address.js';

test.each([
  ['ada@example.com', true],
  ["o'brien+licenses@mail.example.co.uk", true],
  ['ada@bücher.example', true],
  ['ada', false],
  ['ada@example', false],
  ['ada@@example.com', false],
  ['Ada <ada@example.com>', false],
  ['ada@example.com, bob@example.com', false],
  ['ada@example.com\u200B', false],
  ['ada@example.com\nBcc: bob@example.com', false],
  [' ada@example.com', false],
  [`${'a'.repeat(250)}@b.de`, false],
  ['', false],
])('%j can be written to: %s', (email, expected) => {
  expect(emailFault(email, 'email') === null).toBe(expected);
});

test('an address is one however it is written', () => {
  expect(normalizedEmail(' Ada@Example.COM ')).toBe('ada@example.com');
  expect(normalizedEmail('A\u030Ada@example.com')).toBe('\u00E5da@example.com');
});
