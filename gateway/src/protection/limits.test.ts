import { getIntrospectionQuery } from 'graphql';
import { describe, expect, it } from 'vitest';
import { limits, parseWithinLimits } from './limits.js';

const findExcess = (query: string) => parseWithinLimits(query).error ?? null;

const deep = (levels: number) => `${'{ a '.repeat(levels)}${'}'.repeat(levels)}`;
const aliased = (count: number) => Array.from({ length: count }, (_, index) => `a${index}: x`).join(' ');
const roots = (count: number) => Array.from({ length: count }, (_, index) => `f${index}`).join(' ');

const directives = (count: number) => '@x '.repeat(count);
const directed = (count: number) => `a ${directives(count)}`;

const repeated = (count: number) => 'x '.repeat(count);

const fanOut = (levels: number) =>
  `{ r { ...F0 } } fragment F${levels} on T { x y z }` +
  Array.from(
    { length: levels },
    (_, i) => `fragment F${i} on T { p { ...F${i + 1} } q { ...F${i + 1} } }`,
  ).join(' ');

describe('the limits', () => {
  it.each([
    ['15 levels', deep(15), undefined],
    ['16 levels', deep(16), 'QUERY_TOO_DEEP'],
    ['200 levels', deep(200), 'QUERY_TOO_DEEP'],
    [
      'levels through fragments',
      `{ ...A } fragment A on T { x { ...B } } fragment B on T ${deep(15)}`,
      'QUERY_TOO_DEEP',
    ],
    ['inline fragments, which are no level', `${'{ ... '.repeat(50)}{ a }${'}'.repeat(50)}`, undefined],
    ['the second operation', `query A { a } query B ${deep(16)}`, 'QUERY_TOO_DEEP'],
    ['the introspection query', getIntrospectionQuery({ descriptions: true, oneOf: true }), undefined],
    ['5,001 tokens', `{ ${'x '.repeat(5_000)}}`, 'QUERY_TOO_LARGE'],
    ['100 aliases', `{ r { ${aliased(100)} } }`, undefined],
    ['101 aliases', `{ r { ${aliased(101)} } }`, 'QUERY_TOO_LARGE'],
    [
      'aliases of a fragment used twice',
      `{ r { ...A } s { ...A } } fragment A on T { ${aliased(51)} }`,
      'QUERY_TOO_LARGE',
    ],
    ['100 root fields', `{ ${roots(100)} }`, undefined],
    ['101 root fields', `{ ${roots(101)} }`, 'QUERY_TOO_LARGE'],
    [
      'root fields in fragments',
      `{ ...A ...B } fragment A on T { ${roots(51)} } fragment B on T { ... { ${roots(50)} } }`,
      'QUERY_TOO_LARGE',
    ],
    ['fragments that double each other', fanOut(12), 'QUERY_TOO_LARGE'],
    ['a fragment that contains itself', '{ ...A } fragment A on T { a { ...A } }', undefined],
    ['a fragment that does not exist', '{ ...A }', undefined],
    ['100 directives', `{ ${directed(100)} }`, undefined],
    ['101 directives', `{ ${directed(101)} }`, 'QUERY_TOO_LARGE'],
    [
      'directives of everything',
      `query ${directives(61)} { a ...A ...A } fragment A on T ${directives(10)} { b ${directives(10)} }`,
      'QUERY_TOO_LARGE',
    ],
    ['a field 50 times', `{ r { ${repeated(50)} } }`, undefined],
    ['a field 51 times', `{ r { ${repeated(51)} } }`, 'QUERY_TOO_LARGE'],
    [
      'a field repeated by inline fragments',
      `{ r { ${'... { ... { x } } '.repeat(51)} } }`,
      'QUERY_TOO_LARGE',
    ],
    ['what is no GraphQL', '{ a', 'GRAPHQL_PARSE_FAILED'],
    ['an empty text', '', 'GRAPHQL_PARSE_FAILED'],
  ])('%s', (_, query, code) => {
    expect(findExcess(query)?.extensions['code']).toBe(code);
  });

  it('says what is too large and what is allowed', () => {
    expect(findExcess(deep(200))?.message).toBe(
      'The operation nests its fields 200 levels deep; 15 are allowed.',
    );
    expect(findExcess(`{ ${'x '.repeat(6_000)}}`)?.message).toBe('The operation has more than 5,000 tokens.');
    expect(findExcess('{ a\n} }')?.toJSON()).toMatchObject({
      message: 'Syntax Error: Unexpected "}".',
      locations: [{ line: 2, column: 3 }],
    });
  });

  it('takes no longer for fragments that multiply into more fields than could be counted one by one', () => {
    const startedAt = performance.now();
    expect(findExcess(fanOut(60))?.extensions['code']).toBe('QUERY_TOO_DEEP');
    expect(findExcess(`{ ...F } fragment F on T { ${aliased(limits.aliases + 1)} }`)).not.toBeNull();
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});
