import type { ApolloServerPlugin } from '@apollo/server';
import type { GatewayContext } from '../context.js';

/** Says in `extensions.stale` which services' parts of an answer are older than they should be, and how old. */
export function stalenessPlugin(): ApolloServerPlugin<GatewayContext> {
  return {
    requestDidStart: async () => ({
      willSendResponse: async ({ contextValue, response: { body } }) => {
        const { stale } = contextValue.cacheUse;
        if (stale.length === 0 || body.kind !== 'single') return;
        body.singleResult.extensions = { ...body.singleResult.extensions, stale };
      },
    }),
  };
}
