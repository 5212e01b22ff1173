import { cloneDatabase } from '@fulfillment/test/kit/postgres';
import { openUnitOfWork } from '@fulfillment/test/kit/unit-of-work';
import { productViewer } from '@fulfillment/test/kit/viewers';
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { create } from '../../../fixtures/ordering.js';
import { openAccount } from '../../../fixtures/parties.js';
import { priceList } from '../../catalog/price-list.js';
import { ordersDefinition } from '../../definition.js';
import { loadPriceList } from '../load-price-list.js';
import type { PaymentPort, PaymentRequest } from './payment-port.js';
import { settleCheckout, settleUnfinished } from './settle-checkout.js';
import { startCheckout } from './start-checkout.js';

/** Every look at the clock is a second later. */
let seconds = 0;
const clock = { now: async () => new Date(Date.UTC(2026, 10, 23, 12) + (seconds += 1) * 1_000) };
const database = await cloneDatabase(ordersDefinition);
const { dataSource, transaction } = await openUnitOfWork(ordersDefinition, database.url, clock);

beforeAll(() => transaction((unit) => loadPriceList(unit, priceList)));

class ProcessDied extends Error {
  override readonly name = 'ProcessDied';
}

/** A provider whose buyers all pay, and that knows what it gave back. */
function willingProvider() {
  const refunded = new Set<string>();
  const port: PaymentPort = {
    openPage: async ({ reference }) => ({ status: 'OPENED', url: `https://pay.example/${reference}` }),
    outcomeOf: async (reference) => ({ status: 'SUCCEEDED', providerReference: `charge of ${reference}` }),
    refund: async (reference) => {
      refunded.add(reference);
      return { status: 'REFUNDED' };
    },
  };
  return { port, refunded };
}

/** Transactions and a provider that are cut off at the n-th place between two steps; `died` tells whether it came to that. */
function dyingAt(place: number, payments: PaymentPort) {
  const state = { passed: 0, died: false };
  const pass = () => {
    state.passed += 1;
    if (state.passed !== place) return;
    state.died = true;
    throw new ProcessDied();
  };
  const between =
    <Arguments extends unknown[], Answer>(work: (...given: Arguments) => Promise<Answer>) =>
    async (...given: Arguments): Promise<Answer> => {
      pass();
      const answer = await work(...given);
      pass();
      return answer;
    };
  return {
    state,
    settling: {
      run: between(transaction),
      payments: {
        openPage: between((request: PaymentRequest) => payments.openPage(request)),
        outcomeOf: between((reference: string) => payments.outcomeOf(reference)),
        refund: between((reference: string) => payments.refund(reference)),
      },
    },
  };
}

/** A checkout of Premium by a new account. */
async function begin(payments: PaymentPort) {
  const rows = { rows: (statement: string, values?: unknown[]) => dataSource.query(statement, values) };
  const accountId = await openAccount({ ...rows, deliver: () => Promise.reject(new Error('Not here')) });
  const asking = { viewer: productViewer(accountId), receivedAt: await clock.now() };
  const { checkoutId, errors } = await startCheckout(
    { run: transaction, payments, returnOrigins: ['https://app.example'] },
    asking,
    { idempotencyKey: randomUUID(), returnUrl: 'https://app.example/', actions: [create()] as never },
  );
  if (checkoutId === null) throw new Error(JSON.stringify(errors));
  return { accountId, checkoutId };
}

/** How it ended: the status, how many orders there are, and whether the money went back. */
async function outcome(accountId: string, checkoutId: string, refunded: ReadonlySet<string>) {
  const [row] = await dataSource.query<{ status: string; orders: number }[]>(
    `SELECT status, (SELECT count(*)::int FROM orders WHERE account_id = $1) AS orders FROM checkout WHERE id = $2`,
    [accountId, checkoutId],
  );
  return { ...row, isRefunded: refunded.has(checkoutId) };
}

describe('a process that dies between any two steps', () => {
  test.each([
    ['an order that is as it was priced', '29.00', { status: 'PAID', orders: 1, isRefunded: false }, 4],
    ['an order whose price has changed', '30.00', { status: 'REFUNDED', orders: 0, isRefunded: true }, 8],
  ])(
    'leaves neither money without an order nor the other way round: %s',
    async (_, price, expected, fewest) => {
      for (let place = 1; ; place += 1) {
        const { port, refunded } = willingProvider();
        await dataSource.query(`UPDATE price SET unit_price = '29.00' WHERE product_code = 'PREMIUM'`);
        const { accountId, checkoutId } = await begin(port);
        await dataSource.query(`UPDATE price SET unit_price = $1 WHERE product_code = 'PREMIUM'`, [price]);

        const { state, settling } = dyingAt(place, port);
        await settleCheckout(settling, checkoutId).catch((error: unknown) => {
          if (!(error instanceof ProcessDied)) throw error;
        });
        await settleUnfinished({ run: transaction, payments: port }, 100);
        expect(await outcome(accountId, checkoutId, refunded)).toEqual({ ...expected });
        if (!state.died) {
          expect(place).toBeGreaterThan(fewest);
          break;
        }
      }
    },
  );
});

test('a provider that does not answer is asked again', async () => {
  const { port, refunded } = willingProvider();
  await dataSource.query(`UPDATE price SET unit_price = '29.00' WHERE product_code = 'PREMIUM'`);
  const { accountId, checkoutId } = await begin(port);
  await dataSource.query(`UPDATE price SET unit_price = '30.00' WHERE product_code = 'PREMIUM'`);
  const silent: PaymentPort = {
    ...port,
    outcomeOf: async () => ({ status: 'PENDING' }),
  };
  await settleCheckout({ run: transaction, payments: silent }, checkoutId);
  expect(await outcome(accountId, checkoutId, refunded)).toMatchObject({ status: 'OPEN' });
  await settleCheckout(
    { run: transaction, payments: { ...port, refund: async () => ({ status: 'UNANSWERED' }) } },
    checkoutId,
  );
  expect(await outcome(accountId, checkoutId, refunded)).toMatchObject({
    status: 'REFUNDING',
    isRefunded: false,
  });
  await settleCheckout({ run: transaction, payments: port }, checkoutId);
  expect(await outcome(accountId, checkoutId, refunded)).toMatchObject({
    status: 'REFUNDED',
    isRefunded: true,
  });
});

test('one that fails keeps no other from its turn', async () => {
  const { port, refunded } = willingProvider();
  await dataSource.query(`UPDATE price SET unit_price = '29.00' WHERE product_code = 'PREMIUM'`);
  const [one, two] = [await begin(port), await begin(port)];
  const broken: PaymentPort = {
    ...port,
    outcomeOf: (reference) =>
      reference === one.checkoutId ? Promise.reject(new Error('Out of order')) : port.outcomeOf(reference),
  };
  await expect(settleUnfinished({ run: transaction, payments: broken }, 100)).rejects.toThrow(
    '1 checkouts were not settled',
  );
  expect(await outcome(one.accountId, one.checkoutId, refunded)).toMatchObject({ status: 'OPEN' });
  expect(await outcome(two.accountId, two.checkoutId, refunded)).toMatchObject({ status: 'PAID', orders: 1 });
});

test('a checkout whose page was never opened expires by itself', async () => {
  const { port, refunded } = willingProvider();
  const unheard: PaymentPort = {
    ...port,
    openPage: async () => ({ status: 'UNANSWERED' }),
    outcomeOf: async () => ({ status: 'UNKNOWN' }),
  };
  const { accountId, checkoutId } = await begin(unheard);
  await settleCheckout({ run: transaction, payments: unheard }, checkoutId);
  expect(await outcome(accountId, checkoutId, refunded)).toMatchObject({ status: 'OPEN' });
  seconds += 1_800;
  await settleCheckout({ run: transaction, payments: unheard }, checkoutId);
  expect(await outcome(accountId, checkoutId, refunded)).toEqual({
    status: 'EXPIRED',
    orders: 0,
    isRefunded: false,
  });
});
