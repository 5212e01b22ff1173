import type { CurrencyCode } from '@fulfillment/kernel/domain/money';
import type { Connection } from '@fulfillment/kernel/server/connection';
import type { PageArguments } from '@fulfillment/kernel/server/pagination';
import type { Account } from '../domain/account.js';
import type { Invoice, InvoiceLine, Payment } from '../domain/invoice.js';
import type { LedgerEntry } from '../domain/ledger/entry.js';
import type { RevenueSchedule } from '../domain/ledger/revenue-schedule.js';
import type { Earning, ReceivablesBucket } from '../domain/ledger/views.js';
import type { ShownSubscription } from '../domain/partner.js';
import type { WriteOff } from '../domain/receivables/approval.js';
import type { ShownDraft } from '../domain/receivables/shown-draft.js';
import type { CreditMemo } from '../domain/receivables/credit-memo.js';
import type { SettledSeats } from '../service/reconciliation-ports.js';
import type { TestClockState } from '../service/move-test-clock.js';
import type { SubscriptionVersion } from '../domain/subscription.js';
import type { Approvable, AttemptWithOutcome, RefundAttemptWithOutcome } from './receivables-readers.js';

/** The parent of Account's resolvers: a reference, with what was read together with it. */
export interface AccountMapper {
  readonly id: string;
  readonly known?: Account;
  readonly subscriptions?: {
    readonly page: PageArguments;
    readonly connection: Connection<ShownSubscription>;
  };
}

export type BillingSubscriptionMapper = ShownSubscription;

/** A version with the currency of its subscription. */
export interface BillingSubscriptionVersionMapper {
  readonly version: SubscriptionVersion;
  readonly currency: CurrencyCode;
}

export type SeatReconciliationMapper = SettledSeats;

export type InvoiceMapper = Invoice | ShownDraft;

/** A line with the invoice or credit memo that it stands on. */
export interface InvoiceLineMapper extends InvoiceLine {
  readonly documentId: string;
}

export type CreditMemoMapper = CreditMemo;

export type PaymentMapper = Payment;

export type PaymentAttemptMapper = AttemptWithOutcome;

export type RefundAttemptMapper = RefundAttemptWithOutcome;

export type WriteOffMapper = Approvable<WriteOff>;

export type LedgerEntryMapper = LedgerEntry;

export type RevenueScheduleMapper = RevenueSchedule;

export type EarningMapper = Earning;

export type ReceivablesBucketMapper = ReceivablesBucket;

/** The parent of Order's resolvers: a reference. */
export interface OrderMapper {
  readonly id: string;
}

/** What is to be paid, and by whom: orders names it. */
export interface AccountCreditEstimateMapper {
  readonly accountId: string;
  readonly currency: string;
  readonly total: string;
}

export type TestClockMapper = TestClockState;
