import { answerOnce } from '@fulfillment/kernel/server/idempotency';
import type { TransactionScope } from '@fulfillment/kernel/server/service-definition';
import type { ReceivablesUnitOfWork } from '../service/receivables-ports.js';
import { createApprovalStore } from './accounting-approval-store.js';
import { createCreditStore } from './credit-store.js';
import { createDraftStore } from './draft-store.js';
import { createDunningStore } from './invoice-dunning-store.js';
import { createDocumentStore } from './invoice-store.js';
import { createLedgerStore } from './ledger-store.js';
import { createMoneyEvents } from './money-events.js';
import { createPaymentStore } from './payment-store.js';
import { createRefundAttemptStore } from './refund-attempt-store.js';

/** The stores of money of one transaction. */
export function createReceivablesStores({
  manager,
  events,
  lastWrites,
}: Pick<TransactionScope, 'manager' | 'events' | 'lastWrites'>): ReceivablesUnitOfWork {
  return {
    documents: createDocumentStore(manager),
    ledger: createLedgerStore(manager),
    credits: createCreditStore(manager),
    payments: createPaymentStore(manager),
    refundAttempts: createRefundAttemptStore(manager),
    approvals: createApprovalStore(manager),
    dunning: createDunningStore(manager, events),
    drafts: createDraftStore(manager),
    moneyEvents: createMoneyEvents(events),
    answerOnce: (call, work) => answerOnce({ manager, lastWrites }, call, work),
  };
}
