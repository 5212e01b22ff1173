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
  [`${'a'.repeat(64)}@example.com`, true],
  [`${'a'.repeat(65)}@example.com`, false],
  [`ada@${'b'.repeat(245)}.com`, true],
  // 254 letters, and 250 octets more.
  [`ada@${'ü'.repeat(250)}`, false],
  [`ada@${'ü'.repeat(125)}.com`, false],
  ['.ada@example.com', false],
  ['ada.@example.com', false],
  ['ada..berg@example.com', false],
  ['ada.berg@example.com', true],
  ['"ada berg"@example.com', false],
  ['', false],
])('%j can be written to: %s', (email, expected) => {
  expect(emailFault(email, 'email') === null).toBe(expected);
});

test('an address is one however it is written', () => {
  expect(normalizedEmail(' Ada@Example.COM ')).toBe('ada@example.com');
  expect(normalizedEmail('A\u030Ada@example.com')).toBe('\u00E5da@example.com');
});
