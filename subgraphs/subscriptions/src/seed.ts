import { ourTaxStandings, tableRate } from '@fulfillment/kernel/domain/billing/tax/rate-table';
import type { TaxRate } from '@fulfillment/kernel/domain/billing/tax/tax-rates';
import { type LocalDate, localDate } from '@fulfillment/kernel/domain/calendar';
import { derivedId, fulfillmentStepId } from '@fulfillment/kernel/domain/ids';
import { money } from '@fulfillment/kernel/domain/money';
import { RowCollector } from '@fulfillment/kernel/population/row-collector';
import {
  seededEvent,
  type CreateSeeder,
  type ServiceSeeder,
  type TableRows,
} from '@fulfillment/kernel/population/seeder';
import type { StoryBatch } from '@fulfillment/kernel/population/story';
import { grantId } from '@fulfillment/kernel/server/visibility/grants';
import type { EventEnvelope } from '@fulfillment/schema/events/envelope';
import { seatUsagePayload } from '@fulfillment/schema/events/licenses';
import { accountPayload, orderPayload, type OrderPayload } from '@fulfillment/schema/events/orders';
import { commissionEarnedPayload, partnerPayload } from '@fulfillment/schema/events/partners';
import type { Account } from './domain/account.js';
import type { InvoiceDraft, Payment } from './domain/invoice.js';
import { headOf, heldSinceOf, subscriptionNumber, type SubscriptionVersion } from './domain/subscription.js';
import { toAccountRow } from './persistence/account-mapping.js';
import { toInvoiceLineRow, toInvoiceRow, toPaymentRow } from './persistence/invoice-mapping.js';
import { booksOfCommissions, booksOfDocuments } from './persistence/ledger-backfill.js';
import { toPartnerRow } from './persistence/partner-store.js';
import { toUsageRow } from './persistence/seat-usage-store.js';
import { toScheduleRow, toSubscriptionRow, toVersionRow } from './persistence/subscription-mapping.js';
import { historyOf, type PaidDocument, type SubscriptionHistory } from './seeding/history.js';
import { scheduleOf } from './service/contracts.js';
import { toAccount, toPartner, toPlacedOrder } from './service/contract-to-domain.js';
import {
  type PartnerDocument,
  partnerInvoicePayload,
  stepPayload,
  subscriptionGrants,
  subscriptionPayload,
} from './service/domain-to-contract.js';
import type { BoughtOnce, StoredSubscription } from './service/ports.js';
import { boughtOnceOf } from './service/bought-once.js';
import { recentOrdersOf } from './service/recent-orders.js';
import { scheduledUsage } from './service/take-seat-usage.js';

/** Turns the population into subscriptions with their histories, invoices and payments. */
export const createSeeder: CreateSeeder = ({ today }) => new SubscriptionsSeeder(localDate(today));

/**
 * Schedules wait here until all is loaded: a service that runs meanwhile must not bill what is due, because it would give out
 * numbers that later batches have.
 */
const seededSchedule = 'seeded_billing_schedule';

/** What partners earned waits here for its entries, which are written at once for all. */
const seededCommission = 'seeded_commission';

class SubscriptionsSeeder implements ServiceSeeder {
  /** Partners' accounts come in the first batch and pay for what later ones buy; others are of their batch alone. */
  readonly #partnerAccounts = new Map<string, Account>();
  readonly #invoiceNumbers = new Map<string, bigint>();
  readonly #factNumbers = new Map<string, number>();
  /** Of the batch, until its use of seats is told. */
  readonly #histories = new Map<string, SubscriptionHistory['versions']>();
  #subscriptions = 0n;

  constructor(private readonly today: LocalDate) {}

  own(batch: StoryBatch, received: readonly EventEnvelope[]): { rows: TableRows[]; events: EventEnvelope[] } {
    const told = accountsIn(received);
    if (batch.partners.length > 0) for (const account of told) this.#partnerAccounts.set(account.id, account);
    const accounts = new Map(told.map((account) => [account.id, account]));
    const orders = ordersIn(received);
    const rows = new RowCollector();
    const events: EventEnvelope[] = [];
    for (const { deployments } of batch.accounts) {
      for (const { subscription: story } of deployments) {
        const payload = story && orders.get(story.orderId);
        if (!payload) continue;
        const history = historyOf({
          story,
          order: toPlacedOrder(payload),
          soldTo: this.#account(payload.accountId, accounts),
          invoiceOwner: this.#account(payload.invoiceOwnerAccountId, accounts),
          taxRateOn,
        });
        events.push(...this.#store(history, rows));
      }
    }
    return { rows: rows.tables(), events };
  }

  /** What partners earned goes into the books at the end, with all the other entries. */
  answer(received: readonly EventEnvelope[]): { rows: TableRows[]; events: EventEnvelope[] } {
    const rows = received
      .filter(({ topic }) => topic === 'partners.commission-earned')
      .map(({ payload }) => commissionEarnedPayload.parse(payload))
      .map(({ id, invoiceId, amount, earnedAt }) => ({
        id,
        invoice_id: invoiceId,
        amount_minor: amount.minor,
        earned_at: new Date(earnedAt),
      }));
    return { rows: rows.length === 0 ? [] : [{ table: seededCommission, rows }], events: [] };
  }

  project(events: readonly EventEnvelope[]): TableRows[] {
    const accounts = accountsIn(events);
    const zones = new Map(accounts.map(({ id, billingTimeZone }) => [id, billingTimeZone]));
    return [
      { table: 'account', rows: accounts.map((account) => ({ ...toAccountRow(account) })) },
      { table: 'partner', rows: partnersIn(events) },
      { table: 'seat_usage', rows: this.#seatUsage(events, zones) },
    ];
  }

  /** Seats are reconciled from the day of the stories on: what lies before it is part of them. */
  #seatUsage(events: readonly EventEnvelope[], zones: ReadonlyMap<string, string>) {
    const scheduled = events
      .filter(({ topic }) => topic === 'licenses.seat-usage')
      .flatMap(({ payload, sequence }) => {
        const told = seatUsagePayload.parse(payload);
        const timeZone = zones.get(told.accountId) ?? 'UTC';
        const history = this.#histories.get(told.subscriptionId ?? '') ?? [];
        const known = { sequence, today: this.today, timeZone, history, settled: [] };
        const usage = scheduledUsage(told, known);
        return usage === null ? [] : [{ ...toUsageRow(usage) }];
      });
    this.#histories.clear();
    return scheduled;
  }

  begin(): string[] {
    return [
      `CREATE TABLE IF NOT EXISTS ${seededSchedule} (LIKE billing_schedule)`,
      `CREATE TABLE IF NOT EXISTS ${seededCommission} (id uuid, invoice_id uuid, amount_minor bigint, earned_at timestamptz)`,
    ];
  }

  finish(): string[] {
    return [
      `INSERT INTO invoice_number (legal_entity_code, last)
       SELECT legal_entity_code, max(sequence_number) FROM invoice GROUP BY legal_entity_code
       ON CONFLICT (legal_entity_code) DO UPDATE SET last = greatest(invoice_number.last, excluded.last)`,
      ...booksOfDocuments(),
      booksOfCommissions(seededCommission),
      `DROP TABLE ${seededCommission}`,
      `SELECT setval('billing_subscription_number', greatest(1, (SELECT count(*) FROM billing_subscription)))`,
      // Last: from here on the service bills, with numbers behind those that were loaded.
      `WITH moved AS (DELETE FROM ${seededSchedule} RETURNING *) INSERT INTO billing_schedule SELECT * FROM moved`,
      `DROP TABLE ${seededSchedule}`,
    ];
  }

  #account(id: string, told: ReadonlyMap<string, Account>): Account {
    const account = told.get(id) ?? this.#partnerAccounts.get(id);
    if (!account) throw new Error(`Account ${id} was not told`);
    return account;
  }

  #store(history: SubscriptionHistory, rows: RowCollector): EventEnvelope[] {
    const { identity, versions, billedUntil } = history;
    const [first] = versions;
    const head = headOf(versions);
    const number = subscriptionNumber((this.#subscriptions += 1n));
    const recentOrders = recentOrdersOf({ orderId: first.orderId, version: 1 }, []);
    const boughtOnce = versions.reduce<BoughtOnce[]>((bought, version) => boughtOnceOf(version, bought), []);
    const stored = { ...identity, number, head, recentOrders, boughtOnce };
    const subscription: StoredSubscription = { ...stored, heldSince: heldSinceOf(versions) };
    this.#histories.set(identity.id, versions);
    rows.add('billing_subscription', toSubscriptionRow(subscription, first.recordedAt));
    for (const version of versions)
      rows.add('billing_subscription_version', toVersionRow(identity.id, version));
    rows.add('billing_subscription_head', toVersionRow(identity.id, head));
    rows.add(seededSchedule, toScheduleRow(scheduleOf(identity.id, { head, billedUntil })));
    if (first.orderId !== null) {
      rows.add('order_outcome', {
        order_id: first.orderId,
        outcome: 'FULFILLED',
        reason: null,
        decided_at: first.recordedAt,
      });
    }
    return [
      ...creationEvents(subscription, first.orderId ?? '', first.recordedAt),
      ...history.documents.flatMap((document) => this.#storeDocument(document, head, rows)),
    ];
  }

  #storeDocument(
    { document, paidOn }: PaidDocument,
    { partnerOfRecordId }: SubscriptionVersion,
    rows: RowCollector,
  ): EventEnvelope[] {
    if (document.kind !== 'INVOICE') throw new Error('A story only ever makes invoices');
    const { draft } = document;
    const sequence = (this.#invoiceNumbers.get(draft.legalEntityCode) ?? 0n) + 1n;
    this.#invoiceNumbers.set(draft.legalEntityCode, sequence);
    const row = toInvoiceRow(draft, sequence);
    rows.add('invoice', row);
    for (const line of draft.lines) rows.add('invoice_line', toInvoiceLineRow(draft.id, line));
    if (paidOn !== null) rows.add('payment', toPaymentRow(paymentOf(draft, paidOn)));
    if (partnerOfRecordId === null) return [];
    return [this.#fact(partnerOfRecordId, { ...draft, number: row.number, credits: [] })];
  }

  #fact(partnerId: string, invoice: PartnerDocument): EventEnvelope {
    const sequence = (this.#factNumbers.get(partnerId) ?? 0) + 1;
    this.#factNumbers.set(partnerId, sequence);
    return seededEvent({
      topic: 'subscriptions.partner-invoice-posted',
      kind: 'FACT',
      aggregateId: partnerId,
      sequence,
      occurredAt: invoice.postedAt.toISOString(),
      payload: partnerInvoicePayload(partnerId, invoice),
    });
  }
}

/** What was told when the subscription was created, and the snapshot of its newest version. */
function creationEvents(subscription: StoredSubscription, orderId: string, createdAt: Date): EventEnvelope[] {
  const at = createdAt.toISOString();
  const snapshot = { kind: 'SNAPSHOT', sequence: 1, occurredAt: at } as const;
  return [
    seededEvent({
      topic: 'subscriptions.billing-subscription',
      kind: 'SNAPSHOT',
      aggregateId: subscription.id,
      sequence: subscription.head.version,
      occurredAt: subscription.head.recordedAt.toISOString(),
      payload: subscriptionPayload(subscription),
    }),
    ...subscriptionGrants(subscription, createdAt).map((payload) =>
      seededEvent({ ...snapshot, topic: 'subscriptions.grant', aggregateId: grantId(payload), payload }),
    ),
    ...(['SUBSCRIPTION_CREATED', 'INVOICE_POSTED'] as const)
      .map((kind) => stepPayload(orderId, kind, createdAt, null))
      .map((payload) =>
        seededEvent({
          ...snapshot,
          topic: 'subscriptions.fulfillment-step',
          aggregateId: fulfillmentStepId(payload),
          payload,
        }),
      ),
  ];
}

function accountsIn(events: readonly EventEnvelope[]): Account[] {
  return events
    .filter((event) => event.topic === 'orders.account')
    .map((event) => toAccount(accountPayload.parse(event.payload)));
}

function partnersIn(events: readonly EventEnvelope[]) {
  return events
    .filter((event) => event.topic === 'partners.partner')
    .map((event) => ({ ...toPartnerRow(toPartner(partnerPayload.parse(event.payload))) }));
}

function ordersIn(events: readonly EventEnvelope[]): Map<string, OrderPayload> {
  return new Map(
    events
      .filter((event) => event.topic === 'orders.order')
      .map((event) => orderPayload.parse(event.payload))
      .map((order) => [order.id, order]),
  );
}

/** The payment of an invoice in full at noon of a day. */
function paymentOf(invoice: InvoiceDraft, paidOn: LocalDate): Payment {
  return {
    id: derivedId('payment', invoice.id),
    invoiceId: invoice.id,
    amount: invoice.total,
    overpaid: money(0n, invoice.currency),
    receivedAt: new Date(`${paidOn}T12:00:00Z`),
    reference: `bank transfer ${paidOn}`,
    origin: 'RECORDED',
  };
}

/** The rate of the published table. */
function taxRateOn(owner: Account, on: LocalDate): TaxRate {
  const rate = tableRate(ourTaxStandings, {
    legalEntityCode: owner.legalEntityCode,
    buyerCountryCode: owner.countryCode,
    buyerIsBusiness: true,
    taxCategory: 'STANDARD',
    on,
  });
  if (!rate.ok) throw new Error(`No tax rate for account ${owner.id}: ${rate.error}`);
  return rate.value;
}
