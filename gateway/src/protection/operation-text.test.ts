import { expect, it } from 'vitest';
import { createTextReader } from './operation-text.js';

const read = createTextReader();

it.each([
  ['{ a }', false, true],
  ['{ __typename }', false, false],
  ['query A { __schema { types { name } } } query B { __type(name: "A") { name } }', true, false],
  ['{ __schema { types { ...T } } } fragment T on __Type { name }', true, false],
  ['{ __schema { types { name } } a }', true, true],
  ['{ x: __schema { types { name } } ...A } fragment A on Query { a }', true, true],
  ['{ ... { __schema { types { name } } } }', true, true],
  ['query A { __typename } query B { a }', false, true],
])('%s', (text, asksSchema, asksServices) => {
  expect(read(text)).toMatchObject({ asksSchema, asksServices });
});

it('knows a text again in every layout, and its name', () => {
  const [one, other] = [read('query Mine { a(b: 1) }'), read('# mine\nquery   Mine{a(b:1)}')];
  expect(one.normalizedHash).toBe(other.normalizedHash);
  expect(one.hash).not.toBe(other.hash);
  expect(one.operationName).toBe('Mine');
  expect(read('query Mine { a(b: 2) }').normalizedHash).not.toBe(one.normalizedHash);
});

it('says what is wrong with a text, each time', () => {
  for (let time = 0; time < 2; time += 1) {
    expect(read('{ a').error?.extensions).toMatchObject({ code: 'GRAPHQL_PARSE_FAILED' });
    expect(read(`{ ${'x '.repeat(6_000)} }`).error?.extensions).toMatchObject({ code: 'QUERY_TOO_LARGE' });
  }
});
