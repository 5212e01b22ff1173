import { localDateAt } from '@fulfillment/kernel/domain/calendar';
import { readOptionalId } from '@fulfillment/kernel/server/id-argument';
import { InputError } from '@fulfillment/kernel/server/input-error';
import { renewalWindow } from '../../../domain/renewal-window.js';
import type { QueryResolvers } from '../../__generated__/resolvers.js';

/** The list spans accounts of many time zones, so its own today is UTC's. */
export const subscriptionsDueForRenewal: NonNullable<QueryResolvers['subscriptionsDueForRenewal']> = async (
  _query,
  { filter, sort, ...page },
  { readers, now },
) => {
  const asked = { endsFrom: filter?.endsFrom ?? null, endsBefore: filter?.endsBefore ?? null };
  const window = renewalWindow(asked, localDateAt(await now(null), 'UTC'));
  if (!window.ok) {
    const message = '`endsBefore` must be a later day than `endsFrom`.';
    throw new InputError('ARGUMENT_INVALID', 'filter.endsBefore', message);
  }
  return readers.subscriptions.dueForRenewal(
    {
      window: window.value,
      automatic: filter?.automatic ?? null,
      partnerId: readOptionalId('filter.partnerId', filter?.partnerId),
    },
    sort ?? 'TERM_END',
    page,
  );
};
