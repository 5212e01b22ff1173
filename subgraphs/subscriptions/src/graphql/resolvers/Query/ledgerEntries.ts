import { readOptionalId } from '@fulfillment/kernel/server/id-argument';
import type { QueryResolvers } from '../../__generated__/resolvers.js';

export const ledgerEntries: NonNullable<QueryResolvers['ledgerEntries']> = (
  _query,
  { filter, ...page },
  { readers },
) =>
  readers.ledger.entries(
    {
      legalEntityCode: filter?.legalEntity ?? null,
      currency: filter?.currency ?? null,
      ledgerAccount: filter?.ledgerAccount ?? null,
      kind: filter?.kind ?? null,
      accountId: readOptionalId('filter.accountId', filter?.accountId),
      bookedFrom: filter?.bookedFrom ?? null,
      bookedBefore: filter?.bookedBefore ?? null,
    },
    page,
  );
