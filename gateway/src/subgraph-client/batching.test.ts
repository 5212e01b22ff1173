import { expect, it } from 'vitest';
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
  [
    'another selection',
    request(node('second', { operation: 'query second($representations:[_Any!]!){}' }), 'b'),
    context,
  ],
  ['other variables', { ...request(node('second'), 'b'), variables: { locale: 'de' } }, context],
  ['another group', { ...request(node('second'), 'b'), sharing: { group: 'later', begun: 1 } }, context],
  ["another client's request", request(node('second'), 'b'), { requestId: 'one' }],
])('keeps apart what is asked of or with %s', async (_, other, otherContext) => {
  const { asked, fetch } = setUp();
  await Promise.all([fetch(request(node('first'), 'a'), context), fetch(other, otherContext)]);
  expect(asked).toEqual([request(node('first'), 'a'), other]);
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
