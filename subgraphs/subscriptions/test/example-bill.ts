import { type LineTax, taxLine } from '@fulfillment/kernel/domain/billing/tax/line-tax';
import { localDate } from '@fulfillment/kernel/domain/calendar';
import { derivedId } from '@fulfillment/kernel/domain/ids';
import { money } from '@fulfillment/kernel/domain/money';
import { query } from '@fulfillment/kernel/server/sql';
import sql from 'sql-template-tag';
import type { DataSource } from 'typeorm';
import type { Account } from '../src/domain/account.js';
import type { BilledLine } from '../src/domain/billed-line.js';
import { type DocumentDraft, draftDocument } from '../src/domain/receivables/document.js';

/** An account that pays by bank within 30 days; its id follows from its name. */
export function payer(name: string, changes: Partial<Account> = {}): Account {
  return {
    id: derivedId('test-payer', name),
    name,
    countryCode: 'US',
    billingTimeZone: 'UTC',
    currency: 'USD',
    legalEntityCode: 'US',
    paymentTermsDays: 30,
    sandbox: false,
    ...changes,
  };
}

export const subscriptionId = derivedId('test-payer', 'subscription');

/** A charge over so many minor units for a month from the 1st of November 2026, without tax. A negative amount is a credit. */
export function line(
  minor: bigint,
  changes: Partial<BilledLine> & { readonly taxRate?: string } = {},
): BilledLine {
  const { taxRate = '0', ...rest } = changes;
  const amount = rest.amount ?? money(minor, 'USD');
  const tax: LineTax = taxLine(amount, { rate: taxRate, jurisdiction: 'US', reason: 'DOMESTIC' });
  return {
    kind: minor < 0n ? 'CREDIT' : 'CHARGE',
    subscriptionId,
    productCode: 'PREMIUM',
    productName: 'Premium',
    quantity: 1,
    unitPrice: '29.00',
    pricePeriod: 'MONTH',
    serviceStart: localDate('2026-11-01'),
    serviceEnd: localDate('2026-12-01'),
    prorationRatio: '1',
    prorationPolicy: 'ACTUAL_DAYS',
    amount,
    tax,
    ...rest,
  };
}

/** What lines come to for an account, drafted at an instant; the id follows from the name. */
export function bill(name: string, owner: Account, lines: readonly BilledLine[], at: Date): DocumentDraft {
  const id = derivedId('test-bill', name);
  const document = draftDocument({ id, orderId: null, invoiceOwner: owner, lines, at });
  if (document === null) throw new Error(`${name} comes to nothing`);
  return document;
}

/** Adds a subscription: documents may only name one that is there. It is the one of `line` unless another is given. */
export async function addSubscription(dataSource: DataSource, id = subscriptionId): Promise<void> {
  await query(
    dataSource.manager,
    sql`INSERT INTO billing_subscription
          (id, number, deployment_id, deployment_kind, deployment_external_id, deployment_name, currency, created_at)
        VALUES (${id}, ${id}, ${id}, 'SAAS_NAMESPACE', 'test', 'Test', 'USD', now())`,
  );
}
