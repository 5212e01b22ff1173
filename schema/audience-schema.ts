import { Supergraph } from '@apollo/federation-internals';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { audienceSupergraph, withoutSecurity, type Audience } from './audience.js';

/** The supergraph of an audience as the gateway plans with it, checked by federation's own rules. */
export function buildAudienceSupergraph(supergraphSdl: string, audience: Audience): Supergraph {
  return Supergraph.build(withoutSecurity(audienceSupergraph(supergraphSdl, audience)));
}

/** The SDL that an audience sees: sorted, with descriptions, without anything of federation. */
export function printAudienceSchema(supergraphSdl: string, audience: Audience): string {
  const schema = buildAudienceSupergraph(supergraphSdl, audience).apiSchema().toGraphQLJSSchema();
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}
