import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { CurrencyCode, Money } from '@fulfillment/kernel/domain/money';
import type { Connection } from '@fulfillment/kernel/server/connection';
import type { PageArguments } from '@fulfillment/kernel/server/pagination';
import type { Invoice } from '../domain/invoice.js';
import type { LedgerEntry } from '../domain/ledger/entry.js';
import type { RevenueSchedule } from '../domain/ledger/revenue-schedule.js';
import type { AccountBalance, Earning, LedgerFilter, ReceivablesBucket } from '../domain/ledger/views.js';
import type { ClosedPeriod } from '../domain/receivables/accounting-period.js';
import type { Adjustment, Approval, WriteOff } from '../domain/receivables/approval.js';
import type { CreditMemo } from '../domain/receivables/credit-memo.js';
import type { TakenStep } from '../domain/receivables/dunning.js';
import type { AttemptOutcome, PaymentAttempt } from '../domain/receivables/payment-attempt.js';
import type { DraftFilter, ShownDraft } from '../domain/receivables/shown-draft.js';
import type { ReviewPeriod } from '../service/draft-ports.js';
import type { Refund, RefundAttempt } from '../domain/receivables/refund.js';

/* What resolvers read of money; see readers.ts for what all readers promise. */

/** A request with its approval; null until a second person agrees. */
export interface Approvable<Request> {
  readonly request: Request;
  readonly approval: Approval | null;
}

/** An attempt with its outcome; null while it is pending. */
export interface AttemptWithOutcome {
  readonly attempt: PaymentAttempt;
  readonly outcome: AttemptOutcome | null;
}

/** An attempt to give back with its outcome; null while it is pending. */
export interface RefundAttemptWithOutcome {
  readonly attempt: RefundAttempt;
  readonly outcome: AttemptOutcome | null;
}

export interface CreditReader {
  byIds(ids: readonly string[]): Promise<CreditMemo[]>;
  /** By account that gets the credit, the newest first. */
  ofAccounts(
    accountIds: readonly string[],
    page: PageArguments,
  ): Promise<Map<string, Connection<CreditMemo>>>;
  ofOrders(orderIds: readonly string[]): Promise<CreditMemo[]>;
  /** By credit memo, what is left of it. */
  remaining(creditMemoIds: readonly string[]): Promise<Map<string, Money>>;
  /** By account, the credit with which its present legal entity would settle its next bill. */
  freeCredits(accountIds: readonly string[]): Promise<Map<string, Money>>;
  /** By account, what is left of all its credit. */
  accountCredits(accountIds: readonly string[]): Promise<Map<string, Money>>;
}

/** What became of invoices, the oldest first wherever there are several. */
export interface SettlementReader {
  refundsByIds(ids: readonly string[]): Promise<Refund[]>;
  refundsOfPayments(paymentIds: readonly string[]): Promise<Refund[]>;
  refundAttemptsByIds(ids: readonly string[]): Promise<RefundAttemptWithOutcome[]>;
  refundAttemptsOfPayments(paymentIds: readonly string[]): Promise<RefundAttemptWithOutcome[]>;
  attemptsByIds(ids: readonly string[]): Promise<AttemptWithOutcome[]>;
  attemptsOfInvoices(invoiceIds: readonly string[]): Promise<AttemptWithOutcome[]>;
  dunningOfInvoices(invoiceIds: readonly string[]): Promise<TakenStep[]>;
}

/** Periods and approvals. */
export interface AccountingReader {
  /** The newest first. */
  periods(legalEntityCode: string): Promise<ClosedPeriod[]>;
  writeOffsByIds(ids: readonly string[]): Promise<Approvable<WriteOff>[]>;
  writeOffsOfInvoices(invoiceIds: readonly string[]): Promise<Approvable<WriteOff>[]>;
  adjustmentsByIds(ids: readonly string[]): Promise<Approvable<Adjustment>[]>;
  pendingWriteOffs(): Promise<Approvable<WriteOff>[]>;
  pendingAdjustments(): Promise<Approvable<Adjustment>[]>;
}

export interface LedgerReader {
  /** The newest first. */
  entries(filter: LedgerFilter, page: PageArguments): Promise<Connection<LedgerEntry>>;
  entriesOfInvoices(invoiceIds: readonly string[]): Promise<LedgerEntry[]>;
  entriesOfCreditMemos(creditMemoIds: readonly string[]): Promise<LedgerEntry[]>;
  trialBalance(legalEntityCode: string, currency: CurrencyCode, asOf: LocalDate): Promise<AccountBalance[]>;
  schedulesOfDocuments(documentIds: readonly string[]): Promise<RevenueSchedule[]>;
  /** By entry of a day's revenue. */
  earningsOfEntries(
    entryIds: readonly string[],
    page: PageArguments,
  ): Promise<Map<string, Connection<Earning>>>;
}

export interface ReceivablesReader {
  /** By legal entity and currency, then by age; where nothing is owed there is no bucket. */
  aged(asOf: LocalDate): Promise<ReceivablesBucket[]>;
  /** By the id under which a bucket is asked for, the first to be due first. */
  invoicesOf(
    buckets: ReadonlyMap<string, ReceivablesBucket>,
    page: PageArguments,
  ): Promise<Map<string, Connection<Invoice>>>;
}

/** Drafts, for those inside the company alone. */
export interface DraftReader {
  byIds(ids: readonly string[]): Promise<ShownDraft[]>;
  /** The first to be posted first. */
  list(filter: DraftFilter, page: PageArguments): Promise<Connection<ShownDraft>>;
  reviewPeriods(): Promise<ReviewPeriod[]>;
}

export interface MoneyReaders {
  readonly drafts: DraftReader;
  readonly credits: CreditReader;
  readonly settlements: SettlementReader;
  readonly accounting: AccountingReader;
  readonly ledger: LedgerReader;
  readonly receivables: ReceivablesReader;
}
