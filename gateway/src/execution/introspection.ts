import {
  executeSync,
  Kind,
  OperationTypeNode,
  visit,
  type DocumentNode,
  type FieldNode,
  type GraphQLError,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { gatewayError } from '../errors.js';
import type { FieldNodes } from './selected-fields.js';

/** What a schema says of itself in answer to an operation: the JSON text of each root field by its response key. */
export interface Introspected {
  readonly texts: ReadonlyMap<string, string>;
  readonly errors: readonly GraphQLError[];
}

export type Introspect = (variables: Readonly<Record<string, unknown>>) => Introspected;

const nothing: Introspected = { texts: new Map(), errors: [] };

/**
 * Answers `__schema` and `__type` by graphql-js. An answer that depends on no variable is made once.
 *
 * @param fields the selected fields of the root by response key
 */
export function compileIntrospection(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  fields: ReadonlyMap<string, FieldNodes>,
): Introspect {
  const nodes = [...fields.values()].filter(([node]) => isIntrospection(node)).flat();
  if (nodes.length === 0) return () => nothing;
  const asked = introspectionDocument(document, operation, nodes);
  const introspect: Introspect = (variables) => {
    const { data, errors = [] } = executeSync({
      schema,
      document: asked.document,
      variableValues: variables,
    });
    const texts = Object.entries(data ?? {}).map(([key, value]) => [key, JSON.stringify(value)] as const);
    return {
      texts: new Map(texts),
      errors: errors.map((cause) =>
        gatewayError('INTERNAL_SERVER_ERROR', 'The schema could not be described.', { cause }),
      ),
    };
  };
  if (asked.variables.size > 0) return introspect;
  let answer: Introspected | undefined;
  return () => (answer ??= introspect({}));
}

function isIntrospection({ name }: FieldNode): boolean {
  return name.value === '__schema' || name.value === '__type';
}

/** A query for these fields alone, with the variables that they use. */
function introspectionDocument(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  selections: readonly FieldNode[],
) {
  const fragments = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
  const variables = new Set<string>();
  const query: OperationDefinitionNode = {
    kind: Kind.OPERATION_DEFINITION,
    operation: OperationTypeNode.QUERY,
    selectionSet: { kind: Kind.SELECTION_SET, selections },
  };
  visit(
    { kind: Kind.DOCUMENT, definitions: [query, ...fragments] },
    {
      Variable: ({ name }) => {
        variables.add(name.value);
      },
    },
  );
  const definitions = (operation.variableDefinitions ?? []).filter(({ variable }) =>
    variables.has(variable.name.value),
  );
  const asked = { ...query, variableDefinitions: definitions };
  return {
    document: { kind: Kind.DOCUMENT, definitions: [asked, ...fragments] } satisfies DocumentNode,
    variables: new Set(definitions.map(({ variable }) => variable.name.value)),
  };
}
