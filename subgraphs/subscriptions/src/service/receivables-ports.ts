import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import type {
  AdjustmentPayload,
  CreditMemoPayload,
  InvoicePayload,
  PaymentPayload,
  WriteOffPayload,
} from '@fulfillment/schema/events/receivables';
import type { Drafts } from './draft-ports.js';
import type { ReminderSentPayload } from '@fulfillment/schema/events/subscriptions';
import type { Money } from '@fulfillment/kernel/domain/money';
import type { Invoice, InvoiceDraft, InvoiceLine, Payment } from '../domain/invoice.js';
import type { EntryKind, LedgerEntry } from '../domain/ledger/entry.js';
import type { EarnedDay } from '../domain/ledger/revenue-recognized.js';
import type { RevenueSchedule } from '../domain/ledger/revenue-schedule.js';
import type {
  AccountCredit,
  CreditUse,
  OpenCredit,
  OpenInvoice,
} from '../domain/receivables/account-credit.js';
import type { ClosedPeriod } from '../domain/receivables/accounting-period.js';
import type { Adjustment, Approval, WriteOff } from '../domain/receivables/approval.js';
import type { CreditMemo, CreditMemoDraft } from '../domain/receivables/credit-memo.js';
import type { DunningStepName, TakenStep } from '../domain/receivables/dunning.js';
import type { AttemptOutcome, PaymentAttempt } from '../domain/receivables/payment-attempt.js';
import type { Refund, RefundAttempt } from '../domain/receivables/refund.js';
import type { Books, BooksOf } from '../domain/receivables/settlement.js';

/** What a document says of itself. */
export interface IssuedDocument {
  readonly legalEntityCode: string;
  readonly invoiceOwnerAccountId: string;
  readonly issuedOn: LocalDate;
}

export interface Documents {
  /**
   * Gives each document the next number of its legal entity and stores it for good. Call it late: the numbers queue up.
   * @returns the numbers by the documents' ids
   */
  post(
    invoices: readonly InvoiceDraft[],
    creditMemos: readonly CreditMemoDraft[],
  ): Promise<ReadonlyMap<string, string>>;
  /** An invoice as it stands; null when there is none. */
  findInvoice(id: string): Promise<Invoice | null>;
  /** Invoices as they stand, in no order; what does not exist is missing. */
  findInvoices(ids: readonly string[]): Promise<Invoice[]>;
  /** The credit memos behind account credits, with what is left of each, in no order. A credit of another source has none. */
  findCreditMemos(
    creditIds: readonly string[],
  ): Promise<{ readonly memo: CreditMemo; readonly remaining: Money }[]>;
  /** The id of the invoice of an order to the account that pays it; null when there is none. */
  findInvoiceOfOrder(orderId: string, invoiceOwnerAccountId: string): Promise<string | null>;
  /** The invoice that a payment came in for; null when there is no such payment. */
  findInvoiceOfPayment(paymentId: string): Promise<Invoice | null>;
  /** Who issued a document, an invoice or a credit memo, to whom and on which day; null when there is none. */
  findIssued(id: string): Promise<IssuedDocument | null>;
  /**
   * The invoice whose charge each line gives back, in the order of the lines: the newest one with a charge of the same product that
   * covers the days, the document itself left out; null where there is none.
   */
  chargedOn(documentId: string, lines: readonly InvoiceLine[]): Promise<(string | null)[]>;
  /** True when another document gives back a charge of the invoice, or a part of one. */
  isCredited(invoiceId: string): Promise<boolean>;
}

/** The ledger, its periods and its schedules; books go by the code of a legal entity or `booksCodeOf`. Who posts or closes takes the books before any other lock. */
export interface Ledger {
  /** How far books have come. Until the transaction ends no month of them is closed and no revenue posted by anybody else. */
  open(codes: readonly string[]): Promise<BooksOf>;
  /** As `open`, with nobody else posting either. */
  openAlone(code: string): Promise<Books>;
  /** True when there is an entry of this kind and cause. */
  isBooked(kind: EntryKind, causeId: string): Promise<boolean>;
  record(entries: readonly LedgerEntry[], schedules: readonly RevenueSchedule[]): Promise<void>;
  /** The legal entities that have anything to earn, without sandboxes, which earn by clocks of their own, and what was set aside. */
  earningEntities(): Promise<string[]>;
  /** Every day of some books, by currency, that was not posted yet, with what was earned on it. */
  earnedDays(booksCode: string, through: LocalDate): Promise<EarnedDay[]>;
  recordEarnedDays(days: readonly EarnedDay[]): Promise<void>;
  close(period: ClosedPeriod): Promise<void>;
}

/** What accounts owe and what we owe them. */
export interface Credits {
  /** Until the transaction ends nobody else settles anything of these accounts. */
  lockAccounts(accountIds: readonly string[]): Promise<void>;
  /** What is left of them, without what is kept for refunds whose outcome is not known. */
  openCredits(accountIds: readonly string[]): Promise<OpenCredit[]>;
  openInvoices(accountIds: readonly string[]): Promise<OpenInvoice[]>;
  add(credits: readonly AccountCredit[], uses: readonly CreditUse[]): Promise<void>;
}

/** Money that came in and went back, and attempts to collect it. */
export interface Payments {
  add(payment: Payment): Promise<void>;
  refunds(paymentId: string): Promise<Refund[]>;
  addRefund(refund: Refund): Promise<void>;
  startAttempt(attempt: PaymentAttempt): Promise<void>;
  findAttempt(
    id: string,
  ): Promise<{ readonly attempt: PaymentAttempt; readonly outcome: AttemptOutcome | null } | null>;
  /** The attempt on an invoice that has no outcome; null when there is none. */
  pendingAttempt(invoiceId: string): Promise<PaymentAttempt | null>;
  /**
   * The ids of attempts without an outcome that began before an instant, and of all such of sandboxes, in their order from the one
   * after `after`; without what was set aside.
   */
  pendingAttempts(before: Date, after: string | null, limit: number): Promise<string[]>;
  /** @returns false when its outcome was known before */
  settleAttempt(outcome: AttemptOutcome): Promise<boolean>;
}

/** Attempts to give money back through the payment provider. */
export interface RefundAttempts {
  start(attempt: RefundAttempt): Promise<void>;
  /** With the provider's reference of the charge; the outcome is null while it is pending. */
  find(id: string): Promise<{
    readonly attempt: RefundAttempt;
    readonly outcome: AttemptOutcome | null;
    readonly chargeReference: string;
  } | null>;
  /** The attempt on a payment that has no outcome; null when there is none. */
  pendingOf(paymentId: string): Promise<RefundAttempt | null>;
  /** As `pendingAttempts` of payments. */
  pending(before: Date, after: string | null, limit: number): Promise<string[]>;
  /** @returns false when its outcome was known before */
  settle(outcome: AttemptOutcome): Promise<boolean>;
}

/** What one person asks for and another approves. */
export interface Approvals {
  addWriteOff(writeOff: WriteOff): Promise<void>;
  /** Locked until the transaction ends. */
  findWriteOff(
    id: string,
  ): Promise<{ readonly request: WriteOff; readonly approval: Approval | null } | null>;
  addAdjustment(adjustment: Adjustment): Promise<void>;
  /** Locked until the transaction ends. */
  findAdjustment(
    id: string,
  ): Promise<{ readonly request: Adjustment; readonly approval: Approval | null } | null>;
  approve(approval: Approval): Promise<void>;
}

/** An invoice of an account on which something is due after its due day. */
export interface OverdueInvoice extends OpenInvoice {
  readonly number: string;
  readonly taken: readonly DunningStepName[];
  /** The subscriptions that its lines charge for. */
  readonly subscriptionIds: readonly string[];
}

export interface Dunning {
  /** Accounts that have an invoice due before a day, in the order of their ids, from the one after `after`; without sandboxes and what was set aside. */
  overdueAccounts(dueBefore: LocalDate, after: string | null, limit: number): Promise<string[]>;
  overdueInvoices(accountId: string, today: LocalDate): Promise<OverdueInvoice[]>;
  record(steps: readonly TakenStep[]): Promise<void>;
  reminderSent(reminder: ReminderSentPayload, at: Date): Promise<void>;
}

/** Snapshots of what became of money, appended to the outbox in the transaction of the transition. */
export interface MoneyEvents {
  invoices(payloads: readonly InvoicePayload[], at: Date): Promise<void>;
  creditMemos(payloads: readonly CreditMemoPayload[], at: Date): Promise<void>;
  payment(payload: PaymentPayload, at: Date): Promise<void>;
  writeOff(payload: WriteOffPayload, at: Date): Promise<void>;
  adjustment(payload: AdjustmentPayload, at: Date): Promise<void>;
}

/** The outcome of a mutation that is kept with its key. */
export type KeptAnswer<Answer> =
  | { readonly kind: 'ANSWERED'; readonly answer: Answer; readonly repeated: boolean }
  | { readonly kind: 'REFUSED'; readonly reason: 'IDEMPOTENCY_KEY_REUSED' | 'IDEMPOTENCY_CONFLICT' };

/** A mutation of one client, by its key. */
export interface KeyedCall {
  readonly client: string;
  readonly mutation: string;
  readonly key: string;
  /** The whole input but the key. */
  readonly input: unknown;
}

/** What money work needs of a transaction. */
export interface ReceivablesUnitOfWork {
  readonly documents: Documents;
  readonly ledger: Ledger;
  readonly credits: Credits;
  readonly payments: Payments;
  readonly refundAttempts: RefundAttempts;
  readonly approvals: Approvals;
  readonly dunning: Dunning;
  readonly moneyEvents: MoneyEvents;
  readonly drafts: Drafts;
  /** Does the work once for each key, and gives its answer again. */
  answerOnce<Answer>(call: KeyedCall, work: () => Promise<Answer>): Promise<KeptAnswer<Answer>>;
}
