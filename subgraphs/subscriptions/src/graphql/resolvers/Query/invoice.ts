import { readId } from '@fulfillment/kernel/server/id-argument';
import type { QueryResolvers } from '../../__generated__/resolvers.js';
import { invoiceOrDraft } from '../../invoice-or-draft.js';

export const invoice: NonNullable<QueryResolvers['invoice']> = (_query, { id }, { loaders }) =>
  invoiceOrDraft(readId('id', id), loaders);
