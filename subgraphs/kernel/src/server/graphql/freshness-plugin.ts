import type { ApolloServerPlugin } from '@apollo/server';
import { OperationTypeNode } from 'graphql';
import type { RequestFreshness } from '../freshness.js';

/**
 * Puts into `extensions.freshness` of an answer how long it holds and what it depends on, for whoever may keep it. Answers
 * with errors, and those of mutations, are nobody's to keep and say nothing.
 */
export function freshnessPlugin<Context extends object>(
  freshnessOf: (context: Context) => RequestFreshness | undefined,
): ApolloServerPlugin<Context> {
  return {
    requestDidStart: async () => ({
      willSendResponse: async ({ contextValue, operation, response: { body } }) => {
        if (operation?.operation !== OperationTypeNode.QUERY || body.kind !== 'single') return;
        const { singleResult } = body;
        if (singleResult.errors !== undefined) return;
        const freshness = freshnessOf(contextValue)?.answer();
        if (freshness) singleResult.extensions = { ...singleResult.extensions, freshness };
      },
    }),
  };
}
