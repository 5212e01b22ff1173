import { deploymentId, type DeploymentKind } from '@fulfillment/kernel/domain/ids';
import { readOperations, type Operation } from '@fulfillment/schema/operations';
import { serviceNames } from '@fulfillment/schema/events/topics';
import type { TokenRequest } from '@fulfillment/local/identity/token-request';
import { getOperationAST, Kind, OperationTypeNode, parse, type VariableDefinitionNode } from 'graphql';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { hasRedis, startRedis } from '../../gateway/test/kit/redis.js';
import { clientOperation } from '../kit/operations.js';
import { startSeededSystem } from '../kit/seeded-system.js';

const redis = hasRedis() ? await startRedis() : undefined;
afterAll(() => redis?.remove());
const system = await startSeededSystem(120, { keepAnswers: true, redisUrl: redis?.url, periodic: false });
const other = await system.anotherGateway();
const forgetful = await system.anotherGateway({ keepsNothing: true });
const internal = { audience: 'internal' } as const;

/** Something that a client may ask for: an account with what it runs, agreed and ordered. */
interface Target {
  readonly accountId: string;
  readonly billingTimeZone: string;
  readonly deploymentKind: DeploymentKind;
  readonly externalId: string;
  readonly subscriptionId: string;
  readonly planCode: string;
  readonly seats: number;
  readonly orderId: string;
}

const targets = await findTargets();
const { demo } = system;

async function findTargets(): Promise<Target[]> {
  interface Found {
    accounts: {
      nodes: {
        id: string;
        billingTimeZone: string;
        deployments: {
          kind: DeploymentKind;
          externalId: string;
          entitlements: { subscription: { id: string } | null };
        }[];
        subscriptions: { nodes: { id: string; quantity: number; plan: { code: string } }[] };
      }[];
    };
    orders: { nodes: { id: string; account: { id: string } | null }[] };
  }
  const { data, errors } = await forgetful.graphql<Found>(
    internal,
    `{
       accounts(first: 100) { nodes {
         id billingTimeZone
         deployments { kind externalId entitlements { subscription { id } } }
         subscriptions(first: 3) { nodes { id quantity plan { code } } }
       } }
       orders(first: 100) { nodes { id account { id } } }
     }`,
  );
  expect(errors).toEqual([]);
  return (data?.accounts.nodes ?? []).flatMap(({ id, billingTimeZone, deployments, subscriptions }) => {
    const order = data?.orders.nodes.find(({ account }) => account?.id === id);
    const deployment = deployments.find(({ entitlements }) => entitlements.subscription !== null);
    const subscription = subscriptions.nodes.find(
      (one) => one.id === deployment?.entitlements.subscription?.id,
    );
    if (!order || !deployment || !subscription) return [];
    return {
      accountId: id,
      billingTimeZone,
      deploymentKind: deployment.kind,
      externalId: deployment.externalId,
      subscriptionId: subscription.id,
      planCode: subscription.plan.code,
      seats: subscription.quantity,
      orderId: order.id,
    };
  });
}

/** What a variable of a registered operation stands for; an operation with another one needs an entry here. */
const variables: Readonly<Record<string, (target: Target, audience: string) => unknown>> = {
  accountId: ({ accountId }) => accountId,
  deploymentKind: ({ deploymentKind }) => deploymentKind,
  externalId: ({ externalId }) => externalId,
  subscriptionId: ({ subscriptionId }) => subscriptionId,
  planCode: ({ planCode }) => planCode,
  seats: ({ seats }) => seats + 1,
  orderId: ({ orderId }) => orderId,
  order: ({ subscriptionId, planCode, seats }) => ({
    actions: [{ changeQuantity: { subscriptionId, productCode: planCode, quantity: seats + 1 } }],
  }),
  effectiveOn: () => '2026-11-25',
  legalEntity: () => 'US',
  currency: () => 'USD',
  addUsers: () => 1,
  deploymentId: ({ deploymentKind, externalId }) => deploymentId(deploymentKind, externalId),
  placement: () => 'BILLING',
  filter: () => ({ from: '2026-11-01', until: '2026-12-01' }),
};

const isRequired = ({ type }: VariableDefinitionNode) => type.kind === Kind.NON_NULL_TYPE;

function variablesFor({ document, audience, path }: Operation, target: Target): Record<string, unknown> {
  const definitions = getOperationAST(parse(document))?.variableDefinitions ?? [];
  return Object.fromEntries(
    definitions.filter(isRequired).map(({ variable: { name } }) => {
      const value = variables[name.value];
      if (!value) throw new Error(`${path}: say in this test what $${name.value} stands for`);
      return [name.value, value(target, audience)];
    }),
  );
}

interface Question {
  readonly token: TokenRequest;
  readonly document: string;
  readonly variables: Record<string, unknown>;
}

/** Every query that our own clients send, asked by everybody of their audience for what is theirs and what is not. */
async function everyQuestion(): Promise<Question[]> {
  const own = targets.find(({ accountId }) => accountId === demo.product.accountId);
  const foreign = targets.find(({ accountId }) => accountId !== demo.product.accountId);
  if (!own || !foreign)
    throw new Error('The population has no two accounts with an order and a subscription');
  const viewers: TokenRequest[] = [
    { audience: 'product', account: own.accountId },
    { audience: 'product', account: own.accountId, scopes: ['entitlements:read'] },
    { audience: 'product', account: own.accountId, deployment: demo.product.deployment.id },
    { audience: 'product', account: foreign.accountId },
    { audience: 'partner', partner: demo.partner.partnerId },
    { audience: 'partner', partner: own.accountId },
    internal,
    { audience: 'internal', scopes: ['orders:read'] },
  ];
  const queries = (await readOperations()).filter(({ kind }) => kind === OperationTypeNode.QUERY);
  return viewers.flatMap((token) =>
    queries
      .filter(({ audience }) => audience === token.audience)
      .flatMap((operation) =>
        [own, foreign].map((target) => ({
          token,
          document: operation.document,
          variables: variablesFor(operation, target),
        })),
      ),
  );
}

const ask = async (through: Pick<typeof system, 'graphql'>, { token, document, variables }: Question) => {
  const { data, errors } = await through.graphql(token, document, variables);
  return { data, errors };
};

describe('gateways that keep answers', () => {
  it('give everybody, in any order, what the services would say to them', async () => {
    const questions = await everyQuestion();
    const expected = new Map<Question, unknown>();
    for (const question of questions) expected.set(question, await ask(forgetful, question));
    expect(new Set([...expected.values()].map((answer) => JSON.stringify(answer))).size).toBeGreaterThan(30);
    const whole = { minLength: questions.length };
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...questions.keys()], whole), async (order) => {
        for (const [turn, index] of order.entries()) {
          const question = questions[index] as Question;
          expect(await ask(turn % 2 === 0 ? system : other, question)).toEqual(expected.get(question));
        }
      }),
      { numRuns: 3, interruptAfterTimeLimit: 25_000, markInterruptAsFailure: false },
    );
  }, 60_000);
});

const entitlementsOperation = clientOperation('product/Entitlements');
const askFor = (through: Pick<typeof system, 'graphql'>, { accountId, deploymentKind, externalId }: Target) =>
  through.graphql({ audience: 'product', account: accountId }, entitlementsOperation, {
    deploymentKind,
    externalId,
  });
const servicesAsked = (requestId: string) =>
  serviceNames.filter((name) => system.statements(name, requestId).length > 0);

describe.skipIf(redis === undefined)('gateways that share a Redis', () => {
  it('give what one of them has kept', async () => {
    const target = targets.at(-1) as Target;
    await askFor(system, target);
    const { requestId, data } = await askFor(other, target);
    expect(servicesAsked(requestId)).toEqual([]);
    expect(data).toEqual((await askFor(forgetful, target)).data);
  });
});

describe('what holds until an instant', () => {
  it('is asked for again from that instant on, however young it is', async () => {
    const target = targets.at(-2) as Target;
    system.setClock(new Date(midnightAfter('2026-11-25', target.billingTimeZone) - 20_000));
    system.age(120_000);
    await askFor(system, target);
    const kept = await askFor(system, target);
    expect(servicesAsked(kept.requestId)).toEqual([]);
    system.age(21_000);
    const { requestId } = await askFor(system, target);
    // Prices hold until the account's midnight; what licenses says of a month's allowances does not change then.
    expect(servicesAsked(requestId)).toContain('orders');
    expect(servicesAsked(requestId)).not.toContain('licenses');
  });
});

/** The end of a day in a time zone, in milliseconds since 1970, worked out apart from the code that is tested. */
function midnightAfter(day: string, timeZone: string): number {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  const noon = Date.parse(`${day}T12:00:00Z`);
  const offset = Date.parse(`${format.format(noon).replace(' ', 'T')}:00Z`) - noon;
  return Date.parse(`${day}T00:00:00Z`) + 24 * 60 * 60 * 1_000 - offset;
}
