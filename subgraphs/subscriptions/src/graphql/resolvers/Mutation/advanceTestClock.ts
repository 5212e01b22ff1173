import { isUuid } from '@fulfillment/kernel/domain/ids';
import { testClockErrors } from '../../../service/move-test-clock.js';
import type { MutationResolvers } from '../../__generated__/resolvers.js';

export const advanceTestClock: NonNullable<MutationResolvers['advanceTestClock']> = async (
  _mutation,
  { input },
  { moveTestClock },
) => {
  const { testClock, error } = isUuid(input.accountId)
    ? await moveTestClock(input)
    : { testClock: null, error: 'TEST_CLOCK_NOT_FOUND' as const };
  if (error === null) return { testClock, userErrors: [] };
  const { message, field } = testClockErrors[error];
  return { testClock: null, userErrors: [{ code: error, message, field: [field] }] };
};
