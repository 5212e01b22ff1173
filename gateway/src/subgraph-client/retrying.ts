import { ServiceFailure } from './failure.js';
import { RetryBudget } from './retry-budget.js';
import type { CallService } from './service-call.js';

/**
 * Sends a read once more when its connection failed, while its time lasts and the budget allows it. What a service
 * answered, however badly, is never asked again, and a mutation never is.
 */
export function retrying<Answer>(call: CallService<Answer>, budget = new RetryBudget()): CallService<Answer> {
  return async (request) => {
    if (!request.isRead) return await call(request);
    budget.earn();
    try {
      return await call(request);
    } catch (error) {
      const isWorthwhile = error instanceof ServiceFailure && error.atConnection;
      if (!isWorthwhile || request.cancellation.reason !== undefined || !budget.spend()) throw error;
      return await call(request);
    }
  };
}
