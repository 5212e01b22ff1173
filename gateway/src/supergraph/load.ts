import { readFile } from 'node:fs/promises';
import {
  AUDIENCES,
  audienceSupergraph,
  cacheHints,
  protectedFields,
  withoutSecurity,
} from '@fulfillment/schema/audience';
import { readCostRules } from '../protection/cost/cost-rules.js';
import type { SupergraphParts } from './generation.js';
import { yieldToRequests } from './yield-to-requests.js';

/** The supergraph of a file, or the committed one. */
export async function readSupergraph(file?: string): Promise<string> {
  return readFile(file ?? new URL(import.meta.resolve('@fulfillment/schema/supergraph.graphql')), 'utf8');
}

/** The parts of a supergraph for our audiences: of each the rest is hidden. Between steps others have their turn. */
export async function loadSupergraph(supergraphSdl: string): Promise<SupergraphParts> {
  const sdl: Record<string, string> = {};
  for (const audience of AUDIENCES) {
    sdl[audience] = withoutSecurity(audienceSupergraph(supergraphSdl, audience));
    await yieldToRequests();
  }
  return {
    sdl,
    rules: protectedFields(supergraphSdl),
    costs: readCostRules(supergraphSdl),
    hints: cacheHints(supergraphSdl),
  };
}
