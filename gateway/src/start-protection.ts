import type { Audience } from '@fulfillment/schema/audience';
import type { Logger } from 'pino';
import type { GatewayEnvironment } from './environment.js';
import { viewerName } from './identity/viewer.js';
import type { AdmissionOptions } from './protection/admission-plugin.js';
import { createAdmit } from './protection/admit.js';
import type { BudgetSize } from './protection/budget/token-bucket.js';
import { createMemoryBudget } from './protection/budget/memory-budget.js';
import { createRedisBudget } from './protection/budget/redis-budget.js';
import { connectRedis } from './redis.js';

/** What protects the graph from its clients, put together from the environment. */
export interface Protection {
  /** How operations of an audience are admitted, by what the fields of their schema cost. */
  admission(audience: Audience, rulesOf: AdmissionOptions['rulesOf']): AdmissionOptions;
  close(): Promise<void>;
}

export function startProtection(environment: GatewayEnvironment, logger: Logger): Protection {
  const local = createMemoryBudget(() => performance.now());
  const redis = environment.REDIS_URL === undefined ? undefined : connectRedis(environment.REDIS_URL, logger);
  const budgets = redis === undefined ? local : createRedisBudget(redis, local, logger);
  const admit = createAdmit(environment.COST_LIMIT, budgets);
  const sizes: Readonly<Record<Audience, BudgetSize | undefined>> = {
    product: environment.COST_BUDGET_PRODUCT,
    internal: environment.COST_BUDGET_INTERNAL,
    partner: environment.COST_BUDGET_PARTNER,
  };
  return {
    admission: (audience, rulesOf) => ({
      admit,
      rulesOf,
      spender: ({ viewer }) => ({ holder: viewerName(viewer), budget: sizes[audience] }),
    }),
    close: async () => redis?.disconnect(),
  };
}
