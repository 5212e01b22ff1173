import { readOptionalId } from '@fulfillment/kernel/server/id-argument';
import type { QueryResolvers } from '../../__generated__/resolvers.js';

export const draftInvoices: NonNullable<QueryResolvers['draftInvoices']> = (
  _query,
  { filter, ...page },
  { readers },
) =>
  readers.drafts.list(
    {
      accountId: readOptionalId('filter.accountId', filter?.accountId),
      legalEntityCode: filter?.legalEntity ?? null,
    },
    page,
  );
