import { testClockErrors } from '../../../service/move-test-clock.js';
import type { MutationResolvers } from '../../__generated__/resolvers.js';

export const advanceTestClock: NonNullable<MutationResolvers['advanceTestClock']> = async (
  _mutation,
  { input },
  { moveTestClock },
) => {
  const { testClock, error } = await moveTestClock(input);
  if (error === null) return { testClock, userErrors: [] };
  const { message, field } = testClockErrors[error];
  return { testClock: null, userErrors: [{ code: error, message, field: [field] }] };
};
