import { accountPayload } from '@fulfillment/schema/events/orders';
import { startServiceHarness } from '@fulfillment/test/kit/service-harness';
import { internalViewer, productViewer } from '@fulfillment/test/kit/viewers';
import type { Viewer } from '@fulfillment/kernel/domain/viewer';
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { openAccount } from '../../fixtures/parties.js';
import { ordersDefinition } from '../definition.js';

const now = new Date('2026-11-23T09:00:00.000Z');
const orders = await startServiceHarness(ordersDefinition, { clock: { now: async () => now } });

const document = `mutation ($input: OpenSandboxAccountInput!) { openSandboxAccount(input: $input) {
  account { id name countryCode billingTimeZone currency sandbox paymentTermsDays legalEntity { code } createdAt }
  userErrors { code message field } } }`;

interface Opened {
  readonly openSandboxAccount: {
    readonly account: { readonly id: string } | null;
    readonly userErrors: readonly { readonly code: string; readonly field: readonly string[] }[];
  };
}

const berlin = { name: 'Sandbox GmbH', countryCode: 'DE', billingTimeZone: 'Europe/Berlin', currency: 'USD' };

async function open(input: Record<string, unknown> = {}, viewer: Viewer = internalViewer()) {
  const whole = { idempotencyKey: randomUUID(), ...berlin, ...input };
  const { data, errors } = await orders.query<Opened>(viewer, document, { input: whole });
  return { answer: data?.openSandboxAccount, errors };
}

test('a sandbox account is opened, told and seen', async () => {
  const { answer, errors } = await open({ paymentTermsDays: 14 });
  expect(errors).toEqual([]);
  expect(answer).toMatchObject({
    account: {
      ...berlin,
      sandbox: true,
      paymentTermsDays: 14,
      legalEntity: { code: 'SANDBOX' },
      createdAt: now.toISOString(),
    },
    userErrors: [],
  });
  const id = answer?.account?.id ?? '';
  const told = (await orders.promised('orders.account')).filter(({ aggregateId }) => aggregateId === id);
  expect(told.map(({ payload }) => accountPayload.parse(payload))).toMatchObject([
    { ...berlin, id, sandbox: true },
  ]);
  const seen = await orders.query<{ account: unknown }>(
    productViewer(id),
    `{ account(id: "${id}") { sandbox } }`,
  );
  expect(seen.data?.account).toEqual({ sandbox: true });
  const real = await openAccount(orders);
  const other = await orders.query<{ account: unknown }>(
    internalViewer(),
    `{ account(id: "${real}") { sandbox } }`,
  );
  expect(other.data?.account).toEqual({ sandbox: false });
});

test('the same key opens it once, and another input is refused', async () => {
  const idempotencyKey = randomUUID();
  const first = await open({ idempotencyKey });
  expect((await open({ idempotencyKey })).answer).toEqual(first.answer);
  const { answer } = await open({ idempotencyKey, name: 'Another' });
  expect(answer?.userErrors).toMatchObject([{ code: 'IDEMPOTENCY_KEY_REUSED', field: ['idempotencyKey'] }]);
});

test.each<[string, Record<string, unknown>, string[]]>([
  ['a short key', { idempotencyKey: 'short' }, ['INVALID_VALUE idempotencyKey']],
  ['no name', { name: '' }, ['INVALID_VALUE name']],
  ['a country that is none', { countryCode: 'XX' }, ['COUNTRY_UNKNOWN countryCode']],
  ['a time zone that is none', { billingTimeZone: 'Mars/Olympus' }, ['TIME_ZONE_UNKNOWN billingTimeZone']],
  ['a currency that is none', { currency: 'XXX' }, ['CURRENCY_UNKNOWN currency']],
  [
    'all of it',
    { name: '', countryCode: 'de', paymentTermsDays: 366 },
    ['INVALID_VALUE name', 'COUNTRY_UNKNOWN countryCode', 'INVALID_VALUE paymentTermsDays'],
  ],
])('%s is refused', async (_, input, expected) => {
  const { answer } = await open(input);
  expect(answer?.account).toBeNull();
  expect(answer?.userErrors.map(({ code, field }) => `${code} ${field.join('.')}`)).toEqual(expected);
});

test.each<[string, Viewer]>([
  ['without the scope', internalViewer({ scopes: ['orders:place'] })],
  ['by a customer', productViewer(randomUUID(), { scopes: ['sandbox:write'] })],
])('%s nothing is opened', async (_, viewer) => {
  const { errors } = await open({}, viewer);
  expect(errors[0]?.extensions.code).toBe('FORBIDDEN');
});
