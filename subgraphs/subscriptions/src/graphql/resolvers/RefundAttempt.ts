import { moneyToGraphql } from '@fulfillment/kernel/domain/money-forms';
import type { RefundAttemptResolvers } from '../__generated__/resolvers.js';

export const RefundAttempt: RefundAttemptResolvers = {
  id: ({ attempt }) => attempt.id,
  amount: ({ attempt }) => moneyToGraphql(attempt.amount),
  status: ({ outcome }) => outcome?.status ?? 'PENDING',
  startedAt: ({ attempt }) => attempt.startedAt,
  settledAt: ({ outcome }) => outcome?.settledAt ?? null,
  detail: ({ outcome }) => outcome?.detail ?? null,
};
