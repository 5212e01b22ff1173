import { localDateAt } from '@fulfillment/kernel/domain/calendar';
import { sum } from '@fulfillment/kernel/domain/money';
import { moneyToGraphql } from '@fulfillment/kernel/domain/money-forms';
import type { ReceivablesBucket } from '../../../domain/ledger/views.js';
import type { QueryResolvers } from '../../__generated__/resolvers.js';

export const agedReceivables: NonNullable<QueryResolvers['agedReceivables']> = async (
  _query,
  { asOf },
  { readers, now },
) => {
  const buckets = await readers.receivables.aged(asOf ?? localDateAt(await now(null), 'UTC'));
  const books = new Map<string, ReceivablesBucket[]>();
  for (const bucket of buckets) {
    const key = JSON.stringify([bucket.legalEntityCode, bucket.total.currency]);
    books.set(key, [...(books.get(key) ?? []), bucket]);
  }
  return [...books.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const total = sum(
      group.map((bucket) => bucket.total),
      first.total.currency,
    );
    return [{ legalEntity: first.legalEntityCode, total: moneyToGraphql(total), buckets: group }];
  });
};
