import type { TestClockResolvers } from '../__generated__/resolvers.js';

export const TestClock: TestClockResolvers = {
  account: ({ accountId }) => ({ id: accountId }),
};
