import type { QueryResolvers } from '../../__generated__/resolvers.js';

export const currentPartner: NonNullable<QueryResolvers['currentPartner']> = async (
  _parent,
  _args,
  context,
) => (context.viewer.audience === 'partner' ? context.loaders.partner.load(context.viewer.partnerId) : null);
