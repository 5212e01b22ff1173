import { readFile } from 'node:fs/promises';
import {
  AUDIENCES,
  audienceSupergraph,
  protectedFields,
  withoutSecurity,
  type Audience,
  type ProtectedFields,
} from '@fulfillment/schema/audience';
import { readCostRules, type CostRules } from '../protection/cost/cost-rules.js';

/** What the gateway makes of the composed supergraph. */
export interface LoadedSupergraph {
  /** For each audience the supergraph that the planner is handed: the rest hidden, security directives taken out. */
  readonly sdl: Readonly<Record<Audience, string>>;
  /** What fields require of a viewer, from the full supergraph. */
  readonly rules: ProtectedFields;
  /** What fields cost. */
  readonly costs: CostRules;
}

/** The supergraph of a file, or the committed one. */
export async function readSupergraph(file?: string): Promise<string> {
  return readFile(file ?? new URL(import.meta.resolve('@fulfillment/schema/supergraph.graphql')), 'utf8');
}

export function loadSupergraph(supergraphSdl: string): LoadedSupergraph {
  const forAudience = (audience: Audience) => withoutSecurity(audienceSupergraph(supergraphSdl, audience));
  const sdl = Object.fromEntries(AUDIENCES.map((audience) => [audience, forAudience(audience)]));
  return {
    sdl: sdl as Record<Audience, string>,
    rules: protectedFields(supergraphSdl),
    costs: readCostRules(supergraphSdl),
  };
}
