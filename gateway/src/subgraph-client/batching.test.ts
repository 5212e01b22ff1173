import { describe, expect, it } from 'vitest';
import { Representation, type SubgraphAnswer, type SubgraphRequest } from '../execution/subgraph-fetch.js';
import type { FetchNode } from '../planning/query-plan.js';
import { batching } from './batching.js';

const context = { requestId: 'one' };

function node(name: string, more: Partial<FetchNode> = {}): FetchNode {
  return {
    kind: 'Fetch',
    serviceName: 'products',
    operation: `query ${name}($representations:[_Any!]!){_entities(representations:$representations){...on Product{name}}}`,
    operationName: name,
    operationKind: 'query',
    ...more,
  };
}

const product = (upc: string) => new Representation({ __typename: 'Product', upc });
const request = (fetch: FetchNode, ...upcs: string[]): SubgraphRequest => ({
  fetch,
  variables: {},
  representations: upcs.map(product),
});
const entities = (...names: (string | null)[]) => ({ _entities: names.map((name) => name && { name }) });

function setUp(answer: (request: SubgraphRequest) => SubgraphAnswer = namesOf) {
  const asked: SubgraphRequest[] = [];
  const fetch = batching<object>(async (sent) => {
    asked.push(sent);
    return answer(sent);
  });
  return { asked, fetch };
}

function namesOf({ representations = [] }: SubgraphRequest): SubgraphAnswer {
  return { data: entities(...representations.map(({ fields: { upc } }) => `name of ${String(upc)}`)) };
}

it('asks once for the entities of equal selections, each once, and gives everyone its own in order', async () => {
  const { asked, fetch } = setUp();
  const answers = await Promise.all([
    fetch(request(node('first'), 'a', 'b'), context),
    fetch(request(node('second'), 'c', 'a'), context),
  ]);
  expect(asked).toEqual([request(node('first'), 'a', 'b', 'c')]);
  expect(answers).toEqual([
    { data: entities('name of a', 'name of b') },
    { data: entities('name of c', 'name of a') },
  ]);
});

it.each<[string, SubgraphRequest, object]>([
  ['another service', request(node('second', { serviceName: 'inventory' }), 'b'), context],
  ['another group', { ...request(node('second'), 'b'), sharing: { group: 'later', begun: 1 } }, context],
  ["another client's request", request(node('second'), 'b'), { requestId: 'one' }],
])('keeps apart what is asked of or with %s', async (_, other, otherContext) => {
  const { asked, fetch } = setUp();
  await Promise.all([fetch(request(node('first'), 'a'), context), fetch(other, otherContext)]);
  expect(asked).toEqual([request(node('first'), 'a'), other]);
});

it('does not let wait what no other request can meet', async () => {
  const { asked, fetch } = setUp();
  const answer = fetch({ ...request(node('first'), 'a'), alone: true }, context);
  expect(asked).toHaveLength(1);
  expect(await answer).toEqual({ data: entities('name of a') });
});

it('leaves mutations and root fields as they are, and sends them at once', async () => {
  const { asked, fetch } = setUp(() => ({ data: {} }));
  const root = { fetch: node('root'), variables: {} };
  const mutation = request(node('write', { operationKind: 'mutation' }), 'a');
  const answers = [root, root, mutation, mutation].map((each) => fetch(each, context));
  expect(asked).toEqual([root, root, mutation, mutation]);
  await Promise.all(answers);
});

it('tells of an error those alone who asked for its entity, at the place where they did', async () => {
  const error = { message: 'gone', path: ['_entities', 2, 'name'] };
  const { fetch } = setUp(() => ({ data: entities('A', 'C', null), errors: [error], begun: 'then' }));
  const answers = await Promise.all([
    fetch(request(node('first'), 'a'), context),
    fetch(request(node('second'), 'c', 'b'), context),
    fetch(request(node('third'), 'b'), context),
  ]);
  expect(answers).toEqual([
    { data: entities('A'), begun: 'then' },
    { data: entities('C', null), errors: [{ ...error, path: ['_entities', 1, 'name'] }], begun: 'then' },
    { data: entities(null), errors: [{ ...error, path: ['_entities', 0, 'name'] }], begun: 'then' },
  ]);
});

it('tells everybody of what failed as a whole', async () => {
  const errors = [{ message: 'down', path: ['_entities', 0] }];
  const { fetch } = setUp(() => ({ data: null, errors }));
  const asked = [node('first'), node('second')].map((each, number) =>
    fetch(request(each, String(number)), context),
  );
  for (const answer of await Promise.all(asked))
    expect(answer).toEqual({ data: null, errors: [{ message: 'down' }] });
});

it('lets everybody know of a fault', async () => {
  const { fetch } = setUp(() => {
    throw new Error('a fault');
  });
  const asked = [node('first'), node('second')].map((each) => fetch(request(each, 'a'), context));
  await Promise.all(asked.map((answer) => expect(answer).rejects.toThrow('a fault')));
});

describe('different selections of one service', () => {
  const price = node('prices', {
    operation:
      'query prices($representations:[_Any!]!$in:Currency){_entities(representations:$representations){...P @include(if:$in)}}fragment P on Product{price(in:$in)}',
    variableUsages: ['in'],
  });
  const names = (...upcs: string[]) => request(node('names'), ...upcs);
  const prices = (currency: string, ...upcs: string[]) => ({
    ...request(price, ...upcs),
    variables: { in: currency },
  });
  const merged =
    'query names($part0_representations:[_Any!]!$part1_representations:[_Any!]!$part1_in:Currency)' +
    '{part0:_entities(representations:$part0_representations){...on Product{name}}' +
    'part1:_entities(representations:$part1_representations){...part1_P@include(if:$part1_in)}}' +
    'fragment part1_P on Product{price(in:$part1_in)}';
  const both = { part0: [{ name: 'A' }, { name: 'B' }], part1: [{ price: 1 }] };

  it('are one request, in which no part knows the names of another', async () => {
    const { asked, fetch } = setUp(() => ({ data: both, extensions: { holds: 1 }, begun: 'then' }));
    const answers = await Promise.all([
      fetch(names('a'), context),
      fetch(prices('EUR', 'a'), context),
      fetch(names('b'), context),
    ]);
    expect(asked).toEqual([
      {
        fetch: {
          kind: 'Fetch',
          serviceName: 'products',
          operation: merged,
          operationName: 'names',
          operationKind: 'query',
        },
        variables: {
          part0_representations: [product('a'), product('b')],
          part1_representations: [product('a')],
          part1_in: 'EUR',
        },
      },
    ]);
    const rest = { extensions: { holds: 1 }, begun: 'then' };
    expect(answers).toEqual([
      { data: entities('A'), ...rest },
      { data: { _entities: [{ price: 1 }] }, ...rest },
      { data: entities('B'), ...rest },
    ]);
  });

  it('are written once for each combination, whatever the order in which they are asked for', async () => {
    const { asked, fetch } = setUp(() => ({ data: both }));
    const [first, second] = [names('a', 'b'), prices('EUR', 'a')];
    await Promise.all([fetch(first, context), fetch(second, context)]);
    await Promise.all([fetch(second, context), fetch(first, context)]);
    expect(asked).toHaveLength(2);
    expect(asked[0]?.fetch).toBe(asked[1]?.fetch);
  });

  it('are one request too where only their variables differ', async () => {
    const { asked, fetch } = setUp(() => ({ data: { part0: [{ price: 1 }], part1: [{ price: 2 }] } }));
    const answers = await Promise.all([
      fetch(prices('EUR', 'a'), context),
      fetch(prices('USD', 'a'), context),
    ]);
    expect(asked.map(({ variables }) => variables)).toMatchObject([{ part0_in: 'EUR', part1_in: 'USD' }]);
    expect(answers.map(({ data }) => data)).toEqual([
      { _entities: [{ price: 1 }] },
      { _entities: [{ price: 2 }] },
    ]);
  });

  it('are told of the errors of their own entities, and of those of the whole', async () => {
    const own = { message: 'no price', path: ['part1', 0, 'price'] };
    const whole = { message: 'half asleep' };
    const { fetch } = setUp(() => ({
      data: { part0: [{ name: 'A' }], part1: [null] },
      errors: [own, whole],
    }));
    const answers = await Promise.all([fetch(names('a'), context), fetch(prices('EUR', 'a'), context)]);
    expect(answers).toEqual([
      { data: entities('A'), errors: [whole] },
      { data: { _entities: [null] }, errors: [{ ...own, path: ['_entities', 0, 'price'] }, whole] },
    ]);
  });

  it('are asked for one by one when a failure of one took away the data of another', async () => {
    const error = { message: 'no prices', path: ['_entities'] };
    const { asked, fetch } = setUp((sent) => {
      if (sent.fetch === price) return { data: null, errors: [error] };
      return sent.representations === undefined
        ? { data: null, errors: [{ ...error, path: ['part1'] }] }
        : namesOf(sent);
    });
    const answers = await Promise.all([fetch(names('a'), context), fetch(prices('EUR', 'a'), context)]);
    expect(asked).toHaveLength(3);
    expect(answers).toEqual([{ data: entities('name of a') }, { data: null, errors: [error] }]);
  });

  const failure = (code: string) => ({
    errors: [{ message: '', extensions: { code, service: 'products' } }],
  });

  it('are asked for one by one for a while by a service that does not take them together', async () => {
    const { asked, fetch } = setUp((sent) =>
      sent.representations === undefined ? failure('SERVICE_BAD_RESPONSE') : namesOf(sent),
    );
    const [first, second] = [names('a'), prices('EUR', 'b')];
    const ask = () => Promise.all([fetch(first, context), fetch(second, context)]);
    const expected = [{ data: entities('name of a') }, { data: entities('name of b') }];
    expect(await ask()).toEqual(expected);
    expect(asked.splice(0)).toHaveLength(3);
    expect(await ask()).toEqual(expected);
    expect(asked).toHaveLength(2);
  });

  it.each(['SERVICE_UNAVAILABLE', 'SERVICE_TIMEOUT'])('all share the failure %s', async (code) => {
    const { asked, fetch } = setUp(() => failure(code));
    const answers = await Promise.all([fetch(names('a'), context), fetch(prices('EUR', 'a'), context)]);
    expect(answers).toEqual([failure(code), failure(code)]);
    expect(asked).toHaveLength(1);
  });

  it('stay apart when one of them asks for more than entities', async () => {
    const more = node('more', {
      operation:
        'query more($representations:[_Any!]!){_entities(representations:$representations){...on Product{name}}now}',
    });
    const { asked, fetch } = setUp();
    await Promise.all([fetch(names('a'), context), fetch(request(more, 'b'), context)]);
    expect(asked).toEqual([names('a'), request(more, 'b')]);
  });
});
