import { answerOnce } from '@fulfillment/kernel/server/idempotency';
import type { EventAppender } from '@fulfillment/kernel/server/messaging/outbox';
import type { EntityManager } from 'typeorm';
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
export function createReceivablesStores(
  manager: EntityManager,
  events: EventAppender,
): ReceivablesUnitOfWork {
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
    answerOnce: (call, work) => answerOnce(manager, call, work),
  };
}
