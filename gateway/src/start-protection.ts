import { readFile } from 'node:fs/promises';
import type { Audience } from '@fulfillment/schema/audience';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { GatewayEnvironment } from './environment.js';
import { gatewayError } from './errors.js';
import type { Authenticate } from './identity/authenticate.js';
import { viewerName } from './identity/viewer.js';
import type { AdmissionOptions } from './protection/admission-plugin.js';
import { createAdmit } from './protection/admit.js';
import type { BudgetSize } from './protection/budget/token-bucket.js';
import { createMemoryBudget } from './protection/budget/memory-budget.js';
import { createRedisBudget } from './protection/budget/redis-budget.js';
import { createRefusals, type Refusals } from './protection/safelist/refusals.js';
import { readSafelist, type Safelist } from './protection/safelist/safelist.js';
import { createScreening, type Screen } from './protection/screening.js';

const ownSafelist = new URL(import.meta.resolve('@fulfillment/schema/operations/safelist.json'));

/** What protects the graph from its clients, put together from the environment. */
export interface Protection {
  /** The operations that clients have registered. */
  readonly safelist: Safelist;
  /** How operations of an audience are admitted, by what they cost. */
  admission(audience: Audience, costOf: AdmissionOptions['costOf']): AdmissionOptions;
  /** Which text of an operation runs. */
  readonly screen: Screen;
  readonly refusals: Refusals;
}

/** @throws an error with a message for people when the safelist cannot be read */
export async function startProtection(
  environment: GatewayEnvironment,
  redis: Redis | undefined,
  logger: Logger,
): Promise<Protection> {
  const local = createMemoryBudget(() => performance.now());
  const budgets = redis === undefined ? local : createRedisBudget(redis, local, logger);
  const admit = createAdmit(environment.COST_LIMIT, budgets);
  const sizes: Readonly<Record<Audience, BudgetSize | undefined>> = {
    product: environment.COST_BUDGET_PRODUCT,
    internal: environment.COST_BUDGET_INTERNAL,
    partner: environment.COST_BUDGET_PARTNER,
  };
  const refusals = createRefusals(Date.now);
  const safelist = await loadSafelist(environment.SAFELIST_FILE);
  return {
    refusals,
    safelist,
    screen: createScreening({
      safelist,
      modes: {
        product: environment.SAFELIST_PRODUCT,
        internal: environment.SAFELIST_INTERNAL,
        partner: environment.SAFELIST_PARTNER,
      },
      introspection: new Set(environment.INTROSPECTION),
      refusals,
      onFirstRefusal: (operation) =>
        logger.warn({ event: 'unregistered-operation', ...operation }, 'An operation is not registered'),
    }),
    admission: (audience, costOf) => ({
      admit,
      costOf,
      spender: ({ viewer }) => ({ holder: viewerName(viewer), budget: sizes[audience] }),
    }),
  };
}

async function loadSafelist(file: string | undefined): Promise<Safelist> {
  try {
    return readSafelist(await readFile(file ?? ownSafelist, 'utf8'));
  } catch (error) {
    throw new Error(
      `The safelist ${file ?? 'of schema/operations'} cannot be read: SAFELIST_FILE names it.`,
      {
        cause: error,
      },
    );
  }
}

/** Who operates the gateway: people of the company with the scope for operations. */
export function maySeeOperations(authenticate: Authenticate) {
  return async (authorization: string | undefined): Promise<void> => {
    const { viewer } = await authenticate(authorization);
    if (viewer.audience === 'internal' && viewer.scopes.has('operations:read')) return;
    throw gatewayError('NOT_FOUND', 'There is nothing at this address: GraphQL is at POST /graphql.');
  };
}
