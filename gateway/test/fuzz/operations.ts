import fc from 'fast-check';

const page = fc.constantFrom(
  '1',
  '0',
  '-1',
  '100',
  '101',
  '2147483648',
  '1e3',
  '1.5',
  '"ten"',
  'null',
  '9'.repeat(400),
  '$n',
  '$missing',
);
const name = fc.constantFrom(
  'id',
  'name',
  'totalCount',
  'nodes',
  'nothing',
  '__typename',
  '__schema',
  'edges',
);

/** Something that looks like a query, and may be one. */
const likely = fc
  .tuple(
    fc.constantFrom('accounts', 'accounts', 'orders', 'nothing'),
    page,
    fc.array(name, { minLength: 1, maxLength: 4 }),
  )
  .map(
    ([root, first, names]) =>
      `query ($n: Int) { ${root}(first: ${first}) { ${names.join(' ')} nodes { ${names.join(' ')} } } }`,
  );

const token = fc.constantFrom(
  '{',
  '}',
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  ':',
  '!',
  '$',
  '$n',
  '@',
  '@skip(if: true)',
  '...',
  '... on Account',
  '...A',
  '=',
  '|',
  '&',
  'query',
  'mutation',
  'subscription',
  'fragment A on Query',
  'accounts',
  'nodes',
  'id',
  'name',
  '"a"',
  '"""b"""',
  '"',
  '1',
  '-1.5e9',
  'true',
  'null',
  '# c\n',
  '\\u0000',
  '\u0000',
  '\uFEFF',
  '\uD800',
  'é',
  '💥',
);
const soup = fc.array(token, { maxLength: 60 }).map((tokens) => tokens.join(' '));

const depth = fc.integer({ min: 1, max: 200 });
const count = fc.integer({ min: 1, max: 150 });
const repeated = (times: number, text: (index: number) => string) =>
  Array.from({ length: times }, (_, index) => text(index)).join(' ');

const shapes = fc.oneof(
  depth.map((levels) => `{ accounts { nodes ${'{ parent '.repeat(levels)}{ id }${' }'.repeat(levels)} } }`),
  depth.map((levels) => `${'{ ... '.repeat(levels)}{ __typename }${' }'.repeat(levels)}`),
  depth.map(
    (levels) => `{ accounts(filter: ${'['.repeat(levels * 10)}${']'.repeat(levels * 10)}) { totalCount } }`,
  ),
  count.map((times) => `{ ${repeated(times, (index) => `a${index}: accounts { totalCount }`)} }`),
  count.map((times) => `{ accounts { ${repeated(times, () => 'totalCount')} } }`),
  count.map((times) => `{ accounts { totalCount ${repeated(times, () => '@include(if: true)')} } }`),
  count.map((times) => `query (${repeated(times, (index) => `$v${index}: Int`)}) { __typename }`),
  count.map((times) => repeated(times, (index) => `query Q${index} { __typename }`)),
  fc
    .integer({ min: 1, max: 40 })
    .map(
      (levels) =>
        `{ ...F0 } fragment F${levels} on Query { __typename } ` +
        repeated(levels, (index) => `fragment F${index} on Query { ...F${index + 1} ...F${index + 1} }`),
    ),
  fc.constantFrom(
    '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }',
    'subscription { __typename }',
    'mutation { placeOrder(input: {}) { order { id } } }',
    'query A { __typename } query A { __typename }',
    '{ accounts(first: 5, first: 6) { totalCount } }',
    'query ($__proto__: Int, $constructor: Int) { __typename }',
    '{ __proto__ constructor: __typename }',
    '{ __schema { types { fields { type { fields { name } } } } } }',
    'type Query { a: Int }',
    '',
  ),
);

const query = fc.oneof(
  { weight: 4, arbitrary: likely },
  { weight: 2, arbitrary: soup },
  { weight: 4, arbitrary: shapes },
);

const nested = fc
  .integer({ min: 1, max: 3_000 })
  .map((levels) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);
const variables = fc.oneof(
  fc.constantFrom(
    '{}',
    'null',
    '{"n":5}',
    '{"n":-5}',
    '{"n":1e400}',
    '{"n":1e308}',
    '{"n":9007199254740993}',
    '{"n":"5"}',
    '{"n":[1]}',
    '{"n":{}}',
  ),
  nested.map((value) => `{"n":${value}}`),
  fc.jsonValue().map((value) => JSON.stringify({ n: value })),
);

/** The body of a request: JSON whose `query` is a text. */
export const graphqlBody: fc.Arbitrary<string> = fc
  .tuple(query, variables, fc.constantFrom('', ',"operationName":"A"', ',"extensions":{"cost":true}'))
  .map(([query, variables, more]) => `{"query":${JSON.stringify(query)},"variables":${variables}${more}}`);
