import { expect, it } from 'vitest';
import { readId, readOptionalId } from './id-argument.js';

const id = 'aaaaaaaa-0000-4000-8000-000000000001';

it('gives an id in the form in which it is stored', () => {
  expect(readId('id', id.toUpperCase())).toBe(id);
  expect(readOptionalId('id', id)).toBe(id);
});

it.each([null, undefined])('takes %s for nothing where nothing may be given', (nothing) => {
  expect(readOptionalId('filter.partnerId', nothing)).toBeNull();
});

it.each(['', '1', '\u0000', `${id}0`, ` ${id}`])('refuses %j with its field', (text) => {
  const refusal = expect.objectContaining({ code: 'ID_INVALID', field: 'filter.partnerId' });
  expect(() => readId('filter.partnerId', text)).toThrow(refusal);
  expect(() => readOptionalId('filter.partnerId', text)).toThrow(refusal);
});
