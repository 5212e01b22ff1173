import {
  type DocumentNode,
  type FragmentDefinitionNode,
  getVariableValues,
  type GraphQLSchema,
  Kind,
  OperationTypeNode,
} from 'graphql';
import { completeObject } from './completion.js';
import { NotCompilable } from './not-compilable.js';
import { Run } from './run.js';

/**
 * Answers a query, each time for other variables and another context.
 * @returns the data; undefined when anything is not as it should be, for graphql-js to say what: variables that do not fit, a
 *   resolver that failed, a value that does not fit its type
 */
export type CompiledQuery = (
  context: unknown,
  variables: Readonly<Record<string, unknown>>,
) => Promise<Readonly<Record<string, unknown>> | undefined>;

/**
 * Compiles a valid query of one operation: what depends on its text and the schema alone is found out once, and a run merely
 * calls resolvers and serializes what they give (GraphQL specification of October 2021, 6 "Execution"). It knows the good case
 * alone: no path, no error, no null that spreads.
 * @returns undefined for what graphql-js has to execute: introspection, a resolver below the root that asks for the place in the
 *   query, a type that looks at its values, a field that is selected twice and on conditions
 */
export function compileQuery(schema: GraphQLSchema, document: DocumentNode): CompiledQuery | undefined {
  const operation = document.definitions.find((one) => one.kind === Kind.OPERATION_DEFINITION);
  const type = schema.getQueryType();
  if (operation?.operation !== OperationTypeNode.QUERY || !type) return undefined;
  const compilation = { schema, fragments: fragmentsOf(document), operation, variableArguments: 0 };
  try {
    const complete = completeObject(compilation, type, [operation.selectionSet]);
    return async (context, given) => {
      const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], given);
      if (coerced === undefined) return undefined;
      const run = new Run(context, coerced);
      let data: unknown;
      run.attempt(() => {
        data = complete(undefined, run);
      });
      return (await run.end()) ? (data as Readonly<Record<string, unknown>>) : undefined;
    };
  } catch (error) {
    if (error instanceof NotCompilable) return undefined;
    throw error;
  }
}

function fragmentsOf({ definitions }: DocumentNode): Record<string, FragmentDefinitionNode> {
  const fragments = definitions.filter((one) => one.kind === Kind.FRAGMENT_DEFINITION);
  return Object.fromEntries(fragments.map((fragment) => [fragment.name.value, fragment]));
}
