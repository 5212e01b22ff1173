import { hasScope } from '@fulfillment/kernel/domain/viewer';
import { forbidden } from '@fulfillment/kernel/server/graphql/errors';
import type { MutationResolvers } from '../../__generated__/resolvers.js';
import { accountErrorToGraphql } from '../../to-graphql.js';

export const openSandboxAccount: NonNullable<MutationResolvers['openSandboxAccount']> = async (
  _,
  { input },
  context,
) => {
  const { viewer } = context;
  if (viewer.audience !== 'internal' || !hasScope(viewer, 'sandbox:write')) {
    throw forbidden('The scope `sandbox:write` of the company itself is required.');
  }
  const { accountId, errors } = await context.openSandboxAccount(input);
  return {
    account: accountId === null ? null : await context.loaders.account.load(accountId),
    userErrors: errors.map(accountErrorToGraphql),
  };
};
