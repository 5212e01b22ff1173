import { getIntrospectionQuery } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createLimitCheck, findExcess, limits } from './limits.js';

const deep = (levels: number) => `${'{ a '.repeat(levels)}${'}'.repeat(levels)}`;
const aliased = (count: number) => Array.from({ length: count }, (_, index) => `a${index}: x`).join(' ');
const roots = (count: number) => Array.from({ length: count }, (_, index) => `f${index}`).join(' ');

const fanOut = (levels: number) =>
  `{ r { ...F0 } } fragment F${levels} on T { x y z }` +
  Array.from(
    { length: levels },
    (_, i) => `fragment F${i} on T { p { ...F${i + 1} } q { ...F${i + 1} } }`,
  ).join(' ');

describe('findExcess', () => {
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
    ['what is no GraphQL', '{ a', undefined],
    ['an empty text', '', undefined],
  ])('%s', (_, query, code) => {
    expect(findExcess(query)?.extensions['code']).toBe(code);
  });

  it('says what is too large and what is allowed', () => {
    expect(findExcess(deep(200))?.message).toBe(
      'The operation nests its fields 200 levels deep; 15 are allowed.',
    );
    expect(findExcess(`{ ${'x '.repeat(6_000)}}`)?.message).toBe('The operation has more than 5,000 tokens.');
  });

  it('takes no longer for fragments that multiply into more fields than could be counted one by one', () => {
    const startedAt = performance.now();
    expect(findExcess(fanOut(60))?.extensions['code']).toBe('QUERY_TOO_DEEP');
    expect(findExcess(`{ ...F } fragment F on T { ${aliased(limits.aliases + 1)} }`)).not.toBeNull();
    expect(performance.now() - startedAt).toBeLessThan(500);
  });
});

it('the check gives the same verdict each time', () => {
  const check = createLimitCheck();
  for (let time = 0; time < 2; time += 1) {
    expect(() => check('{ a }')).not.toThrow();
    expect(() => check(deep(20))).toThrow(/20 levels/);
  }
});
