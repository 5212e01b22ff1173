import type { ApolloServerPlugin } from '@apollo/server';
import { OperationTypeNode } from 'graphql';
import type { RequestFreshness } from '../freshness.js';

/** Where a request's context has it: Apollo hands a copy of the context on, with all that stands in it. */
export const freshnessOfRequest = Symbol('freshness');

interface FreshnessContext {
  readonly [freshnessOfRequest]?: RequestFreshness;
}

/**
 * Puts into `extensions.freshness` of an answer how long it holds and what it depends on, for whoever may keep it. Answers
 * with errors, and those of mutations, are nobody's to keep and say nothing.
 */
export function freshnessPlugin(): ApolloServerPlugin<FreshnessContext> {
  return {
    requestDidStart: async () => ({
      willSendResponse: async ({ contextValue, operation, response: { body } }) => {
        if (operation?.operation !== OperationTypeNode.QUERY || body.kind !== 'single') return;
        const { singleResult } = body;
        if (singleResult.errors !== undefined) return;
        const freshness = contextValue[freshnessOfRequest]?.answer();
        if (freshness) singleResult.extensions = { ...singleResult.extensions, freshness };
      },
    }),
  };
}
