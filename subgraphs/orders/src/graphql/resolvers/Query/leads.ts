import { readOptionalId } from '@fulfillment/kernel/server/id-argument';
import { normalizedEmail } from '@fulfillment/kernel/domain/email-address';
import type { QueryResolvers } from '../../__generated__/resolvers.js';
import { readOptionalText } from '../../arguments.js';
import { requireScope } from '../../require-scope.js';

export const leads: NonNullable<QueryResolvers['leads']> = (_, { filter, sort, ...page }, context) => {
  requireScope(context, 'leads:read', ['internal']);
  const email = readOptionalText('filter.email', filter?.email);
  return context.reader.leadList(page, sort ?? 'SCORE_DESC', {
    ...filter,
    accountId: readOptionalId('filter.accountId', filter?.accountId),
    deploymentId: readOptionalId('filter.deploymentId', filter?.deploymentId),
    owner: readOptionalText('filter.owner', filter?.owner),
    email: email === null ? null : normalizedEmail(email),
  });
};
