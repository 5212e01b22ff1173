import type { QueryResolvers } from '../../__generated__/resolvers.js';
import { readOptionalText } from '../../arguments.js';

export const accounts: NonNullable<QueryResolvers['accounts']> = (_, { filter, sort, ...page }, { reader }) =>
  reader.accountList(page, sort ?? 'NAME', {
    nameContains: readOptionalText('filter.nameContains', filter?.nameContains),
    countryCode: readOptionalText('filter.countryCode', filter?.countryCode),
    segment: filter?.segment ?? null,
  });
