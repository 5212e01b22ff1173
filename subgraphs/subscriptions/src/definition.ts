import { lazily } from '@fulfillment/kernel/domain/lazily';
import type { ServiceRequest, ServiceDefinition } from '@fulfillment/kernel/server/service-definition';
import { createDocuments } from './documents/documents.js';
import { handlers, together } from './events/index.js';
import type { Context } from './graphql/context.js';
import { createTellFreshness } from './graphql/freshness.js';
import { createLoaders } from './graphql/loaders.js';
import type { Readers } from './graphql/readers.js';
import { resolvers } from './graphql/resolvers/index.js';
import { createAccountReader } from './persistence/account-reader.js';
import { createAccountingReader } from './persistence/accounting-reader.js';
import { createCreditMemoReader } from './persistence/credit-memo-reader.js';
import { createDraftReader } from './persistence/draft-reader.js';
import { entities } from './persistence/entities.js';
import { createInvoiceReader } from './persistence/invoice-reader.js';
import { createLedgerReader } from './persistence/ledger-reader.js';
import { createReceivablesReader } from './persistence/ledger-receivables-reader.js';
import { Agreements1764000002000 } from './persistence/migrations/agreements.js';
import { InvoiceDrafts1764000006500 } from './persistence/migrations/invoice-drafts.js';
import { Ledger1764000003000 } from './persistence/migrations/ledger-tables.js';
import { RefundAttempts1764000005000 } from './persistence/migrations/refund-attempts.js';
import { ReconciliationDays1764000010210 } from './persistence/migrations/reconciliation-days.js';
import { WaitingSeatUsage1764000010220 } from './persistence/migrations/waiting-seat-usage.js';
import { SetAside1764000010230 } from './persistence/migrations/set-aside.js';
import { Partners1764000010250 } from './persistence/migrations/partners.js';
import { SeatReconciliation1764000007400 } from './persistence/migrations/seat-reconciliation.js';
import { SubscriptionByDeployment1764000007410 } from './persistence/migrations/subscription-by-deployment.js';
import { SubscriptionsTables1764000001000 } from './persistence/migrations/subscriptions-tables.js';
import { createPaymentReader } from './persistence/payment-reader.js';
import { createReconciliationReader } from './persistence/reconciliation-reader.js';
import { projections } from './persistence/projections.js';
import { createSubscriptionReader } from './persistence/subscription-reader.js';
import { createUnitOfWork } from './persistence/unit-of-work.js';
import { periodicWork } from './periodic.js';
import { createBilling } from './service/billing.js';
import { moveTestClock, readTestClock } from './service/move-test-clock.js';
import type { UnitOfWork } from './service/ports.js';
import { previewSeatChange } from './service/preview-seat-change.js';
import { askAfter } from './service/pending-payments.js';
import { createSimulatedPayments } from './service/simulated-payments.js';

/** No payment provider stands behind it yet: one that behaves like one. */
const payments = createSimulatedPayments();

/** What the subscriptions service is made of. */
export const subscriptionsDefinition: ServiceDefinition<UnitOfWork, Context> = {
  name: 'subscriptions',
  entities,
  migrations: [
    SubscriptionsTables1764000001000,
    Agreements1764000002000,
    Ledger1764000003000,
    RefundAttempts1764000005000,
    InvoiceDrafts1764000006500,
    SeatReconciliation1764000007400,
    SubscriptionByDeployment1764000007410,
    ReconciliationDays1764000010210,
    WaitingSeatUsage1764000010220,
    SetAside1764000010230,
    Partners1764000010250,
  ],
  resolvers,
  handlers,
  together,
  projections,
  handOn: { 'subscriptions.pending-payment': (pending, run) => askAfter(run, payments, pending) },
  periodic: periodicWork(payments),
  createUnitOfWork,
  createContext,
};

const createReaders = lazily<Pick<ServiceRequest<UnitOfWork>, 'manager' | 'viewer' | 'receivedAt'>, Readers>({
  subscriptions: ({ manager, viewer, receivedAt }) => createSubscriptionReader(manager, viewer, receivedAt),
  invoices: ({ manager, viewer, receivedAt }) => createInvoiceReader(manager, viewer, receivedAt),
  accounts: ({ manager, viewer, receivedAt }) => createAccountReader(manager, viewer, receivedAt),
  credits: ({ manager, viewer, receivedAt }) => createCreditMemoReader(manager, viewer, receivedAt),
  settlements: ({ manager, viewer, receivedAt }) => createPaymentReader(manager, viewer, receivedAt),
  accounting: ({ manager, viewer, receivedAt }) => createAccountingReader(manager, viewer, receivedAt),
  ledger: ({ manager, viewer, receivedAt }) => createLedgerReader(manager, viewer, receivedAt),
  drafts: ({ manager, viewer, receivedAt }) => createDraftReader(manager, viewer, receivedAt),
  receivables: ({ manager, viewer, receivedAt }) => createReceivablesReader(manager, viewer, receivedAt),
  reconciliations: ({ manager, viewer, receivedAt }) =>
    createReconciliationReader(manager, viewer, receivedAt),
});

function createContext(request: ServiceRequest<UnitOfWork>): Context {
  const { viewer, requestId, receivedAt, clock, freshness, manager, transaction } = request;
  const now = onceEach((id) => clock.now(id));
  const tell = createTellFreshness(freshness, now);
  const readers = createReaders({ manager, viewer, receivedAt });
  const loaders = createLoaders({ readers, tell });
  return {
    viewer,
    requestId,
    readers,
    loaders,
    billing: createBilling(transaction, viewer, payments),
    documents: createDocuments((accountId) => loaders.account.load(accountId)),
    now,
    tellFreshness: tell,
    previewSeatChange: (subscription, addUsers, at) =>
      transaction((work) => previewSeatChange(work, subscription, addUsers, at)),
    moveTestClock: (input) => moveTestClock(transaction, viewer, input),
    testClock: (accountId) => readTestClock(transaction, accountId),
  };
}

/** Asks once for each account, so that one answer never shows two instants. */
function onceEach(now: (accountId: string | null) => Promise<Date>): Context['now'] {
  const instants = new Map<string | null, Promise<Date>>();
  return (accountId) => {
    const instant = instants.get(accountId) ?? now(accountId);
    instants.set(accountId, instant);
    return instant;
  };
}
