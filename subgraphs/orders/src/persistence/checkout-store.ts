import type { CurrencyCode } from '@fulfillment/kernel/domain/money';
import { money } from '@fulfillment/kernel/domain/money';
import { query } from '@fulfillment/kernel/server/sql';
import sql, { type Sql } from 'sql-template-tag';
import { type EntityManager, IsNull } from 'typeorm';
import type { Checkout } from '../domain/checkout/checkout.js';
import type { CheckoutError } from '../domain/checkout/errors.js';
import { type CheckoutStatus, unfinishedCheckouts } from '../domain/checkout/lifecycle.js';
import type { QuotedRequest } from '../domain/quote/quote.js';
import type { CheckoutStore, SimulatedMethod, SimulatedPaymentStore } from '../service/checkout/ports.js';
import { checkoutEntity, simulatedPaymentEntity } from './checkout-entities.js';
import { type FrozenDraftJson, frozenDraftFromJson, frozenDraftToJson } from './frozen-draft-json.js';
import { checkoutVisible } from './visibility.js';

export function createCheckoutStore(manager: EntityManager): CheckoutStore {
  const read = async (condition: Sql): Promise<Checkout | null> => {
    const [row] = await query<CheckoutRecord>(manager, sql`SELECT c.* FROM checkout AS c WHERE ${condition}`);
    return row ? checkoutFromRow(row) : null;
  };

  return {
    async add(checkout) {
      const { draft, createdAt } = checkout;
      const row = { ...checkout, draft: frozenDraftToJson(draft), checkedAt: createdAt };
      await manager.insert(checkoutEntity, row);
    },

    find: (id) => read(sql`c.id = ${id}`),

    findVisible: (viewer, at, id) => read(sql`c.id = ${id} AND ${checkoutVisible(viewer, at)}`),

    lock: (id) => read(sql`c.id = ${id} FOR UPDATE`),

    async saveUrl(id, url) {
      await manager.update(checkoutEntity, { id, status: 'OPEN' }, { url });
    },

    async save({ id, status, paymentReference, orderId, problem, version }) {
      await query(
        manager,
        sql`UPDATE checkout SET status = ${status}, payment_reference = ${paymentReference}, order_id = ${orderId},
              problem = ${problem === null ? null : JSON.stringify(problem)}, version = ${version}
            WHERE id = ${id}`,
      );
    },

    async claimUnfinished(now, limit) {
      const rows = await query<{ id: string }>(
        manager,
        sql`WITH oldest AS (
              SELECT id FROM checkout WHERE status = ANY(${[...unfinishedCheckouts]}) AND checked_at < ${now}
              ORDER BY checked_at LIMIT ${limit} FOR UPDATE SKIP LOCKED
            ), claimed AS (
              UPDATE checkout SET checked_at = ${now} FROM oldest WHERE checkout.id = oldest.id RETURNING checkout.id
            )
            SELECT id FROM claimed`,
      );
      return rows.map(({ id }) => id);
    },
  };
}

interface CheckoutRecord {
  id: string;
  status: CheckoutStatus;
  account_id: string;
  request: QuotedRequest;
  draft: FrozenDraftJson;
  return_url: string;
  url: string | null;
  expires_at: Date;
  created_at: Date;
  created_by: string;
  payment_reference: string | null;
  order_id: string | null;
  problem: CheckoutError | null;
  version: number;
}

function checkoutFromRow(row: CheckoutRecord): Checkout {
  const { id, status, request, url, problem, version } = row;
  return {
    id,
    status,
    accountId: row.account_id,
    request,
    draft: frozenDraftFromJson(row.draft),
    returnUrl: row.return_url,
    url,
    expiresAt: row.expires_at,
    createdAt: row.created_at,
    createdBy: row.created_by,
    paymentReference: row.payment_reference,
    orderId: row.order_id,
    problem,
    version,
  };
}

export function createSimulatedPaymentStore(manager: EntityManager): SimulatedPaymentStore {
  return {
    async add({ amount, ...payment }) {
      const row = { ...payment, amountMinor: amount.minor.toString(), currency: amount.currency };
      await manager
        .createQueryBuilder()
        .insert()
        .into(simulatedPaymentEntity)
        .values(row)
        .orIgnore()
        .execute();
    },

    async find(reference) {
      const row = await manager.findOneBy(simulatedPaymentEntity, { reference });
      if (row === null) return null;
      const { amountMinor, currency, method, ...payment } = row;
      return {
        ...payment,
        method: method as SimulatedMethod | null,
        amount: money(BigInt(amountMinor), currency as CurrencyCode),
      };
    },

    async choose(reference, method) {
      await manager.update(simulatedPaymentEntity, { reference, method: IsNull() }, { method });
    },

    async refund(reference, at) {
      await manager.update(
        simulatedPaymentEntity,
        { reference, method: 'SUCCEEDS', refundedAt: IsNull() },
        { refundedAt: at },
      );
    },
  };
}
