import { localDate } from '@fulfillment/kernel/domain/calendar';
import { money } from '@fulfillment/kernel/domain/money';
import { entryKinds, type LedgerEntry } from '../domain/ledger/entry.js';
import { ledgerAccounts } from '../domain/ledger/ledger-account.js';
import { recognizedUntil, type RevenueSchedule } from '../domain/ledger/revenue-schedule.js';
import { storedCurrency } from './account-mapping.js';
import { stored } from './invoice-line-mapping.js';
import type { LedgerEntryRow, LedgerPostingRow, RevenueScheduleRow } from './ledger-rows.js';

/** An entry with its postings, as one statement gives it. */
export type EntryWithPostings = LedgerEntryRow & {
  readonly postings: readonly Pick<LedgerPostingRow, 'ledger_account' | 'amount_minor'>[];
};

export function toEntryRow(entry: LedgerEntry): LedgerEntryRow {
  return {
    id: entry.id,
    kind: entry.kind,
    cause_id: entry.causeId,
    legal_entity_code: entry.legalEntityCode,
    currency: entry.currency,
    booked_on: entry.bookedOn,
    recorded_at: entry.recordedAt,
    account_id: entry.accountId,
    invoice_id: entry.invoiceId,
  };
}

export function toPostingRows({ id, postings }: LedgerEntry): LedgerPostingRow[] {
  return postings.map(({ account, amount }) => ({
    entry_id: id,
    ledger_account: account,
    amount_minor: amount.minor.toString(),
  }));
}

export function fromEntryRow(row: EntryWithPostings): LedgerEntry {
  const currency = storedCurrency(row.currency);
  return {
    id: row.id,
    kind: stored('kind of entry', entryKinds, row.kind),
    causeId: row.cause_id,
    legalEntityCode: row.legal_entity_code,
    currency,
    bookedOn: localDate(row.booked_on),
    recordedAt: row.recorded_at,
    accountId: row.account_id,
    invoiceId: row.invoice_id,
    postings: row.postings.map((posting) => ({
      account: stored('ledger account', ledgerAccounts, posting.ledger_account),
      amount: money(BigInt(posting.amount_minor), currency),
    })),
  };
}

export function toScheduleRow(schedule: RevenueSchedule): RevenueScheduleRow {
  return {
    document_id: schedule.documentId,
    position: schedule.position,
    subscription_id: schedule.subscriptionId,
    books_code: schedule.booksCode,
    currency: schedule.net.currency,
    net_minor: schedule.net.minor.toString(),
    service_start: schedule.serviceStart,
    service_end: schedule.serviceEnd,
    recognized_from: schedule.recognizedFrom,
    recognized_until: recognizedUntil(schedule),
  };
}

export function fromScheduleRow(row: RevenueScheduleRow): RevenueSchedule {
  return {
    documentId: row.document_id,
    position: row.position,
    subscriptionId: row.subscription_id,
    booksCode: row.books_code,
    net: money(BigInt(row.net_minor), storedCurrency(row.currency)),
    serviceStart: localDate(row.service_start),
    serviceEnd: localDate(row.service_end),
    recognizedFrom: localDate(row.recognized_from),
  };
}
