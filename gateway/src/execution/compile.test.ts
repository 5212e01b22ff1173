import { buildSchema, getOperationAST, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { FetchNode, PlanNode } from '../planning/query-plan.js';
import { compile } from './compile.js';
import type { SubgraphAnswer, SubgraphRequest } from './subgraph-fetch.js';

const schema = buildSchema(`
  type Query { shop: Shop  shops: [Shop]  mood: Mood  count: Int  share: Float  on: Boolean  name: String  id: ID  list: [[Int!]]  must: Int! }
  type Mutation { first: Int  second: Int }
  type Shop { id: ID!  name: String!  currency: String  items: [Item!]  owner: Owner }
  type Item { id: ID!  price: Int  note: String! }
  type Owner { id: ID!  name: String }
  enum Mood { GOOD BAD }
`);

const fetchNode = (serviceName: string, operation: string, more: Partial<FetchNode> = {}): FetchNode => ({
  kind: 'Fetch',
  serviceName,
  operation,
  operationKind: 'query',
  variableUsages: [],
  ...more,
});

const key = (typeCondition: string, ...fields: string[]): FetchNode['requires'] => [
  {
    kind: 'InlineFragment',
    typeCondition,
    selections: ['__typename', 'id', ...fields].map((name) => ({ kind: 'Field', name })),
  },
];

type Answers = (request: SubgraphRequest) => SubgraphAnswer | Promise<SubgraphAnswer>;

async function run(source: string, node: PlanNode | undefined, answers: Answers, signal?: AbortSignal) {
  const document = parse(source);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('no operation');
  const asked: SubgraphRequest[] = [];
  const compiled = compile<null>({ schema, document, operation, plan: node === undefined ? {} : { node } });
  const { data, errors } = await compiled.execute({
    variables: {},
    context: null,
    signal,
    fetch: async (request) => {
      asked.push(request);
      return answers(request);
    },
  });
  return {
    data: JSON.parse(data) as unknown,
    asked,
    errors: errors.map(({ path, extensions }) => [
      path?.join('.') ?? '',
      extensions['code'] ?? extensions['serviceName'],
    ]),
  };
}

const shops = fetchNode('shops', '{ shops { __typename id owner { __typename id } } }');
const owners: PlanNode = {
  kind: 'Flatten',
  path: ['shops', '@', 'owner'],
  node: fetchNode(
    'owners',
    'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Owner { name } } }',
    {
      requires: key('Owner') ?? [],
    },
  ),
};
const shop = (id: string, owner: string | null) => ({
  __typename: 'Shop',
  id,
  owner: owner === null ? null : { __typename: 'Owner', id: owner },
});
const threeShops = {
  data: { shops: [shop('1', 'a'), shop('2', 'b'), null, shop('3', 'a'), shop('4', null)] },
};

describe('entities', () => {
  const source = '{ shops { id owner { name } } }';
  const plan: PlanNode = { kind: 'Sequence', nodes: [shops, owners] };

  it('are asked for once each, and what comes stands at each of their places', async () => {
    const { data, asked, errors } = await run(source, plan, ({ fetch }) =>
      fetch === shops ? threeShops : { data: { _entities: [{ name: 'Ada' }, { name: 'Bob' }] } },
    );
    expect(asked[1]?.representations?.map(({ fields }) => fields)).toEqual([
      { __typename: 'Owner', id: 'a' },
      { __typename: 'Owner', id: 'b' },
    ]);
    const [ada, bob] = [{ name: 'Ada' }, { name: 'Bob' }];
    expect(data).toEqual({
      shops: [
        { id: '1', owner: ada },
        { id: '2', owner: bob },
        null,
        { id: '3', owner: ada },
        { id: '4', owner: null },
      ],
    });
    expect(errors).toEqual([]);
  });

  it('that a service cannot tell of have an error at each of their places', async () => {
    const { errors } = await run(source, plan, ({ fetch }) =>
      fetch === shops
        ? threeShops
        : {
            data: { _entities: [{ name: null }, null] },
            errors: [
              { message: 'no', path: ['_entities', 0, 'name'] },
              { message: 'no', path: ['_entities', 1] },
            ],
          },
    );
    expect(errors).toEqual([
      ['shops.0.owner.name', 'owners'],
      ['shops.3.owner.name', 'owners'],
      ['shops.1.owner', 'owners'],
    ]);
  });

  it('that do not exist for the viewer, or whose service is down, are null without an error of their own', async () => {
    const hidden = await run(source, plan, ({ fetch }) =>
      fetch === shops ? threeShops : { data: { _entities: [null, { name: 'Bob' }] } },
    );
    expect(hidden.data).toMatchObject({
      shops: [{ owner: { name: null } }, { owner: { name: 'Bob' } }, null, {}, {}],
    });
    expect(hidden.errors).toEqual([]);
    const extensions = { code: 'SERVICE_TIMEOUT', service: 'owners' };
    const down = await run(source, plan, ({ fetch }) =>
      fetch === shops ? threeShops : { errors: [{ message: 'late', extensions }] },
    );
    expect(down.data).toMatchObject({ shops: [{ owner: { name: null } }, {}, null, {}, {}] });
    expect(down.errors).toEqual([['', 'SERVICE_TIMEOUT']]);
  });

  it('are not asked for when the one who asks has gone', async () => {
    const gone = new AbortController();
    const answer = run(
      source,
      plan,
      () => {
        gone.abort(new Error('gone'));
        return threeShops;
      },
      gone.signal,
    );
    await expect(answer).rejects.toThrow('gone');
  });
});

describe('values that the schema does not allow', () => {
  it.each([
    ['count', 7, 7],
    ['count', '7', 7],
    ['count', 7.5, null],
    ['count', 2 ** 31, null],
    ['share', 0.25, 0.25],
    ['share', 'x', null],
    ['on', 1, true],
    ['on', 'yes', null],
    ['name', 5, '5'],
    ['name', {}, null],
    ['id', 5, '5'],
    ['id', 5.5, null],
    ['mood', 'GOOD', 'GOOD'],
    ['mood', 'HIDDEN', null],
    ['list', [[1], null, []], [[1], null, []]],
    ['list', [[1, null]], [null]],
    ['list', 5, null],
    ['shop', 'a text', null],
  ])('%s: %j is answered as %j', async (field, value, expected) => {
    const selection = field === 'shop' ? `shop { id }` : field;
    const { data, errors } = await run(`{ ${selection} }`, fetchNode('s', `{ ${selection} }`), () => ({
      data: { [field]: value },
    }));
    expect(data).toEqual({ [field]: expected });
    expect(errors.map(([, code]) => code)).toEqual(
      JSON.stringify(expected) === '[null]' || expected === null ? ['INVALID_FIELD_VALUE'] : [],
    );
  });

  it('null where none may be rises, with an error unless the service gave one', async () => {
    const node = fetchNode('s', '{ must }');
    expect(await run('{ must }', node, () => ({ data: { must: null } }))).toMatchObject({
      data: null,
      errors: [['must', 'INVALID_FIELD_VALUE']],
    });
    const told = { data: { must: null }, errors: [{ message: 'no', path: ['must'] }] };
    expect(await run('{ must }', node, () => told)).toMatchObject({ data: null, errors: [['must', 's']] });
  });

  it('what a service leaves out is told', async () => {
    expect(
      await run('{ count name }', fetchNode('s', '{ count name }'), () => ({ data: { count: 1 } })),
    ).toMatchObject({
      data: { count: 1, name: null },
      errors: [['name', 'INVALID_FIELD_VALUE']],
    });
    expect(await run('{ count }', undefined, () => ({}))).toMatchObject({
      errors: [['count', 'INVALID_FIELD_VALUE']],
    });
  });
});

describe('contexts', () => {
  it('are read above each entity; entities with other contexts are asked for apart', async () => {
    const items = (currency: string, ...ids: string[]) => ({
      __typename: 'Shop',
      currency,
      items: ids.map((id) => ({ __typename: 'Item', id })),
    });
    const first = fetchNode('s', '{ shops { __typename currency items { __typename id } } }');
    const prices: PlanNode = {
      kind: 'Flatten',
      path: ['shops', '@', 'items', '@'],
      node: fetchNode(
        'p',
        'query ($representations: [_Any!]!, $in: String) { _entities(representations: $representations) { ... on Item { price(in: $in) } } }',
        {
          requires: key('Item') ?? [],
          variableUsages: ['in'],
          contextRewrites: [
            { kind: 'KeyRenamer', path: ['..', '... on Shop', 'currency'], renameKeyTo: 'in' },
          ],
        },
      ),
    };
    const { data, asked } = await run(
      '{ shops { items { id price } } }',
      { kind: 'Sequence', nodes: [first, prices] },
      ({ fetch, variables, representations = [] }) =>
        fetch === first
          ? { data: { shops: [items('EUR', '1', '2'), items('USD', '1'), items('EUR', '1')] } }
          : {
              data: { _entities: representations.map(() => ({ price: variables['in'] === 'EUR' ? 1 : 2 })) },
            },
    );
    expect(
      asked.slice(1).map(({ variables, representations }) => [variables, representations?.length]),
    ).toEqual([
      [{ in: 'EUR' }, 2],
      [{ in: 'USD' }, 1],
    ]);
    expect(data).toEqual({
      shops: [
        {
          items: [
            { id: '1', price: 1 },
            { id: '2', price: 1 },
          ],
        },
        { items: [{ id: '1', price: 2 }] },
        { items: [{ id: '1', price: 1 }] },
      ],
    });
  });
});

describe('a mutation', () => {
  const mutation = (field: string) => fetchNode('s', `mutation { ${field} }`, { operationKind: 'mutation' });

  it('is carried out one field after the other', async () => {
    const order: string[] = [];
    await run(
      'mutation { first second }',
      { kind: 'Sequence', nodes: [mutation('first'), mutation('second')] },
      async ({ fetch }) => {
        order.push(`begin ${fetch.operation}`);
        await Promise.resolve();
        order.push(`end ${fetch.operation}`);
        return { data: { first: 1, second: 2 } };
      },
    );
    expect(order.map((step) => step.split(' ')[0])).toEqual(['begin', 'end', 'begin', 'end']);
  });

  it.each([
    ['in another order', ['second', 'first']],
    ['a field twice', ['first', 'second', 'first']],
  ])('whose plan would carry out %s is refused', async (_, fields) => {
    const plan: PlanNode = { kind: 'Sequence', nodes: fields.map(mutation) };
    await expect(run('mutation { first second }', plan, () => ({}))).rejects.toThrow(
      'The order of the mutation is not clear',
    );
  });
});
