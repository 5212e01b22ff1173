import { compare, type Money, money, subtract } from '@fulfillment/kernel/domain/money';

/** How account credit would settle an amount. */
export interface CreditEstimate {
  readonly applied: Money;
  readonly amountDue: Money;
}

/**
 * What account credit settles of a bill over a total, and what is left to pay: all of the credit, up to the total. A total that
 * brings money back is settled by nothing. Throws a CurrencyMismatchError.
 */
export function creditEstimate(total: Money, freeCredit: Money): CreditEstimate {
  const nothing = money(0n, total.currency);
  const owed = total.minor > 0n ? total : nothing;
  const applied = compare(freeCredit, owed) < 0 ? freeCredit : owed;
  return { applied, amountDue: subtract(owed, applied) };
}
