import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type Answer, type TestGateway } from './kit/gateway.js';
import { claims } from './kit/identity.js';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startTestGateway({
    variables: { COST_LIMIT: '500', COST_BUDGET_INTERNAL: '400/1', COST_BUDGET_PARTNER: 'off' },
  });
});
afterAll(() => gateway.close());

const codesOf = ({ errors = [] }: Answer) => errors.map(({ extensions }) => extensions.code);
const page = 'query ($first: Int) { accounts(first: $first) { nodes { name } } }';

/** A person whose budget nobody else spends. */
const person = (sub: string) => gateway.identity.key.sign({ ...claims.internal('accounts:read'), sub });

describe('what an operation costs', () => {
  it('is told to who asks: the estimate, the actual cost, what is left', async () => {
    const ask = async (token: string, query: string, extensions?: object) =>
      gateway.send({
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ query, variables: { first: 50 }, extensions }),
      });
    const answer = await ask(await person('ada'), page, { cost: true });
    expect(answer.extensions).toEqual({
      cost: { estimate: 51, actual: 3, budget: { capacity: 400, remaining: 397 } },
    });
    const partner = await ask(gateway.tokens.partner, '{ currentPartner { id } }', { cost: true });
    expect(partner.extensions).toEqual({ cost: { estimate: 1, actual: expect.any(Number) as number } });
    for (const extensions of [undefined, {}, { cost: false }, { cost: 'yes' }]) {
      expect(await ask(gateway.tokens.partner, '{ currentPartner { id } }', extensions)).not.toHaveProperty(
        'extensions',
      );
    }
  });

  it('is on the line in the log', async () => {
    await gateway.ask(await person('log'), page, { first: 7 }, { 'x-request-id': 'request-cost' });
    await expect
      .poll(() => gateway.lines.find(({ requestId }) => requestId === 'request-cost'))
      .toMatchObject({ cost: { estimate: 8, actual: 3 } });
  });
});

describe('an operation that costs too much', () => {
  const asked = () => Object.values(gateway.services).map(({ asked }) => asked.length);

  it('over the limit of any operation is refused before a service is asked', async () => {
    const before = asked();
    const answer = await gateway.ask(
      gateway.tokens.partner,
      `{ currentPartner { customers(first: 1000) { nodes { since } } } }`,
    );
    expect([answer.status, codesOf(answer)]).toEqual([400, ['QUERY_TOO_EXPENSIVE']]);
    expect(answer.errors?.[0]?.message).toContain('500 is allowed');
    expect(asked()).toEqual(before);
  });

  it('over the budget is refused with 429 before a service is asked, and another viewer is served', async () => {
    const token = await person('ben');
    const same = page.replace('accounts', 'a: accounts'); // another text, so that nothing is shared
    // Each takes 301 for as long as it is under way and gives 298 back.
    const { reached, release } = gateway.services.orders.hold();
    const first = gateway.ask(token, same, { first: 300 });
    await reached;
    const before = asked();
    const second = await gateway.ask(token, page, { first: 300 });
    expect([second.status, codesOf(second)]).toEqual([429, ['COST_BUDGET_EXCEEDED']]);
    expect(Number(second.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(second.errors?.[0]?.extensions).toMatchObject({
      retryAfterSeconds: Number(second.headers.get('retry-after')),
    });
    expect(second).not.toHaveProperty('data');
    expect(asked()).toEqual(before);
    release();
    expect(codesOf(await first)).toEqual([]);
    expect(codesOf(await gateway.ask(await person('eve'), page, { first: 300 }))).toEqual([]);
    expect(codesOf(await gateway.ask(token, page, { first: 300 }))).toEqual([]);
  });
});
