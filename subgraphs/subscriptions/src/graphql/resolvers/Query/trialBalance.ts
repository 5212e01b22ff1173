import { localDateAt } from '@fulfillment/kernel/domain/calendar';
import { isCurrency, money, subtract, sum } from '@fulfillment/kernel/domain/money';
import { moneyToGraphql } from '@fulfillment/kernel/domain/money-forms';
import { InputError } from '@fulfillment/kernel/server/input-error';
import type { QueryResolvers } from '../../__generated__/resolvers.js';

export const trialBalance: NonNullable<QueryResolvers['trialBalance']> = async (
  _query,
  { legalEntity, currency, asOf },
  { readers, now },
) => {
  if (!isCurrency(currency)) {
    throw new InputError('ARGUMENT_INVALID', 'currency', '`currency` must be an ISO 4217 code.');
  }
  const day = asOf ?? localDateAt(await now(null), 'UTC');
  const rows = await readers.ledger.trialBalance(legalEntity, currency, day);
  const balances = rows.map(({ account, debit, credit }) => ({
    account,
    debit,
    credit,
    balance: subtract(debit, credit),
  }));
  const debits = balances.map(({ balance }) => (balance.minor > 0n ? balance : money(0n, currency)));
  return {
    legalEntity,
    currency,
    asOf: day,
    rows: balances.map(({ account, debit, credit, balance }) => ({
      account,
      debit: moneyToGraphql(debit),
      credit: moneyToGraphql(credit),
      balance: moneyToGraphql(balance),
    })),
    total: moneyToGraphql(sum(debits, currency)),
  };
};
