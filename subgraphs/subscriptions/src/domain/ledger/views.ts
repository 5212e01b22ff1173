import type { LocalDate } from '@fulfillment/kernel/domain/calendar';
import type { Money } from '@fulfillment/kernel/domain/money';
import type { EntryKind } from './entry.js';
import type { LedgerAccount } from './ledger-account.js';

/** What was posted to one ledger account; both sums are positive. */
export interface AccountBalance {
  readonly account: LedgerAccount;
  readonly debit: Money;
  readonly credit: Money;
}

/** Which entries to list: conditions that are not null must all hold. */
export interface LedgerFilter {
  readonly legalEntityCode: string | null;
  readonly currency: string | null;
  readonly ledgerAccount: LedgerAccount | null;
  readonly kind: EntryKind | null;
  readonly accountId: string | null;
  readonly bookedFrom: LocalDate | null;
  readonly bookedBefore: LocalDate | null;
}

/** What one line earned on a day. */
export interface Earning {
  readonly documentId: string;
  readonly position: number;
  readonly subscriptionId: string;
  readonly amount: Money;
}

/** How long an invoice is overdue on a day. */
export const receivablesAges = [
  'NOT_DUE',
  'UP_TO_30_DAYS',
  'UP_TO_60_DAYS',
  'UP_TO_90_DAYS',
  'OVER_90_DAYS',
] as const;
export type ReceivablesAge = (typeof receivablesAges)[number];

/** What is owed to one legal entity in one currency for about the same time, at the end of a day. */
export interface ReceivablesBucket {
  readonly legalEntityCode: string;
  readonly age: ReceivablesAge;
  readonly asOf: LocalDate;
  readonly total: Money;
}
