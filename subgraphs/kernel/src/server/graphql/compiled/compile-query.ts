import {
  type DocumentNode,
  type FragmentDefinitionNode,
  getVariableValues,
  type GraphQLSchema,
  Kind,
  OperationTypeNode,
  visit,
} from 'graphql';
import { tokensOf } from '../tokens.js';
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
 * So many selections are looked at for each token of the text. One is looked at for each type that it may be of, and each time that
 * its fragment stands somewhere: so a short text of fragments within fragments could stand for millions of fields.
 */
const selectionsPerToken = 4;

/**
 * Compiles a valid query of one operation: what depends on its text and the schema alone is found out once, and a run merely
 * calls resolvers and serializes what they give (GraphQL specification of October 2021, 6 "Execution"). It knows the good case
 * alone: no path, no error, no null that spreads.
 * @returns undefined for what graphql-js has to execute: introspection, a resolver below the root that asks for the place in the
 *   query, a type that looks at its values, a field that is selected twice and on conditions, far more fields than its text has
 */
export function compileQuery(schema: GraphQLSchema, document: DocumentNode): CompiledQuery | undefined {
  const operation = document.definitions.find((one) => one.kind === Kind.OPERATION_DEFINITION);
  const type = schema.getQueryType();
  if (operation?.operation !== OperationTypeNode.QUERY || !type) return undefined;
  const budget = { left: selectionsPerToken * tokensOf(document) };
  const compilation = { schema, fragments: fragmentsOf(document), budget, operation, variableArguments: 0 };
  const conditions = conditionsIn(document);
  try {
    const complete = completeObject(compilation, type, [operation.selectionSet]);
    return async (context, given) => {
      const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], given);
      // One with a default may be null, which graphql-js finds out where it stands.
      if (coerced === undefined || conditions.some((name) => coerced[name] === null)) return undefined;
      const run = new Run(context, coerced);
      const data = run.part(complete, undefined);
      return (await run.end()) ? (data as Readonly<Record<string, unknown>>) : undefined;
    };
  } catch (error) {
    if (error instanceof NotCompilable) return undefined;
    throw error;
  }
}

/** The variables on which anything is selected or not. */
function conditionsIn(document: DocumentNode): readonly string[] {
  const names = new Set<string>();
  visit(document, {
    [Kind.DIRECTIVE]: ({ arguments: given = [] }) => {
      for (const { value } of given) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names];
}

function fragmentsOf({ definitions }: DocumentNode): Record<string, FragmentDefinitionNode> {
  const fragments = definitions.filter((one) => one.kind === Kind.FRAGMENT_DEFINITION);
  return Object.fromEntries(fragments.map((fragment) => [fragment.name.value, fragment]));
}
