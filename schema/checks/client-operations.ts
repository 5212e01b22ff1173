import { Kind, parse, validate, type ASTNode, type GraphQLError } from 'graphql';
import { AUDIENCES, type Audience } from '../audience.js';
import { buildAudienceSupergraph } from '../audience-schema.js';
import type { Operation } from '../operations.js';
import { createPlanner } from '../planning.js';
import type { Problem } from './problem.js';

/**
 * Every operation that our clients send still fits the schema of its audience and can be planned: a change of the
 * contracts that breaks one is found here, by file, client and field.
 */
export function checkClientOperations(supergraphSdl: string, operations: readonly Operation[]): Problem[] {
  return AUDIENCES.flatMap((audience) => {
    const own = operations.filter((operation) => operation.audience === audience);
    return own.length === 0 ? [] : checkAudience(supergraphSdl, audience, own);
  });
}

function checkAudience(
  supergraphSdl: string,
  audience: Audience,
  operations: readonly Operation[],
): Problem[] {
  const supergraph = buildAudienceSupergraph(supergraphSdl, audience);
  const schema = supergraph.apiSchema().toGraphQLJSSchema();
  const plan = createPlanner(supergraph);
  return operations.flatMap(({ path, document }) => {
    const at = `${path} (sent by the ${audience} client)`;
    const errors = validate(schema, parse(document));
    if (errors.length > 0) return errors.map((error) => ({ at, message: `breaks: ${describe(error)}` }));
    try {
      plan(document);
      return [];
    } catch (error) {
      return [
        { at, message: `cannot be planned: ${error instanceof Error ? error.message : String(error)}` },
      ];
    }
  });
}

function describe(error: GraphQLError): string {
  const field = error.nodes?.map(nameOf).find((name) => name !== undefined);
  return field === undefined ? error.message : `${field}: ${error.message}`;
}

function nameOf(node: ASTNode): string | undefined {
  return node.kind === Kind.FIELD || node.kind === Kind.ARGUMENT ? node.name.value : undefined;
}
