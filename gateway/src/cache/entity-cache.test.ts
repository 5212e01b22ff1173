import { cacheHints } from '@fulfillment/schema/audience';
import { composeSupergraph } from '@fulfillment/schema/composition';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { Representation, type SubgraphAnswer, type SubgraphRequest } from '../execution/subgraph-fetch.js';
import { CacheUse } from './cache-use.js';
import { ChangeLog } from './change-log.js';
import type { CacheOutcome } from './counters.js';
import { cachingEntities, type CachingContext } from './entity-cache.js';
import { serviceTag } from './freshness.js';
import { createMemoryEntityStore } from './memory-entity-store.js';
import type { CacheViewer } from './viewer-scopes.js';
import { createMemoryWriteFence } from './write-fence.js';

const supergraph = composeSupergraph({
  shop: `
    extend schema
      @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@composeDirective"])
      @link(url: "https://fulfillment.example/cached/v0.1", import: ["@cached"])
      @composeDirective(name: "@cached")
    directive @cached(scope: String! = "VIEWER", maxAge: Int!, staleIfDown: Int! = 0) on FIELD_DEFINITION
    type Query { me: Account @cached(maxAge: 60) us: Account @cached(scope: "ACCOUNT", maxAge: 60, staleIfDown: 600) }
    type Mutation { rename: Account }
    type Account @key(fields: "id") {
      id: ID!
      name: String @cached(scope: "ACCOUNT", maxAge: 60, staleIfDown: 600)
      price: String @cached(scope: "ACCOUNT", maxAge: 60)
      mood: String @cached(maxAge: 60)
      secret: String
    }
    type Product @key(fields: "code") { code: ID! title: String @cached(scope: "PUBLIC", maxAge: 60) }
  `,
});
const hints = cacheHints(supergraph);

function viewer(account: string, person = 'ann'): CacheViewer {
  return {
    scopes: { ACCOUNT: account, VIEWER: `${account} ${person}` },
    tags: [`account:${account}`],
    writer: account,
  };
}

/** A service whose every answer is another one, and says who was told it. */
function world() {
  const time = { now: Date.parse('2026-06-15T12:00:00Z') };
  const log = new ChangeLog(() => time.now);
  log.connected();
  const store = createMemoryEntityStore(1_000_000, () => time.now);
  const fence = createMemoryWriteFence();
  const outcomes: Partial<Record<CacheOutcome, number>> = {};
  const state = {
    asked: [] as SubgraphRequest[],
    answers: 0,
    down: false,
    errorAt: null as number | null,
    absent: [] as string[],
    freshness: { holdsForMs: null as number | null, dependsOn: ['thing'] } as unknown,
    held: Promise.resolve(),
  };
  const failure = { message: 'down', extensions: { code: 'SERVICE_UNAVAILABLE', service: 'shop' } };
  const fetch = async (
    request: SubgraphRequest,
    { cacheViewer }: CachingContext,
  ): Promise<SubgraphAnswer> => {
    state.asked.push(request);
    state.answers += 1;
    const value = `${state.answers} for ${cacheViewer.scopes.VIEWER}`;
    await state.held;
    if (state.down) return { errors: [failure] };
    const extensions = { freshness: state.freshness };
    const begun = request.sharing?.begun;
    if (request.representations === undefined) return { data: { us: { name: value } }, extensions, begun };
    const entities = request.representations.map(({ fields: { id } }) =>
      state.absent.includes(String(id)) ? null : { id, value },
    );
    if (state.errorAt === null) return { data: { _entities: entities }, extensions, begun };
    const errors = [{ message: 'odd', path: ['_entities', state.errorAt, 'name'] }];
    return { data: { _entities: entities }, errors, extensions, begun };
  };
  const stage = cachingEntities<CachingContext>(fetch, {
    hints,
    store,
    log,
    fence,
    now: () => time.now,
    counters: {
      entities: (_service, outcome, count) => {
        outcomes[outcome] = (outcomes[outcome] ?? 0) + count;
      },
      responses: () => undefined,
    },
    onFailure: (error) => {
      throw error;
    },
  });
  const ask = async (text: string, as: CacheViewer, ids?: readonly string[]) => {
    const use = new CacheUse();
    const request: SubgraphRequest = {
      fetch: {
        kind: 'Fetch',
        serviceName: 'shop',
        operation: text,
        operationKind: text.startsWith('mutation') ? 'mutation' : 'query',
      },
      variables: {},
      ...(ids && { representations: ids.map((id) => new Representation({ __typename: 'Account', id })) }),
    };
    const answer = await stage(request, { cacheViewer: as, cacheUse: use });
    const found = answer.data?.['_entities'] as ({ id: string; value: string } | null)[] | undefined;
    return { answer, use, values: found?.map((entity) => entity?.value) };
  };
  const change = (...tags: string[]) => {
    const own = tags.map((tag) => serviceTag('shop', tag));
    log.changed(own);
    return store.changed(`${time.now}`, own);
  };
  return { time, log, state, outcomes, ask, change };
}

const entities = (fields: string, type = 'Account') =>
  `query($representations: [_Any!]!) { _entities(representations: $representations) { ... on ${type} { ${fields} } } }`;
const names = entities('name');
const a = viewer('a');

describe('entities', () => {
  it('asks for what it has not alone, and puts all in order', async () => {
    const { ask, state, outcomes } = world();
    await ask(names, a, ['1', '3']);
    const { values, use } = await ask(names, a, ['3', '2', '1']);
    expect(values).toEqual(['1 for a ann', '2 for a ann', '1 for a ann']);
    expect(state.asked[1]?.representations?.map(({ fields }) => fields)).toEqual([
      { __typename: 'Account', id: '2' },
    ]);
    expect(outcomes).toEqual({ miss: 3, hit: 2 });
    expect(use.whole).toMatchObject({ perViewer: false, tags: ['shop/account:a', 'shop/thing'] });
  });

  it.each([
    ['of the account, by all of it', 'name', viewer('a', 'bob'), true],
    ['of the account, by no other', 'name', viewer('b'), false],
    ['of one person, by that one', 'mood', a, true],
    ['of one person, by nobody else', 'mood', viewer('a', 'bob'), false],
    ['of which nothing is said, by nobody', 'secret', a, false],
  ])('are shared: %s', async (_why, field, other, isShared) => {
    const { ask } = world();
    const { values } = await ask(entities(field), a, ['1']);
    const again = await ask(entities(field), other, ['1']);
    expect(again.values?.[0] === values?.[0]).toBe(isShared);
  });

  it('that are public are shared by everybody', async () => {
    const { ask, state } = world();
    await ask(entities('title', 'Product'), a, ['1']);
    await ask(entities('title', 'Product'), viewer('b', 'bob'), ['1']);
    expect(state.answers).toBe(1);
  });

  it('are asked for again when something that they depend on has changed', async () => {
    const { ask, change, state } = world();
    await ask(names, a, ['1']);
    await change('something else');
    await ask(names, a, ['1']);
    expect(state.answers).toBe(1);
    await change('thing');
    await ask(names, a, ['1']);
    expect(state.answers).toBe(2);
    await change('account:a');
    await ask(names, a, ['1']);
    expect(state.answers).toBe(3);
  });

  it.each([
    ['not beyond what the service says', 5_000, 4_999, 5_000],
    ['not beyond the hint', null, 59_999, 60_000],
  ])('are kept %s', async (_why, holdsForMs, still, noLonger) => {
    const { ask, state, time } = world();
    state.freshness = { holdsForMs, dependsOn: ['thing'] };
    await ask(names, a, ['1']);
    time.now += still;
    await ask(names, a, ['1']);
    expect(state.answers).toBe(1);
    time.now += noLonger - still;
    await ask(names, a, ['1']);
    expect(state.answers).toBe(2);
  });

  it.each([
    ['does not say how long they hold', undefined],
    ['says so in another form', { holdsForMs: 'long', dependsOn: [] }],
    ['says that they do not hold', { holdsForMs: 0, dependsOn: ['thing'] }],
  ])('are not kept when the service %s', async (_why, freshness) => {
    const { ask, state } = world();
    state.freshness = freshness;
    await ask(names, a, ['1']);
    await ask(names, a, ['1']);
    expect(state.answers).toBe(2);
  });

  it('that do not exist are not kept, nor is the answer as a whole', async () => {
    const { ask, state } = world();
    state.absent = ['2'];
    const { use } = await ask(names, a, ['1', '2']);
    expect(use.whole).toBeNull();
    state.absent = [];
    const { values } = await ask(names, a, ['1', '2']);
    expect(values).toEqual(['1 for a ann', '2 for a ann']);
  });

  it('with errors are not kept; an error is about the place among all', async () => {
    const { ask, state } = world();
    await ask(names, a, ['1']);
    state.errorAt = 1;
    const { answer, values, use } = await ask(names, a, ['2', '1', '3']);
    expect(answer.errors).toEqual([{ message: 'odd', path: ['_entities', 2, 'name'] }]);
    expect(values).toEqual(['2 for a ann', '1 for a ann', '2 for a ann']);
    expect(use.whole).toBeNull();
    state.errorAt = null;
    expect((await ask(names, a, ['2'])).values).toEqual(['3 for a ann']);
  });
});

describe('a read under way', () => {
  it('is not kept when something changed since it began', async () => {
    const { ask, change, state } = world();
    let release = () => undefined as void;
    state.held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const reading = ask(names, a, ['1']);
    await vi.waitFor(() => expect(state.asked).toHaveLength(1), 10_000);
    await change('thing');
    release();
    const { use } = await reading;
    expect(use.whole?.changes).toBe(1);
    expect((await ask(names, a, ['1'])).values).toEqual(['2 for a ann']);
  });

  it('counts from when the read began that it joined', async () => {
    const { ask, change, state, log } = world();
    const started = { askedAt: Date.parse('2026-06-15T12:00:00Z'), changes: log.sequence };
    await change('thing');
    state.freshness = { holdsForMs: null, dependsOn: ['thing'] };
    const moment = { epoch: '0', sequence: 0 };
    const original = state.asked.push.bind(state.asked);
    state.asked.push = (...requests) => {
      for (const request of requests)
        Object.assign(request, { sharing: { group: '', begun: { ...started, moment } } });
      return original(...requests);
    };
    await ask(names, a, ['1']);
    await ask(names, a, ['1']);
    expect(state.answers).toBe(2);
  });
});

describe('who wrote', () => {
  it('reads what was written, and others still what is kept', async () => {
    const { ask, state } = world();
    await ask(entities('title', 'Product'), a, ['1']);
    await ask('mutation { rename { name } }', a);
    await ask(entities('title', 'Product'), viewer('b'), ['1']);
    expect(state.answers).toBe(2);
    await ask(entities('title', 'Product'), a, ['1']);
    expect(state.answers).toBe(3);
  });

  it('reads it also when nobody knows what came of the write', async () => {
    const { ask, state } = world();
    await ask(names, a, ['1']);
    state.down = true;
    await ask('mutation { rename { name } }', a);
    state.down = false;
    expect((await ask(names, a, ['1'])).values).toEqual(['3 for a ann']);
  });
});

describe('while the service is down', () => {
  it('what may be stale is shown with its age, and never kept in a whole answer', async () => {
    const { ask, state, time, outcomes } = world();
    await ask(names, a, ['1', '2']);
    time.now += 90_000;
    state.down = true;
    const { answer, values, use } = await ask(names, a, ['1', '2']);
    expect(answer.errors).toBeUndefined();
    expect(values).toEqual(['1 for a ann', '1 for a ann']);
    expect(use.stale).toEqual([{ service: 'shop', ageSeconds: 90 }]);
    expect(use.whole).toBeNull();
    expect(outcomes).toEqual({ miss: 2, stale: 2 });
  });

  it('what it was never asked for is null beside the error', async () => {
    const { ask, state, time } = world();
    await ask(names, a, ['1']);
    time.now += 90_000;
    state.down = true;
    const { answer, values } = await ask(names, a, ['1', '2']);
    expect(values).toEqual(['1 for a ann', undefined]);
    expect(answer.errors).toHaveLength(1);
  });

  it.each([
    ['a price', entities('name price'), 90_000, [] as string[]],
    ['what has changed', names, 90_000, ['thing']],
    ['what is older than may be shown', names, 661_000, []],
  ])('%s is never shown', async (_what, text, later, changed) => {
    const { ask, change, state, time } = world();
    await ask(text, a, ['1']);
    await change(...changed);
    time.now += later;
    state.down = true;
    const { answer } = await ask(text, a, ['1']);
    expect(answer.data).toBeUndefined();
    expect(answer.errors).toHaveLength(1);
  });

  it('nobody is shown what was before their own write', async () => {
    const { ask, state, time } = world();
    await ask(names, a, ['1']);
    await ask('mutation { rename { name } }', a);
    time.now += 90_000;
    state.down = true;
    expect((await ask(names, a, ['1'])).answer.errors).toHaveLength(1);
  });
});

describe('root fields', () => {
  it('are kept together', async () => {
    const { ask, state } = world();
    await ask('{ us { name } }', a);
    const { answer } = await ask('{ us { name } }', viewer('a', 'bob'));
    expect(answer.data).toEqual({ us: { name: '1 for a ann' } });
    expect(state.answers).toBe(1);
  });
});

it('keeps nothing, and takes nothing from what was kept, while changes are not heard of', async () => {
  const { ask, log, state, outcomes } = world();
  await ask(names, a, ['1']);
  log.lost();
  await ask(names, a, ['1']);
  await ask(names, a, ['1']);
  expect(state.answers).toBe(3);
  expect(outcomes).toEqual({ miss: 1, bypass: 2 });
});

it('never gives anybody what was told to somebody of another scope, whatever was asked before', async () => {
  const people = fc.record({ account: fc.constantFrom('a', 'b'), person: fc.constantFrom('ann', 'bob') });
  const field = fc.constantFrom('name', 'mood', 'secret', 'price', 'name mood');
  const step = fc.record({
    who: people,
    field,
    ids: fc.uniqueArray(fc.constantFrom('1', '2', '3'), { minLength: 1 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
      const { ask } = world();
      for (const { who, field: fields, ids } of steps) {
        const { values } = await ask(entities(fields), viewer(who.account, who.person), ids);
        const isOnePersons = fields.includes('mood') || fields.includes('secret');
        for (const value of values ?? []) {
          expect(value).toMatch(
            isOnePersons
              ? new RegExp(` for ${who.account} ${who.person}$`)
              : new RegExp(` for ${who.account} `),
          );
        }
      }
    }),
    { numRuns: 60 },
  );
});
