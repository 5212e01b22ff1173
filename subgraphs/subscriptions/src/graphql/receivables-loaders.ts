import { derivedId } from '@fulfillment/kernel/domain/ids';
import type { Makers } from '@fulfillment/kernel/domain/lazily';
import type { Money } from '@fulfillment/kernel/domain/money';
import {
  type Loader,
  manyEach,
  oneEach,
  pageEach,
  type PageLoader,
  valueEach,
} from '@fulfillment/kernel/server/batch';
import type { Connection } from '@fulfillment/kernel/server/connection';
import type { PageArguments } from '@fulfillment/kernel/server/pagination';
import type { Invoice } from '../domain/invoice.js';
import type { LedgerEntry } from '../domain/ledger/entry.js';
import type { RevenueSchedule } from '../domain/ledger/revenue-schedule.js';
import type { Earning, ReceivablesBucket } from '../domain/ledger/views.js';
import type { Adjustment, WriteOff } from '../domain/receivables/approval.js';
import type { CreditMemo } from '../domain/receivables/credit-memo.js';
import type { TakenStep } from '../domain/receivables/dunning.js';
import type { Refund } from '../domain/receivables/refund.js';
import type {
  Approvable,
  AttemptWithOutcome,
  MoneyReaders,
  RefundAttemptWithOutcome,
} from './receivables-readers.js';

/** Reads of money of one request, gathered (see loaders.ts). */
export interface MoneyLoaders {
  readonly creditMemo: Loader<CreditMemo | null>;
  readonly creditMemosOfAccount: PageLoader<CreditMemo, PageArguments>;
  readonly creditMemosOfOrder: Loader<readonly CreditMemo[]>;
  /** By credit memo. */
  readonly remaining: Loader<Money | null>;
  /** By account. */
  readonly freeCredit: Loader<Money | null>;
  /** By account. */
  readonly accountCredit: Loader<Money | null>;
  readonly refund: Loader<Refund | null>;
  readonly refundsOfPayment: Loader<readonly Refund[]>;
  readonly refundAttempt: Loader<RefundAttemptWithOutcome | null>;
  readonly refundAttemptsOfPayment: Loader<readonly RefundAttemptWithOutcome[]>;
  readonly attempt: Loader<AttemptWithOutcome | null>;
  readonly attemptsOfInvoice: Loader<readonly AttemptWithOutcome[]>;
  readonly dunningOfInvoice: Loader<readonly TakenStep[]>;
  readonly writeOff: Loader<Approvable<WriteOff> | null>;
  readonly writeOffsOfInvoice: Loader<readonly Approvable<WriteOff>[]>;
  readonly adjustment: Loader<Approvable<Adjustment> | null>;
  readonly entriesOfInvoice: Loader<readonly LedgerEntry[]>;
  readonly entriesOfCreditMemo: Loader<readonly LedgerEntry[]>;
  readonly schedulesOfDocument: Loader<readonly RevenueSchedule[]>;
  readonly earningsOfEntry: PageLoader<Earning, PageArguments>;
  readonly invoicesOfBucket: (bucket: ReceivablesBucket, page: PageArguments) => Promise<Connection<Invoice>>;
}

export const moneyLoaders: Makers<{ readonly readers: MoneyReaders }, MoneyLoaders> = {
  creditMemo: ({ readers: { credits } }) =>
    oneEach(
      (ids) => credits.byIds(ids),
      ({ id }) => id,
    ),
  creditMemosOfAccount: ({ readers: { credits } }) => pageEach((ids, page) => credits.ofAccounts(ids, page)),
  creditMemosOfOrder: ({ readers: { credits } }) =>
    manyEach(
      (ids) => credits.ofOrders(ids),
      ({ orderId }) => orderId ?? '',
    ),
  remaining: ({ readers: { credits } }) => valueEach((ids) => credits.remaining(ids), null),
  freeCredit: ({ readers: { credits } }) => valueEach((ids) => credits.freeCredits(ids), null),
  accountCredit: ({ readers: { credits } }) => valueEach((ids) => credits.accountCredits(ids), null),
  refund: ({ readers: { settlements } }) =>
    oneEach(
      (ids) => settlements.refundsByIds(ids),
      ({ id }) => id,
    ),
  refundsOfPayment: ({ readers: { settlements } }) =>
    manyEach(
      (ids) => settlements.refundsOfPayments(ids),
      ({ paymentId }) => paymentId,
    ),
  refundAttempt: ({ readers: { settlements } }) =>
    oneEach(
      (ids) => settlements.refundAttemptsByIds(ids),
      ({ attempt }) => attempt.id,
    ),
  refundAttemptsOfPayment: ({ readers: { settlements } }) =>
    manyEach(
      (ids) => settlements.refundAttemptsOfPayments(ids),
      ({ attempt }) => attempt.paymentId,
    ),
  attempt: ({ readers: { settlements } }) =>
    oneEach(
      (ids) => settlements.attemptsByIds(ids),
      ({ attempt }) => attempt.id,
    ),
  attemptsOfInvoice: ({ readers: { settlements } }) =>
    manyEach(
      (ids) => settlements.attemptsOfInvoices(ids),
      ({ attempt }) => attempt.invoiceId,
    ),
  dunningOfInvoice: ({ readers: { settlements } }) =>
    manyEach(
      (ids) => settlements.dunningOfInvoices(ids),
      ({ invoiceId }) => invoiceId,
    ),
  writeOff: ({ readers: { accounting } }) =>
    oneEach(
      (ids) => accounting.writeOffsByIds(ids),
      ({ request }) => request.id,
    ),
  writeOffsOfInvoice: ({ readers: { accounting } }) =>
    manyEach(
      (ids) => accounting.writeOffsOfInvoices(ids),
      ({ request }) => request.invoiceId,
    ),
  adjustment: ({ readers: { accounting } }) =>
    oneEach(
      (ids) => accounting.adjustmentsByIds(ids),
      ({ request }) => request.id,
    ),
  entriesOfInvoice: ({ readers: { ledger } }) =>
    manyEach(
      (ids) => ledger.entriesOfInvoices(ids),
      ({ invoiceId }) => invoiceId ?? '',
    ),
  entriesOfCreditMemo: ({ readers: { ledger } }) =>
    manyEach(
      (ids) => ledger.entriesOfCreditMemos(ids),
      ({ causeId }) => causeId,
    ),
  schedulesOfDocument: ({ readers: { ledger } }) =>
    manyEach(
      (ids) => ledger.schedulesOfDocuments(ids),
      ({ documentId }) => documentId,
    ),
  earningsOfEntry: ({ readers: { ledger } }) => pageEach((ids, page) => ledger.earningsOfEntries(ids, page)),
  invoicesOfBucket: ({ readers: { receivables } }) => bucketLoader(receivables),
};

/** Buckets have no id of their own: one is made of what they are. */
function bucketLoader(receivables: MoneyReaders['receivables']): MoneyLoaders['invoicesOfBucket'] {
  const buckets = new Map<string, ReceivablesBucket>();
  const load = pageEach<Invoice, PageArguments>((ids, page) => {
    const asked = ids.flatMap((id) => {
      const bucket = buckets.get(id);
      return bucket === undefined ? [] : [[id, bucket] as const];
    });
    return receivables.invoicesOf(new Map(asked), page);
  });
  return (bucket, page) => {
    const { legalEntityCode, age, asOf, total } = bucket;
    const id = derivedId('receivables-bucket', legalEntityCode, total.currency, age, asOf);
    buckets.set(id, bucket);
    return load(id, page);
  };
}
