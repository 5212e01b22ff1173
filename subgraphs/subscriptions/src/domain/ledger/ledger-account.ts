/**
 * The accounts of the ledger. Amounts are signed: a debit is positive, a credit negative, so that each entry sums to zero.
 * RECEIVABLES, CASH and the expenses are usually positive, the others negative.
 */
export const ledgerAccounts = [
  'RECEIVABLES',
  'CASH',
  'DEFERRED_REVENUE',
  'REVENUE',
  'TAX_PAYABLE',
  'ACCOUNT_CREDIT',
  'REFUNDS',
  'BAD_DEBT',
  'COMMISSION_EXPENSE',
  'COMMISSION_PAYABLE',
] as const;
export type LedgerAccount = (typeof ledgerAccounts)[number];

/**
 * Accounts that must equal the documents behind them: what is open on invoices, what is left of account credit, what is not
 * recognized of schedules. Only documents post to these, never an adjustment.
 */
const controlAccounts: ReadonlySet<LedgerAccount> = new Set([
  'RECEIVABLES',
  'ACCOUNT_CREDIT',
  'DEFERRED_REVENUE',
]);

/** True when an adjustment by hand would make the ledger differ from its documents. */
export function isControlAccount(account: LedgerAccount): boolean {
  return controlAccounts.has(account);
}
