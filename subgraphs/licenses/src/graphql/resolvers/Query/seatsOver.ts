import { readOptionalId } from '@fulfillment/kernel/server/id-argument';
import { InputError } from '@fulfillment/kernel/server/input-error';
import type { QueryResolvers } from '../../__generated__/resolvers.js';
import { requireCompanyScope } from '../../require-scope.js';

export const seatsOver: NonNullable<QueryResolvers['seatsOver']> = (
  _,
  { filter, ...page },
  { viewer, seats },
) => {
  requireCompanyScope(viewer, 'licenses:read');
  const minimumOverage = filter?.minimumOverage ?? 1;
  if (minimumOverage < 1) {
    const message = '`minimumOverage` must be 1 or more.';
    throw new InputError('ARGUMENT_INVALID', 'filter.minimumOverage', message);
  }
  const accountId = readOptionalId('filter.accountId', filter?.accountId);
  return seats.over({ minimumOverage, accountId, planCode: filter?.planCode ?? null }, page);
};
