import { AUDIENCES } from './audience.js';
import { printAudienceSchema } from './audience-schema.js';
import { composeSupergraph } from './composition.js';
import type { GeneratedFile } from './generated-file.js';

const NOTICE = '# Composed by `npm run compose` from schema/*.graphql: do not edit.\n';

/** The composed contracts: the supergraph, and the schema of each audience. */
export function composeContracts(subgraphs: Readonly<Record<string, string>>): GeneratedFile[] {
  const supergraph = composeSupergraph(subgraphs);
  const audiences = AUDIENCES.map((audience) => ({
    path: `schema/audiences/${audience}.graphql`,
    content: `${NOTICE}\n${printAudienceSchema(supergraph, audience)}`,
  }));
  return [{ path: 'schema/supergraph.graphql', content: supergraph }, ...audiences];
}
